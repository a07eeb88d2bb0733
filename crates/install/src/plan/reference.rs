//! What a distribution was installed from where no index gave it (PEP 610).

use std::sync::Arc;

use assay_trust::Admission;
use assay_types::{Url, repository::Repository, requirement::redacted};
use serde_json::json;

/// A direct reference, as `direct_url.json` keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// A wheel or an sdist.
    Archive(Url),
    /// A source tree of the user's.
    Folder {
        /// Its `file:` URL.
        url: Url,
        /// Whether the target runs what lies there.
        editable: bool,
    },
    /// A commit.
    Repository(Arc<Repository>),
}

impl Reference {
    /// The document: without user, password or secrets of the query. An archive's digest is that of the
    /// file that was fetched, also where a wheel was built from it.
    pub(super) fn json(&self, admission: &Admission) -> serde_json::Value {
        match self {
            Self::Archive(url) => {
                let built = admission.built().map(|it| it.measured.sha256());
                let sha256 = built.unwrap_or_else(|| admission.sha256()).to_string();
                json!({
                    "url": redacted(url).as_str(),
                    "archive_info": { "hash": format!("sha256={sha256}"), "hashes": { "sha256": sha256 } },
                })
            }
            Self::Folder { url, editable } => Self::of_folder(url, *editable),
            Self::Repository(repository) => Self::of_repository(repository),
        }
    }

    /// The document of a folder.
    pub fn of_folder(url: &Url, editable: bool) -> serde_json::Value {
        let info = match editable {
            true => json!({ "editable": true }),
            false => json!({}),
        };
        json!({ "url": url.as_str(), "dir_info": info })
    }

    /// The document of a commit.
    pub fn of_repository(repository: &Repository) -> serde_json::Value {
        let commit = repository.commit.as_str();
        let mut document = json!({
            "url": repository.public_url().as_str(),
            "vcs_info": { "vcs": "git", "commit_id": commit },
        });
        if let Some(requested) = &repository.requested {
            document["vcs_info"]["requested_revision"] = requested.as_str().into();
        }
        if let Some(folder) = &repository.subdirectory {
            document["subdirectory"] = folder.as_str().into();
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use assay_types::{SafePath, repository::Commit};

    use super::*;

    #[test]
    fn a_commit_is_pinned_and_what_was_asked_for_is_kept() {
        let repository = Repository {
            url: "https://user:secret@git.example/demo.git".parse().unwrap(),
            requested: Some("v1".to_owned()),
            commit: Commit::parse("0123456789abcdef0123456789abcdef01234567").unwrap(),
            subdirectory: Some(SafePath::parse("python").unwrap()),
        };
        let expected = json!({
            "url": "https://git.example/demo.git",
            "vcs_info": {
                "vcs": "git",
                "commit_id": "0123456789abcdef0123456789abcdef01234567",
                "requested_revision": "v1",
            },
            "subdirectory": "python",
        });
        assert_eq!(Reference::of_repository(&repository), expected);
    }
}
