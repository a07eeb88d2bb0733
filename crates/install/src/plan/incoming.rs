//! A wheel on its way in: which of its files goes where.

use std::collections::HashSet;

use assay_types::ProjectName;

use super::{Addition, Item, Reference, Source, Tree, generated, script};
use crate::{
    Approved, Environment, Error, Result, StoredWheel, environment::Place, hash, store::Mark,
};

/// A wheel with its places.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub approved: Approved,
    pub requested: bool,
    pub reference: Option<Reference>,
    /// The site-packages folder of its dist-info.
    pub site: Place,
    /// Folder of the tree for each folder of the manifest, in the same order.
    pub folders: Vec<usize>,
    /// Files that do not come from the store.
    pub texts: Vec<Text>,
    /// What is not installed because another distribution's file stays: left out of RECORD.
    pub absent: HashSet<Source>,
    /// Folder of the tree for its dist-info.
    pub dist_info: usize,
}

/// A small file that is written rather than linked.
#[derive(Debug)]
pub(crate) struct Text {
    /// Folder of the tree.
    pub folder: usize,
    pub name: String,
    pub bytes: Vec<u8>,
    pub executable: bool,
    /// SHA-256 as RECORD writes it.
    pub digest: String,
}

impl Text {
    pub fn new(folder: usize, name: &str, bytes: Vec<u8>, executable: bool) -> Self {
        let digest = hash::bytes(&bytes).to_record();
        Self {
            folder,
            name: name.to_owned(),
            bytes,
            executable,
            digest,
        }
    }
}

impl Incoming {
    /// The user's folder that it leads to, if it was built here to do so.
    pub fn editable(&self) -> Option<String> {
        let built = self.approved.admission().built()?;
        match &self.reference {
            Some(Reference::Folder {
                url,
                editable: true,
            }) if built.how.editable => url.to_file_path().ok()?.to_str().map(str::to_owned),
            _ => None,
        }
    }

    /// Places every file of a wheel in the tree.
    pub fn map(
        addition: Addition,
        index: usize,
        environment: &Environment,
        tree: &mut Tree,
    ) -> Result<Self> {
        let stored = addition.approved.stored();
        let head = &stored.manifest().head;
        let schemes = environment.schemes();
        let site = if head.root_is_purelib {
            &schemes.purelib
        } else {
            &schemes.platlib
        };
        let mut incoming = Self {
            site: site.clone(),
            dist_info: tree.folder(&site.join(&head.dist_info)),
            folders: Vec::new(),
            texts: Vec::new(),
            absent: HashSet::new(),
            requested: addition.requested,
            reference: addition.reference.clone(),
            approved: addition.approved.clone(),
        };
        let wheel = u32::try_from(index).map_err(|_| incoming.broken("too many wheels"))?;
        incoming.place_rows(wheel, environment, tree)?;
        incoming.place_entry_points(wheel, environment, tree)?;
        incoming.texts.extend(generated::metadata(&incoming));
        for (number, text) in incoming.texts.iter().enumerate() {
            let source = Source::Text(number as u32);
            tree.add(text.folder, Item { wheel, source });
        }
        tree.add(
            incoming.dist_info,
            Item {
                wheel,
                source: Source::Record,
            },
        );
        Ok(incoming)
    }

    pub fn stored(&self) -> &StoredWheel {
        self.approved.stored()
    }

    pub fn project(&self) -> &ProjectName {
        self.stored().project()
    }

    /// Name of the file that a source becomes.
    pub fn file_name(&self, source: Source) -> &str {
        match source {
            Source::Row(row) => self.stored().manifest().file(row).name(),
            Source::Text(text) => &self.texts[text as usize].name,
            Source::Record => "RECORD",
        }
    }

    /// Its digest as RECORD writes it; none for RECORD itself.
    pub fn digest(&self, source: Source) -> Option<&str> {
        match source {
            Source::Row(row) => Some(self.stored().manifest().file(row).digest()),
            Source::Text(text) => Some(&self.texts[text as usize].digest),
            Source::Record => None,
        }
    }

    pub fn is_executable(&self, source: Source) -> bool {
        match source {
            Source::Row(row) => self.stored().manifest().file(row).is_executable(),
            Source::Text(text) => self.texts[text as usize].executable,
            Source::Record => false,
        }
    }

    /// Its content, read and compared with its digest.
    pub fn content(&self, source: Source) -> Result<Vec<u8>> {
        match source {
            Source::Row(row) => self.stored().read(self.stored().manifest().file(row)),
            Source::Text(text) => Ok(self.texts[text as usize].bytes.clone()),
            Source::Record => Ok(Vec::new()),
        }
    }

    fn place_rows(&mut self, wheel: u32, environment: &Environment, tree: &mut Tree) -> Result<()> {
        let stored = self.stored().clone();
        for folder in stored.manifest().folders() {
            let place = self.destination(folder.path(), environment)?;
            let target = tree.folder(&place);
            self.folders.push(target);
            for (row, file) in folder.files() {
                let source = Source::Row(row);
                if file.mark() == Mark::PythonScript {
                    let bytes = script::with_shebang(environment, &stored.read(file)?)?;
                    self.texts.push(Text::new(target, file.name(), bytes, true));
                    self.absent.insert(source);
                } else {
                    tree.add(target, Item { wheel, source });
                }
            }
        }
        Ok(())
    }

    /// Where a folder of the wheel goes: `.data/<scheme>/…` by its scheme, the rest beside the
    /// dist-info.
    fn destination(&self, folder: &str, environment: &Environment) -> Result<Place> {
        let head = &self.stored().manifest().head;
        let below = head.data.as_deref().and_then(|data| strip(folder, data));
        let Some(below) = below else {
            return Ok(self.site.join(folder));
        };
        let (scheme, rest) = below.split_once('/').unwrap_or((below, ""));
        let schemes = environment.schemes();
        let base = match scheme {
            "purelib" => &schemes.purelib,
            "platlib" => &schemes.platlib,
            "scripts" => &schemes.scripts,
            "data" => &schemes.data,
            // Headers lie in a folder of the project's own, by its normalised name as with pip.
            "headers" => {
                let own = schemes.include.join(self.project().as_ref());
                return Ok(own.join(rest));
            }
            _ => return Err(self.broken(&format!("{scheme} is no scheme"))),
        };
        Ok(base.join(rest))
    }

    /// Commands for console and GUI scripts. One that the wheel also ships as a file replaces it,
    /// as with pip.
    fn place_entry_points(
        &mut self,
        wheel: u32,
        environment: &Environment,
        tree: &mut Tree,
    ) -> Result<()> {
        let stored = self.stored().clone();
        let scripts = &stored.manifest().head.entry_points;
        if scripts.is_empty() {
            return Ok(());
        }
        let folder = tree.folder(&environment.schemes().scripts);
        for entry in scripts {
            self.texts
                .retain(|it| it.folder != folder || it.name != entry.name);
            let bytes = script::launcher(environment, entry)?;
            self.texts.push(Text::new(folder, &entry.name, bytes, true));
        }
        let rows = &mut tree.folders[folder].items;
        rows.retain(|item| {
            let replaced = item.wheel == wheel
                && scripts
                    .iter()
                    .any(|it| it.name == self.file_name(item.source));
            if replaced {
                self.absent.insert(item.source);
            }
            !replaced
        });
        Ok(())
    }

    pub fn broken(&self, why: &str) -> Error {
        Error::Distribution {
            name: self.stored().name().as_str().to_owned(),
            why: why.to_owned(),
        }
    }
}

fn strip<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    match path.strip_prefix(folder)? {
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }
}
