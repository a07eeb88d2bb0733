//! What the user tells the backend: `-C KEY=VALUE`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Error, Result};

/// Settings for a backend, as PEP 517 hands them to each of its hooks. What they mean is the backend's
/// affair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigSettings(BTreeMap<String, Vec<String>>);

impl ConfigSettings {
    /// From `KEY=VALUE`s; a key that is given again gets a list, as with pip.
    pub fn parse<T: AsRef<str>>(settings: &[T]) -> Result<Self> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for setting in settings {
            let setting = setting.as_ref();
            let wrong = |why| Error::Setting {
                setting: setting.to_owned(),
                why,
            };
            let (key, value) = setting
                .split_once('=')
                .ok_or_else(|| wrong("a setting for the backend is KEY=VALUE"))?;
            if key.is_empty() {
                return Err(wrong("a setting for the backend has a key before the ="));
            }
            all.entry(key.to_owned())
                .or_default()
                .push(value.to_owned());
        }
        Ok(Self(all))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The dictionary that hooks get, keys in order: the same settings give the same text.
    pub fn json(&self) -> Value {
        let entries = self.0.iter().map(|(key, values)| {
            let value = match values.as_slice() {
                [one] => Value::from(one.as_str()),
                several => Value::from(several),
            };
            (key.clone(), value)
        });
        Value::Object(entries.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_given_again_gets_a_list() {
        let settings = ConfigSettings::parse(&["b=1", "a=x=y", "b=", "--opt=--z"]).unwrap();
        let json = r#"{"--opt":"--z","a":"x=y","b":["1",""]}"#;
        assert_eq!(settings.json().to_string(), json);
        assert!(ConfigSettings::parse::<&str>(&[]).unwrap().is_empty());
        for bad in ["", "a", "=1"] {
            assert!(ConfigSettings::parse(&[bad]).is_err(), "{bad}");
        }
    }
}
