//! Whether an environment still is what its RECORDs say, and whether those are what assay wrote.
//!
//! Two questions, answered apart. *Accounted for*: every file in the environment's own folders is
//! listed by exactly one RECORD and has the digest and size that it gives. *Vouched for*: receipt
//! and RECORD of a distribution have the digests that the user's state noted when assay installed
//! it; without that, who rewrites a file can rewrite the list as well.
//!
//! Nothing is run, nothing is changed, and no file outside of the environment is opened: symlinks
//! are findings, and so are paths in a RECORD that lead out.

mod bytecode;
mod compare;
mod finding;
mod listing;
mod own;
mod startup;
mod unlisted;
mod vouched;
mod walk;

use std::path::Path;

use assay_types::ProjectName;

use crate::{
    Environment, Result,
    environment::{EnvironmentKind, Place},
    ledger,
};
pub use finding::{Fact, Finding, NotCovered};
use listing::Listing;
pub use startup::StartUp;
pub use vouched::{Audited, Contradiction, Standing, Unknown};
use walk::Walked;

/// What was found. Texts from outside are unescaped.
#[derive(Debug, Clone)]
pub struct Audit {
    /// Files that Python reads or runs whenever it starts, changed or not; sorted by path.
    pub startup: Vec<StartUp>,
    /// What is not as the RECORDs say; start-up code first, then by path.
    pub findings: Vec<Finding>,
    /// What is installed, and what is noted and gone; sorted by name.
    pub distributions: Vec<Audited>,
    /// What was left out, and why.
    pub not_covered: Vec<NotCovered>,
    /// How many files were compared with a digest.
    pub compared: usize,
    /// How many generated files of bytecode were passed over.
    pub bytecode: usize,
}

/// The answer in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every file is accounted for. Whether anybody vouches is another question.
    Accounted,
    /// Something is not as the RECORDs say.
    Differs,
    /// Something is not as the user's state says: [`Standing::Contradicted`].
    Contradicted,
}

impl Audit {
    /// The gravest of what was found.
    pub fn verdict(&self) -> Verdict {
        let is_contradicted = |it: &Audited| matches!(it.standing, Standing::Contradicted(_));
        if self.distributions.iter().any(is_contradicted) {
            Verdict::Contradicted
        } else if self.findings.is_empty() {
            Verdict::Accounted
        } else {
            Verdict::Differs
        }
    }
}

impl Environment {
    /// Compares all files of the environment with its RECORDs, and these with the user's state.
    /// `threads` share the hashing. What cannot be read is a finding and no error, but for the
    /// site-packages folders themselves and the state.
    pub fn audit(&self, state_dir: &Path, threads: usize) -> Result<Audit> {
        let inventory = self.installed()?;
        let installed = &inventory.distributions;
        let noted = ledger::noted(state_dir, self)?;
        let mut report = Report::default();
        let heads = listing::read(installed, threads)?;
        let listing = Listing::of(self, installed, &heads, &mut report);
        let walked = Walked::of(self, &areas(self, &listing), &mut report);
        compare::run(self, &listing, threads, &mut report)?;
        unlisted::run(self, &listing, &walked, threads, &mut report)?;
        own::check(self, &walked, &mut report)?;
        let startup = startup::find(self, &listing, &walked, &mut report)?;
        report.note_limits(self)?;
        let distributions = vouched::judge(installed, &heads, noted);
        Ok(report.finish(startup, distributions))
    }

    /// Who vouches for the receipts and RECORDs of what is installed, and what is noted and gone;
    /// sorted by name. No other file is compared: that is [`Self::audit`].
    pub fn standings(&self, state_dir: &Path, threads: usize) -> Result<Vec<Audited>> {
        let installed = self.installed()?.distributions;
        let noted = ledger::noted(state_dir, self)?;
        let heads = listing::read(&installed, threads)?;
        Ok(vouched::judge(&installed, &heads, noted))
    }

    /// The path of a place, as a report shows it: relative to the environment's folder.
    fn shown(&self, place: &Place) -> String {
        match place.root {
            0 => place.path.clone(),
            _ => self.path_of(place).to_string_lossy().into_owned(),
        }
    }
}

/// Which folders belong to the distributions alone, so that every file in them must be listed:
/// site-packages everywhere; commands, and the folders of data and headers that a RECORD names,
/// where nobody else installs.
fn areas(environment: &Environment, listing: &Listing<'_>) -> Vec<Place> {
    let schemes = environment.schemes();
    let mut areas: Vec<_> = environment.sites().into_iter().cloned().collect();
    if !is_shared(environment) {
        areas.push(schemes.scripts.clone());
        for folder in listing.folders.keys() {
            let first = folder
                .below(&schemes.data)
                .and_then(|it| it.split('/').next())
                .filter(|it| !it.is_empty());
            areas.extend(first.map(|it| schemes.data.join(it)));
        }
    }
    areas.sort();
    areas.dedup();
    let all = areas.clone();
    let is_inside = |it: &Place| {
        all.iter()
            .any(|other| other != it && it.below(other).is_some())
    };
    areas.retain(|it| !is_inside(it));
    areas
}

/// Whether others than Python's installers put files among the commands and data.
fn is_shared(environment: &Environment) -> bool {
    matches!(
        environment.kind(),
        EnvironmentKind::System | EnvironmentKind::User
    )
}

/// What is collected on the way.
#[derive(Debug, Default)]
struct Report {
    findings: Vec<Finding>,
    not_covered: Vec<NotCovered>,
    compared: usize,
    bytecode: usize,
}

impl Report {
    fn find(&mut self, path: String, projects: Vec<ProjectName>, fact: Fact) {
        self.findings.push(Finding {
            path,
            projects,
            fact,
        });
    }

    fn leave_out(&mut self, path: impl Into<String>, why: impl Into<String>) {
        self.not_covered.push(NotCovered {
            path: path.into(),
            why: why.into(),
        });
    }

    fn note_limits(&mut self, environment: &Environment) -> Result<()> {
        if self.bytecode > 0 {
            let why = "bytecode that Python made of listed sources is not compared with them: \
                       Python makes it again where it is deleted";
            self.leave_out("__pycache__", why);
        }
        if is_shared(environment) {
            let why = "files that no RECORD lists are not looked for among commands and data, \
                       where others than Python's installers put theirs";
            let folder = environment.paths().scripts.to_string_lossy();
            self.leave_out(folder, why);
        }
        if environment.interpreter().sees_base()? {
            let python = environment.interpreter().base_executable();
            let why = "packages of the installation beneath are seen here, too";
            self.leave_out(python.to_string_lossy(), why);
        }
        Ok(())
    }

    fn finish(mut self, startup: Vec<StartUp>, distributions: Vec<Audited>) -> Audit {
        let at_start = |path: &str| startup.iter().any(|it| it.path == path);
        self.findings
            .sort_by_cached_key(|it| (!at_start(&it.path), it.path.clone()));
        Audit {
            startup,
            findings: self.findings,
            distributions,
            not_covered: self.not_covered,
            compared: self.compared,
            bytecode: self.bytecode,
        }
    }
}
