//! Files that Python reads or runs whenever it starts, whatever program was asked for.

use std::io::Read as _;

use assay_trust::startup::{Kind, Reads};
use assay_types::ProjectName;

use super::{Report, listing::Listing, walk::Walked};
use crate::{Environment, Result, environment::Place, sys};

/// Far above what any tool writes.
const LARGEST: u64 = 16 * 1024 * 1024;
/// Longer lines are cut, in characters.
const LONGEST_LINE: usize = 120;

/// One file, whether or not it is as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartUp {
    /// As in [`super::Finding::path`].
    pub path: String,
    /// Who lists it; empty where nobody does.
    pub projects: Vec<ProjectName>,
    /// What it does, a sentence each; unescaped.
    pub does: Vec<String>,
}

/// All of them, sorted by path.
pub(super) fn find(
    environment: &Environment,
    listing: &Listing<'_>,
    walked: &Walked,
    report: &mut Report,
) -> Result<Vec<StartUp>> {
    let mut search = Search {
        environment,
        listing,
        found: Vec::new(),
    };
    let sites = environment.sites();
    for site in &sites {
        for (folder, entries) in &walked.0 {
            let Some(below) = folder.below(site) else {
                continue;
            };
            // A plain file's name tells whether the folder matters at all.
            let prefix = match below {
                "" => String::new(),
                _ => format!("{below}/"),
            };
            let matters = prefix.is_empty() || Kind::of(&format!("{prefix}x")).is_some();
            let files = entries
                .iter()
                .filter(|it| matters && it.1 != sys::Kind::Folder);
            for (name, kind) in files {
                if let Some(why) = Kind::of(&format!("{prefix}{name}")) {
                    let reads = search.add((folder, name), *kind, why)?;
                    search.follow(site, folder.join(name), &reads, walked, report)?;
                }
            }
        }
    }
    search.found.sort_by(|a, b| a.path.cmp(&b.path));
    search.found.dedup();
    Ok(search.found)
}

struct Search<'a> {
    environment: &'a Environment,
    listing: &'a Listing<'a>,
    found: Vec<StartUp>,
}

impl Search<'_> {
    /// Notes one file; gives what it makes Python read.
    fn add(&mut self, (folder, name): (&Place, &str), kind: sys::Kind, why: Kind) -> Result<Reads> {
        let claims = self.listing.claims(folder, name);
        let mut reads = Reads::default();
        let does = match (kind, why) {
            (sys::Kind::Other, _) => vec![
                "is a symlink or special file, which Python would follow; it was not opened"
                    .to_owned(),
            ],
            (_, Kind::Pth) => match self.content(folder, name)? {
                Ok(bytes) => {
                    reads = Reads::of(&bytes);
                    told(&reads)
                }
                Err(why) => vec![format!("cannot be read: {why}")],
            },
            (_, why) => vec![why.fact().to_owned()],
        };
        self.found.push(StartUp {
            path: self.environment.shown(&folder.join(name)),
            projects: claims.map_or(Vec::new(), |it| self.listing.projects(it)),
            does,
        });
        Ok(reads)
    }

    /// The file's first bytes, or what the system says.
    fn content(&self, folder: &Place, name: &str) -> Result<std::io::Result<Vec<u8>>> {
        let Some(dir) = self.environment.open_folder(folder)? else {
            return Ok(Err(std::io::ErrorKind::NotFound.into()));
        };
        let mut bytes = Vec::new();
        let read = dir
            .read(name)
            .and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
        Ok(read.map(|_| bytes))
    }

    /// Start-up code in folders that a `.pth` file puts on the import path.
    fn follow(
        &mut self,
        site: &Place,
        file: Place,
        reads: &Reads,
        walked: &Walked,
        report: &mut Report,
    ) -> Result<()> {
        for path in &reads.paths {
            let target = self.environment.path_of(site).join(path);
            let Some(place) = self.environment.place_of(&target) else {
                let why = format!(
                    "{} is on the import path by way of it, and lies outside",
                    target.display()
                );
                report.leave_out(self.environment.shown(&file), why);
                continue;
            };
            for (name, kind) in walked.entries(&place) {
                let why = Kind::on_path(place.name(), name);
                if let Some(why @ Kind::Customize) = why.filter(|_| *kind != sys::Kind::Folder) {
                    self.add((&place, name), *kind, why)?;
                }
            }
        }
        Ok(())
    }
}

/// What a `.pth` file does; what it runs comes first.
fn told(reads: &Reads) -> Vec<String> {
    let cut = |line: &String| line.chars().take(LONGEST_LINE).collect::<String>();
    let code = reads.code.iter().map(|it| format!("runs: {}", cut(it)));
    let packages = reads.packages.iter();
    let packages = packages.map(|it| format!("registers the package {}", it.folder()));
    let paths = reads.paths.iter();
    let paths = paths.map(|it| format!("puts {} on the import path", cut(it)));
    let all: Vec<_> = code.chain(packages).chain(paths).collect();
    match all.is_empty() {
        true => vec!["does nothing".to_owned()],
        false => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pth_file_runs_is_told_first_and_cut() {
        let line = format!("import {}", "a".repeat(200));
        let reads = Reads::of(format!("lib\n{line}\n").as_bytes());
        let told = told(&reads);
        assert_eq!(told[0].chars().count(), "runs: ".len() + LONGEST_LINE);
        assert_eq!(told[1], "puts lib on the import path");
        assert_eq!(super::told(&Reads::of(b"# x\n")), ["does nothing"]);
    }
}
