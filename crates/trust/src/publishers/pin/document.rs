//! Pins as one document, which is kept from run to run.

use std::collections::{BTreeMap, btree_map::Entry};

use assay_types::{ProjectName, Timestamp, Url, Version, names};
use serde::{Deserialize, Serialize};

use super::{PinnedFile, PinsError, PublisherPin, PublisherPins};
use crate::{Identity, Term};

const FORMAT: u32 = 1;

impl PublisherPins {
    /// Reads what [`Self::to_json`] writes, and nothing else: a pin that is lost in silence would let
    /// anybody publish.
    pub fn parse(bytes: &[u8]) -> Result<Self, PinsError> {
        let wrong = |error: serde_json::Error| PinsError(error.to_string());
        let document: Document = serde_json::from_slice(bytes).map_err(wrong)?;
        if document.format != FORMAT {
            return Err(PinsError(format!(
                "its format is {}, not {FORMAT}",
                document.format
            )));
        }
        let mut pins = Self::default();
        for row in document.pins {
            let (index, project, pin) = row.parse()?;
            if pins.get(&index, &project).is_some() {
                return Err(PinsError(format!("{project} is pinned twice on {index}")));
            }
            pins.set(index, project, pin);
        }
        Ok(pins)
    }

    /// The document, one line for each pin.
    pub fn to_json(&self) -> String {
        let rows: Vec<_> = self
            .iter()
            .map(|it| serde_json::json!(Row::of(it)).to_string())
            .collect();
        let rows = rows.join(",\n");
        format!("{{\"format\":{FORMAT},\"pins\":[\n{rows}\n]}}\n")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: u32,
    pins: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    index: String,
    project: String,
    identities: Vec<IdentityRow>,
    unattested: Option<String>,
    since: String,
    attested_since: Option<String>,
    unattested_up_to: Option<String>,
    latest: Option<FileRow>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentityRow {
    identity: String,
    until: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRow {
    name: String,
    uploaded: Option<String>,
    logged: Option<String>,
}

impl Row {
    fn of((index, project, pin): (&Url, &ProjectName, &PublisherPin)) -> Self {
        let text = |it: &Option<Timestamp>| it.as_ref().map(Timestamp::to_string);
        Self {
            index: index.to_string(),
            project: project.to_string(),
            identities: pin.identities.iter().map(IdentityRow::of).collect(),
            unattested: pin.unattested.as_ref().map(Term::to_string),
            since: pin.since.to_string(),
            attested_since: text(&pin.attested_since),
            unattested_up_to: pin.unattested_up_to.as_ref().map(Version::to_string),
            latest: pin.latest.as_ref().map(|it| FileRow {
                name: it.name.clone(),
                uploaded: text(&it.uploaded),
                logged: text(&it.logged),
            }),
        }
    }

    fn parse(self) -> Result<(Url, ProjectName, PublisherPin), PinsError> {
        let project = &self.project;
        let wrong = |what: &str| PinsError(format!("{project:?}: its {what} cannot be read"));
        let index = Url::parse(&self.index).map_err(|_| wrong("index"))?;
        let name = names::project(project).ok_or_else(|| wrong("name"))?;
        let unattested = self.unattested.as_ref().map(|it| it.parse());
        let version = self.unattested_up_to.as_ref().map(|it| it.parse());
        let latest = self.latest.as_ref().map(|it| {
            Ok(PinnedFile {
                name: it.name.clone(),
                uploaded: time(&it.uploaded).ok_or_else(|| wrong("upload time"))?,
                logged: time(&it.logged).ok_or_else(|| wrong("time of the log"))?,
            })
        });
        let pin = PublisherPin {
            identities: identities(&self.identities).ok_or_else(|| wrong("identities"))?,
            unattested: unattested.transpose().map_err(|_| wrong("last day"))?,
            since: self.since.parse().map_err(|_| wrong("time"))?,
            attested_since: time(&self.attested_since).ok_or_else(|| wrong("first time"))?,
            unattested_up_to: version.transpose().map_err(|_| wrong("version"))?,
            latest: latest.transpose()?,
        };
        if pin.identities.is_empty() && pin.unattested.is_none() {
            return Err(wrong("identities"));
        }
        Ok((index, name, pin))
    }
}

impl IdentityRow {
    fn of((identity, term): (&Identity, &Term)) -> Self {
        Self {
            identity: identity.to_string(),
            until: term.to_string(),
        }
    }
}

/// `None` where one cannot be read, or is there twice.
fn identities(rows: &[IdentityRow]) -> Option<BTreeMap<Identity, Term>> {
    let mut identities = BTreeMap::new();
    for row in rows {
        match identities.entry(row.identity.parse().ok()?) {
            Entry::Vacant(it) => drop(it.insert(row.until.parse().ok()?)),
            Entry::Occupied(_) => return None,
        }
    }
    Some(identities)
}

/// `None` for what is no time.
fn time(text: &Option<String>) -> Option<Option<Timestamp>> {
    match text {
        None => Some(None),
        Some(text) => text.parse().ok().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pins() -> PublisherPins {
        let mut pins = PublisherPins::default();
        let pin = PublisherPin {
            identities: [
                ("github:o/n:r.yml:repository-id=1:owner-id=2", "forever"),
                ("google:o@example.com", "2026-12-31"),
            ]
            .map(|(identity, term)| (identity.parse().unwrap(), term.parse().unwrap()))
            .into(),
            unattested: None,
            since: "2026-11-23T00:00:00Z".parse().unwrap(),
            attested_since: Some("2025-01-01T00:00:00Z".parse().unwrap()),
            unattested_up_to: Some("0.9".parse().unwrap()),
            latest: Some(PinnedFile {
                name: "demo-1.0-py3-none-any.whl".to_owned(),
                uploaded: None,
                logged: Some("2025-01-01T00:00:00Z".parse().unwrap()),
            }),
        };
        let index = |text| Url::parse(text).unwrap();
        let accepted = PublisherPin {
            unattested: Some(Term::Forever),
            ..PublisherPin::new(pin.since)
        };
        let demo = names::project("demo").unwrap();
        pins.set(index("https://index.example/simple/"), demo.clone(), pin);
        pins.set(index("https://other.example/simple/"), demo, accepted);
        pins
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(
            PublisherPins::parse(pins().to_json().as_bytes()),
            Ok(pins())
        );
        let none = PublisherPins::default();
        assert_eq!(PublisherPins::parse(none.to_json().as_bytes()), Ok(none));
    }

    #[test]
    fn a_document_that_is_not_whole_is_no_document() {
        let text = pins().to_json();
        for (from, to) in [
            ("\"format\":1", "\"format\":2"),
            ("demo\"", "-\""),
            ("\"unattested\":\"forever\"", "\"unattested\":null"),
            ("\"unattested\":\"forever\"", "\"unattested\":true"),
            ("\"until\":\"forever\"", "\"until\":\"\""),
            (",\"until\":\"2026-12-31\"", ""),
            ("2026-12-31", "2026-12-32"),
            (
                "google:o@example.com",
                "github:o/n:r.yml:repository-id=1:owner-id=2",
            ),
            ("github:o/n", "github:o"),
            ("2026-11-23T", "2026-11-33T"),
            ("https://index", "index"),
            ("https://other", "https://index"),
            ("\"since\"", "\"sinced\""),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text);
            assert!(PublisherPins::parse(changed.as_bytes()).is_err(), "{from}");
        }
        for end in 0..text.trim_end().len() {
            assert!(
                PublisherPins::parse(&text.as_bytes()[..end]).is_err(),
                "{end}"
            );
        }
    }
}
