//! `assay trust accept`.

use assay_trust::{Identity, PublisherPin, PublisherPins, Term, attestation::Kind};
use assay_types::{ProjectName, Timestamp, Url, day::LastDay};

use super::{
    change::{Change, print_all},
    lasting,
    named::Named,
    projects,
};
use crate::{
    args::TrustAcceptArgs,
    commands::{Context, asked_indexes::AskedIndexes},
    failure::{Failure, Result},
    settings::PolicyFiles,
    ui::Ui,
};

/// Adds to what is accepted of projects.
pub fn run(args: &TrustAcceptArgs, context: &Context<'_>) -> Result<()> {
    let projects = projects("trust accept", &args.names)?;
    let named = Named::parse_all(&args.identities)?;
    let now = Timestamp::now();
    let until = args.until.as_ref().map(|it| last_day(it, now, context));
    let until = until.transpose()?;
    let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
    let asked = AskedIndexes::new(args.index.as_deref(), &files, context)?;
    let indexes = projects.iter().map(|it| asked.one_for(it));
    let indexes = indexes.collect::<Result<Vec<_>>>()?;
    let term = until.map_or(Term::Forever, Term::Until);
    let changes = lasting(context)?.update(|pins| {
        let all = projects.iter().zip(&indexes);
        let each = all.map(|(project, index)| accept(pins, index, project, (&named, term), now));
        each.collect::<Vec<_>>()
    })?;
    for (project, change) in projects.iter().zip(&changes) {
        if let Some(doubt) = asked.doubt(project) {
            context.ui.note(&doubt);
        }
        remark(project, &named, &files, context.ui);
        for it in until.iter().flat_map(|day| change.longer_than(*day)) {
            context.ui.warn(&format!(
                "{it} was accepted for longer, and still is; to take that back: assay trust remove \
                 {project} --identity {it}"
            ));
        }
    }
    print_all(&changes, context)
}

/// Unites what is known of a project with what was named.
pub fn accept(
    pins: &mut PublisherPins,
    index: &Url,
    project: &ProjectName,
    (named, term): (&[Named], Term),
    now: Timestamp,
) -> Change {
    let known = pins.get(index, project).cloned();
    let mut pin = known.unwrap_or_else(|| PublisherPin::new(now));
    let mut change = Change::new(project, index);
    for each in named {
        change.accepted(each, each.add_to(&mut pin, term));
    }
    change.is_now(&pin);
    if change.is_any() {
        pins.set(index.clone(), project.clone(), pin);
    }
    change
}

/// A day that is not over.
fn last_day(text: &str, now: Timestamp, context: &Context<'_>) -> Result<LastDay> {
    let wrong = |why: String| Failure::usage(format!("--until {text}: {why}"));
    let day: LastDay = text.parse().map_err(|it| wrong(format!("{it}")))?;
    if let Some(said) = context.folders.judge_clock(now)? {
        context.ui.warn(&said);
    }
    match context.folders.latest(now)? {
        latest if day.holds_at(latest) => Ok(day),
        latest => Err(wrong(format!("that day is over; it is {latest:.0}"))),
    }
}

/// What the user may not expect of it.
pub fn remark(project: &ProjectName, named: &[Named], files: &PolicyFiles, ui: &Ui) {
    for list in files.publishers().filter(|it| it.project == project) {
        let place = &list.place;
        ui.warn(&match list.lead() {
            true => format!(
                "{place} names the publishers of {project}: that goes before what is accepted here"
            ),
            false => format!("{place} names the publishers of {project}: that holds besides"),
        });
    }
    for each in named {
        if let Named::Publisher(identity) = each
            && is_name_alone(identity)
        {
            ui.note(&format!(
                "{identity} names no repository-id: whoever has that name one day may publish \
                 {project}"
            ));
        }
    }
}

/// Names of repositories are given away again, numbers are not.
fn is_name_alone(identity: &Identity) -> bool {
    let has_number = matches!(identity.kind(), Kind::GitHub | Kind::GitLab);
    has_number && identity.repository_id().is_none()
}
