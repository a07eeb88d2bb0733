//! Names that cannot live side by side.

use std::collections::HashMap;

use assay_types::SafePath;

use crate::{
    ArchiveError,
    error::{refused, require},
};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// An entry of its own.
    File,
    /// An entry of its own that is a directory.
    Directory,
    /// Only known as the parent of an entry.
    Parent,
}

/// One part of a path, under its parent.
struct Node {
    id: usize,
    /// As it is written.
    part: String,
    place: Place,
}

/// All names of an archive as a tree, each part under the key under which it collides on file
/// systems that ignore case or normalise. Its size is that of the names, however deep they are.
pub(crate) struct Names {
    limit: u64,
    nodes: HashMap<(usize, String), Node>,
}

const ROOT: usize = 0;

impl Names {
    /// No names yet, and at most `limit` of them, parents that have no entry included.
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            nodes: HashMap::new(),
        }
    }

    /// Adds an entry; refuses duplicates, names that differ only in case or normalisation (in any
    /// of their parts), and a file where a directory is.
    pub(crate) fn add(&mut self, path: &SafePath, is_directory: bool) -> Result<(), ArchiveError> {
        let own = if is_directory {
            Place::Directory
        } else {
            Place::File
        };
        let key = path.collision_key();
        let mut keys = key.split('/');
        let mut parts = path.parts().peekable();
        let mut id = ROOT;
        while let Some(part) = parts.next() {
            // Folding keeps slashes apart; were it otherwise, nothing could be said of the path.
            let key = keys.next().ok_or_else(|| refused("name collision", path))?;
            let place = match parts.peek() {
                Some(_) => Place::Parent,
                None => own,
            };
            id = self.insert(id, part, key, place, path)?;
        }
        Ok(())
    }

    fn insert(
        &mut self,
        parent: usize,
        part: &str,
        key: &str,
        place: Place,
        path: &SafePath,
    ) -> Result<usize, ArchiveError> {
        let id = self.nodes.len() + 1;
        let node = self.nodes.entry((parent, key.to_owned())).or_insert(Node {
            id,
            part: part.to_owned(),
            place,
        });
        if node.id == id {
            require(id as u64 <= self.limit, "entry limit", || {
                format!("more than {} names, folders included", self.limit)
            })?;
            return Ok(id);
        }
        require(node.part == part, "name collision", || {
            format!("{path}: {part} is also written {}", node.part)
        })?;
        match (node.place, place) {
            (Place::File, Place::File) | (Place::Directory, Place::Directory) => {
                return Err(refused("duplicate entry", path));
            }
            (Place::File, _) | (_, Place::File) => {
                return Err(refused(
                    "file and directory",
                    format!("{path}: {part} is both"),
                ));
            }
            (Place::Parent, Place::Directory) => node.place = Place::Directory,
            (_, Place::Parent) => {}
        }
        Ok(node.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(limit: u64, names: &[&str], expected: Option<&str>) {
        let mut all = Names::new(limit);
        let added = names.iter().try_for_each(|name| {
            let bare = name.trim_end_matches('/');
            all.add(&SafePath::parse(bare).unwrap(), bare != *name)
        });
        assert_eq!(added.err().and_then(|it| it.rule()), expected, "{names:?}");
    }

    #[test]
    fn each_part_is_compared_with_its_neighbours() {
        check(9, &["a/b", "a/c", "d/b", "b"], None);
        check(9, &["a/b", "a/b"], Some("duplicate entry"));
        check(9, &["a/b/c", "A/d"], Some("name collision"));
        check(9, &["a/b", "a/B"], Some("name collision"));
        check(9, &["a/b", "a/b/c"], Some("file and directory"));
        check(9, &["a/b/c", "a/b"], Some("file and directory"));
    }

    #[test]
    fn directories_may_come_before_or_after_what_is_in_them() {
        check(9, &["a/", "a/b"], None);
        check(9, &["a/b", "a/"], None);
        check(9, &["a/", "a/b", "a/"], Some("duplicate entry"));
        check(9, &["a/", "a"], Some("file and directory"));
    }

    #[test]
    fn parents_count() {
        check(4, &["a/b/c", "a/b/d"], None);
        check(3, &["a/b/c", "a/b/d"], Some("entry limit"));
    }
}
