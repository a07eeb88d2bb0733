//! The folders in which new files are built, one in each root that a run touches.
//!
//! The first of them, the *lead*, holds the journal, and its name says how far the run came: that
//! one rename of it begins, turns back or ends everything, in all roots at once. The others, its
//! *parts*, share its digits, are made after it and go before it.

use std::path::PathBuf;

use crate::{
    Error, Result,
    environment::Root,
    sys::{Dir, Lock, leads_out, sixteen_digits},
};

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing was moved yet: all that lies in it is ours.
    Staged,
    /// Decided: everything that the journal lists goes to its new place, now or later.
    Moving,
    /// It failed: everything goes back to its old place.
    Undoing,
    /// Everything is in its place, new or old: nothing in it is needed.
    Done,
    /// Nobody but a person can tell what should become of it.
    GivenUp,
}

const PHASES: [Phase; 5] = [
    Phase::Staged,
    Phase::Moving,
    Phase::Undoing,
    Phase::Done,
    Phase::GivenUp,
];

/// A folder in another root than the lead's.
const PART: &str = ".assay-part-";

impl Phase {
    /// The phase that a lead's name tells, and its digits; `None` where it is no lead's.
    pub fn of(name: &str) -> Option<(Self, &str)> {
        let of = |phase: Self| {
            let digits = name.strip_prefix(phase.prefix())?;
            let is_ours = digits.len() == 16 && digits.bytes().all(|it| it.is_ascii_hexdigit());
            is_ours.then_some((phase, digits))
        };
        PHASES.into_iter().find_map(of)
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Staged => ".assay-stage-",
            Self::Moving => ".assay-moving-",
            Self::Undoing => ".assay-undoing-",
            Self::Done => ".assay-done-",
            Self::GivenUp => ".assay-stopped-",
        }
    }
}

/// The staging folders of one run, locked. When it is dropped they go, if nothing in them is
/// needed.
pub(super) struct Staging<'a> {
    roots: &'a [Root],
    digits: String,
    lead: usize,
    phase: Phase,
    /// By root.
    folders: Vec<Option<Dir>>,
    /// Who finds the lead sees that its owner lives.
    _lock: Lock,
}

impl<'a> Staging<'a> {
    /// Makes one in each root that is used.
    pub fn new(roots: &'a [Root], is_used: impl Fn(usize) -> bool) -> Result<Self> {
        let digits = sixteen_digits();
        let lead = (0..roots.len()).find(|it| is_used(*it)).unwrap_or_default();
        let name = format!("{}{digits}", Phase::Staged.prefix());
        let dir = roots[lead].dir.make_private(&name)?;
        let lock = Lock::exclusive(&dir, || ());
        if lock.is_err() {
            roots[lead].dir.remove_empty(&name);
        }
        let mut staging = Self {
            roots,
            digits,
            lead,
            phase: Phase::Staged,
            folders: roots.iter().map(|_| None).collect(),
            _lock: lock?,
        };
        staging.folders[lead] = Some(dir);
        for (index, root) in roots.iter().enumerate() {
            if index != lead && is_used(index) {
                let part = format!("{PART}{}", staging.digits);
                staging.folders[index] = Some(root.dir.make_private(&part)?);
            }
        }
        Ok(staging)
    }

    /// Takes over the folders of a dead run. `lock` is that of its lead.
    pub fn adopt(
        roots: &'a [Root],
        lead: usize,
        (phase, digits): (Phase, &str),
        lock: Lock,
    ) -> Result<Self> {
        let mut folders = Vec::with_capacity(roots.len());
        for (index, root) in roots.iter().enumerate() {
            let prefix = if index == lead { phase.prefix() } else { PART };
            let name = format!("{prefix}{digits}");
            folders.push(match root.dir.beneath(&name) {
                Ok(dir) => Some(dir),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                // No run made a link or a file of that name.
                Err(error) if leads_out(&error) => None,
                Err(error) => return Err(Error::io("opening", root.dir.path().join(name), error)),
            });
        }
        Ok(Self {
            roots,
            digits: digits.to_owned(),
            lead,
            phase,
            folders,
            _lock: lock,
        })
    }

    /// Sixteen digits that no other run has.
    pub fn run(&self) -> &str {
        &self.digits
    }

    /// How far it came.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The folder in a root.
    pub fn dir(&self, root: usize) -> Option<&Dir> {
        self.folders[root].as_ref()
    }

    /// The folder that holds the journal.
    pub fn lead(&self) -> Result<&Dir> {
        self.existing(self.lead)
    }

    /// A folder within that of a root.
    pub fn folder(&self, root: usize, name: &str) -> Result<Dir> {
        let dir = self.existing(root)?;
        let context = |error| Error::io("opening", dir.path().join(name), error);
        dir.beneath(name).map_err(context)
    }

    /// Says how far it came; one rename.
    pub fn enter(&mut self, phase: Phase) -> Result<()> {
        let root = &self.roots[self.lead];
        let name = |phase: Phase| format!("{}{}", phase.prefix(), self.digits);
        let new = name(phase);
        root.dir.rename_to(&name(self.phase), &root.dir, &new)?;
        self.phase = phase;
        if let Some(dir) = &mut self.folders[self.lead] {
            dir.is_now_at(root.dir.path().join(new));
        }
        Ok(())
    }

    /// Their paths, for a message.
    pub fn paths(&self) -> Vec<PathBuf> {
        let folders = self.folders.iter().flatten();
        folders.map(|it| it.path().to_owned()).collect()
    }

    fn existing(&self, root: usize) -> Result<&Dir> {
        self.dir(root).ok_or_else(|| {
            let path = self.roots[root].path.join(format!("{PART}{}", self.digits));
            Error::io("opening", path, std::io::ErrorKind::NotFound)
        })
    }
}

impl Drop for Staging<'_> {
    /// A failure leaves a folder behind whose name says that nobody needs it.
    fn drop(&mut self) {
        if !matches!(self.phase, Phase::Staged | Phase::Done) {
            return;
        }
        let lead_last = |index: &usize| *index == self.lead;
        let mut order: Vec<usize> = (0..self.roots.len()).collect();
        order.sort_by_key(lead_last);
        for index in order {
            let is_lead = index == self.lead;
            let prefix = if is_lead { self.phase.prefix() } else { PART };
            let name = format!("{prefix}{}", self.digits);
            if self.folders[index].is_some() && self.roots[index].dir.remove_tree(&name).is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leads_name_tells_its_phase_and_others_tell_nothing() {
        for phase in PHASES {
            let name = format!("{}0123456789abcdef", phase.prefix());
            assert_eq!(Phase::of(&name), Some((phase, "0123456789abcdef")));
            assert_eq!(Phase::of(&name[1..]), None);
            assert_eq!(Phase::of(&name[..name.len() - 1]), None);
            assert_eq!(
                Phase::of(&format!("{}0123456789abcdeg", phase.prefix())),
                None
            );
        }
        assert_eq!(Phase::of(".assay-part-0123456789abcdef"), None);
    }
}
