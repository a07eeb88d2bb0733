//! What goes with a distribution: the files that are its own and unchanged.

use std::collections::{BTreeSet, HashMap};

use assay_types::{Digest, record::Row};

use super::{Notice, Owners, WhyKept, owners::place_of_row, protected};
use crate::{
    Environment, Error, Installed, Result,
    environment::Place,
    hash,
    sys::{Dir, Kind, leads_out},
};

/// A distribution that goes.
#[derive(Debug)]
pub(crate) struct Removal {
    pub installed: Installed,
    /// What is removed, sorted by place.
    pub files: BTreeSet<Place>,
    kept: Vec<Kept>,
    /// Whether conda installed it, which keeps a list of its own.
    is_condas: bool,
}

#[derive(Debug)]
struct Kept {
    /// As RECORD names it.
    path: String,
    /// Where it lies, if it was looked at.
    place: Option<Place>,
    why: WhyKept,
}

impl Removal {
    /// Decides, by RECORD, what goes with a distribution, whoever installed it: each file whose
    /// digest is the one RECORD gives, that lies inside the environment and that no staying
    /// distribution lists; bytecode beside removed sources; the dist-info folder.
    pub fn prepare(
        environment: &Environment,
        installed: &Installed,
        owners: &mut Owners<'_>,
    ) -> Result<Self> {
        let rows = installed.record_to_remove()?;
        let mut reader = Reader {
            environment,
            installed,
            folders: HashMap::new(),
        };
        let mut removal = Self {
            installed: installed.clone(),
            files: BTreeSet::new(),
            kept: Vec::new(),
            is_condas: installed.installer()?.as_deref() == Some("conda"),
        };
        for row in rows {
            removal.take(&mut reader, row, owners)?;
        }
        let sources: Vec<_> = removal.files.iter().cloned().collect();
        for source in sources {
            removal.files.extend(reader.bytecode_of(&source)?);
        }
        removal.take_folder(&mut reader, &installed.place)?;
        Ok(removal)
    }

    /// Files that were changed, which a new version may replace.
    pub fn changed(&self) -> impl Iterator<Item = &Place> {
        let changed = self.kept.iter().filter(|it| it.why == WhyKept::Changed);
        changed.filter_map(|it| it.place.as_ref())
    }

    /// What the user should know: files that are kept, but for those that are replaced.
    pub fn notices(&self, replaced: &[Place]) -> impl Iterator<Item = Notice> {
        let is_replaced = |place: &Place| replaced.contains(place);
        let kept = self.kept.iter();
        let kept = kept.filter(move |it| !it.place.as_ref().is_some_and(is_replaced));
        let kept = kept.map(|it| Notice::Kept {
            project: self.installed.name().clone(),
            path: it.path.clone(),
            why: it.why,
        });
        let condas = self.is_condas.then(|| Notice::ListedByConda {
            project: self.installed.name().clone(),
        });
        condas.into_iter().chain(kept)
    }

    fn take(&mut self, reader: &mut Reader<'_>, row: Row, owners: &mut Owners<'_>) -> Result<()> {
        let place = place_of_row(reader.environment, reader.installed, &row.path);
        let verdict = match &place {
            None => Verdict::Keep(WhyKept::Outside),
            Some(place) if protected::is_protected(reader.environment, place) => {
                Verdict::Keep(WhyKept::Protected)
            }
            Some(place) if owners.of(place)?.is_some() => Verdict::Nothing,
            Some(place) => reader.judge(place, row.digest.as_ref())?,
        };
        match (verdict, place) {
            (Verdict::Remove, Some(place)) => _ = self.files.insert(place),
            (Verdict::Keep(why), place) => {
                self.kept.push(Kept {
                    path: row.path,
                    place,
                    why,
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// Everything in the dist-info folder goes, listed or not: it is what makes the distribution
    /// installed. Symlinks are removed, not followed.
    fn take_folder(&mut self, reader: &mut Reader<'_>, place: &Place) -> Result<()> {
        let Some(dir) = reader.environment.open_folder(place)? else {
            return Ok(());
        };
        for (name, kind) in dir.entries()? {
            match kind {
                Kind::Folder => self.take_folder(reader, &place.join(&name))?,
                Kind::File | Kind::Other => _ = self.files.insert(place.join(&name)),
            }
        }
        self.kept
            .retain(|it| !it.place.as_ref().is_some_and(|it| self.files.contains(it)));
        Ok(())
    }
}

enum Verdict {
    Remove,
    Keep(WhyKept),
    /// It is gone already, or another distribution needs it.
    Nothing,
}

impl Verdict {
    fn remove_if(goes: bool, otherwise: WhyKept) -> Self {
        if goes {
            Self::Remove
        } else {
            Self::Keep(otherwise)
        }
    }
}

/// A folder that RECORD names.
enum Folder {
    Open(Dir),
    Missing,
    /// A symlink or a file is in its place, or on the way to it.
    LeadsOut,
}

/// Looks at files of one distribution.
struct Reader<'a> {
    environment: &'a Environment,
    installed: &'a Installed,
    /// Names beside sources, by the place of their `__pycache__`.
    folders: HashMap<Place, Vec<String>>,
}

impl Reader<'_> {
    fn judge(&self, place: &Place, digest: Option<&Digest>) -> Result<Verdict> {
        let Some((folder, name)) = place.split() else {
            return Ok(Verdict::Keep(WhyKept::Protected));
        };
        let dir = match self.open(&folder)? {
            Folder::Open(dir) => dir,
            Folder::Missing => return Ok(Verdict::Nothing),
            Folder::LeadsOut => return Ok(Verdict::Keep(WhyKept::Symlink)),
        };
        match dir.kind(name)? {
            None => return Ok(Verdict::Nothing),
            Some(Kind::Other) => return Ok(Verdict::Keep(WhyKept::Symlink)),
            Some(Kind::Folder) => return Ok(Verdict::Keep(WhyKept::Changed)),
            Some(Kind::File) => {}
        }
        let Some(digest) = digest else {
            // Bytecode, which installers list without a digest, goes with its source.
            let goes = place.below(&self.installed.place).is_some();
            return Ok(Verdict::remove_if(goes, WhyKept::Unproven));
        };
        let has_digest = dir
            .read(name)
            .and_then(|file| hash::has_digest(file, digest))
            .map_err(|error| Error::io("reading", dir.path().join(name), error))?;
        Ok(Verdict::remove_if(has_digest, WhyKept::Changed))
    }

    /// `__pycache__/name.cpython-312.pyc` and the like, beside `name.py`.
    fn bytecode_of(&mut self, source: &Place) -> Result<Vec<Place>> {
        let Some((folder, name)) = source.split() else {
            return Ok(Vec::new());
        };
        let Some(stem) = name.strip_suffix(".py") else {
            return Ok(Vec::new());
        };
        let cache = folder.join("__pycache__");
        if !self.folders.contains_key(&cache) {
            let names = match self.open(&cache)? {
                Folder::Open(dir) => dir.entries()?.into_iter().map(|(name, _)| name).collect(),
                // A symlink in its place is none of ours.
                Folder::Missing | Folder::LeadsOut => Vec::new(),
            };
            self.folders.insert(cache.clone(), names);
        }
        let names = self.folders[&cache].iter();
        let own = names.filter(|it| {
            let mut parts = it.split('.');
            parts.next() == Some(stem) && parts.next_back() == Some("pyc")
        });
        Ok(own.map(|it| cache.join(it)).collect())
    }

    fn open(&self, place: &Place) -> Result<Folder> {
        match self.environment.open_folder(place) {
            Ok(Some(dir)) => Ok(Folder::Open(dir)),
            Ok(None) => Ok(Folder::Missing),
            Err(Error::Io { source, .. }) if leads_out(&source) => Ok(Folder::LeadsOut),
            Err(error) => Err(error),
        }
    }
}
