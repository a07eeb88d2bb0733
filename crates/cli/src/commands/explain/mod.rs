//! `assay explain`: why what is installed was accepted, and by whose word.

mod built;
mod explained;
mod facts;
mod graph;
mod html;
mod kind;
mod known;
mod receipt;
mod text;
mod today;

use std::{io::Write as _, path::Path};

use assay_files::open_output;
use assay_types::Timestamp;

use super::{Context, look::View};
use crate::{
    args::ExplainArgs,
    failure::{Failure, Result},
    settings::names,
};
pub use explained::{Explained, all};

/// Threads that hash receipts.
const THREADS: usize = 4;

/// Explains what is named, or everything; as a tree, as data or as a page.
pub fn run(args: &ExplainArgs, context: &Context<'_>) -> Result<()> {
    let wanted = names("explain", &args.names)?;
    let view = View::everything(&args.target, context)?;
    let now = Timestamp::now();
    let mut all = all(&view, now, context)?;
    if let Some(file) = &args.html {
        let folder = view.environment.folder().to_string_lossy();
        return write(&html::page(&all, &folder, now), file, context);
    }
    if !wanted.is_empty() {
        all = chosen(all, &wanted)?;
    }
    if context.ui.json() {
        return context.ui.json_output(&all);
    }
    match wanted.is_empty() {
        true => text::overview(&all, context),
        false => text::trees(&all, context),
    }
}

/// Those that were named, in that order.
fn chosen(mut all: Vec<Explained>, wanted: &[assay_types::ProjectName]) -> Result<Vec<Explained>> {
    let mut chosen = Vec::new();
    for name in wanted {
        match all.iter().position(|it| it.project == *name) {
            Some(at) => chosen.push(all.swap_remove(at)),
            None if chosen.iter().any(|it: &Explained| it.project == *name) => {}
            None => {
                return Err(Failure::could_not(format!("{name} is not installed here"))
                    .hint("assay verify NAME==VERSION judges what is not installed"));
            }
        }
    }
    Ok(chosen)
}

fn write(page: &str, file: &Path, context: &Context<'_>) -> Result<()> {
    if file == Path::new("-") {
        return context.ui.output(page.trim_end());
    }
    let path = context.around.absolute(file);
    open_output(&path, false)
        .and_then(|mut it| it.write_all(page.as_bytes()))
        .map_err(|error| Failure::could_not(format!("writing {}: {error}", path.display())))
}
