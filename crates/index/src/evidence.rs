//! What a listing alone says for a file.

use std::iter;

use assay_trust::Evidence;
use assay_types::{
    listing::{File, Location, Origin},
    repository::Commit,
};

/// The evidence that comes with a listed file. A direct URL has none of its own: its fragment is a
/// digest that the user gave, which the caller adds as [`Evidence::Hash`]. A path speaks for itself
/// only where the user named it or its folder, never because an index led to it.
pub fn evidence(file: &File) -> Vec<Evidence> {
    let listed = Evidence::Index {
        origin: file.origin.clone(),
        digests: file.digests.clone(),
    };
    match (&file.location, &file.origin) {
        (Location::Path { named_in, .. }, Origin::Local(_) | Origin::FindLinks(_)) => {
            let local = Evidence::Local {
                named_in: named_in.to_string(),
            };
            let listed = (!file.digests.is_empty()).then_some(listed);
            iter::once(local).chain(listed).collect()
        }
        (Location::Tree(tree), Origin::Local(_) | Origin::Repository(_)) => {
            let local = Evidence::Local {
                named_in: tree.named_in.to_string(),
            };
            let commit = commit_of(file).map(|commit| Evidence::Commit {
                commit,
                given_in: tree.named_in.to_string(),
            });
            iter::once(local).chain(commit).collect()
        }
        (Location::Url(_), Origin::Index(_) | Origin::FindLinks(_)) => vec![listed],
        (
            Location::Path { .. } | Location::Tree(_),
            Origin::Index(_) | Origin::Direct(_) | Origin::Repository(_),
        )
        | (Location::Tree(_), Origin::FindLinks(_))
        | (Location::Url(_), Origin::Direct(_) | Origin::Local(_) | Origin::Repository(_)) => {
            Vec::new()
        }
    }
}

/// The commit, where the user named it by its full id: a checkout of any other fails.
fn commit_of(file: &File) -> Option<Commit> {
    let Origin::Repository(repository) = &file.origin else {
        return None;
    };
    let asked = Commit::parse(repository.requested.as_ref()?)?;
    (asked == repository.commit).then_some(asked)
}
