//! What the door would say, before the bytes are there.

use assay_types::{Algorithm, Digest, Digests, Sha256};

use super::{
    check_denials,
    compare::{Finding, attested, heard},
    continuity,
    refusals::{gap, not_given, replayed},
};
use crate::{Artifact, Evidence, Found, Policy, Refusal, Unmet, Word};

/// Nothing that is known refuses the file. It admits nothing: that takes the bytes.
#[derive(Debug, Clone)]
pub struct Foresight {
    /// As [`crate::Admission::remarks`].
    pub remarks: Vec<String>,
    /// As [`crate::Admission::unmet`].
    pub unmet: Vec<Unmet>,
}

/// Judges a file as [`crate::admit`] would if its bytes had this SHA-256, which its index lists, and
/// every digest that was given for it held. `later` are the words that only the bytes decide: those of
/// signatures that lie beside the file, and of hooks. They are taken for granted.
pub fn foresee(
    artifact: &Artifact,
    sha256: Sha256,
    evidence: &[Evidence],
    policy: &Policy,
    later: &[Word],
) -> Result<Foresight, Refusal> {
    policy.judge_project(&artifact.project)?;
    let mut words = Found::default();
    let mut found = Vec::new();
    for piece in evidence {
        match piece {
            Evidence::Local { .. } => words.add(Word::Local),
            Evidence::Commit { .. } => words.add(Word::Hash),
            Evidence::Index { digests, .. } if !digests.is_empty() => words.add(Word::Index),
            Evidence::Hash { digests, given_in } if !digests.is_empty() => {
                check_given(digests, given_in, sha256, artifact)?;
                words.add(Word::Hash);
            }
            Evidence::Index { .. } | Evidence::Hash { .. } => {}
            Evidence::Heard(said) => match heard(said, sha256) {
                Finding::Holds(more, lines) => {
                    words.extend(more);
                    found.extend(lines);
                }
                Finding::Nothing(line) => found.push(line),
                Finding::Contradicts(fact) => return Err(replayed(artifact, fact)),
            },
            Evidence::Publishers(publishers) => match attested(publishers, artifact, sha256) {
                Finding::Holds(more, lines) => {
                    words.extend(more);
                    found.extend(lines);
                }
                Finding::Nothing(line) => found.push(line),
                Finding::Contradicts(fact) => return Err(replayed(artifact, fact)),
            },
        }
    }
    check_denials(artifact, evidence)?;
    later.iter().cloned().for_each(|it| words.add(it));
    let continuity = continuity(artifact, evidence, policy)?;
    let shortfall = policy.judge_words(&artifact.project, &words);
    if !shortfall.refusing.is_empty() {
        return Err(gap(artifact, sha256, policy, &words, found).looked_for(evidence));
    }
    Ok(Foresight {
        remarks: continuity.remarks,
        unmet: shortfall.remarks,
    })
}

/// Digests by other algorithms are compared when the bytes are there.
fn check_given(
    given: &Digests,
    given_in: &str,
    sha256: Sha256,
    artifact: &Artifact,
) -> Result<(), Refusal> {
    let may_hold = |it: &Digest| it.algorithm() != Algorithm::Sha256 || *it == sha256.into();
    match given.strong().iter().any(may_hold) {
        true => Ok(()),
        false => Err(not_given(artifact, sha256, given_in)),
    }
}
