//! Files that nobody published, for a program to be tried on. What is in them is stored and not
//! compressed, and does nothing.

mod archives;

use std::io::Write as _;

use assay_trust::{
    Artifact, Authenticated, Evidence, Measuring, Staged, authenticate, hook::Facts, sha256,
};
use assay_types::{Digests, Timestamp, listing::Origin, names};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::failure::{Failure, Result};

const INDEX: &str = "https://index.example.com/simple/";
const UPLOADED: &str = "2026-01-02T03:04:05Z";
/// More than a program should need memory for.
const LARGE: usize = 32 << 20;

/// A file with what an index would say of it.
pub struct MadeUp {
    artifact: Artifact,
    evidence: Evidence,
    staged: Staged<Vec<u8>>,
}

impl MadeUp {
    /// A small wheel.
    pub fn wheel() -> Result<Self> {
        let wheel = wheel("made_up", &[("made_up/__init__.py", b"VERSION = '1.0'\n")])?;
        Self::new("made-up", "1.0", "made_up-1.0-py3-none-any.whl", wheel)
    }

    /// A small sdist.
    pub fn sdist() -> Result<Self> {
        let files: [(&str, &[u8]); 2] = [
            ("made_up-1.0/PKG-INFO", METADATA.as_bytes()),
            ("made_up-1.0/made_up.py", b"VERSION = '1.0'\n"),
        ];
        let sdist = archives::tar_gz(&files).map_err(failed)?;
        Self::new("made-up", "1.0", "made_up-1.0.tar.gz", sdist)
    }

    /// A wheel whose name has all that a name can have, with files of strange names.
    pub fn odd() -> Result<Self> {
        let name = "made_up-1!2.0rc1.post3+local.4-5build-py2.py3-none-any.whl";
        let files: [(&str, &[u8]); 4] = [
            ("made_up/-rf", b""),
            ("made_up/a \"quoted\" name; $(x).py", b""),
            ("made_up/ÄÖ-日本語.py", b""),
            ("made_up/empty/", b""),
        ];
        let version = "1!2.0rc1.post3+local.4";
        Self::new("made-up", version, name, wheel("made_up", &files)?)
    }

    /// A wheel that was cut short.
    pub fn broken() -> Result<Self> {
        let mut wheel = wheel("made_up", &[("made_up/__init__.py", b"")])?;
        wheel.truncate(wheel.len() / 2);
        Self::new("made-up", "1.0", "made_up-1.0-py3-none-any.whl", wheel)
    }

    /// A large wheel.
    pub fn large() -> Result<Self> {
        let wheel = wheel("made_up", &[("made_up/data.bin", &vec![0; LARGE])])?;
        Self::new("made-up", "1.0", "made_up-1.0-py3-none-any.whl", wheel)
    }

    fn new(project: &str, version: &str, file_name: &str, bytes: Vec<u8>) -> Result<Self> {
        let mut measuring = Measuring::new(Vec::new(), [&Digests::none()]);
        measuring.write_all(&bytes).map_err(failed)?;
        let staged = measuring.finish();
        let mut digests = Digests::none();
        let listed = digests.insert("sha256", &staged.measured().sha256().to_string());
        listed.map_err(failed)?;
        let index = INDEX.parse().map_err(failed)?;
        let origin = Origin::Index(std::sync::Arc::new(index));
        let artifact = Artifact {
            project: names::project(project).ok_or_else(|| failed("no name"))?,
            version: version.parse().map_err(failed)?,
            file_name: file_name.to_owned(),
            origin: origin.clone(),
            size: Some(staged.measured().size()),
        };
        Ok(Self {
            artifact,
            evidence: Evidence::Index { origin, digests },
            staged,
        })
    }

    /// Its name.
    pub fn file_name(&self) -> &str {
        &self.artifact.file_name
    }

    /// As it is before a hook is asked.
    pub fn authenticated(&self) -> Result<Authenticated<'_, Vec<u8>>> {
        let evidence = std::slice::from_ref(&self.evidence);
        Ok(authenticate(&self.staged, &self.artifact, evidence)?)
    }

    /// What a hook is told that finds its copy there.
    pub fn facts(&self, path: &str) -> Result<Value> {
        let uploaded: Timestamp = UPLOADED.parse().map_err(failed)?;
        let authenticated = self.authenticated()?;
        let version = env!("CARGO_PKG_VERSION");
        let facts = Facts::new(
            &self.artifact,
            Some(uploaded),
            &authenticated,
            path,
            version,
        );
        serde_json::to_value(facts).map_err(failed)
    }

    /// Whether these are its bytes.
    pub fn is(&self, bytes: &[u8]) -> bool {
        sha256(bytes) == self.staged.measured().sha256()
    }
}

const METADATA: &str = "Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n";
const WHEEL: &str =
    "Wheel-Version: 1.0\nGenerator: assay\nRoot-Is-Purelib: true\nTag: py3-none-any\n";

fn wheel(name: &str, files: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let inner = |file: &str| format!("{name}-1.0.dist-info/{file}");
    let (metadata, about, record) = (inner("METADATA"), inner("WHEEL"), inner("RECORD"));
    let mut all = files.to_vec();
    all.push((&metadata, METADATA.as_bytes()));
    all.push((&about, WHEEL.as_bytes()));
    let rows = all
        .iter()
        .filter(|it| !it.0.ends_with('/'))
        .map(|(path, content)| {
            let digest = URL_SAFE_NO_PAD.encode(sha256(content).0);
            let path = path.replace('"', "\"\"");
            format!("\"{path}\",sha256={digest},{}\n", content.len())
        });
    let rows: String = rows.chain([format!("{record},,\n")]).collect();
    all.push((&record, rows.as_bytes()));
    archives::zip(&all).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::could_not(format!("making a file for the hook: {error}"))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn what_is_made_up_is_an_archive_where_it_should_be() {
        use assay_archive::{Options, Sdist, Wheel};
        use assay_trust::{Cooldown, Policy, admit};
        let now: Timestamp = UPLOADED.parse().unwrap();
        let admitted = |it: MadeUp| {
            let policy = Policy::new(Cooldown::none());
            admit(it.staged, &it.artifact, &[it.evidence], &policy, now).unwrap()
        };
        for wheel in [MadeUp::wheel(), MadeUp::large()] {
            let wheel = Wheel::open(admitted(wheel.unwrap()), Options { bad_record: false });
            let wheel = wheel.unwrap();
            for index in 0..wheel.files().len() {
                wheel.extract(index, &mut io::sink()).unwrap();
            }
        }
        assert!(Sdist::open(admitted(MadeUp::sdist().unwrap())).is_ok());
        let broken = admitted(MadeUp::broken().unwrap());
        assert!(Wheel::open(broken, Options { bad_record: false }).is_err());
    }
}
