//! Building the new files beside the environment's own, in parallel.
//!
//! For each folder that exists and gets something there is a staging folder, named by its number
//! in the tree; what lies in it is moved into place afterwards. New folders are built whole. The
//! hot path is one `statx` and one `linkat` for each file, both relative to open folders.

use std::{collections::HashMap, fmt::Write as _};

use assay_types::Sha256;

use super::{Staging, journal::TRASH, record};
use crate::{
    Error, Plan, Result, hash,
    plan::{Item, Source},
    sys::{Dir, Linker},
    workers,
};

/// A piece of work for one thread.
enum Job {
    /// The files of a folder that exists.
    Files { anchor: usize },
    /// A new folder with all it holds, in a folder that exists.
    Subtree { anchor: usize, folder: usize },
}

/// SHA-256 of each RECORD that was written, by index into the plan's wheels.
pub(super) type Records = HashMap<usize, Sha256>;

/// Stages everything that the plan brings.
pub(super) fn run(
    plan: &Plan<'_>,
    into: &Staging<'_>,
    linker: &Linker,
    threads: usize,
) -> Result<Records> {
    for root in 0..plan.environment.roots().len() {
        if let Some(dir) = into.dir(root) {
            dir.make_private(TRASH)?;
        }
    }
    let mut jobs = Vec::new();
    for anchor in plan.anchors() {
        let folder = &plan.tree.folders[anchor];
        if let Some(dir) = into.dir(folder.place.root) {
            dir.make_private(&anchor.to_string())?;
        }
        if !folder.items.is_empty() {
            jobs.push((folder.items.len(), Job::Files { anchor }));
        }
        for folder in plan.new_folders(anchor) {
            jobs.push((weight(plan, folder), Job::Subtree { anchor, folder }));
        }
    }
    // Largest first, so that no thread ends with a giant.
    jobs.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let start = || Worker {
        plan,
        into,
        linker,
        source: None,
        name: String::new(),
        records: Records::new(),
    };
    let written = workers::run(&jobs, threads, start, |worker, (_, job)| worker.run(job))?;
    Ok(written.into_iter().flatten().collect())
}

fn weight(plan: &Plan<'_>, folder: usize) -> usize {
    let folder = &plan.tree.folders[folder];
    let below: usize = folder.children.iter().map(|it| weight(plan, *it)).sum();
    1 + folder.items.len() + below
}

struct Worker<'a> {
    plan: &'a Plan<'a>,
    into: &'a Staging<'a>,
    linker: &'a Linker,
    /// The stored wheel that was used last, open.
    source: Option<(u32, Dir)>,
    /// Reused for the names of stored files.
    name: String,
    /// What the job at hand wrote.
    records: Records,
}

impl Worker<'_> {
    fn run(&mut self, job: &Job) -> Result<Records> {
        let (Job::Files { anchor } | Job::Subtree { anchor, .. }) = job;
        let folder = &self.plan.tree.folders[*anchor];
        let staging = self.into.folder(folder.place.root, &anchor.to_string())?;
        match job {
            Job::Files { .. } => self.files(&folder.items, &staging)?,
            Job::Subtree { folder, .. } => self.subtree(*folder, &staging)?,
        }
        Ok(std::mem::take(&mut self.records))
    }

    fn subtree(&mut self, folder: usize, into: &Dir) -> Result<()> {
        let folder = &self.plan.tree.folders[folder];
        let own = into.make(folder.name(), 0o777)?;
        self.files(&folder.items, &own)?;
        folder
            .children
            .iter()
            .try_for_each(|child| self.subtree(*child, &own))
    }

    fn files(&mut self, items: &[Item], into: &Dir) -> Result<()> {
        items.iter().try_for_each(|item| match item.source {
            Source::Row(row) => self.link(*item, row, into),
            Source::Text(text) => {
                let text = &self.plan.wheel(*item).texts[text as usize];
                let mode = if text.executable { 0o777 } else { 0o666 };
                into.write(&text.name, mode, &text.bytes)
            }
            Source::Record => {
                let text = record::text(self.plan, self.plan.wheel(*item));
                let digest = hash::bytes(text.as_bytes());
                self.records.insert(item.wheel as usize, digest);
                into.write("RECORD", 0o666, text.as_bytes())
            }
        })
    }

    fn link(&mut self, item: Item, row: u32, into: &Dir) -> Result<()> {
        let wheel = self.plan.wheel(item).stored();
        let source = match &mut self.source {
            Some((open, dir)) if *open == item.wheel => dir,
            other => &mut other.insert((item.wheel, wheel.open()?)).1,
        };
        let file = wheel.manifest().file(row);
        self.name.clear();
        let _ = write!(self.name, "{}", file.index());
        let damaged = |why: &str| wheel.damaged(format!("{}: {why}", file.name()));
        match wheel.expected(file).is_met(source, &self.name) {
            Ok(true) => {}
            Ok(false) => return Err(damaged("its size, time or permissions differ")),
            Err(error) => return Err(damaged(&error.to_string())),
        }
        self.linker
            .place(
                source,
                &self.name,
                (into, file.name()),
                file.is_executable(),
            )
            .map_err(|error| Error::io("linking", into.path().join(file.name()), error))
    }
}
