//! Hostile wheels, each with its harmless neighbour: what a reader has to refuse, and the nearest
//! thing that it has to accept.
//!
//! Every case breaks one rule and is otherwise well-formed (RECORD lists and hashes what is there),
//! so that a reader that lacks the rule accepts it. The first letter of an id gives the room:
//! `w` names, `z` the container, `r` RECORD, `e` entry points, `d` the data folder, `n` identity,
//! `c` code that runs by itself, `s` sdists.

mod contents;
mod data;
mod descriptors;
mod edges;
mod end_record;
mod headers;
mod identity;
mod kinds;
mod layout;
mod names;
mod record;
mod scripts;
mod sdists;
mod startup;
mod zip64;

pub use sdists::cases as sdist_cases;

use crate::{
    wheel::{BuiltWheel, WheelBuilder},
    zip::Entry,
};

/// What should become of a wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Installs as it is.
    Accept,
    /// Refused while it is opened or extracted, by the rule of that name.
    Reject(&'static str),
    /// Opens and extracts; what is dangerous in it must be without effect afterwards.
    Neutralise,
    /// Opens and extracts; the user is told before it is installed.
    Warn,
    /// Opens and extracts; another room refuses it unless the user allows it: start-up code, files
    /// of other distributions, a Python that does not fit.
    Policy,
}

/// One wheel.
#[derive(Debug, Clone)]
pub struct Case {
    /// Such as `w01_traversal`; unique.
    pub id: &'static str,
    /// The wheel's file name.
    pub file_name: String,
    /// The archive.
    pub bytes: Vec<u8>,
    /// The right behaviour.
    pub expect: Expect,
    /// What is in it, in a few words.
    pub about: &'static str,
}

/// All of them. Building takes a second or two: some have many entries.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    names::all(&mut cases);
    kinds::all(&mut cases);
    layout::all(&mut cases);
    edges::all(&mut cases);
    end_record::all(&mut cases);
    descriptors::all(&mut cases);
    headers::all(&mut cases);
    contents::all(&mut cases);
    zip64::all(&mut cases);
    record::all(&mut cases);
    scripts::all(&mut cases);
    data::all(&mut cases);
    identity::all(&mut cases);
    startup::all(&mut cases);
    cases
}

/// The file that most cases tamper with.
const TARGET: &str = "evil/__init__.py";

/// The wheel that every case starts from.
fn evil() -> WheelBuilder {
    WheelBuilder::new("evil", "1.0").file(TARGET, b"print('evil')\n")
}

/// Adds a case that the builder makes.
fn add(
    cases: &mut Vec<Case>,
    id: &'static str,
    expect: Expect,
    about: &'static str,
    builder: WheelBuilder,
) {
    add_built(cases, id, expect, about, builder.build());
}

/// Adds a case whose bytes were changed after it was built.
fn add_built(
    cases: &mut Vec<Case>,
    id: &'static str,
    expect: Expect,
    about: &'static str,
    built: BuiltWheel,
) {
    cases.push(Case {
        id,
        file_name: built.file_name,
        bytes: built.bytes,
        expect,
        about,
    });
}

/// Changes the target's entry before the archive is written.
fn with_target(builder: WheelBuilder, change: impl Fn(Entry) -> Entry + 'static) -> WheelBuilder {
    builder.archive(move |archive| archive.change(TARGET, &change))
}

/// Changes the finished bytes.
fn tampered(builder: WheelBuilder, change: impl Fn(&mut Vec<u8>)) -> BuiltWheel {
    let mut built = builder.build();
    change(&mut built.bytes);
    built
}
