//! From what a wheel was built here, as its receipt has it.

use assay_trust::reached;
use serde::{Deserialize, Serialize};

/// A build; texts are unescaped.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Built {
    /// The sdist, or the project and version of a tree.
    from: String,
    /// Its digest: of a tree, that of the list of its files.
    sha256: String,
    /// What held the build.
    sandbox: String,
    /// The hosts that it could reach.
    network: Vec<String>,
    /// What it was built with.
    with: Vec<String>,
    /// Whether it leads to the user's own folder.
    editable: bool,
}

impl Built {
    /// For whoever lists it.
    pub fn lines(&self) -> Vec<String> {
        let how = format!(
            "in a sandbox ({}), {}",
            self.sandbox,
            reached(&self.network)
        );
        let mut lines = vec![format!("{} (sha256:{})", self.from, self.sha256), how];
        if self.editable {
            lines.push("editable: it runs what lies in the folder".to_owned());
        }
        lines.extend(self.with.iter().map(|it| format!("with {it}")));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_told_with_what_held_it_and_what_went_into_it() {
        let built: Built = serde_json::from_str(
            r#"{"from": "demo-1.0.tar.gz", "sha256": "00ff", "sandbox": "namespaces",
                "network": ["files.example:443"], "with": ["flit-core 3.12 (sha256:11)"], "editable": true}"#,
        )
        .unwrap();
        let expected = [
            "demo-1.0.tar.gz (sha256:00ff)",
            "in a sandbox (namespaces), with a way to files.example:443",
            "editable: it runs what lies in the folder",
            "with flit-core 3.12 (sha256:11)",
        ];
        assert_eq!(built.lines(), expected);
    }
}
