//! `assay trust list`.

use std::collections::BTreeMap;

use assay_trust::{PublisherPin, PublisherPins};
use assay_types::{Printable, ProjectName, Timestamp, Url, day::LastDay, requirement::redacted};
use serde::Serialize;

use super::named::Named;
use crate::{
    commands::{Context, policy::whose},
    failure::Result,
    settings::{NamedPublishers, PolicyFiles, names},
    ui::Ui,
};

/// Lists what the state and policy files say; exit code 1 where nothing is known of a project that
/// was named.
pub fn run(typed: &[String], context: &Context<'_>) -> Result<u8> {
    let wanted = names("trust list", typed)?;
    let pins = context.folders.publishers().read()?;
    let now = Timestamp::now();
    let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
    let mut rows = rows(&pins, &files, context.folders.latest(now)?);
    let is_wanted = |row: &Row| wanted.is_empty() || wanted.contains(&row.project);
    rows.retain(is_wanted);
    rows.sort_by(|a, b| a.project.cmp(&b.project));
    let mut unknown = wanted.iter();
    let unknown = unknown.find(|it| !rows.iter().any(|row| row.project == **it));
    if let Some(project) = unknown {
        let fact = format!("nothing is known of the publishers of {project}");
        context.ui.warn(&fact);
    }
    if context.ui.json() {
        context.ui.json_output(&rows)?;
    } else if rows.is_empty() && wanted.is_empty() {
        context.ui.line("no publishers are known")?;
    } else {
        rows.iter().try_for_each(|it| it.print(context.ui))?;
    }
    Ok(u8::from(unknown.is_some()))
}

/// A project's publishers as one source has them, for people and for `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    #[serde(serialize_with = "as_text")]
    project: ProjectName,
    identities: Vec<String>,
    #[serde(flatten)]
    source: Source,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Source {
    State(Pinned),
    File(Committed),
}

/// What the user's state says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Pinned {
    index: String,
    /// Whether files without provenance are accepted.
    unattested: bool,
    /// What of all that is accepted for a time, by what is typed.
    until: BTreeMap<String, Limit>,
    since: String,
    /// The earliest upload that was seen to be attested.
    attested_since: Option<String>,
    latest: Option<Latest>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Limit {
    last_day: String,
    is_over: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Latest {
    file: String,
    uploaded: Option<String>,
    logged: Option<String>,
}

/// What a policy file says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Committed {
    stated_in: String,
    /// As `assay policy` has it.
    whose: &'static str,
    /// Whether it stands in for what the state says; else it holds besides.
    leads: bool,
}

fn as_text<S: serde::Serializer>(name: &ProjectName, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(name)
}

/// What leads comes before what the state says, and what only adds a demand behind it.
fn rows(pins: &PublisherPins, files: &PolicyFiles, now: Timestamp) -> Vec<Row> {
    let (leading, others): (Vec<_>, Vec<_>) = files.publishers().partition(NamedPublishers::lead);
    let pinned = pins
        .iter()
        .map(|(index, project, pin)| Row::pinned(index, project, pin, now));
    let rows = leading.iter().map(Row::committed).chain(pinned);
    rows.chain(others.iter().map(Row::committed)).collect()
}

impl Row {
    fn pinned(index: &Url, project: &ProjectName, pin: &PublisherPin, now: Timestamp) -> Self {
        let text = |it: Timestamp| format!("{it:.0}");
        let latest = pin.latest.as_ref().map(|it| Latest {
            file: it.name.clone(),
            uploaded: it.uploaded.map(text),
            logged: it.logged.map(text),
        });
        Self {
            project: project.clone(),
            identities: pin.identities.keys().map(ToString::to_string).collect(),
            source: Source::State(Pinned {
                index: redacted(index).to_string(),
                unattested: pin.unattested.is_some(),
                until: Limit::all(pin, now),
                since: text(pin.since),
                attested_since: pin.attested_since.map(text),
                latest,
            }),
        }
    }

    fn committed(list: &NamedPublishers<'_>) -> Self {
        Self {
            project: list.project.clone(),
            identities: list.identities.iter().map(ToString::to_string).collect(),
            source: Source::File(Committed {
                stated_in: list.place.clone(),
                whose: whose(list.author),
                leads: list.lead(),
            }),
        }
    }

    fn print(&self, ui: &Ui) -> Result<()> {
        let heading = match &self.source {
            Source::State(it) => format!("{} from {}", self.project, it.index),
            Source::File(it) => {
                format!("{}, as {} ({}) says", self.project, it.stated_in, it.whose)
            }
        };
        ui.output(ui.bold(&Printable(&heading).to_string()))?;
        let line = |text: &str| ui.output(format_args!("  {}", Printable(text)));
        self.identities
            .iter()
            .try_for_each(|it| line(&format!("{it}{}", self.source.limit(it))))?;
        match &self.source {
            Source::State(it) => it.lines().iter().try_for_each(|it| line(it)),
            Source::File(it) if it.leads => line("(in place of what is known otherwise)"),
            Source::File(_) => line("(besides what is known otherwise)"),
        }
    }
}

impl Limit {
    fn all(pin: &PublisherPin, now: Timestamp) -> BTreeMap<String, Self> {
        let limit = |day: LastDay| Self {
            last_day: day.to_string(),
            is_over: !day.holds_at(now),
        };
        let limited = Named::limited(pin);
        limited
            .map(|(it, day)| (it.to_string(), limit(day)))
            .collect()
    }
}

impl Source {
    fn limit(&self, typed: &str) -> String {
        match self {
            Self::State(it) => it.limit(typed),
            Self::File(_) => String::new(),
        }
    }
}

impl Pinned {
    fn limit(&self, typed: &str) -> String {
        match self.until.get(typed) {
            Some(it) if it.is_over => format!(" until {}, which is over", it.last_day),
            Some(it) => format!(" until {}", it.last_day),
            None => String::new(),
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.unattested {
            let limit = self.limit("none");
            lines.push(format!(
                "none: files without provenance are accepted{limit}"
            ));
        }
        lines.push(format!("known since {}", self.since));
        if let Some(since) = &self.attested_since {
            lines.push(format!("attested since {since}"));
        }
        if let Some(latest) = &self.latest {
            let time = |what, it: &Option<String>| {
                let said = it.as_ref().map(|it| format!(", {what} {it}"));
                said.unwrap_or_default()
            };
            let (uploaded, logged) = (
                time("uploaded", &latest.uploaded),
                time("logged", &latest.logged),
            );
            lines.push(format!("latest: {}{uploaded}{logged}", latest.file));
        }
        lines
    }
}
