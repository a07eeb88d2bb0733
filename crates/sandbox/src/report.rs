//! What this machine can hold a build with.

use std::path::Path;

use crate::{Tier, system};

/// Which tiers hold here, and how to get more.
#[derive(Clone, Debug)]
pub struct Report {
    /// One for each tier, the best first.
    pub findings: Vec<Finding>,
    /// How to get what is missing, and what no tier gives: one paragraph each.
    pub advice: Vec<String>,
}

/// Whether a tier holds here.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The tier.
    pub tier: Tier,
    /// The first thing that did not hold, as a clause.
    pub holds: Result<(), String>,
}

/// Tries each tier once, end to end: a small program is run inside, which looks for a file of the host,
/// a listener, a process and a privilege, and does what builds have to do. `launcher` is as in
/// [`Sandbox::launcher`](crate::Sandbox::launcher). Takes some ten milliseconds.
pub fn probe(launcher: &Path) -> Report {
    let findings = system::findings(launcher);
    let advice = system::advice(&findings);
    Report { findings, advice }
}

/// The facts of this machine, this user and this process by which the findings of a [`probe`] may be
/// remembered: as long as they are the same, only a sandbox that cannot be set up tells that something
/// changed.
pub fn circumstances(launcher: &Path) -> Vec<String> {
    system::circumstances(launcher)
}

impl Report {
    /// The best tier that holds; [`Tier::Restricted`] only where the user asked for it.
    pub fn best(&self, restricted_allowed: bool) -> Option<Tier> {
        let allowed = |it: &&Finding| restricted_allowed || it.tier != Tier::Restricted;
        let mut held = self.findings.iter().filter(|it| it.holds.is_ok());
        held.find(allowed).map(|it| it.tier)
    }

    /// What `assay sandbox check` prints. Nothing of it comes from outside this machine.
    pub fn lines(&self) -> Vec<String> {
        let tiers = self.findings.iter().map(|it| match &it.holds {
            Ok(()) => format!("{}: works ({})", it.tier, it.tier.layers()),
            Err(why) => format!("{}: does not work: {why}", it.tier),
        });
        let best = match (self.best(false), self.best(true)) {
            (Some(tier), _) => format!("source distributions are built in tier {tier}"),
            (None, Some(tier)) => {
                format!(
                    "source distributions are built only where tier {tier} is allowed explicitly"
                )
            }
            (None, None) => "source distributions are not built on this machine".to_owned(),
        };
        tiers.chain([best]).chain(self.advice.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(namespaces: Result<(), String>, restricted: Result<(), String>) -> Report {
        let finding = |(tier, holds)| Finding { tier, holds };
        let findings = [
            (Tier::Namespaces, namespaces),
            (Tier::Restricted, restricted),
        ];
        Report {
            findings: findings.map(finding).into(),
            advice: Vec::new(),
        }
    }

    #[test]
    fn the_restricted_tier_is_never_taken_unasked() {
        let missing = || Err("missing".to_owned());
        let only_restricted = report(missing(), Ok(()));
        assert_eq!(only_restricted.best(false), None);
        assert_eq!(only_restricted.best(true), Some(Tier::Restricted));
        assert_eq!(report(Ok(()), Ok(())).best(true), Some(Tier::Namespaces));
        assert_eq!(report(missing(), missing()).best(true), None);
    }
}
