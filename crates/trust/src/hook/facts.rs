//! What a program is told.

use assay_types::{Timestamp, listing::Origin};
use serde::Serialize;

use super::PROTOCOL;
use crate::{Artifact, Authenticated};

/// Facts about one file whose digest was authenticated and that nobody has opened.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Facts {
    protocol: u32,
    assay: String,
    project: String,
    version: String,
    file_name: String,
    sha256: String,
    size: u64,
    /// Without credentials; of a file that an index lists.
    index: Option<String>,
    /// Where it comes from, in words.
    origin: String,
    upload_time: Option<String>,
    evidence: Spoken,
    path: String,
}

/// What speaks for the file so far.
#[derive(Debug, Clone, Serialize)]
struct Spoken {
    words: Vec<String>,
    found: Vec<String>,
}

impl Facts {
    /// What is known of a file, for a program that finds its copy under `path`.
    /// `assay` is the version that asks.
    pub fn new<B>(
        artifact: &Artifact,
        upload_time: Option<Timestamp>,
        authenticated: &Authenticated<'_, B>,
        path: &str,
        assay: &str,
    ) -> Self {
        let index = match &artifact.origin {
            Origin::Index(url) => Some(url.to_string()),
            Origin::FindLinks(_) | Origin::Direct(_) | Origin::Local(_) | Origin::Repository(_) => {
                None
            }
        };
        let words = authenticated.words().iter().map(ToString::to_string);
        Self {
            protocol: PROTOCOL,
            assay: assay.to_owned(),
            project: artifact.project.to_string(),
            version: artifact.version.to_string(),
            file_name: artifact.file_name.clone(),
            sha256: authenticated.measured().sha256().to_string(),
            size: authenticated.measured().size(),
            index,
            origin: artifact.origin.to_string(),
            upload_time: upload_time.map(|it| it.to_string()),
            evidence: Spoken {
                words: words.collect(),
                found: authenticated.found().to_vec(),
            },
            path: path.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, path::Path};

    use assay_types::{Digests, names};

    use super::*;
    use crate::{Evidence, Measuring, authenticate};

    #[test]
    fn a_program_is_told_what_is_known_and_no_secrets() {
        let mut measuring = Measuring::new(Vec::new(), [&Digests::none()]);
        measuring.write_all(b"bytes").unwrap();
        let staged = measuring.finish();
        let index = Origin::Index(std::sync::Arc::new(
            "https://example.com/simple/".parse().unwrap(),
        ));
        let told = |origin: Origin, evidence: &[Evidence], uploaded| {
            let artifact = Artifact {
                project: names::project("demo").unwrap(),
                version: "1.0".parse().unwrap(),
                file_name: "demo-1.0-py3-none-any.whl".to_owned(),
                origin,
                size: None,
            };
            let authenticated = authenticate(&staged, &artifact, evidence).unwrap();
            let facts = Facts::new(&artifact, uploaded, &authenticated, "/c/demo.whl", "0.1.0");
            serde_json::to_value(facts).unwrap()
        };
        let mut digests = Digests::none();
        let sha256 = staged.measured().sha256().to_string();
        digests.insert("sha256", &sha256).unwrap();
        let listed = Evidence::Index {
            origin: index.clone(),
            digests,
        };
        let uploaded = Some("2026-03-04T05:06:07Z".parse().unwrap());
        let expected = serde_json::json!({
            "protocol": 1, "assay": "0.1.0", "project": "demo", "version": "1.0",
            "file-name": "demo-1.0-py3-none-any.whl", "sha256": sha256, "size": 5,
            "index": "https://example.com/simple/", "origin": "https://example.com/simple/",
            "upload-time": "2026-03-04T05:06:07Z",
            "evidence": {
                "words": ["index"],
                "found": [format!("listed by https://example.com/simple/ with sha256:{sha256}")],
            },
            "path": "/c/demo.whl",
        });
        assert_eq!(told(index, &[listed], uploaded), expected);
        let local = Evidence::Local {
            named_in: "the command line".to_owned(),
        };
        let told = told(
            Origin::Local(Path::new("/w/demo.whl").into()),
            &[local],
            None,
        );
        assert!(told["index"].is_null() && told["upload-time"].is_null());
        assert_eq!(told["evidence"]["words"], serde_json::json!(["local"]));
    }
}
