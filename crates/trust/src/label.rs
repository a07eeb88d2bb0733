//! The names that policy files give to keys, sources of statements and hooks.

use std::{fmt, str::FromStr};

/// Lower-case letters, digits and dashes, as `django-release`: at most 64, the first no dash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(String);

impl Label {
    /// What it may look like, for a message.
    pub const FORM: &str = "up to 64 lower-case letters, digits and dashes, no dash first";

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_known = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        match text.len() {
            1..=64 if text.bytes().all(is_known) && !text.starts_with('-') => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(format!(
                "\"{}\" is no name here: {}",
                assay_types::Printable(text),
                Self::FORM
            )),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_be_mistaken_is_none() {
        let longest = "a".repeat(64);
        for good in ["a", "django-release", "2026", &longest] {
            assert_eq!(good.parse::<Label>().unwrap().to_string(), good);
        }
        let longer = "a".repeat(65);
        for bad in ["", "-a", "A", "a b", "a:b", "a_b", "ä", "a\n", &longer] {
            assert!(bad.parse::<Label>().is_err(), "{bad}");
        }
    }
}
