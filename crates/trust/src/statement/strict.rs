//! JSON of which no two readers could disagree: no member of an object occurs twice.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// Reads a whole document.
pub(super) fn value(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(bytes).map(|it: Strict| it.0)
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Whole).map(Self)
    }
}

struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_str<E>(self, it: &str) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_string<E>(self, it: String) -> Result<Value, E> {
        Ok(it.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rest: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(it)) = rest.next_element()? {
            list.push(it);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut rest: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((name, Strict(it))) = rest.next_entry::<String, _>()? {
            if map.contains_key(&name) {
                let fact = format!("the member \"{name}\" occurs twice");
                return Err(de::Error::custom(fact));
            }
            map.insert(name, it);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_occurs_twice_is_refused_at_any_depth() {
        for good in [
            r#"{"a":1,"b":{"a":[{"a":1},{"a":-1.5}]}}"#,
            r#" [null, true, "a", {}] "#,
        ] {
            let plain: Value = serde_json::from_str(good).unwrap();
            assert_eq!(value(good.as_bytes()).unwrap(), plain);
        }
        for bad in [
            r#"{"a":1,"a":1}"#,
            r#"{"b":[{"a":1,"\u0061":2}]}"#,
            "{} {}",
            "{",
            "",
            "{\"a\":\"\u{1}\"}",
        ] {
            assert!(value(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(value(b"\"\xff\"").is_err());
        assert!(value("[".repeat(100_000).as_bytes()).is_err());
    }
}
