//! The folders that a plan writes to, as a tree.

use std::collections::HashMap;

use crate::environment::Place;

/// Every folder that gets a file, with all the folders above it up to its root. A folder comes
/// after the one that holds it.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub folders: Vec<FolderPlan>,
    index: HashMap<Place, usize>,
}

/// One folder.
#[derive(Debug)]
pub(crate) struct FolderPlan {
    pub place: Place,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    /// What is written into it.
    pub items: Vec<Item>,
    /// Whether it is there already.
    pub exists: bool,
}

/// One file to write: of which wheel, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Item {
    /// Index into the plan's wheels.
    pub wheel: u32,
    pub source: Source,
}

/// Where a file's content comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// A row of the wheel's manifest: linked from the store.
    Row(u32),
    /// One of the wheel's generated texts.
    Text(u32),
    /// The wheel's RECORD, made when everything else is known.
    Record,
}

impl Tree {
    /// The folder at a place, made (with those above it) where the tree has none.
    pub fn folder(&mut self, place: &Place) -> usize {
        if let Some(&index) = self.index.get(place) {
            return index;
        }
        let parent = place.split().map(|(above, _)| self.folder(&above));
        let index = self.folders.len();
        self.folders.push(FolderPlan {
            place: place.clone(),
            parent,
            children: Vec::new(),
            items: Vec::new(),
            exists: false,
        });
        if let Some(parent) = parent {
            self.folders[parent].children.push(index);
        }
        self.index.insert(place.clone(), index);
        index
    }

    /// The folder at a place, if something goes there or below.
    pub fn find(&self, place: &Place) -> Option<&FolderPlan> {
        self.index.get(place).map(|&index| &self.folders[index])
    }

    pub fn add(&mut self, folder: usize, item: Item) {
        self.folders[folder].items.push(item);
    }
}

impl FolderPlan {
    /// Its own name; empty for a root.
    pub fn name(&self) -> &str {
        self.place.name()
    }
}
