//! The in-toto statement: what was said about which file.

use assay_types::{FileName, Sha256};
use serde::Deserialize;

use super::{Rejection, Rule, document::read};

/// Of in-toto's statements the one that PEP 740 uses.
const TYPE: &str = "https://in-toto.io/Statement/v1";

/// What an attestation says of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Predicate {
    /// A trusted publisher uploaded it (PEP 740).
    Publish,
    /// How it was built (SLSA provenance v1). What it tells of the build is not judged.
    Slsa,
}

impl Predicate {
    const ALL: [Self; 2] = [Self::Publish, Self::Slsa];

    /// Its type, by which statements name it. A name, although it looks like an address.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Publish => "https://docs.pypi.org/attestations/publish/v1",
            Self::Slsa => "https://slsa.dev/provenance/v1",
        }
    }

    /// The predicate of this [`uri`](Self::uri).
    pub(super) fn of_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.uri() == uri)
    }

    /// A word for a person: `publish` or `slsa`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Slsa => "slsa",
        }
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
}

#[derive(Deserialize)]
struct Subject {
    name: String,
    digest: Digest,
}

#[derive(Deserialize)]
struct Digest {
    sha256: String,
}

/// Whether the statement is about this file alone: exactly one subject, whose name means the same
/// as the file's, and whose SHA-256 is that of the bytes.
pub(super) fn check(
    statement: &[u8],
    file: &FileName,
    sha256: Sha256,
) -> Result<Predicate, Rejection> {
    let statement: Wire = read(statement, "statement")?;
    if statement.kind != TYPE {
        return Err(
            Rejection::new(Rule::Form, "the statement is of no known type")
                .found(statement.kind)
                .missing(TYPE),
        );
    }
    let predicate = Predicate::of_uri(&statement.predicate_type).ok_or_else(|| {
        Rejection::new(Rule::Predicate, "the statement's predicate is not known")
            .found(&statement.predicate_type)
    })?;
    let [subject] = statement.subject.as_slice() else {
        let fact = "the statement is not about exactly one file";
        let count = statement.subject.len();
        return Err(Rejection::new(Rule::Subject, fact).found(format!("{count} subjects")));
    };
    if !means_same(&subject.name, file) {
        return Err(
            Rejection::new(Rule::Subject, "the statement is about another file")
                .found(&subject.name)
                .missing(file.as_str()),
        );
    }
    if Sha256::from_hex(&subject.digest.sha256) != Some(sha256) {
        return Err(
            Rejection::new(Rule::Subject, "the statement is about other bytes")
                .found(format!("sha256:{}", subject.digest.sha256))
                .missing(format!("sha256:{sha256}, which was measured")),
        );
    }
    Ok(predicate)
}

/// Compares names as parsed: project and version normalised, the tags of a wheel as sets. The kind of
/// an sdist's archive counts, because other bytes of the same file are another archive by it.
fn means_same(name: &str, file: &FileName) -> bool {
    let Ok(named) = FileName::parse(name, file.project()) else {
        return false;
    };
    let tags = |it: &FileName| {
        let wheel = it.wheel()?;
        let tags: std::collections::BTreeSet<_> = wheel.tags().collect();
        Some((wheel.build().cloned(), tags))
    };
    named.project() == file.project()
        && named.version() == file.version()
        && tags(&named) == tags(file)
        && is_zip(&named) == is_zip(file)
}

fn is_zip(name: &FileName) -> bool {
    name.as_str().ends_with(".zip")
}

#[cfg(test)]
mod tests {
    use assay_types::WheelName;
    use serde_json::{Value, json};

    use super::*;

    const NAME: &str = "demo_x-1.0-py2.py3-none-any.whl";

    fn rule(change: impl FnOnce(&mut Value)) -> Result<Predicate, Rule> {
        let mut statement = json!({
            "_type": TYPE,
            "subject": [{ "name": NAME, "digest": { "sha256": "ab".repeat(32) } }],
            "predicateType": Predicate::Publish.uri(),
            "predicate": null,
        });
        change(&mut statement);
        let file = FileName::Wheel(WheelName::parse(NAME).unwrap());
        let bytes = serde_json::to_vec(&statement).unwrap();
        check(&bytes, &file, Sha256([0xab; 32])).map_err(|it| it.rule)
    }

    #[test]
    fn exactly_one_subject() {
        assert_eq!(rule(|_| ()), Ok(Predicate::Publish));
        let twice = |it: &mut Value| {
            let subject = it["subject"][0].clone();
            it["subject"] = json!([subject, subject]);
        };
        assert_eq!(rule(twice), Err(Rule::Subject));
        assert_eq!(rule(|it| it["subject"] = json!([])), Err(Rule::Subject));
    }

    #[test]
    fn the_name_is_compared_as_parsed() {
        let named = |name: &str| rule(|it| it["subject"][0]["name"] = name.into());
        for same in [
            "demo_x-1.0-py3.py2-none-any.whl",
            "Demo.X-1.0.0-py2.py3-none-any.whl",
        ] {
            assert_eq!(named(same), Ok(Predicate::Publish), "{same}");
        }
        for other in [
            "demo_y-1.0-py2.py3-none-any.whl",
            "demo_x-1.1-py2.py3-none-any.whl",
            "demo_x-1.0-1-py2.py3-none-any.whl",
            "demo_x-1.0-py3-none-any.whl",
            "demo_x-1.0.tar.gz",
            "",
        ] {
            assert_eq!(named(other), Err(Rule::Subject), "{other}");
        }
    }

    #[test]
    fn an_sdist_is_the_archive_that_was_named() {
        let project = assay_types::names::project("demo").unwrap();
        let file = FileName::parse("demo-1.0.tar.gz", &project).unwrap();
        assert!(means_same("Demo-1.0.0.tar.gz", &file));
        assert!(!means_same("demo-1.0.zip", &file));
    }

    #[test]
    fn the_bytes_are_those_that_were_measured() {
        let digest = |hex: String| rule(|it| it["subject"][0]["digest"]["sha256"] = hex.into());
        assert_eq!(digest("AB".repeat(32)), Ok(Predicate::Publish));
        assert_eq!(digest("ac".repeat(32)), Err(Rule::Subject));
        assert_eq!(digest("ab".repeat(31)), Err(Rule::Subject));
        let sha512 = |it: &mut Value| {
            it["subject"][0]["digest"] = json!({ "sha512": "ab".repeat(64) });
        };
        assert_eq!(rule(sha512), Err(Rule::Form));
    }

    #[test]
    fn known_predicates_and_no_other() {
        let predicate = |uri: &str| rule(|it| it["predicateType"] = uri.into());
        assert_eq!(predicate(Predicate::Slsa.uri()), Ok(Predicate::Slsa));
        assert_eq!(
            predicate("https://slsa.dev/provenance/v0.2"),
            Err(Rule::Predicate)
        );
        let other_type = |it: &mut Value| it["_type"] = "https://in-toto.io/Statement/v0.1".into();
        assert_eq!(rule(other_type), Err(Rule::Form));
    }
}
