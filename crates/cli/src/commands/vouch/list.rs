//! `assay vouch list` and `check`: what a set says, and what is wrong with it.

use assay_trust::{Policy, TrustedKey, statement::Predicate};
use assay_types::{ProjectName, Timestamp, Version};
use serde::Serialize;

use super::{
    keys,
    known::Known,
    saying::Saying,
    set::{Said, Set, refused},
};
use crate::{
    args::{IndexArgs, PolicyArgs, VouchListArgs},
    commands::{Context, request::Asked},
    failure::{Failure, Result},
    settings::names,
    ui::Table,
};

/// What a set says. Texts are unescaped.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Report {
    set: String,
    statements: Vec<Row>,
    /// What is wrong, each with its place.
    wrong: Vec<Wrong>,
}

/// One statement.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    place: String,
    signers: Vec<String>,
    #[serde(flatten)]
    saying: Saying,
}

#[derive(Debug, Serialize)]
struct Wrong {
    place: String,
    fact: String,
}

/// Prints what the set says whose signatures hold.
pub fn list(args: &VouchListArgs, context: &Context<'_>) -> Result<()> {
    let report = read(args, context)?;
    if context.ui.json() {
        return context.ui.json_output(&report);
    }
    report.print(context)?;
    let uncounted = match report.wrong.len() {
        0 => return Ok(()),
        1 => "1 line does not count".to_owned(),
        more => format!("{more} lines do not count"),
    };
    let said = format!("{uncounted}: assay vouch check says why");
    context.ui.warn(&said);
    Ok(())
}

/// Says what is wrong with it; exit code 4 where anything is.
pub fn check(args: &VouchListArgs, context: &Context<'_>) -> Result<u8> {
    let report = read(args, context)?;
    if context.ui.json() {
        context.ui.json_output(&report)?;
    } else {
        let mut table = Table::default();
        report
            .wrong
            .iter()
            .for_each(|it| table.row([&it.place, &it.fact]));
        table.lines().try_for_each(|it| context.ui.output(it))?;
        let all = match report.statements.len() {
            1 => "1 statement holds".to_owned(),
            more => format!("{more} statements hold"),
        };
        let wrong = match report.wrong.len() {
            0 => "nothing is wrong".to_owned(),
            1 => "1 thing is wrong".to_owned(),
            more => format!("{more} things are wrong"),
        };
        context.ui.line(format_args!("{all}; {wrong}"))?;
    }
    Ok(if report.wrong.is_empty() { 0 } else { 4 })
}

fn read(args: &VouchListArgs, context: &Context<'_>) -> Result<Report> {
    let wanted = names("vouch", &args.names)?;
    let set = Set::read(&args.set, context)?;
    let policy = policy(context)?;
    let keys = keys::named_or(&args.key, &policy.keys, context)?;
    if keys.is_empty() {
        return Err(Failure::usage("no key is known that could have signed it")
            .hint("name public keys with --key FILE, or in [keys] of a policy file"));
    }
    let keys: Vec<_> = keys.iter().collect();
    let now = Timestamp::now();
    let (mut said, mut wrong) = verified(&set, &keys);
    // Lines are sorted by what they look like.
    said.sort_by_cached_key(order);
    let rows = said.iter().filter(|it| is_wanted(it, &wanted));
    let statements = rows.map(|it| Row::new(it, now)).collect();
    wrong.extend(without_base(said, now));
    Ok(Report {
        set: set.shown().to_owned(),
        statements,
        wrong,
    })
}

fn policy(context: &Context<'_>) -> Result<Policy> {
    let asked = Asked::nothing(&PolicyArgs::default(), &IndexArgs::default(), context)?;
    Ok(asked.policy)
}

/// What holds, and what does not.
fn verified<'a>(set: &'a Set, keys: &[&'a TrustedKey]) -> (Vec<Said<'a>>, Vec<Wrong>) {
    let mut said = Vec::new();
    let bad = set.bad_lines().map(|(place, why)| Wrong::new(place, why));
    let mut wrong: Vec<_> = bad.collect();
    for (place, bundle) in set.readable() {
        match bundle.statements(keys) {
            Err(why) => wrong.push(Wrong::new(place, refused(place, &why).fact())),
            Ok(all) if all.is_empty() => {
                wrong.push(Wrong::new(
                    place,
                    "none of the keys that are known signed it",
                ));
            }
            Ok(all) => said.extend(all.into_iter().map(|verified| Said { place, verified })),
        }
    }
    (said, wrong)
}

/// Differences from files at which nobody looked.
fn without_base(said: Vec<Said<'_>>, now: Timestamp) -> Vec<Wrong> {
    let mut deltas = Vec::new();
    for it in &said {
        if let Predicate::Vouches(vouch) = it.verified.statement().predicate()
            && let Some(base) = &vouch.from
        {
            deltas.push((it.place.to_owned(), vouch.project.clone(), base.clone()));
        }
    }
    let known = Known::new(said, now);
    let lost = deltas.into_iter().filter(|(_, project, base)| {
        let mut looked_at = known.looked_at(project);
        !looked_at.any(|it| it.base() == *base)
    });
    let wrong = lost.map(|(place, project, base)| {
        let version = &base.version;
        let fact = format!(
            "somebody looked at what changed since {project} {version}, and nobody vouches for that"
        );
        Wrong { place, fact }
    });
    wrong.collect()
}

/// By project, version and time.
fn order(said: &Said<'_>) -> (Option<ProjectName>, Option<Version>, Timestamp) {
    let statement = said.verified.statement();
    let version = match statement.predicate() {
        Predicate::Vouches(it) => Some(it.version.clone()),
        Predicate::Publishes(it) => Some(it.version.clone()),
        Predicate::Denies(it) => it.versions.first().cloned(),
        Predicate::Observes(_) | Predicate::Rebuilt(_) | Predicate::Certifies(_) => None,
    };
    let issued = statement.times().issued;
    (statement.project().cloned(), version, issued)
}

fn is_wanted(said: &Said<'_>, wanted: &[ProjectName]) -> bool {
    let statement = said.verified.statement();
    wanted.is_empty()
        || match statement.predicate() {
            Predicate::Certifies(it) => {
                let covers = |project| it.projects.iter().any(|it| it.covers(project));
                wanted.iter().any(covers)
            }
            _ => statement.project().is_some_and(|it| wanted.contains(it)),
        }
}

impl Wrong {
    fn new(place: &str, fact: &str) -> Self {
        Self {
            place: place.to_owned(),
            fact: fact.to_owned(),
        }
    }
}

impl Row {
    fn new(said: &Said<'_>, now: Timestamp) -> Self {
        let signers = said.verified.signers().iter();
        Self {
            place: said.place.to_owned(),
            signers: signers.map(ToString::to_string).collect(),
            saying: Saying::new(said.verified.statement(), now),
        }
    }
}

impl Report {
    fn print(&self, context: &Context<'_>) -> Result<()> {
        let mut table = Table::new([
            "Project", "Version", "Says", "Criteria", "By", "When", "Text",
        ]);
        for Row {
            saying, signers, ..
        } in &self.statements
        {
            let (project, text) = (saying.about(), saying.words());
            let (version, when) = (saying.version(), saying.when());
            let (criteria, by) = (saying.criteria.join(", "), signers.join(", "));
            table.row([&project, &version, saying.says, &criteria, &by, &when, text]);
        }
        table.print(context.ui)
    }
}
