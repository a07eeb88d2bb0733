//! A stored wheel with the verdict that lets it in.

use assay_trust::{Admission, Refusal, RefusalKind};

use crate::{Result, StoredWheel};

/// A stored wheel whose admission speaks of the very same bytes: all that a plan takes.
#[derive(Debug, Clone)]
pub struct Approved {
    admission: Admission,
    stored: StoredWheel,
}

impl Approved {
    /// Ties the two together. They must speak of one digest and of one file name: the name was
    /// part of what was judged when the archive was opened.
    pub fn new(admission: Admission, stored: StoredWheel) -> Result<Self> {
        let artifact = admission.artifact();
        let agrees = admission.sha256() == stored.sha256()
            && artifact.file_name == stored.name().as_str()
            && artifact.project == *stored.project()
            && artifact.version == *stored.version();
        if agrees {
            return Ok(Self { admission, stored });
        }
        Err(Refusal {
            kind: RefusalKind::Mismatch,
            project: Some(artifact.project.clone()),
            file_name: artifact.file_name.clone(),
            rule: "admission".to_owned(),
            fact: "the verdict speaks of another file than the one in the store".to_owned(),
            found: vec![format!(
                "{} with sha256:{}",
                stored.name().as_str(),
                stored.sha256()
            )],
            missing: vec![format!("sha256:{}", admission.sha256())],
            hint: None,
        }
        .into())
    }

    /// The verdict.
    pub fn admission(&self) -> &Admission {
        &self.admission
    }

    /// The wheel.
    pub fn stored(&self) -> &StoredWheel {
        &self.stored
    }
}
