//! Cooldown: fresh uploads wait, because most malicious ones are found within a day.

use std::{collections::BTreeMap, fmt};

use assay_types::{ProjectName, Timestamp, Url, listing::File};

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

/// What options ask for, and the default; [`Policy::ages`](crate::Policy::ages) puts it together
/// with the rules.
#[derive(Debug, Clone)]
pub struct Cooldown {
    /// Where nothing more specific is said; `None` where nobody asked.
    pub general: Option<Cutoff>,
    /// Exemptions and limits by project (`--min-age NAME=…`): the most specific.
    pub by_project: BTreeMap<ProjectName, Cutoff>,
    /// By index base URL.
    pub by_index: Vec<(Url, Cutoff)>,
    /// The limit that one index has where nobody says anything about its files.
    pub default: Option<(Url, Cutoff)>,
}

impl Cooldown {
    /// No cooldown at all.
    pub fn none() -> Self {
        Self {
            general: None,
            by_project: BTreeMap::new(),
            by_index: Vec::new(),
            default: None,
        }
    }

    /// The same cut-off everywhere.
    pub fn general(general: Cutoff) -> Self {
        Self {
            general: Some(general),
            ..Self::none()
        }
    }
}

impl Cutoff {
    /// Judges one listed file. A version pinned with `==` passes the default cut-off (the caller
    /// warns), never one that was asked for.
    pub fn judge(self, file: &File, pinned: bool) -> Option<CooldownReason> {
        let (cutoff, strict) = match self {
            Self::None => return None,
            Self::Lenient(cutoff) => (cutoff, false),
            Self::Strict(cutoff) => (cutoff, true),
        };
        match file.upload_time {
            None => strict.then_some(CooldownReason::NoUploadTime),
            Some(uploaded) if uploaded < cutoff || (pinned && !strict) => None,
            Some(uploaded) => Some(CooldownReason::TooNew { uploaded, cutoff }),
        }
    }
}

/// Why the cooldown leaves a file out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CooldownReason {
    /// Uploaded too recently.
    TooNew {
        /// When it was uploaded.
        uploaded: Timestamp,
        /// Uploads from this moment on wait.
        cutoff: Timestamp,
    },
    /// A cut-off was asked for and the index gives no upload time.
    NoUploadTime,
}

impl fmt::Display for CooldownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooNew { uploaded, cutoff } => write!(
                f,
                "it was uploaded {uploaded:.0}, and uploads from {cutoff:.0} on wait"
            ),
            Self::NoUploadTime => {
                f.write_str("the index gives no upload time, which an age limit needs")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use assay_types::{
        FileName,
        listing::{Location, Origin},
    };

    use super::*;
    use crate::Policy;

    const DAY: &str = "2026-11-21T00:00:00Z";

    fn file(uploaded: Option<&str>) -> File {
        let project: ProjectName = "flask".parse().unwrap();
        let index: Url = "https://index.example/simple/".parse().unwrap();
        let file_name = "flask-1.0-py3-none-any.whl";
        let name = FileName::parse(file_name, &project).unwrap();
        let url = format!("https://files.example/{file_name}");
        let location = Location::Url(url.parse().unwrap());
        File {
            upload_time: uploaded.map(|it| it.parse().unwrap()),
            ..File::new(name, location, Origin::Index(Arc::new(index)))
        }
    }

    fn passes(general: Cutoff, uploaded: Option<&str>, pinned: bool) -> bool {
        general.judge(&file(uploaded), pinned).is_none()
    }

    #[test]
    fn an_upload_passes_before_the_cut_off_and_not_at_it() {
        let lenient = Cutoff::Lenient(DAY.parse().unwrap());
        assert!(passes(lenient, Some("2026-11-20T23:59:59Z"), false));
        assert!(!passes(lenient, Some(DAY), false));
        assert!(passes(Cutoff::None, Some(DAY), false));
    }

    #[test]
    fn a_pin_passes_the_default_and_never_what_was_asked_for() {
        assert!(passes(
            Cutoff::Lenient(DAY.parse().unwrap()),
            Some(DAY),
            true
        ));
        assert!(!passes(
            Cutoff::Strict(DAY.parse().unwrap()),
            Some(DAY),
            true
        ));
    }

    #[test]
    fn without_upload_times_only_the_default_passes() {
        assert!(passes(Cutoff::Lenient(DAY.parse().unwrap()), None, false));
        assert!(!passes(Cutoff::Strict(DAY.parse().unwrap()), None, false));
    }

    #[test]
    fn the_project_goes_before_its_index_and_the_index_before_the_rest() {
        let strict = Cutoff::Strict(DAY.parse().unwrap());
        let index = |host: &str| format!("https://{host}.example/simple/").parse().unwrap();
        let mut cooldown = Cooldown::general(strict);
        let passes = |cooldown: &Cooldown| {
            let policy = Policy::new(cooldown.clone());
            policy.judge_file(&file(Some(DAY)), false).is_none()
        };
        assert!(!passes(&cooldown));
        cooldown.by_index.push((index("other"), Cutoff::None));
        assert!(!passes(&cooldown));
        cooldown.by_index.push((index("index"), Cutoff::None));
        assert!(passes(&cooldown));
        cooldown.by_project.insert("flask".parse().unwrap(), strict);
        assert!(!passes(&cooldown));
    }

    #[test]
    fn the_default_is_for_its_index_and_gives_way_to_whatever_is_asked() {
        let default = |host: &str, general| {
            let index = format!("https://{host}.example/simple/").parse().unwrap();
            let cooldown = Cooldown {
                general,
                default: Some((index, Cutoff::Lenient(DAY.parse().unwrap()))),
                ..Cooldown::none()
            };
            let policy = Policy::new(cooldown);
            policy.judge_file(&file(Some(DAY)), false).is_none()
        };
        assert!(!default("index", None) && default("other", None));
        assert!(default("index", Some(Cutoff::None)));
    }
}
