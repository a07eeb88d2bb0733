//! Shape and colour of what speaks for a distribution.

use crate::commands::explain::{explained::Explained, kind::Kind};

/// Hollow: what the receipt says may be so, and nobody vouches for it.
pub const UNVOUCHED_SHAPE: &str = "◌";
/// Its class in the stylesheet.
pub const UNVOUCHED_CLASS: &str = "unvouched";

/// The shape beside a distribution. A receipt that nobody vouches for never has that of one that
/// somebody does.
pub fn shape(one: &Explained) -> &'static str {
    match one.is_unvouched() {
        true => UNVOUCHED_SHAPE,
        false => shape_of(one.kind),
    }
}

/// The class of a distribution in the stylesheet, in the same way.
pub fn class(one: &Explained) -> &'static str {
    match one.is_unvouched() {
        true => UNVOUCHED_CLASS,
        false => class_of(one.kind),
    }
}

/// The shape of a kind.
pub fn shape_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Publisher => "◆",
        Kind::Key => "★",
        Kind::Vouch => "✦",
        Kind::Hook => "⬢",
        Kind::Hash => "●",
        Kind::Index => "■",
        Kind::Local => "▲",
        Kind::Unknown => "◇",
        Kind::Foreign => "○",
        Kind::Changed => "✕",
    }
}

/// The class of a kind in the stylesheet.
pub fn class_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Publisher => "publisher",
        Kind::Key => "key",
        Kind::Vouch => "vouch",
        Kind::Hook => "hook",
        Kind::Hash => "hash",
        Kind::Index => "index",
        Kind::Local => "local",
        Kind::Unknown => "unknown",
        Kind::Foreign => "foreign",
        Kind::Changed => "changed",
    }
}
