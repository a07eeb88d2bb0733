//! `assay explain-index`: who would serve a project, and why.

use assay_index::{IndexUrl, Seen, Survey};
use assay_trust::{AgeLimit, IndexPin, Refusal};
use assay_types::{
    Printable, ProjectName, Url,
    listing::{Listing, Origin, Status},
    requirement::redacted,
};
use serde::Serialize;

use super::{Context, request::Asked};
use crate::{
    args::ExplainIndexArgs,
    failure::{Failure, Result},
    report::counted,
    settings::names,
    ui::Table,
};

/// Asks every place that an install would ask, and says what an install would make of it.
pub fn run(args: &ExplainIndexArgs, context: &Context<'_>) -> Result<u8> {
    let projects = names("explain-index", &args.names)?;
    let asked = Asked::nothing(&args.policy, &args.index, context)?;
    let explained: Vec<_> = projects.iter().map(|it| explain(it, &asked)).collect();
    if context.ui.json() {
        context.ui.json_output(&explained)?;
    } else {
        for one in &explained {
            print(one, context)?;
        }
    }
    Ok(explained.iter().map(|it| it.exit_code).max().unwrap_or(0))
}

/// Everything about one project, for people and for `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Explained {
    name: String,
    /// Indexes and places whose files an install would choose from; none where it would stop.
    served_by: Vec<String>,
    /// Why these, or why none.
    why: Vec<String>,
    pin: Option<PinRow>,
    places: Vec<PlaceRow>,
    #[serde(skip)]
    exit_code: u8,
}

/// The rule that keeps a project from other indexes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct PinRow {
    pattern: String,
    index: String,
    /// File and line.
    stated_in: String,
}

/// One index, or one place given with `--find-links`.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct PlaceRow {
    place: String,
    asked: bool,
    answer: String,
    files: Option<usize>,
    /// Links on the page that are no usable files.
    passed_over: Option<usize>,
    status: Option<String>,
    /// What the page says about other repositories (PEP 708).
    tracks: Vec<String>,
    alternate_locations: Vec<String>,
    malformed_relations: Option<String>,
    cooldown: String,
}

fn explain(project: &ProjectName, asked: &Asked) -> Explained {
    let Asked {
        client, indexes, ..
    } = asked;
    if let Err(refusal) = asked.policy.judge_project(project) {
        return Explained::denied(project, &refusal);
    }
    let survey = indexes.survey(client, project);
    let pin = indexes.pins.of(project);
    let mut explained = Explained {
        name: project.to_string(),
        served_by: Vec::new(),
        why: Vec::new(),
        pin: pin.map(PinRow::new),
        places: survey
            .iter()
            .map(|it| PlaceRow::new(it, project, asked))
            .collect(),
        exit_code: 0,
    };
    match indexes.listing(client, project) {
        Ok(Some(listing)) => explained.served(&listing, asked),
        Ok(None) => {
            explained.exit_code = 1;
            explained.why.push("no place that is asked has it".into());
        }
        Err(error) => {
            explained
                .why
                .push(format!("an install would stop: {error}"));
            explained.why.extend(error.hint());
            explained.exit_code = Failure::from(error).exit_code();
        }
    }
    explained
}

impl Explained {
    /// Nobody is asked about it.
    fn denied(project: &ProjectName, refusal: &Refusal) -> Self {
        Self {
            name: project.to_string(),
            served_by: Vec::new(),
            why: vec![format!(
                "an install would stop: {} (rule: {})",
                refusal.fact, refusal.rule
            )],
            pin: None,
            places: Vec::new(),
            exit_code: 4,
        }
    }

    fn served(&mut self, listing: &Listing, asked: &Asked) {
        if let Some(quarantine) = asked.policy.judge_listing(listing) {
            self.exit_code = 4;
            self.why
                .push(format!("an install would stop: {quarantine}"));
            return;
        }
        let origins = listing.files.iter().map(|it| &it.origin);
        for origin in [&listing.origin].into_iter().chain(origins) {
            let origin = origin.to_string();
            if !self.served_by.contains(&origin) {
                self.served_by.push(origin);
            }
        }
        self.why.push(match (&self.pin, &listing.origin) {
            (_, Origin::FindLinks(_)) => "no index has it; what --find-links names does".into(),
            (Some(pin), _) => format!(
                "{} lets {} come from this index alone",
                pin.stated_in, pin.pattern
            ),
            (None, first) => first_that_has(first, asked),
        });
        for other in &listing.joined {
            let word = if other.is_mutual {
                "both say that they have one project"
            } else {
                "the first says that it tracks it"
            };
            self.why
                .push(format!("with {}: {word} (PEP 708)", other.origin));
        }
        for other in asked.indexes.shadowed(&asked.client, listing) {
            let why = other.denied.map(|it| format!(": {it}"));
            let why = why.unwrap_or_else(|| ", and comes later".into());
            self.why
                .push(format!("{} has the name too{why}", other.origin));
        }
    }
}

fn first_that_has(origin: &Origin, asked: &Asked) -> String {
    let mut indexes = asked.indexes.in_order().map(IndexUrl::origin);
    match indexes.position(|it| it == *origin) {
        Some(0) if indexes.next().is_none() => "it is the only index that is asked".into(),
        _ => "it is the first index that has the name".into(),
    }
}

impl PinRow {
    fn new(pin: &IndexPin) -> Self {
        Self {
            pattern: pin.pattern.to_string(),
            index: redacted(&pin.index).to_string(),
            stated_in: pin.stated_in.clone(),
        }
    }
}

impl PlaceRow {
    fn new(survey: &Survey, project: &ProjectName, asked: &Asked) -> Self {
        let row = Self {
            place: survey.origin.to_string(),
            asked: true,
            cooldown: cooldown(&asked.policy.ages(project, &survey.origin)),
            ..Self::default()
        };
        match &survey.seen {
            Seen::NotAsked(why) => Self {
                asked: false,
                answer: format!("not asked: {why}"),
                ..row
            },
            Seen::Absent => Self {
                answer: "does not have it".into(),
                ..row
            },
            Seen::Files(count) => Self {
                answer: counted(*count, "file"),
                files: Some(*count),
                ..row
            },
            Seen::Failed(error) => Self {
                answer: error.to_string(),
                ..row
            },
            Seen::Page(listing) => row.with_page(listing),
        }
    }

    fn with_page(self, listing: &Listing) -> Self {
        let urls = |list: &[Url]| list.iter().map(|it| redacted(it).to_string()).collect();
        let relations = &listing.relations;
        Self {
            answer: counted(listing.files.len(), "file"),
            files: Some(listing.files.len()),
            passed_over: Some(listing.skipped.len()),
            status: status(&listing.status),
            tracks: urls(&relations.tracks),
            alternate_locations: urls(&relations.alternate_locations),
            malformed_relations: relations.malformed.clone(),
            ..self
        }
    }

    /// What does not fit into a row of the table.
    fn notes(&self) -> impl Iterator<Item = String> + '_ {
        let status = self.status.iter().map(|it| format!("its status is {it}"));
        let tracks = self
            .tracks
            .iter()
            .map(|it| format!("says that it tracks {it}"));
        let alternate = self.alternate_locations.iter();
        let alternate = alternate.map(|it| format!("says that {it} is the same project"));
        let malformed = self.malformed_relations.iter();
        let malformed = malformed.map(|it| {
            format!("what it says about other repositories (PEP 708) does not count: {it}")
        });
        status.chain(tracks).chain(alternate).chain(malformed)
    }
}

fn status(status: &Status) -> Option<String> {
    match status {
        Status::Active => None,
        Status::Archived => Some("archived".into()),
        Status::Deprecated => Some("deprecated".into()),
        Status::Quarantined => Some("quarantined".into()),
        Status::Unknown(word) => Some(word.clone()),
    }
}

fn cooldown(limits: &[AgeLimit]) -> String {
    let each: Vec<_> = limits.iter().map(ToString::to_string).collect();
    match &each[..] {
        [] => "none".into(),
        all => all.join("; "),
    }
}

fn print(explained: &Explained, context: &Context<'_>) -> Result<()> {
    let ui = context.ui;
    let line = |text: &str| ui.output(Printable(text));
    let head = match &explained.served_by[..] {
        [] => format!("{} would not be installed", explained.name),
        by => format!("{} would come from {}", explained.name, by.join(" and ")),
    };
    ui.output(ui.bold(&Printable(&head).to_string()))?;
    for why in &explained.why {
        line(&format!("  {why}"))?;
    }
    let mut table = Table::new(["Place", "Answer", "Cooldown"]);
    for place in &explained.places {
        table.row([&place.place, &place.answer, &place.cooldown]);
    }
    for row in table.lines() {
        ui.output(format_args!("  {row}"))?;
    }
    for place in &explained.places {
        for note in place.notes() {
            line(&format!("  {} {note}", place.place))?;
        }
    }
    Ok(())
}
