//! A wheel that was built here: it stands by the verdict about its source, and by what held the build.

use assay_types::{Timestamp, WheelName};

use super::{Admission, Admitted};
use crate::{Artifact, Measured, Refusal, RefusalKind, Staged};

/// Where a wheel comes from that was built here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The file or source tree.
    pub source: Artifact,
    /// Its digests: for a source tree, of the list of its files with theirs; for a repository, of its
    /// commit, the folder in it, and the name and version.
    pub measured: Measured,
    /// How it was built.
    pub how: How,
}

impl Built {
    /// As receipts and reports have it.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "from": self.source.file_name,
            "sha256": self.measured.sha256().to_string(),
            "sandbox": self.how.tier,
            "network": self.how.network,
            "with": self.how.with,
            "editable": self.how.editable,
        })
    }
}

/// How a wheel was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct How {
    /// What held the build, such as `namespaces`.
    pub tier: String,
    /// The hosts that it could reach; mostly none.
    pub network: Vec<String>,
    /// What it was built with: `setuptools 80.9.0 (sha256:…)`, sorted.
    pub with: Vec<String>,
    /// Whether it leads to the user's own folder (PEP 660).
    pub editable: bool,
}

/// Admits a wheel that was built from an admitted source. It has to be of the same project and version:
/// what speaks for the source speaks for nothing else.
pub fn admit_built<B>(
    staged: Staged<B>,
    wheel: &WheelName,
    source: &Admission,
    how: How,
    now: Timestamp,
) -> Result<Admitted<B>, Refusal> {
    let Staged { body, measured } = staged;
    let of = source.artifact();
    if (wheel.project(), wheel.version()) != (&of.project, &of.version) {
        return Err(another(wheel, source));
    }
    let artifact = Artifact {
        file_name: wheel.as_str().to_owned(),
        size: None,
        ..of.clone()
    };
    let mut found = source.found().to_vec();
    found.push(line(of, source, &how));
    let built = Built {
        source: of.clone(),
        measured: source.measured().clone(),
        how,
    };
    let admission = Admission {
        artifact,
        measured,
        found,
        built: Some(Box::new(built)),
        at: now,
        ..source.clone()
    };
    Ok(Admitted { body, admission })
}

fn line(of: &Artifact, source: &Admission, how: &How) -> String {
    format!(
        "built here from {} (sha256:{}) in a sandbox ({}), {}",
        of.file_name,
        source.sha256(),
        how.tier,
        reached(&how.network)
    )
}

/// What a build could reach of the network, in words; unescaped.
pub fn reached(hosts: &[String]) -> String {
    match hosts {
        [] => "without network".to_owned(),
        hosts => format!("with a way to {}", hosts.join(", ")),
    }
}

fn another(wheel: &WheelName, source: &Admission) -> Refusal {
    let of = source.artifact();
    Refusal {
        kind: RefusalKind::Mismatch,
        project: Some(of.project.clone()),
        file_name: of.file_name.clone(),
        rule: "a build makes what its source says".to_owned(),
        fact: format!(
            "its build made {} in place of {} {}",
            wheel.as_str(),
            of.project,
            of.version
        ),
        found: vec![format!("{} {}", wheel.project(), wheel.version())],
        missing: vec![format!("{} {}", of.project, of.version)],
        hint: Some("do not install it; tell its authors".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, path::Path, sync::Arc};

    use assay_types::listing::Origin;

    use super::*;
    use crate::{Cooldown, Evidence, Measuring, Policy, admit};

    fn source() -> Admission {
        let artifact = Artifact {
            project: "demo".parse().unwrap(),
            version: "1.0".parse().unwrap(),
            file_name: "demo-1.0.tar.gz".to_owned(),
            origin: Origin::Local(Arc::from(Path::new("/demo-1.0.tar.gz"))),
            size: None,
        };
        let evidence = [Evidence::Local {
            named_in: "the command line".to_owned(),
        }];
        let staged = Measuring::new(Vec::<u8>::new(), []).finish();
        let policy = Policy::new(Cooldown::none());
        let admitted = admit(staged, &artifact, &evidence, &policy, now());
        admitted.unwrap().admission().clone()
    }

    fn now() -> Timestamp {
        "2026-11-23T00:00:00Z".parse().unwrap()
    }

    fn build(name: &str) -> Result<Admitted<Vec<u8>>, Refusal> {
        let how = How {
            tier: "namespaces".to_owned(),
            network: Vec::new(),
            with: Vec::new(),
            editable: false,
        };
        let mut measuring = Measuring::new(Vec::new(), []);
        measuring.write_all(b"wheel").unwrap();
        let staged = measuring.finish();
        let name = WheelName::parse(name).unwrap();
        admit_built(staged, &name, &source(), how, now())
    }

    #[test]
    fn a_wheel_of_the_same_release_stands_by_its_source() {
        let built = build("demo-1.0-py3-none-any.whl").unwrap();
        let admission = built.admission();
        assert_eq!(admission.artifact().file_name, "demo-1.0-py3-none-any.whl");
        assert_eq!(admission.sha256(), crate::sha256(b"wheel"));
        assert_eq!(admission.words(), source().words());
        let from = admission.built().unwrap();
        assert_eq!(from.source.file_name, "demo-1.0.tar.gz");
        assert_eq!(from.measured.sha256(), crate::sha256(b""));
    }

    #[test]
    fn another_project_or_version_is_refused() {
        for name in ["other-1.0-py3-none-any.whl", "demo-1.1-py3-none-any.whl"] {
            let refusal = build(name).err().unwrap();
            assert_eq!(refusal.kind, RefusalKind::Mismatch);
            assert!(refusal.fact.contains(name), "{}", refusal.fact);
        }
    }
}
