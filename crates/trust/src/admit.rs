//! The one door: evidence and policy in, [`Admitted`] or [`Refusal`] out.

mod authenticated;
mod built;
mod compare;
mod foresight;
mod refusals;
mod ways_out;

use assay_types::{Digests, Sha256, Timestamp};

use crate::{
    Artifact, Claim, Evidence, Found, Measured, Policy, Publishers, Refusal, Staged, Standing,
    Unmet, Word,
    attestation::Attested,
    publishers::{Continuity, Question},
};
pub use authenticated::{Authenticated, authenticate};
pub use built::{Built, How, admit_built, reached};
use compare::{Agreement, Finding, agreement, compare, list};
pub use foresight::{Foresight, foresee};
use refusals::{contradiction, denied, gap, mismatch};

/// The verdict "admitted", with what it rests on. Made only by [`admit`], and by [`admit_built`] from one.
#[derive(Debug, Clone)]
pub struct Admission {
    artifact: Artifact,
    measured: Measured,
    words: Vec<Word>,
    found: Vec<String>,
    unmet: Vec<Unmet>,
    attested: Vec<Attested>,
    standing: Standing,
    remarks: Vec<String>,
    rule: String,
    built: Option<Box<Built>>,
    at: Timestamp,
}

impl Admission {
    /// What was admitted.
    pub fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    /// SHA-256 of the bytes that were admitted.
    pub fn sha256(&self) -> Sha256 {
        self.measured.sha256()
    }

    /// Their digests and size.
    pub fn measured(&self) -> &Measured {
        &self.measured
    }

    /// The kinds of evidence that held.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The evidence that held, one line each, unescaped.
    pub fn found(&self) -> &[String] {
        &self.found
    }

    /// What rules of mode `warn` or `report` miss.
    pub fn unmet(&self) -> &[Unmet] {
        &self.unmet
    }

    /// The attestations that hold.
    pub fn attested(&self) -> &[Attested] {
        &self.attested
    }

    /// How the file stands to what was known of its project's publishers.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// What is new about its publishers and was let pass, one line each, unescaped.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The expressions that were asked for, with the places that do.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// For a wheel that was built here: from what, and how. Its words are those of its source.
    pub fn built(&self) -> Option<&Built> {
        self.built.as_deref()
    }

    /// When it was judged.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

/// Bytes whose digest was authenticated and judged. The archive reader takes nothing else.
pub struct Admitted<B> {
    body: B,
    admission: Admission,
}

impl<B> Admitted<B> {
    /// The bytes.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The verdict.
    pub fn admission(&self) -> &Admission {
        &self.admission
    }

    /// Takes the two apart.
    pub fn into_parts(self) -> (B, Admission) {
        (self.body, self.admission)
    }
}

/// Judges staged bytes.
///
/// Every piece of evidence is compared with the bytes first: one that contradicts them refuses,
/// whatever else speaks for them. Publishers must be the known ones. What then remains must meet the
/// policy's expression, and that of every rule that covers the project.
pub fn admit<B>(
    staged: Staged<B>,
    artifact: &Artifact,
    evidence: &[Evidence],
    policy: &Policy,
    now: Timestamp,
) -> Result<Admitted<B>, Refusal> {
    let Staged { body, measured } = staged;
    policy.judge_project(&artifact.project)?;
    check_size(artifact, &measured)?;
    let mut words = Found::default();
    let mut found = Vec::new();
    for piece in evidence {
        match compare(piece, artifact, &measured) {
            Finding::Holds(more, lines) => {
                words.extend(more);
                found.extend(lines);
            }
            Finding::Nothing(line) => found.push(line),
            Finding::Contradicts(fact) => {
                return Err(contradiction(piece, artifact, &measured, fact));
            }
        }
    }
    check_denials(artifact, evidence)?;
    let continuity = continuity(artifact, evidence, policy)?;
    let shortfall = policy.judge_words(&artifact.project, &words);
    if !shortfall.refusing.is_empty() {
        let refusal = gap(artifact, measured.sha256(), policy, &words, found);
        return Err(refusal.looked_for(evidence));
    }
    let rule = policy.rule_text(&artifact.project);
    let admission = Admission {
        artifact: artifact.clone(),
        measured,
        words: words.words().to_vec(),
        found,
        unmet: shortfall.remarks,
        attested: attested(evidence).cloned().collect(),
        standing: continuity.standing,
        remarks: continuity.remarks,
        rule,
        built: None,
        at: now,
    };
    Ok(Admitted { body, admission })
}

/// Opens a metadata sidecar (PEP 658): its bytes must match every strong digest that the index
/// lists for it, and there must be one.
pub fn authenticate_sidecar(
    staged: Staged<Vec<u8>>,
    artifact: &Artifact,
    digests: &Digests,
) -> Result<Vec<u8>, Refusal> {
    match agreement(digests, &staged.measured) {
        Agreement::All => Ok(staged.body),
        Agreement::Nothing => Err(mismatch(
            artifact,
            &staged.measured,
            "its metadata has no strong digest on the index".into(),
        )),
        Agreement::Contradiction => Err(mismatch(
            artifact,
            &staged.measured,
            format!(
                "its metadata is not what the index lists: expected {}, got sha256:{}",
                list(digests),
                staged.measured.sha256()
            ),
        )),
    }
}

/// Whether who published it is who is known to. A file of which nobody asked that, such as one that
/// the user named, is held against what policy files say alone.
fn continuity(
    artifact: &Artifact,
    evidence: &[Evidence],
    policy: &Policy,
) -> Result<Continuity, Refusal> {
    let judge = |publishers: &Publishers| {
        let question = Question {
            artifact,
            publishers,
            committed: policy.committed(&artifact.project).collect(),
            is_strict: policy.needs_publisher(&artifact.project),
        };
        question.judge()
    };
    let mut judged = None;
    for piece in evidence {
        if let Evidence::Publishers(publishers) = piece {
            judged = Some(judge(publishers)?);
        }
    }
    match judged {
        Some(judged) => Ok(judged),
        None => judge(&Publishers::default()),
    }
}

/// A denial beats everything that speaks for the file.
fn check_denials(artifact: &Artifact, evidence: &[Evidence]) -> Result<(), Refusal> {
    let heard = evidence.iter().filter_map(|it| match it {
        Evidence::Heard(heard) => Some(&heard.testimonies),
        _ => None,
    });
    for testimony in heard.flatten() {
        if let Claim::Denies { by, reason } = testimony.claim() {
            return Err(denied(artifact, by, reason, testimony.said()));
        }
    }
    Ok(())
}

fn attested(evidence: &[Evidence]) -> impl Iterator<Item = &Attested> {
    let publishers = evidence.iter().filter_map(|it| match it {
        Evidence::Publishers(publishers) => Some(&publishers.attested),
        _ => None,
    });
    publishers.flatten()
}

fn check_size(artifact: &Artifact, measured: &Measured) -> Result<(), Refusal> {
    match artifact.size {
        Some(size) if size != measured.size() => Err(mismatch(
            artifact,
            measured,
            format!(
                "the index announces {size} bytes, {} arrived",
                measured.size()
            ),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
