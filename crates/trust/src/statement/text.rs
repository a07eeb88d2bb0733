//! Values that statements write as texts, each in one form.

use std::fmt::Display;

use assay_types::{ProjectName, Sha256, Timestamp, Version, names};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

use crate::{ProjectPattern, signature::RawKey};

/// A value that is a text in JSON.
pub(super) trait Text: Sized {
    /// What it is, for a message.
    const WHAT: &str;

    fn read(text: &str) -> Option<Self>;
    fn write(&self) -> String;
}

pub(super) fn serialize<T: Text, S: Serializer>(it: &T, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&it.write())
}

pub(super) fn deserialize<'de, T: Text, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = || D::Error::custom(format!("\"{text}\" is no {}", T::WHAT));
    T::read(&text).ok_or_else(wrong)
}

/// The same for lists.
pub(super) mod list {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeSeq as _};

    use super::Text;

    #[derive(Deserialize)]
    #[serde(transparent, bound = "T: Text")]
    struct Element<T: Text>(#[serde(with = "super")] T);

    struct Borrowed<'a, T>(&'a T);

    impl<T: Text> Serialize for Borrowed<'_, T> {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            super::serialize(self.0, to)
        }
    }

    pub(in crate::statement) fn serialize<T: Text, S: Serializer>(
        all: &[T],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(Some(all.len()))?;
        for it in all {
            list.serialize_element(&Borrowed(it))?;
        }
        list.end()
    }

    pub(in crate::statement) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<T>, D::Error> {
        let all = Vec::<Element<T>>::deserialize(from)?;
        Ok(all.into_iter().map(|it| it.0).collect())
    }
}

impl Text for ProjectName {
    const WHAT: &str = "project's name";

    fn read(text: &str) -> Option<Self> {
        names::project(text)
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Text for ProjectPattern {
    const WHAT: &str = "project's name, nor the beginning of one with * behind it";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Text for Version {
    const WHAT: &str = "version (PEP 440)";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Text for Timestamp {
    const WHAT: &str = "time such as 2026-11-23T04:05:06Z (RFC 3339, UTC)";

    fn read(text: &str) -> Option<Self> {
        in_one_form(text, text.parse().ok())
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

impl Text for Sha256 {
    const WHAT: &str = "SHA-256 in 64 lower-case hexadecimal digits";

    fn read(text: &str) -> Option<Self> {
        in_one_form(text, Self::from_hex(text))
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// The SubjectPublicKeyInfo in base64.
impl Text for RawKey {
    const WHAT: &str = "public key (SubjectPublicKeyInfo in base64)";

    fn read(text: &str) -> Option<Self> {
        Self::from_spki(&BASE64_STANDARD.decode(text).ok()?)
    }

    fn write(&self) -> String {
        BASE64_STANDARD.encode(self.spki())
    }
}

fn in_one_form<T: Display>(text: &str, value: Option<T>) -> Option<T> {
    value.filter(|it| it.to_string() == text)
}
