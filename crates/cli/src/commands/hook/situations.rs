//! What a hook is tried in.

use serde_json::{Value, json};

use super::made_up::MadeUp;
use crate::failure::Result;

/// One of them.
pub struct Situation {
    /// Its name in reports.
    pub name: &'static str,
    /// The file.
    pub file: fn() -> Result<MadeUp>,
    /// What is different about the facts; `None` where nothing is written to the hook.
    pub change: fn(Value) -> Option<Value>,
    /// How often it is asked at once.
    pub times: usize,
    /// Whether it has a home.
    pub has_home: bool,
    /// Whether the copy's folder cannot be written to either.
    pub is_sealed: bool,
    /// What would be right.
    pub right: Right,
}

/// What would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Any answer of the protocol.
    Answer,
    /// The same answer as in the first situation: nothing that counts is different.
    Same,
    /// Anything but to accept: not to answer is as good.
    NoAccept,
}

const USUAL: Situation = Situation {
    name: "small wheel",
    file: MadeUp::wheel,
    change: Some,
    times: 1,
    has_home: true,
    is_sealed: false,
    right: Right::Answer,
};

/// All of them. The first is what others are compared with.
pub const ALL: [Situation; 13] = [
    USUAL,
    Situation {
        name: "the same again",
        right: Right::Same,
        ..USUAL
    },
    Situation {
        name: "small sdist",
        file: MadeUp::sdist,
        ..USUAL
    },
    Situation {
        name: "odd names",
        file: MadeUp::odd,
        ..USUAL
    },
    Situation {
        name: "broken archive",
        file: MadeUp::broken,
        ..USUAL
    },
    Situation {
        name: "large wheel",
        file: MadeUp::large,
        ..USUAL
    },
    Situation {
        name: "four at once",
        times: AT_ONCE,
        right: Right::Same,
        ..USUAL
    },
    Situation {
        name: "long facts",
        change: long,
        right: Right::Same,
        ..USUAL
    },
    Situation {
        name: "unknown fact",
        change: with_more,
        right: Right::Same,
        ..USUAL
    },
    Situation {
        name: "no home",
        has_home: false,
        right: Right::Same,
        ..USUAL
    },
    Situation {
        name: "read-only folder",
        is_sealed: true,
        right: Right::Same,
        ..USUAL
    },
    Situation {
        name: "unknown protocol",
        change: of_later,
        right: Right::NoAccept,
        ..USUAL
    },
    Situation {
        name: "no facts",
        change: none,
        right: Right::NoAccept,
        ..USUAL
    },
];

/// Most programs at once in any of them.
pub const AT_ONCE: usize = 4;

/// Longer than a pipe holds, so that whoever does not read it makes us wait.
fn long(mut facts: Value) -> Option<Value> {
    let lines = vec![json!("x".repeat(1000)); 300];
    facts["evidence"]["found"] = Value::Array(lines);
    Some(facts)
}

/// As a later assay may have it.
fn with_more(mut facts: Value) -> Option<Value> {
    facts["added-later"] = json!({ "protocol": 2 });
    Some(facts)
}

fn of_later(mut facts: Value) -> Option<Value> {
    facts["protocol"] = json!(u32::MAX);
    Some(facts)
}

fn none(_: Value) -> Option<Value> {
    None
}
