//! One piece of evidence beside the bytes.

use assay_types::{Digests, Sha256};

use crate::{
    Artifact, Claim, Evidence, Found, Heard, Measured, Publishers, Voice, Word,
    attestation::Attested,
};

/// What a piece of evidence comes to.
pub(super) enum Finding {
    /// Words that hold, and what to write down.
    Holds(Found, Vec<String>),
    /// It says nothing about the bytes.
    Nothing(String),
    /// It speaks of other bytes.
    Contradicts(String),
}

/// Compares.
pub(super) fn compare(piece: &Evidence, artifact: &Artifact, measured: &Measured) -> Finding {
    match piece {
        Evidence::Local { named_in } => Finding::holds(Word::Local, format!("named by {named_in}")),
        Evidence::Index { origin, digests } => match agreement(digests, measured) {
            Agreement::All => Finding::holds(
                Word::Index,
                format!("listed by {origin} with {}", list(digests)),
            ),
            Agreement::Nothing => Finding::Nothing(match digests.weak() {
                [] => format!("listed by {origin} without a digest"),
                weak => format!(
                    "listed by {origin} with {} only, which proves nothing",
                    weak.join(" and ")
                ),
            }),
            Agreement::Contradiction => Finding::Contradicts(format!(
                "the bytes are not what {origin} lists: expected {}, got sha256:{}",
                list(digests),
                measured.sha256()
            )),
        },
        Evidence::Hash { digests, given_in } => {
            let one_matches = digests
                .strong()
                .iter()
                .any(|it| measured.agrees(it) == Some(true));
            if one_matches {
                Finding::holds(Word::Hash, format!("digest given in {given_in}"))
            } else if digests.is_empty() {
                Finding::Nothing(format!("no strong digest given in {given_in}"))
            } else {
                Finding::Contradicts(format!(
                    "the bytes match no digest given in {given_in}: expected {}, got sha256:{}",
                    list(digests),
                    measured.sha256()
                ))
            }
        }
        Evidence::Commit { commit, given_in } => {
            Finding::holds(Word::Hash, format!("commit {commit} given in {given_in}"))
        }
        Evidence::Publishers(publishers) => attested(publishers, artifact, measured.sha256()),
        Evidence::Heard(heard) => self::heard(heard, measured.sha256()),
    }
}

impl Finding {
    fn holds(word: Word, line: String) -> Self {
        let mut found = Found::default();
        found.add(word);
        Self::Holds(found, vec![line])
    }
}

/// Signatures hold for the bytes that they were verified for, under the name that they were.
pub(super) fn attested(publishers: &Publishers, artifact: &Artifact, sha256: Sha256) -> Finding {
    let mut found = Found::default();
    let mut lines: Vec<_> = publishers.trouble.iter().cloned().collect();
    for it in &publishers.attested {
        if it.sha256() != sha256 || it.file_name() != artifact.file_name {
            return Finding::Contradicts(format!(
                "its attestation is about {} with sha256:{}, got sha256:{}",
                it.file_name(),
                it.sha256(),
                sha256
            ));
        }
        let identity = it.publisher().identity();
        let by = [Voice::of_publisher(identity)].into();
        found.add_said(Word::Publisher(Some(identity.clone())), &by);
        lines.push(line(it));
    }
    Finding::Holds(found, lines)
}

/// Whoever spoke did so about these bytes.
pub(super) fn heard(heard: &Heard, sha256: Sha256) -> Finding {
    let mut found = Found::default();
    let mut lines = heard.trouble.clone();
    for it in &heard.testimonies {
        if it.sha256() != sha256 {
            return Finding::Contradicts(format!(
                "what was said is about a file with sha256:{}, got sha256:{sha256}: {}",
                it.sha256(),
                it.said()
            ));
        }
        if let Claim::Supports(word) = it.claim() {
            found.add_said(word.clone(), it.by());
        }
        lines.push(it.said().to_owned());
    }
    Finding::Holds(found, lines)
}

fn line(attested: &Attested) -> String {
    let publisher = attested.publisher();
    format!(
        "attested ({}) by {}, logged {:.0}",
        attested.predicate().name(),
        publisher.identity(),
        attested.logged()
    )
}

pub(super) enum Agreement {
    All,
    Nothing,
    Contradiction,
}

/// All strong digests must have been measured and match: one that was not measured is no proof.
pub(super) fn agreement(digests: &Digests, measured: &Measured) -> Agreement {
    if digests.is_empty() {
        return Agreement::Nothing;
    }
    let all = digests
        .strong()
        .iter()
        .all(|it| measured.agrees(it) == Some(true));
    if all {
        Agreement::All
    } else {
        Agreement::Contradiction
    }
}

pub(super) fn list(digests: &Digests) -> String {
    digests
        .strong()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" and ")
}
