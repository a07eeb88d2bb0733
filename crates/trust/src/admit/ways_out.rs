//! What would make a file pass that lacks somebody's word.

use crate::{Artifact, Label, Policy, Source, Unmet, Word, statement::Bundle};

/// One clause for each word that is missing and has a name in policy files.
pub(super) fn hint(
    artifact: &Artifact,
    policy: &Policy,
    refusing: &[Unmet],
    found: &[Word],
) -> String {
    let asked = refusing.iter().flat_map(|it| it.expression.words());
    let missing = asked.filter(|it| !found.contains(it));
    let mut ways: Vec<String> = Vec::new();
    for way in missing.filter_map(|it| way_out(it, artifact, policy)) {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    let last = "choose another version, or change the rule";
    match &ways[..] {
        [] => format!("the file has no signature that your rule accepts: {last}"),
        ways => format!("what would do is {}; or {last}", ways.join("; or ")),
    }
}

fn way_out(word: &Word, artifact: &Artifact, policy: &Policy) -> Option<String> {
    let project = &artifact.project;
    let source = |label: &Label| policy.sources.iter().find(|it| it.label == *label);
    let statement = |verb: &str, label: &Label| {
        source(label).map(|source| {
            let signers = signers(source);
            match source.covers(project) {
                true => format!("a statement that {verb} it, signed by {signers}, from {label}"),
                false => format!(
                    "{label} with {project} among its projects ({})",
                    source.place
                ),
            }
        })
    };
    match word {
        Word::Key(label) => {
            let key = policy.key(label)?;
            let schemes = key.key.schemes().iter().map(|it| it.ending());
            let statements = key.key.raw().map(|_| Bundle::ENDING);
            let files = schemes.chain(statements);
            let files: Vec<_> = files
                .map(|it| format!("{}{it}", artifact.file_name))
                .collect();
            Some(match key.covers(project) {
                true => format!(
                    "a signature by {label} ({}) in {}",
                    key.key.fingerprint(),
                    files.join(" or ")
                ),
                false => format!(
                    "the key {label} with {project} among its projects ({})",
                    key.place
                ),
            })
        }
        Word::Vouch(label) => statement("vouches for", label).map(|it| {
            let (project, version) = (&artifact.project, &artifact.version);
            format!("{it} (assay vouch {project}=={version}; what to look at: assay vouch suggest)")
        }),
        Word::Notary(label) => statement("observes", label),
        Word::Rebuilt(label) => statement("rebuilt", label),
        Word::Certified(label) => source(label).map(|source| {
            let signers = signers(source);
            format!("a signature by a key that {signers} certify for {project}, from {label}")
        }),
        Word::Hook(label) => Some(format!("that {label} accepts it")),
        Word::Index | Word::Local | Word::Hash | Word::Publisher(_) => None,
    }
}

fn signers(source: &Source) -> String {
    let keys: Vec<_> = source.keys.iter().map(ToString::to_string).collect();
    keys.join(" or ")
}
