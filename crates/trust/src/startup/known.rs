//! Start-up files of well-known projects, by project and digest. Each was read by a person; the
//! digests were taken from the projects' wheels.

use assay_types::{ProjectName, Sha256};
use sha2::Digest as _;

/// Project, SHA-256 of the contents.
const KNOWN: [(&str, &str); 4] = [
    // distutils-precedence.pth, setuptools 58: adds setuptools' own distutils when asked to.
    (
        "setuptools",
        "7ea7ffef3fe2a117ee12c68ed6553617f0d7fd2f0590257c25c484959a3b7373",
    ),
    // distutils-precedence.pth, setuptools 60 to 84: the same, by default.
    (
        "setuptools",
        "2638ce9e2500e572a5e0de7faed6661eb569d1b696fcba07b0dd223da5f5d224",
    ),
    // a1_coverage.pth, coverage 7.17: measures subprocesses where COVERAGE_PROCESS_START is set.
    (
        "coverage",
        "ef2ed06d19867ec669c09a804060666a9cd5e383af0a9d11aa2de79b77d448e8",
    ),
    // pytest-cov.pth, pytest-cov 4 to 6: the same where COV_CORE_SOURCE is set.
    (
        "pytest-cov",
        "f47446a60fdf5905e84e7d7c892baf92f8d5a3226d0da1599b9c014eab6c7ddb",
    ),
];

/// Whether this project is known to ship exactly these contents.
pub(super) fn is_known(project: &ProjectName, contents: &[u8]) -> bool {
    let mut digests = KNOWN
        .iter()
        .filter(|(name, _)| *name == project.as_ref())
        .peekable();
    if digests.peek().is_none() {
        return false;
    }
    let own = Sha256(sha2::Sha256::digest(contents).into());
    digests.any(|(_, hex)| Sha256::from_hex(hex) == Some(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digest_in_the_table_is_one() {
        assert!(KNOWN.iter().all(|(name, hex)| {
            Sha256::from_hex(hex).is_some() && name.parse::<ProjectName>().is_ok()
        }));
    }
}
