//! `assay list`.

mod row;

use std::collections::HashSet;

use assay_install::Distribution;
use assay_types::ProjectName;

use super::{Context, look::View, offered};
use crate::{
    args::{ListArgs, ListFormat, PlatformArgs},
    failure::{Failure, Result},
    pipeline::{Offer, Offers},
    settings::names,
    ui::Table,
};
use row::{Columns, Row};

/// Lists what is installed.
pub fn run(args: &ListArgs, context: &Context<'_>) -> Result<()> {
    if args.outdated && args.format == ListFormat::Freeze {
        return Err(Failure::usage(
            "--format freeze cannot be used with --outdated",
        ));
    }
    let view = View::new(&args.look, context)?;
    let rows: Result<Vec<Row>> = chosen(&view, args)?
        .into_iter()
        .map(|it| Row::new(it, context))
        .collect();
    let mut rows = rows?;
    rows.retain(|it| match it.editable {
        Some(_) => !args.exclude_editable,
        None => !args.editable,
    });
    if args.outdated || args.uptodate {
        compare(&mut rows, &view, args, context)?;
    }
    print(args, &rows, context)
}

/// What neither `--exclude` nor `--not-required` leaves out.
fn chosen<'v>(view: &'v View, args: &ListArgs) -> Result<Vec<&'v Distribution>> {
    let excluded = names("--exclude", &args.exclude)?;
    let required = match args.not_required {
        true => required(view),
        false => HashSet::new(),
    };
    let stays = |name: &ProjectName| !excluded.contains(name) && !required.contains(name);
    let all = view.distributions.iter();
    Ok(all.filter(|it| stays(it.name())).collect())
}

/// Everything that something installed depends on.
fn required(view: &View) -> HashSet<ProjectName> {
    let markers = &view.environment.interpreter().python().markers;
    let metadata = view
        .distributions
        .iter()
        .filter_map(|it| it.metadata().ok());
    let requirements = metadata.flat_map(|it| it.requires_dist);
    requirements
        .filter(|it| it.applies(markers, &[]))
        .map(|it| it.name)
        .collect()
}

/// Leaves the rows that are older than what indexes offer, or those that are not.
fn compare(rows: &mut Vec<Row>, view: &View, args: &ListArgs, context: &Context<'_>) -> Result<()> {
    let how = offered::How {
        platform: &PlatformArgs::default(),
        ignore_requires_python: false,
        choice: &args.choice,
        policy: &args.policy,
        index: &args.index,
    };
    let projects: Vec<_> = rows.iter().map(|it| &it.project).collect();
    let interpreter = view.environment.interpreter();
    let answers = offered::ask(&projects, interpreter, how, context)?;
    let mut kept = Vec::new();
    for (mut row, offers) in rows.drain(..).zip(answers) {
        let mut offers = told(offers, context)?;
        row.held_back = offers
            .held_back
            .take()
            .filter(|it| it.version > row.version)
            .map(|it| it.why);
        if let Some(why) = &row.held_back {
            context.ui.note(why);
        }
        let Some(latest) = offers.best(args.choice.prefer_binary) else {
            continue;
        };
        if is_wanted(&row, &latest, args.outdated) {
            row.latest = Some(latest).filter(|_| args.outdated);
            kept.push(row);
        }
    }
    *rows = kept;
    Ok(())
}

fn is_wanted(row: &Row, latest: &Offer, outdated: bool) -> bool {
    match outdated {
        true => latest.version > row.version,
        false => latest.version == row.version,
    }
}

/// One project that the index quarantined is told of; whatever else fails fails for all.
fn told(offers: Result<Offers>, context: &Context<'_>) -> Result<Offers> {
    offers.or_else(|failure| match failure.is_refusal() {
        true => {
            context.ui.warn(failure.fact());
            Ok(Offers::default())
        }
        false => Err(failure),
    })
}

fn print(args: &ListArgs, rows: &[Row], context: &Context<'_>) -> Result<()> {
    let ui = context.ui;
    if ui.json() || args.format == ListFormat::Json {
        let rows: Vec<_> = rows.iter().map(|it| it.json(ui.is_verbose())).collect();
        return ui.json_output(&rows);
    }
    if args.format == ListFormat::Freeze {
        return rows.iter().try_for_each(|it| {
            let line = it.frozen(ui.is_verbose());
            ui.output(assay_types::Printable(&line))
        });
    }
    if rows.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(rows, args.outdated, ui.is_verbose());
    let mut table = Table::new(columns.head());
    rows.iter().for_each(|it| table.row(columns.cells(it)));
    table.ruled().try_for_each(|line| ui.output(line))
}
