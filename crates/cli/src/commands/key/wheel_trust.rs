//! The trust file of old wheel (`wheel.json`, up to version 0.31), as a policy file has it.

use std::collections::{BTreeMap, BTreeSet};

use assay_types::{Printable, ProjectName, names};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde::{Deserialize, de::IgnoredAny};

use crate::failure::{Failure, Result};

/// The only version of the file that there was.
const SCHEMA: u32 = 1;
/// What stands where a key may sign for every project.
const ALL: &str = "+";
/// What stands where it may sign for none.
const NONE: &str = "-";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustFile {
    schema: Option<u32>,
    /// The user's own keys: that they are somebody's trust is not said here.
    #[serde(rename = "signers")]
    _signers: Option<IgnoredAny>,
    verifiers: Vec<Verifier>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verifier {
    scope: String,
    vk: String,
}

/// The projects that a key may sign for; `None` for all.
type Scope = Option<BTreeSet<ProjectName>>;

/// The tables of a policy file that trusts the same keys for the same projects.
///
/// Old wheel never asked that anything was signed. Here each project that the file names has to be
/// signed by one of its keys; for keys of all projects that rule is written as a comment, since it would
/// refuse every wheel that nobody signed.
pub(super) fn to_policy(text: &[u8]) -> Result<String> {
    let file: TrustFile =
        serde_json::from_slice(text).map_err(|error| wrong(&error.to_string()))?;
    if file.schema.is_some_and(|it| it != SCHEMA) {
        return Err(wrong("its schema is not 1"));
    }
    let keys = scopes(file.verifiers.iter().filter(|it| it.scope != NONE))?;
    if keys.is_empty() {
        return Err(wrong("it trusts nobody"));
    }
    let mut policy = String::new();
    for (label, (key, scope)) in &keys {
        policy += &format!("[keys.{label}]\ned25519 = \"{key}\"\n");
        if let Some(projects) = scope {
            policy += &format!("projects = {}\n", list(projects));
        }
        policy += "\n";
    }
    let named = keys.values().filter_map(|it| it.1.as_ref()).flatten();
    for project in named.collect::<BTreeSet<_>>() {
        let covers = |it: &Scope| it.as_ref().is_none_or(|it| it.contains(project));
        let labels = keys.iter().filter(|it| covers(&it.1.1)).map(|it| it.0);
        policy += &rule(&list([project]), &list(labels), "");
    }
    let everywhere: Vec<_> = keys.iter().filter(|it| it.1.1.is_none()).collect();
    if !everywhere.is_empty() {
        policy +=
            "# Name the projects here: with \"*\" every wheel that they did not sign is refused.\n";
        policy += &rule("[\"*\"]", &list(everywhere.iter().map(|it| it.0)), "# ");
    }
    Ok(policy)
}

/// Each key once, under a name, with all its scopes.
fn scopes<'a>(
    verifiers: impl Iterator<Item = &'a Verifier>,
) -> Result<BTreeMap<String, (String, Scope)>> {
    let mut keys: Vec<(String, Scope)> = Vec::new();
    for verifier in verifiers {
        let key = key(&verifier.vk)?;
        let scope = scope(&verifier.scope)?;
        match (keys.iter_mut().find(|it| it.0 == key), scope) {
            (None, scope) => keys.push((key, scope)),
            (Some((_, Some(all))), Some(more)) => all.extend(more),
            (Some((_, all)), _) => *all = None,
        }
    }
    let width = keys.len().to_string().len();
    let label = |number: usize| format!("old-wheel-{number:0width$}");
    let keys = keys.into_iter().enumerate();
    Ok(keys.map(|(index, it)| (label(index + 1), it)).collect())
}

fn scope(text: &str) -> Result<Scope> {
    if text == ALL {
        return Ok(None);
    }
    let project = names::project(text);
    let project = project.ok_or_else(|| wrong(&format!("\"{text}\" is no project's name")))?;
    Ok(Some(BTreeSet::from([project])))
}

fn key(vk: &str) -> Result<String> {
    match BASE64_URL_SAFE_NO_PAD.decode(vk) {
        Ok(bytes) if bytes.len() == 32 => Ok(BASE64_STANDARD.encode(bytes)),
        _ => Err(wrong(&format!("\"{vk}\" is no Ed25519 key"))),
    }
}

fn rule(projects: &str, labels: &str, comment: &str) -> String {
    format!(
        "{comment}[[policy.rule]]\n\
         {comment}projects = {projects}\n\
         {comment}wheel-signature = {labels}\n\n"
    )
}

/// Names and labels have no character that TOML would read otherwise.
fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let items = items
        .into_iter()
        .map(|it| format!("\"{}\"", it.to_string()));
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn wrong(why: &str) -> Failure {
    Failure::could_not(format!(
        "this is no trust file of wheel: {}",
        Printable(why)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As wheel writes a key, and as a policy file does.
    fn key_of(byte: u8) -> (String, String) {
        let bytes = [byte; 32];
        (
            BASE64_URL_SAFE_NO_PAD.encode(bytes),
            BASE64_STANDARD.encode(bytes),
        )
    }

    fn file(verifiers: &[(&str, u8)]) -> String {
        let verifiers: Vec<_> = verifiers
            .iter()
            .map(|(scope, byte)| serde_json::json!({"scope": scope, "vk": key_of(*byte).0}))
            .collect();
        let signers = [serde_json::json!({"scope": "+", "vk": key_of(9).0})];
        serde_json::json!({"schema": 1, "signers": signers, "verifiers": verifiers}).to_string()
    }

    fn policy(text: &str) -> toml::Table {
        let policy = to_policy(text.as_bytes()).unwrap();
        toml::from_str(&policy).unwrap_or_else(|error| panic!("{policy}{error}"))
    }

    fn labels(of: &toml::Value) -> Vec<&str> {
        let all = of.as_array().unwrap().iter();
        all.map(|it| it.as_str().unwrap()).collect()
    }

    #[test]
    fn each_key_keeps_its_scopes_and_each_project_asks_for_its_keys() {
        let text = file(&[
            ("Demo_X", 1),
            ("other", 1),
            ("demo-x", 255),
            ("demo_x", 1),
            ("+", 3),
        ]);
        let policy = policy(&text);
        let keys = policy["keys"].as_table().unwrap();
        let projects = ["old-wheel-1", "old-wheel-2"].map(|it| labels(&keys[it]["projects"]));
        assert_eq!(projects, [vec!["demo-x", "other"], vec!["demo-x"]]);
        assert!(
            !keys["old-wheel-3"]
                .as_table()
                .unwrap()
                .contains_key("projects")
        );
        let material = ["old-wheel-1", "old-wheel-2", "old-wheel-3"].map(|it| &keys[it]["ed25519"]);
        for (found, byte) in material.into_iter().zip([1, 255, 3]) {
            assert_eq!(found.as_str().unwrap(), key_of(byte).1);
        }
        let rules = policy["policy"]["rule"].as_array().unwrap();
        let rules: Vec<_> = rules
            .iter()
            .map(|it| (labels(&it["projects"]), labels(&it["wheel-signature"])))
            .collect();
        let all = vec!["old-wheel-1", "old-wheel-2", "old-wheel-3"];
        let first_and_third = vec!["old-wheel-1", "old-wheel-3"];
        assert_eq!(
            rules,
            [(vec!["demo-x"], all), (vec!["other"], first_and_third)]
        );
    }

    #[test]
    fn a_key_of_all_projects_does_not_refuse_everything_else_by_itself() {
        let text = file(&[("demo", 1), ("+", 1)]);
        assert!(!policy(&text).contains_key("policy"));
        let policy = to_policy(text.as_bytes()).unwrap();
        assert!(policy.contains("# projects = [\"*\"]\n"), "{policy}");
        assert!(!policy.contains("\nprojects"), "{policy}");
    }

    #[test]
    fn what_is_no_trust_file_is_refused() {
        let good = file(&[("demo", 1)]);
        assert!(to_policy(good.as_bytes()).is_ok());
        let vk = key_of(1).0;
        for bad in [
            file(&[]),
            file(&[("-", 1)]),
            file(&[("*", 1)]),
            file(&[("", 1)]),
            good.replace("\"schema\":1", "\"schema\":2"),
            good.replacen('{', r#"{"schema":1,"#, 1),
            good.replace(
                "\"scope\":\"demo\"",
                "\"scope\":\"demo\",\"until\":\"2030\"",
            ),
            good.replace("\"scope\":\"demo\",", ""),
            good.replace(&vk, &format!("{vk}=")),
            good.replace(&vk, &vk[1..]),
            good.replace("verifiers", "verifier"),
            good[1..].to_owned(),
            format!("{good}x"),
            String::new(),
        ] {
            let failure = to_policy(bad.as_bytes()).unwrap_err();
            assert!(failure.fact().starts_with("this is no trust file"), "{bad}");
        }
    }
}
