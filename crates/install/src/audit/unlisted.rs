//! What lies in the environment and is listed by nobody, and names that are too alike.

use std::collections::{HashMap, hash_map::Entry};

use assay_types::path::collision_key;

use super::{
    Report, bytecode,
    finding::{Fact, Finding},
    listing::{Listing, reason},
    own,
    walk::Walked,
};
use crate::{Environment, Result, environment::Place, sys::Kind, workers};

/// Looks at every file that was come by.
pub(super) fn run(
    environment: &Environment,
    listing: &Listing<'_>,
    walked: &Walked,
    threads: usize,
    report: &mut Report,
) -> Result<()> {
    let jobs: Vec<_> = walked.0.iter().collect();
    let work = |(): &mut (), (folder, entries): &(&Place, &Vec<(String, Kind)>)| {
        let look = Look {
            environment,
            listing,
            walked,
            folder,
        };
        let mut done = Report::default();
        look.names(entries, &mut done);
        for (name, kind) in *entries {
            look.file(name, *kind, &mut done);
        }
        Ok(done)
    };
    for done in workers::run(&jobs, threads, || (), work)? {
        report.findings.extend(done.findings);
        report.bytecode += done.bytecode;
    }
    Ok(())
}

/// One folder.
struct Look<'a> {
    environment: &'a Environment,
    listing: &'a Listing<'a>,
    walked: &'a Walked,
    folder: &'a Place,
}

impl Look<'_> {
    fn file(&self, name: &str, kind: Kind, done: &mut Report) {
        let is_listed = self.listing.claims(self.folder, name).is_some();
        let place = self.folder.join(name);
        if kind == Kind::Folder || is_listed || own::is_own(self.environment, &place) {
            return;
        }
        let fact = match kind {
            Kind::Other => Some(Fact::ForeignLink),
            _ if !name.ends_with(".pyc") => Some(Fact::Foreign),
            _ if self.is_generated(&place) => {
                done.bytecode += 1;
                self.bytecode(name)
            }
            _ => Some(Fact::Sourceless),
        };
        if let Some(fact) = fact {
            self.find(name, fact, done);
        }
    }

    /// Whether it is the bytecode of a source that is listed and there.
    fn is_generated(&self, place: &Place) -> bool {
        bytecode::source_of(place, |folder, name| {
            self.listing.claims(folder, name).is_some() && self.walked.has_file(folder, name)
        })
    }

    fn bytecode(&self, name: &str) -> Option<Fact> {
        match self.environment.open_folder(self.folder) {
            Ok(Some(dir)) => bytecode::fact(&dir, name),
            // It went since the folder was listed.
            Ok(None) => None,
            Err(error) => Some(Fact::Unreadable(reason(&error))),
        }
    }

    /// Names of which some file systems would make one.
    fn names(&self, entries: &[(String, Kind)], done: &mut Report) {
        let mut seen = HashMap::with_capacity(entries.len());
        for (name, _) in entries {
            match seen.entry(collision_key(name)) {
                Entry::Vacant(free) => _ = free.insert(name),
                Entry::Occupied(taken) => {
                    self.find(name, Fact::SameName((*taken.get()).clone()), done);
                }
            }
        }
    }

    fn find(&self, name: &str, fact: Fact, done: &mut Report) {
        let claims = self.listing.claims(self.folder, name);
        done.findings.push(Finding {
            path: self.environment.shown(&self.folder.join(name)),
            projects: claims.map_or(Vec::new(), |it| self.listing.projects(it)),
            fact,
        });
    }
}
