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
            "{}; or {DIGESTS_ON_THE_PAGE}",
            trust_on_sight(artifact, measured.sha256())
        )),
        ..mismatch(artifact, measured, fact.to_owned())
    }
}

/// A digest that a page could have named.
const DIGESTS_ON_THE_PAGE: &str = "ask whoever serves it to end its link in #sha256=…: a signature does not say which file is meant";

fn trust_on_sight(artifact: &Artifact, sha256: Sha256) -> String {
    let (project, version) = (&artifact.project, &artifact.version);
    format!(
        "if you trust the bytes that were seen, put this line into a requirements file: \
         {project}=={version} --hash=sha256:{sha256}"
    )
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

impl Refusal {
    /// With where was looked in vain for what is missing.
    pub(super) fn looked_for(mut self, evidence: &[Evidence]) -> Self {
        for piece in evidence {
            if let Evidence::Heard(heard) = piece {
                self.missing.extend(heard.absent.iter().cloned());
            }
        }
        self
    }
}

/// Evidence that is not enough. What rules ask for comes first among what is missing.
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
    let is_signed = words.words().iter().any(|it| it.label().is_some());
    let hint = match is_enough.refusing.is_empty() {
        true if is_signed => {
            let on_sight = trust_on_sight(artifact, sha256);
            format!("{on_sight}; or {DIGESTS_ON_THE_PAGE}")
        }
        true => trust_on_sight(artifact, sha256),
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
