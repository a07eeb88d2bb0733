//! What is known of the publishers of projects, as one document that is kept from run to run.

use std::collections::{BTreeMap, btree_map::Entry};

use assay_types::{ProjectName, Timestamp, Url, names};
use serde::{Deserialize, Serialize};

use super::{Identity, Term};

const FORMAT: u32 = 1;

/// Who may publish a project, as far as earlier installs and the user said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublisherPin {
    /// All of them, and how long each is one: several are normal. What is over is kept and does not
    /// count: forgotten, it would be at first sight again.
    pub identities: BTreeMap<Identity, Term>,
    /// How long the user accepts files that nobody attested, if at all.
    pub unattested: Option<Term>,
    /// When this was first known.
    pub since: Timestamp,
    /// The earliest upload that was seen to be attested, if the index gives such times: what was
    /// uploaded before may have come without.
    pub attested_since: Option<Timestamp>,
    /// The file that was installed last.
    pub latest: Option<PinnedFile>,
}

/// A file that a pin rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedFile {
    /// Its name, unescaped.
    pub name: String,
    /// When it was uploaded, as the index says.
    pub uploaded: Option<Timestamp>,
    /// When its signature was logged; `None` where nobody attested it.
    pub logged: Option<Timestamp>,
}

/// All pins, by the base URL of the index and by project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublisherPins(BTreeMap<Url, BTreeMap<ProjectName, PublisherPin>>);

/// Why a document of pins is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PinsError(String);

impl PublisherPin {
    /// One that names nobody yet.
    pub fn new(since: Timestamp) -> Self {
        Self {
            identities: BTreeMap::new(),
            unattested: None,
            since,
            attested_since: None,
            latest: None,
        }
    }

    /// Those that are not over.
    pub fn in_force(&self, now: Timestamp) -> impl Iterator<Item = &Identity> {
        let holding = move |(_, term): &(&Identity, &Term)| term.holds_at(now);
        self.identities.iter().filter(holding).map(|it| it.0)
    }

    /// Whether a file of this upload time is older than any that was seen to be attested.
    pub fn begins_after(&self, uploaded: Option<Timestamp>) -> bool {
        matches!((uploaded, self.attested_since), (Some(time), Some(first)) if time < first)
    }
}

impl PublisherPins {
    /// The pin of a project on an index.
    pub fn get(&self, index: &Url, project: &ProjectName) -> Option<&PublisherPin> {
        self.0.get(index)?.get(project)
    }

    /// Sets the pin of a project on an index.
    pub fn set(&mut self, index: Url, project: ProjectName, pin: PublisherPin) {
        self.0.entry(index).or_default().insert(project, pin);
    }

    /// Forgets a project; gives what was known of it.
    pub fn remove(&mut self, index: &Url, project: &ProjectName) -> Option<PublisherPin> {
        let pins = self.0.get_mut(index)?;
        let pin = pins.remove(project);
        if pins.is_empty() {
            self.0.remove(index);
        }
        pin
    }

    /// All of them, by index and project.
    pub fn iter(&self) -> impl Iterator<Item = (&Url, &ProjectName, &PublisherPin)> {
        let each = |(index, pins)| Self::of_index(index, pins);
        self.0.iter().flat_map(each)
    }

    fn of_index<'a>(
        index: &'a Url,
        pins: &'a BTreeMap<ProjectName, PublisherPin>,
    ) -> impl Iterator<Item = (&'a Url, &'a ProjectName, &'a PublisherPin)> {
        pins.iter().map(move |(project, pin)| (index, project, pin))
    }

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

    #[test]
    fn an_index_without_pins_is_forgotten() {
        let mut pins = pins();
        let index = Url::parse("https://other.example/simple/").unwrap();
        let demo = names::project("demo").unwrap();
        assert!(
            pins.remove(&index, &demo)
                .is_some_and(|it| it.unattested.is_some())
        );
        assert_eq!(pins.remove(&index, &demo), None);
        assert_eq!(pins.iter().count(), 1);
    }
}
