//! `assay trust import`: all publishers that a file names, or none of them.

use std::path::Path;

use assay_trust::Term;
use assay_types::Timestamp;

use super::{accept::accept, change::print_all, lasting, named::Named};
use crate::{
    commands::{Context, asked_indexes::AskedIndexes},
    failure::{Failure, Result},
    settings::PolicyFiles,
};

/// Adds what the file says to what is accepted.
pub fn run(file: &Path, index: Option<&str>, context: &Context<'_>) -> Result<()> {
    let now = Timestamp::now();
    let path = context.around.absolute(file);
    let read = PolicyFiles::named(&path, context.around, &context.folders, now)?;
    let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
    let asked = AskedIndexes::new(index, &files, context)?;
    let mut lists = Vec::new();
    for list in read.publishers() {
        let named = list.identities.iter().cloned().map(Named::Publisher);
        let index = asked.one_for(list.project)?;
        let term = list.until.map_or(Term::Forever, Term::Until);
        lists.push((list.project.clone(), index, named.collect::<Vec<_>>(), term));
    }
    if lists.is_empty() {
        let fact = format!("{} names no publishers", file.display());
        return Err(Failure::usage(fact).hint("assay trust export writes such a table"));
    }
    let changes = lasting(context)?.update(|pins| {
        let each = |(project, index, named, term): &(_, _, Vec<Named>, _)| {
            accept(pins, index, project, (named, *term), now)
        };
        lists.iter().map(each).collect::<Vec<_>>()
    })?;
    if let Some(doubt) = lists.iter().find_map(|it| asked.doubt(&it.0)) {
        context.ui.note(&doubt);
    }
    print_all(&changes, context)
}
