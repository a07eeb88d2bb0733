//! The renames that make a journal true, and the way back.

use super::{
    Staging,
    journal::{Group, Thing, Way},
};
use crate::{Environment, Error, Result, sys::Dir};

/// Moves things between an environment and the staging folders of a run. Nothing is ever replaced:
/// a file that is in the way is an error.
#[derive(Clone, Copy)]
pub(super) struct Moves<'a> {
    pub environment: &'a Environment,
    pub staging: &'a Staging<'a>,
}

impl Moves<'_> {
    /// To their new places, in the journal's order; ends at the first failure.
    pub fn forward(self, groups: &[Group]) -> Result<()> {
        groups.iter().try_for_each(|group| {
            let (folder, staged) = self.open(group)?;
            let mut things = group.things.iter();
            things.try_for_each(|thing| match group.way {
                Way::Out => leave(thing, &folder, &staged),
                Way::In => arrive(thing, &folder, &staged),
            })
        })
    }

    /// To their old places, newest first. It goes on after a failure: the more is back, the
    /// better. The first failure is the one that is told.
    pub fn back(self, groups: &[Group]) -> Result<()> {
        let mut result = Ok(());
        for group in groups.iter().rev() {
            let back = self.open(group).and_then(|(folder, staged)| {
                let mut first = Ok(());
                for thing in group.things.iter().rev() {
                    first = first.and(match group.way {
                        Way::Out => arrive(thing, &folder, &staged),
                        Way::In => leave(thing, &folder, &staged),
                    });
                }
                first
            });
            result = result.and(back);
        }
        result
    }

    /// The folder of the environment and the one of the staging.
    fn open(self, group: &Group) -> Result<(Dir, Dir)> {
        let place = group.folder();
        let folder = self.environment.open_folder(&place)?;
        let folder = folder.ok_or_else(|| {
            let path = self.environment.path_of(&place);
            Error::io("opening", path, std::io::ErrorKind::NotFound)
        })?;
        let staged = self.staging.folder(place.root, &group.staging)?;
        Ok((folder, staged))
    }
}

fn leave(thing: &Thing, folder: &Dir, staged: &Dir) -> Result<()> {
    folder.rename_to(&thing.name, staged, &thing.staged)
}

fn arrive(thing: &Thing, folder: &Dir, staged: &Dir) -> Result<()> {
    staged.rename_to(&thing.staged, folder, &thing.name)
}
