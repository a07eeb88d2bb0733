//! What a hook left behind. All of it is a stranger's.

use serde::Deserialize;

use crate::{Error, Hook, Order, Result, names::is_one_part, workshop::Workshop};

/// The file in which the runner says what came of it.
const RESULT: &str = "result.json";
/// Longest such file in bytes.
const LONGEST_RESULT: u64 = 1 << 20;
/// Most requirements that a backend may ask for.
const MOST_NEEDS: usize = 1_000;
const METADATA: &str = "METADATA";

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The backend asks for these requirements, of which not all were given; nothing else was done. They
    /// are a stranger's text.
    Needs(Vec<String>),
    /// The content of METADATA.
    Metadata(Vec<u8>),
    /// A file of this name was made, for [`Workshop::copy_out`]: the only one of its kind. Nothing of it
    /// but the ending of its name was looked at.
    Made(String),
    /// The backend has no such hook, and may do without it.
    NoHook,
}

/// The runner's words; a hostile backend may write what it likes there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Words {
    Needs(Vec<String>),
    Made(String),
    NoHook,
}

/// Reads what the last run in the workshop left.
pub fn read(workshop: &Workshop, order: &Order<'_>) -> Result<Said> {
    let left = |fact: String| Error::Left {
        hook: order.hook,
        fact,
    };
    let bytes = workshop.left(None, RESULT, LONGEST_RESULT);
    let bytes = bytes.map_err(|error| left(format!("{RESULT}: {error}")))?;
    match words(&bytes).map_err(left)? {
        Words::Needs(needs) => new_needs(needs, order.given).map_err(left),
        Words::NoHook if order.hook.is_optional() => Ok(Said::NoHook),
        Words::NoHook => Err(left("the backend does not have it".to_owned())),
        Words::Made(name) => made(workshop, order.hook, name).map_err(left),
    }
}

fn words(bytes: &[u8]) -> Result<Words, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("{RESULT}: {error}"))
}

/// A backend that asks for what it has would ask for ever.
fn new_needs(needs: Vec<String>, given: &[String]) -> Result<Said, String> {
    if needs.len() > MOST_NEEDS {
        return Err(format!("it asks for more than {MOST_NEEDS} requirements"));
    }
    match needs.iter().all(|it| given.contains(it)) {
        true => Err("it asks for nothing that it does not have".to_owned()),
        false => Ok(Said::Needs(needs)),
    }
}

fn made(workshop: &Workshop, hook: Hook, name: String) -> Result<Said, String> {
    let ending = match hook {
        Hook::Metadata { .. } => ".dist-info",
        Hook::Wheel | Hook::Editable => ".whl",
        Hook::Sdist => ".tar.gz",
    };
    if !is_one_part(&name) || !name.ends_with(ending) {
        return Err(format!(
            "it made {name:?}, and not one thing that ends in {ending}"
        ));
    }
    let names = workshop.names_left();
    let names = names.map_err(|error| format!("what it made: {error}"))?;
    let mut alike = names.iter().filter(|it| it.ends_with(ending));
    match (alike.next(), alike.next()) {
        (Some(only), None) if *only == name => {}
        (None, _) => return Err(format!("it did not make {name}")),
        (Some(other), None) => return Err(format!("it made {other:?}, and said {name}")),
        (Some(one), Some(other)) => return Err(format!("it made {one:?} and {other:?}")),
    }
    if ending != ".dist-info" {
        return Ok(Said::Made(name));
    }
    let most = assay_types::metadata::LIMIT as u64;
    let metadata = workshop.left(Some(&name), METADATA, most);
    let metadata = metadata.map_err(|error| format!("{name}/{METADATA}: {error}"))?;
    Ok(Said::Metadata(metadata))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_the_runner_writes_is_understood() {
        assert!(matches!(words(br#"{"made": "a"}"#), Ok(Words::Made(name)) if name == "a"));
        assert!(matches!(words(br#"{"no_hook": null}"#), Ok(Words::NoHook)));
        assert!(matches!(words(br#"{"needs": ["a"]}"#), Ok(Words::Needs(_))));
        for bad in [
            r#"{"made": "a"} x"#,
            r#"{"made": null}"#,
            r#"{"no_hook": 1}"#,
            "[]",
            "{}",
            "1",
        ] {
            assert!(words(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_understood_or_refused(bytes: Vec<u8>, nested in 0_usize..100_000) {
            prop_assert!(words(&bytes).is_err());
            let deep = format!("{}{}", r#"{"needs":["#, "[".repeat(nested));
            prop_assert!(words(deep.as_bytes()).is_err());
        }

        #[test]
        fn what_is_asked_for_is_new(needs: Vec<String>, given: Vec<String>) {
            let text = serde_json::json!({ "needs": needs }).to_string();
            let Ok(Words::Needs(read)) = words(text.as_bytes()) else {
                return Err(TestCaseError::fail(text));
            };
            prop_assert_eq!(&read, &needs);
            let is_new = needs.iter().any(|it| !given.contains(it));
            prop_assert_eq!(new_needs(read, &given).is_ok(), is_new);
            prop_assert!(new_needs(needs.clone(), &needs).is_err());
        }
    }
}
