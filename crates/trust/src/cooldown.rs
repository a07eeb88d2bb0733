//! Cooldown: fresh uploads wait, because most malicious ones are found within a day.

use std::collections::BTreeMap;

use assay_types::{
    ProjectName, Timestamp, Url,
    listing::{File, Origin},
};

use crate::LeftOut;

/// A limit on upload times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cutoff {
    /// No limit.
    None,
    /// Uploads after this moment are left out; files without an upload time pass. The default.
    Lenient(Timestamp),
    /// The user asked for it: files without an upload time are left out too.
    Strict(Timestamp),
}

/// The cut-off for every project and index.
#[derive(Debug, Clone)]
pub struct Cooldown {
    /// Where nothing more specific is said.
    pub general: Cutoff,
    /// Exemptions and limits by project (`--min-age NAME=…`): the most specific.
    pub by_project: BTreeMap<ProjectName, Cutoff>,
    /// By index base URL.
    pub by_index: Vec<(Url, Cutoff)>,
}

impl Cooldown {
    /// No cooldown at all.
    pub fn none() -> Self {
        Self {
            general: Cutoff::None,
            by_project: BTreeMap::new(),
            by_index: Vec::new(),
        }
    }

    /// The same cut-off everywhere.
    pub fn general(general: Cutoff) -> Self {
        Self {
            general,
            ..Self::none()
        }
    }

    /// The cut-off that applies to a file.
    pub fn cutoff(&self, project: &ProjectName, origin: &Origin) -> Cutoff {
        if let Some(cutoff) = self.by_project.get(project) {
            return *cutoff;
        }
        match origin {
            // The user named these bytes themselves; nobody can have slipped them in since.
            Origin::Local(_) | Origin::Direct(_) => Cutoff::None,
            Origin::Index(url) => {
                let own = self.by_index.iter().find(|(it, _)| it == url.as_ref());
                own.map_or(self.general, |(_, cutoff)| *cutoff)
            }
            Origin::FindLinks(_) => self.general,
        }
    }

    /// Judges one listed file. A version pinned with `==` passes the default cut-off (the caller
    /// warns), never one that was asked for.
    pub fn judge(&self, file: &File, pinned: bool) -> Option<LeftOut> {
        let (cutoff, strict) = match self.cutoff(file.name.project(), &file.origin) {
            Cutoff::None => return None,
            Cutoff::Lenient(cutoff) => (cutoff, false),
            Cutoff::Strict(cutoff) => (cutoff, true),
        };
        match file.upload_time {
            None => strict.then_some(LeftOut::NoUploadTime),
            Some(uploaded) if uploaded < cutoff || (pinned && !strict) => None,
            Some(uploaded) => Some(LeftOut::TooNew { uploaded, cutoff }),
        }
    }
}
