//! What goes with a distribution: the files that are its own and unchanged.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};

use assay_types::{Algorithm, Digest, record::Row};
use sha2::Digest as _;

use super::{Notice, Owners, owners::place_of_row, rules};
use crate::{
    Environment, Error, Installed, InstalledKind, Result,
    environment::Place,
    sys::{Dir, Kind, leads_out},
};

/// A distribution that goes.
#[derive(Debug)]
pub(crate) struct Removal {
    pub installed: Installed,
    /// What is removed, sorted by place.
    pub files: BTreeSet<Place>,
    kept: Vec<Kept>,
}

#[derive(Debug)]
struct Kept {
    /// As RECORD names it.
    path: String,
    /// Where it lies, if it was looked at.
    place: Option<Place>,
    why: &'static str,
}

const CHANGED: &str = "it was changed since it was installed";
const OUTSIDE: &str = "it lies outside of the environment";
const SYMLINK: &str = "a symlink is in its way";
const UNPROVEN: &str = "RECORD gives no digest of it";
const PROTECTED: &str = "it belongs to the environment itself";

impl Removal {
    /// Decides, by RECORD, what goes with a distribution, whoever installed it: each file whose
    /// digest is the one RECORD gives, that lies inside the environment and that no staying
    /// distribution lists; bytecode beside removed sources; the dist-info folder.
    pub fn prepare(
        environment: &Environment,
        installed: &Installed,
        owners: &mut Owners<'_>,
    ) -> Result<Self> {
        if installed.kind() == InstalledKind::EggInfo {
            return Err(installed.broken(
                "it was installed by setuptools without a list of its files; remove it with the \
                 tool that installed it"
                    .to_owned(),
            ));
        }
        let mut reader = Reader {
            environment,
            installed,
            folders: HashMap::new(),
        };
        let mut removal = Self {
            installed: installed.clone(),
            files: BTreeSet::new(),
            kept: Vec::new(),
        };
        for row in installed.record()? {
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
        let changed = self.kept.iter().filter(|it| it.why == CHANGED);
        changed.filter_map(|it| it.place.as_ref())
    }

    /// What the user should know: files that are kept, but for those that are replaced.
    pub fn notices(&self, replaced: &[Place]) -> impl Iterator<Item = Notice> {
        let is_replaced = |place: &Place| replaced.contains(place);
        let kept = self.kept.iter();
        let kept = kept.filter(move |it| !it.place.as_ref().is_some_and(is_replaced));
        kept.map(|it| Notice::Kept {
            project: self.installed.name().clone(),
            path: it.path.clone(),
            why: it.why,
        })
    }

    fn take(&mut self, reader: &mut Reader<'_>, row: Row, owners: &mut Owners<'_>) -> Result<()> {
        let place = place_of_row(reader.environment, reader.installed, &row.path);
        let verdict = match &place {
            None => Verdict::Keep(OUTSIDE),
            Some(place) if rules::is_protected(reader.environment, place) => {
                Verdict::Keep(PROTECTED)
            }
            Some(place) if owners.of(place).is_some() => Verdict::Nothing,
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
        let Some(dir) = reader.open(place)? else {
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
    Keep(&'static str),
    /// It is gone already, or another distribution needs it.
    Nothing,
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
            return Ok(Verdict::Keep(PROTECTED));
        };
        let dir = match self.open(&folder) {
            Ok(Some(dir)) => dir,
            Ok(None) => return Ok(Verdict::Nothing),
            Err(Error::Io { source, .. }) if leads_out(&source) => {
                return Ok(Verdict::Keep(SYMLINK));
            }
            Err(error) => return Err(error),
        };
        match dir.kind(name)? {
            None => return Ok(Verdict::Nothing),
            Some(Kind::Other) => return Ok(Verdict::Keep(SYMLINK)),
            Some(Kind::Folder) => return Ok(Verdict::Keep(CHANGED)),
            Some(Kind::File) => {}
        }
        let Some(digest) = digest else {
            // Installers list the bytecode that they compiled without a digest.
            let is_bytecode = name.ends_with(".pyc") && folder.path.ends_with("__pycache__");
            let is_own = place.below(&self.installed.place).is_some();
            let goes = is_bytecode || is_own;
            return Ok(if goes {
                Verdict::Remove
            } else {
                Verdict::Keep(UNPROVEN)
            });
        };
        let has_digest = dir
            .read(name)
            .and_then(|file| matches(file, digest))
            .map_err(|error| Error::io("reading", dir.path().join(name), error))?;
        Ok(if has_digest {
            Verdict::Remove
        } else {
            Verdict::Keep(CHANGED)
        })
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
            let names = match self.open(&cache) {
                Ok(Some(dir)) => dir.entries()?.into_iter().map(|(name, _)| name).collect(),
                // A symlink in its place is none of ours.
                Ok(None) | Err(Error::Io { .. }) => Vec::new(),
                Err(error) => return Err(error),
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

    fn open(&self, place: &Place) -> Result<Option<Dir>> {
        self.environment.open_folder(place)
    }
}

fn matches(mut file: std::fs::File, digest: &Digest) -> io::Result<bool> {
    let found = match digest.algorithm() {
        Algorithm::Sha256 => hash(&mut file, sha2::Sha256::new())?,
        Algorithm::Sha384 => hash(&mut file, sha2::Sha384::new())?,
        Algorithm::Sha512 => hash(&mut file, sha2::Sha512::new())?,
    };
    Ok(found == digest.bytes())
}

fn hash(file: &mut std::fs::File, mut hasher: impl sha2::Digest) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_vec()),
            count => hasher.update(&buffer[..count]),
        }
    }
}
