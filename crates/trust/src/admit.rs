//! The one door: evidence and policy in, [`Admitted`] or [`Refusal`] out.

use assay_types::{Digests, Sha256, Timestamp};

use crate::{Artifact, Evidence, Measured, Policy, Refusal, RefusalKind, Staged, Unmet, Word};

/// The verdict "admitted", with what it rests on. Made only by [`admit`].
#[derive(Debug, Clone)]
pub struct Admission {
    artifact: Artifact,
    measured: Measured,
    words: Vec<Word>,
    found: Vec<String>,
    unmet: Vec<Unmet>,
    rule: String,
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

    /// The expressions that were asked for, with the places that do.
    pub fn rule(&self) -> &str {
        &self.rule
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
/// whatever else speaks for them. What then remains must meet the policy's expression, and that of
/// every rule that covers the project.
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
    let mut words = Vec::new();
    let mut found = Vec::new();
    for piece in evidence {
        match compare(piece, &measured) {
            Finding::Holds(word, line) => {
                words.push(word);
                found.push(line);
            }
            Finding::Nothing(line) => found.push(line),
            Finding::Contradicts(fact) => return Err(mismatch(artifact, &measured, fact)),
        }
    }
    let shortfall = policy.judge_words(&artifact.project, &words);
    if !shortfall.refusing.is_empty() {
        return Err(gap(artifact, &measured, policy, &words, found));
    }
    let rule = policy.rule_text(&artifact.project);
    let admission = Admission {
        artifact: artifact.clone(),
        measured,
        words,
        found,
        unmet: shortfall.remarks,
        rule,
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

enum Finding {
    Holds(Word, String),
    Nothing(String),
    Contradicts(String),
}

fn compare(piece: &Evidence, measured: &Measured) -> Finding {
    match piece {
        Evidence::Local { named_in } => Finding::Holds(Word::Local, format!("named by {named_in}")),
        Evidence::Index { origin, digests } => match agreement(digests, measured) {
            Agreement::All => Finding::Holds(
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
                Finding::Holds(Word::Hash, format!("digest given in {given_in}"))
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
    }
}

enum Agreement {
    All,
    Nothing,
    Contradiction,
}

/// All strong digests must have been measured and match: one that was not measured is no proof.
fn agreement(digests: &Digests, measured: &Measured) -> Agreement {
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

fn list(digests: &Digests) -> String {
    digests
        .strong()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" and ")
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

fn mismatch(artifact: &Artifact, measured: &Measured, fact: String) -> Refusal {
    Refusal {
        kind: RefusalKind::Mismatch,
        project: Some(artifact.project.clone()),
        file_name: artifact.file_name.clone(),
        rule: "digest".into(),
        fact,
        found: vec![format!(
            "sha256:{} ({} bytes)",
            measured.sha256(),
            measured.size()
        )],
        missing: Vec::new(),
        hint: Some(
            "do not install it: somebody changed the file or the page; tell the index's operator"
                .into(),
        ),
    }
}

fn gap(
    artifact: &Artifact,
    measured: &Measured,
    policy: &Policy,
    words: &[Word],
    found: Vec<String>,
) -> Refusal {
    let refusing = policy.judge_words(&artifact.project, words).refusing;
    let places: Vec<_> = refusing
        .iter()
        .filter_map(|it| it.place.as_deref())
        .collect();
    let with_hash = [words, &[Word::Hash]].concat();
    let is_enough = policy.judge_words(&artifact.project, &with_hash);
    let hint = match is_enough.refusing.is_empty() {
        true => format!(
            "if you trust the bytes that were seen, put this line into a requirements file: \
             {}=={} --hash=sha256:{}",
            artifact.project,
            artifact.version,
            measured.sha256()
        ),
        false => {
            "no digest that you give is enough: choose another file, or change that rule".into()
        }
    };
    Refusal {
        kind: RefusalKind::Gap,
        project: Some(artifact.project.clone()),
        file_name: artifact.file_name.clone(),
        rule: match &places[..] {
            [] => "evidence".into(),
            places => format!("evidence ({})", places.join(", ")),
        },
        fact: "nothing that the policy accepts speaks for these bytes".into(),
        found,
        missing: refusing.iter().map(ToString::to_string).collect(),
        hint: Some(hint),
    }
}

#[cfg(test)]
mod tests;
