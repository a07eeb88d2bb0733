//! Values of PEP 691 pages that have more than one form, read without a detour over a tree.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};

/// Most hashes of one file. Python's `hashlib` has fourteen algorithms.
const MOST_HASHES: usize = 16;

/// A list that is refused before it takes more memory than so many values do.
pub(super) struct AtMost<T, const MOST: usize>(pub(super) Vec<T>);

/// Text that borrows from the page wherever it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// Algorithms and hexadecimal text, in the page's order.
#[derive(Default)]
pub(super) struct Hashes<'a>(pub(super) Vec<(Cow<'a, str>, Cow<'a, str>)>);

/// PEP 714: hashes, or only the fact that there is a sidecar, which counts as none.
#[derive(Default)]
pub(super) struct Sidecar<'a>(pub(super) Hashes<'a>);

/// PEP 691: the reason, or only the fact.
pub(super) struct Yanked<'a>(pub(super) Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Hashes<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(HashesVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Sidecar<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(SidecarVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Yanked<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(YankedVisitor)
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for AtMost<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(AtMostVisitor(PhantomData))
    }
}

struct AtMostVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for AtMostVisitor<T, MOST> {
    type Value = AtMost<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {MOST}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            if values.len() == MOST {
                return Err(A::Error::invalid_length(MOST + 1, &self));
            }
            values.push(value);
        }
        Ok(AtMost(values))
    }
}

struct HashesVisitor;

impl<'de> Visitor<'de> for HashesVisitor {
    type Value = Hashes<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hashes by algorithm")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut hashes = Vec::with_capacity(1);
        while let Some((name, hex)) = map.next_entry::<Text<'de>, Text<'de>>()? {
            if hashes.len() == MOST_HASHES {
                return Err(A::Error::invalid_length(MOST_HASHES + 1, &self));
            }
            hashes.push((name.0, hex.0));
        }
        Ok(Hashes(hashes))
    }
}

struct SidecarVisitor;

impl<'de> Visitor<'de> for SidecarVisitor {
    type Value = Sidecar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hashes by algorithm, true or false")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        HashesVisitor.visit_map(map).map(Sidecar)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Sidecar::default())
    }
}

struct YankedVisitor;

impl<'de> Visitor<'de> for YankedVisitor {
    type Value = Yanked<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the reason, true or false")
    }

    fn visit_borrowed_str<E>(self, reason: &'de str) -> Result<Self::Value, E> {
        Ok(Yanked(Some(Cow::Borrowed(reason))))
    }

    fn visit_str<E>(self, reason: &str) -> Result<Self::Value, E> {
        Ok(Yanked(Some(Cow::Owned(reason.to_owned()))))
    }

    fn visit_bool<E>(self, yanked: bool) -> Result<Self::Value, E> {
        Ok(Yanked(yanked.then_some(Cow::Borrowed(""))))
    }
}
