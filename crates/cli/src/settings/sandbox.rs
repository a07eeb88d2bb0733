//! What holds builds on this machine: tried from end to end once, and remembered.

use std::path::Path;

use assay_files::PrivateFolder;
use assay_sandbox::{Report, Tier};
use serde::{Deserialize, Serialize};

use super::Folders;
use crate::failure::{Failure, Result};

/// The file of the state.
const NAME: &str = "sandbox.json";
/// This binary; it takes the part of the helper, too.
const LAUNCHER: &str = "/proc/self/exe";

/// The best tier that works here; [`Tier::Restricted`] only where the user allows it.
///
/// A tier that was remembered and cannot be set up all the same is to be [forgotten](forget) and asked
/// for once more.
///
/// # Errors
///
/// Where nothing holds a build: why, and how to get a tier.
pub fn tier(folders: &Folders, restricted_allowed: bool) -> Result<Tier> {
    let memory = Memory::of(folders);
    if let Some(tier) = memory.tier() {
        return Ok(tier);
    }
    let report = assay_sandbox::probe(Path::new(LAUNCHER));
    memory.keep(&report);
    let best = report.best(restricted_allowed);
    best.ok_or_else(|| nothing_holds(&report))
}

/// Tries everything anew, and remembers it.
pub fn check(folders: &Folders) -> Report {
    let report = assay_sandbox::probe(Path::new(LAUNCHER));
    Memory::of(folders).keep(&report);
    report
}

/// What was remembered is not so any more.
pub fn forget(folders: &Folders) {
    // A file that stays is forgotten with the next success, or names what fails again.
    let _stays = Memory::of(folders).state.remove_file(NAME);
}

fn nothing_holds(report: &Report) -> Failure {
    let failure = Failure::could_not("nothing on this machine holds a build, and so none is run");
    let findings = report.findings.iter();
    let reasons = findings.filter_map(|it| it.holds.as_ref().err().map(|why| (it.tier, why)));
    let failure = reasons.fold(failure, |failure, (tier, why)| {
        failure.detail(format!("{tier}: {why}"))
    });
    let failure = match report.best(true) {
        Some(_) => failure.hint(
            "to build in the restricted sandbox, which keeps a build from less, repeat with \
             --allow-restricted-sandbox",
        ),
        None => failure,
    };
    failure.hint("assay sandbox check says how to get a sandbox here")
}

/// What an earlier run found. Nothing is believed for it: a tier that is tried and does not hold is an
/// error, whoever proposed it.
struct Memory {
    state: PrivateFolder,
    circumstances: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Remembered {
    circumstances: Vec<String>,
    holds: Vec<Tier>,
}

impl Memory {
    fn of(folders: &Folders) -> Self {
        let mut circumstances = assay_sandbox::circumstances(Path::new(LAUNCHER));
        circumstances.push(format!("assay {}", env!("CARGO_PKG_VERSION")));
        Self {
            state: PrivateFolder::new(folders.state()),
            circumstances,
        }
    }

    /// The best one that was found under the same circumstances. That there was only the restricted one
    /// is tried again each time: whoever sees to a better one shall have it.
    fn tier(&self) -> Option<Tier> {
        let bytes = self.state.read(NAME).ok().flatten()?;
        let remembered: Remembered = serde_json::from_slice(&bytes).ok()?;
        let same = remembered.circumstances == self.circumstances;
        let best = remembered.holds.into_iter().min().filter(|_| same);
        best.filter(|it| *it != Tier::Restricted)
    }

    fn keep(&self, report: &Report) {
        let held = report.findings.iter().filter(|it| it.holds.is_ok());
        let remembered = Remembered {
            circumstances: self.circumstances.clone(),
            holds: held.map(|it| it.tier).collect(),
        };
        if let Ok(bytes) = serde_json::to_vec(&remembered) {
            // Where nothing can be kept, the next run tries again.
            let _not_kept = self.state.write(NAME, &bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use assay_sandbox::Finding;

    use super::*;

    fn report(held: &[Tier]) -> Report {
        let finding = |tier| Finding {
            tier,
            holds: held.contains(&tier).then_some(()).ok_or("missing".into()),
        };
        Report {
            findings: Tier::ALL.map(finding).into(),
            advice: Vec::new(),
        }
    }

    fn memory(folder: &Path, fact: &str) -> Memory {
        Memory {
            state: PrivateFolder::new(folder),
            circumstances: vec![fact.to_owned()],
        }
    }

    #[test]
    fn the_best_that_held_is_remembered_as_long_as_nothing_changes() {
        let folder = tempfile::tempdir().unwrap();
        let here = memory(folder.path(), "this boot");
        assert_eq!(here.tier(), None);
        for (held, expected) in [
            (&Tier::ALL[..], Some(Tier::Namespaces)),
            (
                &[Tier::Bubblewrap, Tier::Restricted],
                Some(Tier::Bubblewrap),
            ),
            (&[Tier::Restricted], None),
            (&[], None),
        ] {
            here.keep(&report(held));
            assert_eq!(here.tier(), expected);
            assert_eq!(memory(folder.path(), "another boot").tier(), None);
        }
        std::fs::write(folder.path().join(NAME), "{").unwrap();
        assert_eq!(here.tier(), None);
    }

    #[test]
    fn the_reason_is_said_and_the_way_out() {
        let failure = nothing_holds(&report(&[]));
        assert!(
            !failure
                .ways_out()
                .iter()
                .any(|it| it.contains("--allow-restricted"))
        );
        let failure = nothing_holds(&report(&[Tier::Restricted]));
        assert!(failure.ways_out()[0].contains("--allow-restricted-sandbox"));
        assert!(failure.ways_out()[1].contains("assay sandbox check"));
    }
}
