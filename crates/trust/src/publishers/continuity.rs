//! Whether a file comes from whom its project's files came from before.
//!
//! A signature by somebody is worth nothing until it is clear who should have signed. Without any
//! configuration that is who signed before: as pins remember it, or, at first sight, as an earlier file
//! on the index shows it.

mod said;

use assay_types::shell_word;

use super::{CommittedPin, Identity, PublisherPin, Relation, Standing, Term};
use crate::{Artifact, Publishers, Refusal, RefusalKind, attestation::Attested};
use said::{earlier_lines, pinned_lines, signed, uploaded};

/// The verdict, with what the user should know.
#[derive(Debug, Clone)]
pub(crate) struct Continuity {
    pub standing: Standing,
    pub remarks: Vec<String>,
}

/// One file's question.
pub(crate) struct Question<'a> {
    pub artifact: &'a Artifact,
    pub publishers: &'a Publishers,
    pub committed: Vec<&'a CommittedPin>,
    /// Whether a rule requires a publisher: then only the known workflow will do.
    pub is_strict: bool,
}

impl Question<'_> {
    /// Judges. Every attestation's publisher counts: a second one by somebody else is no bonus.
    pub fn judge(&self) -> Result<Continuity, Refusal> {
        let mut remarks = Vec::new();
        for pin in &self.committed {
            self.against_committed(pin, &mut remarks)?;
        }
        let standing = if self.committed.iter().any(|it| it.leads()) {
            Standing::Committed
        } else {
            self.against_known(&mut remarks)?
        };
        let trouble = self.publishers.trouble.as_ref();
        remarks.extend(trouble.map(|it| format!("{}: {it}", self.artifact.file_name)));
        remarks.dedup();
        Ok(Continuity { standing, remarks })
    }

    fn attested(&self) -> &[Attested] {
        &self.publishers.attested
    }

    fn against_committed(
        &self,
        pin: &CommittedPin,
        remarks: &mut Vec<String>,
    ) -> Result<(), Refusal> {
        let named = pin
            .identities
            .iter()
            .map(|it| format!("{it}, named at {}", pin.place));
        let named: Vec<_> = named.collect();
        let hint = format!("if that is right, change the publishers at {}", pin.place);
        if self.attested().is_empty() {
            let fact = "nobody attested it, and a policy file names its publishers";
            let mut now = vec!["no attestation".to_owned()];
            now.extend(self.publishers.trouble.clone());
            return Err(self.refusal(fact, now, named, hint));
        }
        for attested in self.attested() {
            let seen = attested.publisher().identity();
            let relation = Relation::to_any(&pin.identities, seen);
            if self.is_refused(relation) {
                let seen = vec![self.described(attested)];
                return Err(self.refusal(relation.fact(), seen, named, hint));
            }
            self.remark(relation, seen, remarks);
        }
        Ok(())
    }

    fn against_known(&self, remarks: &mut Vec<String>) -> Result<Standing, Refusal> {
        if self.attested().is_empty() {
            return self.unattested();
        }
        let background = &self.publishers.background;
        let (pinned, latest) = (self.pinned(), background.latest);
        let earlier = background.earlier.as_ref();
        let earlier = earlier.filter(|it| !it.attested.is_empty());
        let (known, before): (Vec<&Identity>, _) = match (pinned, earlier) {
            (Some(pin), _) => (pin.in_force(latest).collect(), pinned_lines(pin, latest)),
            (None, Some(earlier)) => {
                let publishers = earlier.attested.iter().map(|it| it.publisher().identity());
                (publishers.collect(), earlier_lines(earlier))
            }
            (None, None) if self.publishers.trouble.is_some() => return Ok(Standing::OutOfReach),
            (None, None) => return Ok(Standing::FirstUse),
        };
        for attested in self.attested() {
            let seen = attested.publisher().identity();
            let relation = Relation::to_any(known.iter().copied(), seen);
            if self.is_refused(relation) {
                let hint = self.accepting(&seen.to_string());
                let now = vec![self.described(attested)];
                let fact = pinned.and_then(|it| self.why_not_pinned(it, seen));
                let fact = fact.unwrap_or_else(|| relation.fact().to_owned());
                return Err(self.refusal(&fact, now, before, hint));
            }
            self.remark(relation, seen, remarks);
        }
        Ok(match pinned {
            Some(_) => Standing::Known,
            None => Standing::FirstUse,
        })
    }

    /// Order is that of uploads, not of versions: an old version may be older than attestations are.
    fn unattested(&self) -> Result<Standing, Refusal> {
        let background = &self.publishers.background;
        let accepted = background.pin.as_ref().and_then(|it| it.unattested);
        if accepted.is_some_and(|it| it.holds_at(background.latest)) {
            return Ok(Standing::Accepted);
        }
        let pin = self.pinned();
        if self.publishers.trouble.is_some() && pin.is_none() {
            return Ok(Standing::OutOfReach);
        }
        let mut before = Vec::new();
        if let Some(pin) =
            pin.filter(|it| !it.begins_after(background.uploaded, &self.artifact.version))
        {
            before = pinned_lines(pin, background.latest);
        }
        if let (true, Some(earlier)) = (before.is_empty(), &background.earlier) {
            before = earlier_lines(earlier);
        }
        if before.is_empty() {
            return Ok(match pin {
                Some(_) => Standing::Predates,
                None => Standing::Unattested,
            });
        }
        let file = &self.artifact.file_name;
        let mut now = vec![format!("{file}, {}, no attestation", self.uploaded())];
        now.extend(self.publishers.trouble.clone());
        let fact = match accepted.and_then(Term::last_day) {
            Some(day) => format!("nobody attested it, which was accepted until {day} and is over"),
            None => "nobody attested it, although files before it were attested".to_owned(),
        };
        Err(self.refusal(&fact, now, before, self.accepting("none")))
    }

    /// What the state remembers, if it names anybody.
    fn pinned(&self) -> Option<&PublisherPin> {
        let pin = self.publishers.background.pin.as_ref();
        pin.filter(|it| !it.identities.is_empty())
    }

    /// Why a publisher is none of the pinned ones: what was accepted of it may be over.
    fn why_not_pinned(&self, pin: &PublisherPin, seen: &Identity) -> Option<String> {
        let named = pin.identities.iter();
        let named = named.filter(|it| !self.is_refused(Relation::of(it.0, seen)));
        Some(match named.map(|it| *it.1).max() {
            Some(term) => {
                let day = term.last_day()?;
                format!("its publisher was accepted until {day}, which is over")
            }
            None => Relation::to_any(pin.identities.keys(), seen)
                .fact()
                .to_owned(),
        })
    }

    fn is_refused(&self, relation: Relation) -> bool {
        match relation {
            Relation::Same | Relation::Moved => false,
            Relation::NewWorkflow => self.is_strict,
            Relation::Transferred | Relation::Reused | Relation::Foreign => true,
        }
    }

    fn remark(&self, relation: Relation, seen: &Identity, remarks: &mut Vec<String>) {
        if relation != Relation::Same {
            let file = &self.artifact.file_name;
            remarks.push(format!("{file}: {}: {seen}", relation.fact()));
        }
    }

    fn described(&self, attested: &Attested) -> String {
        let file = &self.artifact.file_name;
        format!("{file}, {}, {}", self.uploaded(), signed(attested))
    }

    fn uploaded(&self) -> String {
        uploaded(self.publishers.background.uploaded)
    }

    fn accepting(&self, identity: &str) -> String {
        let project = &self.artifact.project;
        let index = match &self.publishers.background.index {
            // An identity needs no quotes, but a requirements file may name any index.
            Some(index) => format!(" --index {}", shell_word(index.as_str())),
            None => String::new(),
        };
        format!(
            "ask the project's people, elsewhere than where this file came from; if it is right: \
             assay trust accept {project} --identity {identity}{index}"
        )
    }

    fn refusal(
        &self,
        fact: &str,
        found: Vec<String>,
        missing: Vec<String>,
        hint: String,
    ) -> Refusal {
        Refusal {
            kind: RefusalKind::Publisher,
            project: Some(self.artifact.project.clone()),
            file_name: self.artifact.file_name.clone(),
            rule: "publishers do not change in silence".to_owned(),
            fact: fact.to_owned(),
            found,
            missing,
            hint: Some(hint),
        }
    }
}

#[cfg(test)]
mod tests;
