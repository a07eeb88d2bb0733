//! Why the door stays shut.

use assay_types::Sha256;

use crate::{
    Artifact, Evidence, Found, Measured, Policy, Refusal, RefusalKind, Word, admit::ways_out,
    attestation::Rule,
};

/// A piece of evidence that contradicts the bytes. What a person wrote down may be a mistake of theirs.
pub(super) fn contradiction(
    piece: &Evidence,
    artifact: &Artifact,
    measured: &Measured,
    fact: String,
) -> Refusal {
    let mut refusal = match piece {
        Evidence::Publishers(_) => replayed(artifact, fact),
        _ => mismatch(artifact, measured, fact),
    };
    if let Evidence::Hash { given_in, .. } = piece {
        refusal.hint = Some(whose_mistake(given_in));
    }
    refusal
}

fn whose_mistake(given_in: &str) -> String {
    format!(
        "is the digest in {given_in} of this very file? If so, do not install it: somebody changed the \
         file or the page"
    )
}

/// What the index lists is not what a person wrote down, told before any bytes arrived.
pub(super) fn not_given(artifact: &Artifact, sha256: Sha256, given_in: &str) -> Refusal {
    Refusal {
        kind: RefusalKind::Mismatch,
        project: Some(artifact.project.clone()),
        file_name: artifact.file_name.clone(),
        rule: "digest".to_owned(),
        fact: format!("the index lists another digest than any that is given in {given_in}"),
        found: vec![format!("sha256:{sha256}")],
        missing: Vec::new(),
        hint: Some(whose_mistake(given_in)),
    }
}

/// What arrived is not what was announced.
pub(super) fn mismatch(artifact: &Artifact, measured: &Measured, fact: String) -> Refusal {
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

/// An attestation of other bytes than the ones that are listed, told before any arrived.
pub(super) fn replayed(artifact: &Artifact, fact: String) -> Refusal {
    Refusal {
        kind: RefusalKind::Mismatch,
        project: Some(artifact.project.clone()),
        file_name: artifact.file_name.clone(),
        rule: Rule::Subject.name().to_owned(),
        fact,
        found: Vec::new(),
        missing: Vec::new(),
        hint: None,
    }
}

/// Nothing says which bytes these should be.
pub(super) fn unannounced(artifact: &Artifact, measured: &Measured) -> Refusal {
    let fact = "nothing says which bytes these should be, so that no signature is looked at and no hook \
                asked";
    Refusal {
        kind: RefusalKind::Gap,
        hint: Some(format!(
            "if you trust the bytes that were seen, put this line into a requirements file: \
             {}=={} --hash=sha256:{}",
            artifact.project,
            artifact.version,
            measured.sha256()
        )),
        ..mismatch(artifact, measured, fact.to_owned())
    }
}

/// Somebody to whom the user listens says that it is not to be installed.
pub(super) fn denied(artifact: &Artifact, by: &Word, reason: &str, said: &str) -> Refusal {
    Refusal {
        kind: RefusalKind::Denied,
        project: Some(artifact.project.clone()),
        file_name: artifact.file_name.clone(),
        rule: "denial".to_owned(),
        fact: format!("{by} says that it is not to be installed: {reason}"),
        found: vec![said.to_owned()],
        missing: Vec::new(),
        hint: Some(
            "choose another version; nothing that speaks for it outweighs a denial".to_owned(),
        ),
    }
}

/// Evidence that is not enough.
pub(super) fn gap(
    artifact: &Artifact,
    sha256: Sha256,
    policy: &Policy,
    words: &Found,
    found: Vec<String>,
) -> Refusal {
    let refusing = policy.judge_words(&artifact.project, words).refusing;
    let places: Vec<_> = refusing
        .iter()
        .filter_map(|it| it.place.as_deref())
        .collect();
    // What another file of the project may have, where this one lacks nothing else.
    let others_may_do = refusing.iter().all(|it| it.expression.asks_for_somebody());
    let mut with_hash = words.clone();
    with_hash.add(Word::Hash);
    let is_enough = policy.judge_words(&artifact.project, &with_hash);
    let hint = match is_enough.refusing.is_empty() {
        true => format!(
            "if you trust the bytes that were seen, put this line into a requirements file: \
             {}=={} --hash=sha256:{}",
            artifact.project, artifact.version, sha256
        ),
        false if others_may_do => ways_out::hint(artifact, policy, &refusing, words.words()),
        false => {
            "no digest that you give is enough: choose another file, or change that rule".into()
        }
    };
    Refusal {
        kind: match others_may_do {
            true => RefusalKind::Unattested,
            false => RefusalKind::Gap,
        },
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
