//! Whether a file comes from whom its project's files came from before.
//!
//! A signature by somebody is worth nothing until it is clear who should have signed. Without any
//! configuration that is who signed before: as pins remember it, or, at first sight, as an earlier file
//! on the index shows it.

use assay_types::{ProjectName, Timestamp, Url};

use super::{Identity, PublisherPin, Relation};
use crate::{Artifact, Author, Publishers, Refusal, RefusalKind, attestation::Attested};

/// What is known of a project's publishers before one of its files is judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Background {
    /// When the file was uploaded, as its index says.
    pub uploaded: Option<Timestamp>,
    /// What the user's state remembers.
    pub pin: Option<PublisherPin>,
    /// An attested file that the index had before this one.
    pub earlier: Option<Earlier>,
    /// The index, where `assay trust` has to be told which one.
    pub index: Option<Url>,
}

/// An attested file of the same project that was uploaded before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its name, unescaped.
    pub file_name: String,
    /// When it was uploaded, as the index says.
    pub uploaded: Option<Timestamp>,
    /// Its attestations; none where the page's word is all that there is.
    pub attested: Vec<Attested>,
}

/// Publishers that a policy file names for a project: a file by nobody of them is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedPin {
    /// Whose file.
    pub author: Author,
    /// The project.
    pub project: ProjectName,
    /// Any of them will do.
    pub identities: Vec<Identity>,
    /// `file:line:column`; unescaped.
    pub place: String,
    /// Whether it stands in for what is known otherwise: it is the machine's, the user's, or the user
    /// approved it. What a project's file says only comes on top.
    pub leads: bool,
}

/// How a file stands to what was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody attested it, nor any file before.
    Unattested,
    /// Nobody attested it; the user accepted that.
    Accepted,
    /// Nobody attested it, and it was uploaded before any file that was.
    Predates,
    /// The index says that it is attested and does not show how; nothing was known before.
    OutOfReach,
    /// Attested, and nothing was known before.
    FirstUse,
    /// By a known publisher.
    Known,
    /// By one that a policy file names.
    Committed,
}

impl Standing {
    /// A few words, for receipts.
    pub fn text(self) -> &'static str {
        match self {
            Self::Unattested => "unattested",
            Self::Accepted => "unattested, which was accepted",
            Self::Predates => "unattested, older than the first attestation",
            Self::OutOfReach => "attestations out of reach",
            Self::FirstUse => "first use",
            Self::Known => "known publisher",
            Self::Committed => "publisher named by a policy file",
        }
    }
}

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
        let standing = if self.committed.iter().any(|it| it.leads) {
            Standing::Committed
        } else {
            self.against_known(&mut remarks)?
        };
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
            return Err(self.refusal(fact, vec!["no attestation".to_owned()], named, hint));
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
        let pin = self.publishers.background.pin.as_ref();
        let pinned = pin.filter(|it| !it.identities.is_empty());
        let earlier = self
            .publishers
            .background
            .earlier
            .as_ref()
            .filter(|it| !it.attested.is_empty());
        let (known, before): (Vec<&Identity>, _) = match (pinned, earlier) {
            (Some(pin), _) => (pin.identities.iter().collect(), pinned_lines(pin)),
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
                return Err(self.refusal(relation.fact(), now, before, hint));
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
        if background.pin.as_ref().is_some_and(|it| it.unattested) {
            return Ok(Standing::Accepted);
        }
        if self.publishers.trouble.is_some() && background.pin.is_none() {
            return Ok(Standing::OutOfReach);
        }
        let mut before = Vec::new();
        let pin = background.pin.as_ref();
        if let Some(pin) = pin.filter(|it| !it.begins_after(background.uploaded)) {
            before = pinned_lines(pin);
        }
        if let (true, Some(earlier)) = (before.is_empty(), &background.earlier) {
            before = earlier_lines(earlier);
        }
        if before.is_empty() {
            return Ok(match background.pin {
                Some(_) => Standing::Predates,
                None => Standing::Unattested,
            });
        }
        let now = format!(
            "{}, {}, no attestation",
            self.artifact.file_name,
            self.uploaded()
        );
        let fact = "nobody attested it, although files before it were attested";
        Err(self.refusal(fact, vec![now], before, self.accepting("none")))
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
            Some(index) => format!(" --index {}", word_of_a_shell(index.as_str())),
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

fn pinned_lines(pin: &PublisherPin) -> Vec<String> {
    let latest = pin.latest.as_ref().map(|it| {
        let logged = it.logged.map(|it| format!(", signed {it:.0}"));
        format!(
            "; last {}, {}{}",
            it.name,
            uploaded(it.uploaded),
            logged.unwrap_or_default()
        )
    });
    let latest = latest.unwrap_or_default();
    let lines = pin.identities.iter();
    let lines = lines.map(|it| format!("{it}{}, known since {:.0}{latest}", link(it), pin.since));
    lines.collect()
}

fn earlier_lines(earlier: &Earlier) -> Vec<String> {
    let file = format!("{}, {}", earlier.file_name, uploaded(earlier.uploaded));
    if earlier.attested.is_empty() {
        return vec![format!("{file}, attested as the index says")];
    }
    let lines = earlier.attested.iter();
    lines.map(|it| format!("{file}, {}", signed(it))).collect()
}

fn uploaded(time: Option<Timestamp>) -> String {
    match time {
        Some(time) => format!("uploaded {time:.0}"),
        None => "uploaded nobody knows when".to_owned(),
    }
}

/// Who signed, where to look, when.
fn signed(attested: &Attested) -> String {
    let publisher = attested.publisher();
    let identity = publisher.identity();
    let commit = publisher.commit().map(|it| format!(" at {it}"));
    format!(
        "signed {:.0} by {identity}{}{}",
        attested.logged(),
        link(identity),
        commit.unwrap_or_default()
    )
}

/// An identity needs no quotes, but a requirements file may name any index.
fn word_of_a_shell(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "._-/:@%+".contains(it);
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r#"'"'"'"#)),
    }
}

fn link(identity: &Identity) -> String {
    match identity.page() {
        Some(page) => format!(" ({page})"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
