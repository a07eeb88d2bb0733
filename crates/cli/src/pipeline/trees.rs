//! Source trees that the user named, settled: fetched, and asked what they are, before anything is
//! resolved.

use std::{cell::RefCell, collections::HashMap, path::Path, sync::Arc};

use assay_index::git::Checkout;
use assay_types::{
    FileName, ProjectName, TreeName,
    listing::{File, Location, Origin, Tree},
    metadata::Metadata,
    repository::{Address, Revision},
};

use crate::{
    failure::{Failure, Result},
    inputs::{AskedTree, Inputs, Place, Settled},
    settings::Temporary,
};

/// Says what a tree is.
type Describe<'a> = dyn Fn(&Tree, Option<&ProjectName>) -> Result<Arc<Metadata>> + 'a;
/// By what was asked for: several projects may lie in one repository.
type Checkouts = HashMap<(String, Option<Revision>), Arc<Checkout>>;

/// What it takes to settle trees.
pub struct Ways<'a> {
    /// Checks out what an address means into a folder that is not there yet.
    pub check_out: &'a dyn Fn(&Address, &Path) -> Result<Checkout>,
    /// What a tree is, of which the user may have written the name.
    pub describe: &'a Describe<'a>,
    /// Tells the user something.
    pub note: &'a dyn Fn(&str),
}

/// Looks at every tree that was asked for and is for the target; where there is none, at nothing.
pub fn settle(inputs: &Inputs, ways: &Ways<'_>) -> Result<Settled> {
    let mut settled = Settled::default();
    let work = Work {
        ways,
        temporary: RefCell::default(),
        checkouts: RefCell::default(),
    };
    for tree in &inputs.trees {
        let markers = inputs.markers.as_ref();
        if markers.is_some_and(|it| !tree.marker.evaluate(it, &[])) {
            let (what, from) = (&tree.direct, &tree.from);
            (ways.note)(&format!(
                "{what} from {from} is not for this Python; ignored"
            ));
            continue;
        }
        if inputs.require_hashes {
            check_pinned(tree)?;
        }
        settled.files.push((tree.clone(), work.file(tree)?));
    }
    settled.checkouts = work.temporary.into_inner();
    Ok(settled)
}

struct Work<'a> {
    ways: &'a Ways<'a>,
    /// Holds the checkouts; made for the first one.
    temporary: RefCell<Option<Temporary>>,
    checkouts: RefCell<Checkouts>,
}

impl Work<'_> {
    fn file(&self, asked: &AskedTree) -> Result<File> {
        let named_in = Arc::from(asked.from.as_str());
        let (tree, origin) = match &asked.place {
            Place::Folder(root, subdirectory) => {
                let tree = Tree {
                    root: root.clone(),
                    subdirectory: subdirectory.clone(),
                    editable: asked.editable,
                    named_in,
                };
                let origin = Origin::Local(Arc::from(tree.project()));
                (tree, origin)
            }
            Place::Repository(address) => {
                let checkout = self.checkout(address)?;
                let repository = checkout.repository(address)?;
                let tree = Tree {
                    root: checkout.root.clone(),
                    subdirectory: repository.subdirectory.clone(),
                    editable: false,
                    named_in,
                };
                (tree, Origin::Repository(Arc::new(repository)))
            }
        };
        let metadata = (self.ways.describe)(&tree, asked.name.as_ref())?;
        check_name(asked, &metadata)?;
        self.note_unpinned(asked, &metadata, &origin);
        let name = TreeName::new(metadata.name.clone(), metadata.version.clone());
        Ok(File::new(
            FileName::Tree(name),
            Location::Tree(tree),
            origin,
        ))
    }

    fn checkout(&self, address: &Address) -> Result<Arc<Checkout>> {
        let key = (address.url.to_string(), address.revision.clone());
        let mut checkouts = self.checkouts.borrow_mut();
        if let Some(known) = checkouts.get(&key) {
            return Ok(Arc::clone(known));
        }
        let mut temporary = self.temporary.borrow_mut();
        let folder = match &mut *temporary {
            Some(folder) => folder,
            none => none.insert(Temporary::new().map_err(|error| {
                Failure::could_not(format!("making a folder for a checkout: {error}"))
            })?),
        };
        let into = folder.path().join(checkouts.len().to_string());
        let checkout = Arc::new((self.ways.check_out)(address, &into)?);
        checkouts.insert(key, Arc::clone(&checkout));
        Ok(checkout)
    }

    /// Whoever wants the same again should know how to say it.
    fn note_unpinned(&self, asked: &AskedTree, metadata: &Metadata, origin: &Origin) {
        let (Place::Repository(address), Origin::Repository(found)) = (&asked.place, origin) else {
            return;
        };
        if address.commit().is_some() {
            return;
        }
        let what = match &address.revision {
            Some(revision) => format!("{revision} is"),
            None => "that is".to_owned(),
        };
        let (name, commit) = (&metadata.name, &found.commit);
        (self.ways.note)(&format!(
            "{name} comes from {address}; {what} {commit} today: write @{commit} to always take this one"
        ));
    }
}

/// `--require-hashes`: a commit's full id says what comes as well as a digest does. Of a folder nothing
/// can say it.
fn check_pinned(asked: &AskedTree) -> Result<()> {
    let (what, hint) = match &asked.place {
        Place::Repository(address) if address.commit().is_some() => return Ok(()),
        Place::Repository(address) => (
            address.to_string(),
            "write the full id of the commit behind @",
        ),
        Place::Folder(path, _) => (
            format!("the folder {}", path.display()),
            "name an sdist or a wheel of it, with its hash",
        ),
    };
    let from = &asked.from;
    Err(
        Failure::refused(format!("{from}: nothing says what {what} has to hold"))
            .detail("rule: --require-hashes, which one --hash switches on for all")
            .hint(hint),
    )
}

fn check_name(asked: &AskedTree, metadata: &Metadata) -> Result<()> {
    match &asked.name {
        Some(name) if *name != metadata.name => {
            let (from, found, direct) = (&asked.from, &metadata.name, &asked.direct);
            Err(Failure::usage(format!(
                "{from}: {direct} is the project {found}, not {name}"
            ))
            .hint(format!(
                "write {found} in place of {name}, if that is what you want"
            )))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
