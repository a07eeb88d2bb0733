//! How far the run of a journal came, thing by thing, and whether the rest can be done.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    io,
};

use super::{
    Staging,
    journal::{Group, Journal, Thing, Way},
};
use crate::{
    Environment, Error, Result,
    environment::Place,
    sys::{Facts, leads_out},
};

/// Why a journal cannot be carried out to its end now.
#[derive(Debug)]
pub(super) enum Stop {
    /// Something else lies where a thing belongs, or a thing is gone: it will not pass by itself.
    Obstacle(String),
    /// The file system refused; it may pass.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        use io::ErrorKind::{AlreadyExists, InvalidInput, NotADirectory, NotFound};
        match &error {
            Error::Io { source, .. }
                if matches!(
                    source.kind(),
                    AlreadyExists | NotADirectory | NotFound | InvalidInput
                ) || leads_out(source) =>
            {
                Self::Obstacle(error.to_string())
            }
            _ => Self::Failed(error),
        }
    }
}

/// Looks at each thing of a journal.
pub(super) struct Survey<'a> {
    environment: &'a Environment,
    journal: &'a Journal,
    /// What lies in the staging folders, by root and name.
    staged: HashMap<(usize, &'a str), HashSet<String>>,
}

/// What lies at a thing's place in the environment.
enum Found {
    NoFolder,
    Nothing,
    Something(Facts),
}

impl<'a> Survey<'a> {
    /// Lists the staging folders.
    pub fn new(
        environment: &'a Environment,
        staging: &Staging<'_>,
        journal: &'a Journal,
    ) -> Result<Self> {
        let mut staged = HashMap::new();
        for group in &journal.groups {
            let key = (group.folder().root, group.staging.as_str());
            if let Entry::Vacant(vacant) = staged.entry(key) {
                let entries = staging.folder(key.0, key.1)?.entries()?;
                vacant.insert(entries.into_iter().map(|(name, _)| name).collect());
            }
        }
        Ok(Self {
            environment,
            journal,
            staged,
        })
    }

    /// What was moved already.
    pub fn moved(&self) -> Vec<Group> {
        self.journal
            .only(|group, thing| self.is_moved(group, thing))
    }

    /// What is still to be moved to its new place. A file that should go and was changed since
    /// stays, as it would have if it had been changed before.
    pub fn due(&self, staging: &Staging<'_>) -> Result<Vec<Group>, Stop> {
        let mut going = HashSet::new();
        let mut stop = None;
        let mut is_due = |group: &Group, thing: &Thing| -> Result<bool, Stop> {
            let found = self.look(group, thing)?;
            match (group.way, self.is_moved(group, thing), found) {
                (Way::Out, true, _) => Ok(false),
                (Way::Out, false, Found::Something(facts))
                    if facts == at_last(thing.facts, &place(group, thing), &going) =>
                {
                    Ok(going.insert(place(group, thing)))
                }
                (Way::Out, false, _) => Ok(false),
                (Way::In, true, Found::Something(_)) => Ok(false),
                (Way::In, true, _) => Err(self.obstacle(group, thing, "is gone")),
                (Way::In, false, Found::NoFolder) => {
                    Err(self.obstacle(group, thing, "has lost its folder"))
                }
                (Way::In, false, Found::Something(_)) if !going.contains(&place(group, thing)) => {
                    Err(self.obstacle(group, thing, "is there already"))
                }
                (Way::In, false, _) => self.is_whole(staging, group, thing),
            }
        };
        let due = self.journal.only(|group, thing| {
            stop.is_none()
                && is_due(group, thing).unwrap_or_else(|why| {
                    stop = Some(why);
                    false
                })
        });
        stop.map_or(Ok(due), Err)
    }

    /// What is still to be moved back. Something that came and was changed since is not taken
    /// away, and something that waits and was changed since does not go back.
    pub fn due_back(&self, staging: &Staging<'_>) -> Result<Vec<Group>, Stop> {
        let moved = self.moved();
        let each = |way: Way| {
            let groups = moved.iter().filter(move |it| it.way == way);
            groups.flat_map(|group| group.things.iter().map(move |it| (group, it)))
        };
        let mut leaving = HashSet::new();
        for (group, thing) in each(Way::In) {
            match self.look(group, thing)? {
                Found::Something(facts) if facts == thing.facts => {
                    leaving.insert(place(group, thing));
                }
                Found::Something(_) => return Err(self.obstacle(group, thing, "was changed")),
                Found::NoFolder | Found::Nothing => {}
            }
        }
        for (group, thing) in each(Way::Out) {
            let is_taken = matches!(self.look(group, thing)?, Found::Something(_));
            if is_taken && !leaving.contains(&place(group, thing)) {
                return Err(self.obstacle(group, thing, "is there already"));
            }
            self.is_whole(staging, group, thing)?;
        }
        Ok(self.journal.only(|group, thing| match group.way {
            Way::Out => self.is_moved(group, thing),
            Way::In => leaving.contains(&place(group, thing)),
        }))
    }

    /// The staging folder is nobody else's, so it alone tells.
    fn is_moved(&self, group: &Group, thing: &Thing) -> bool {
        let key = (group.folder().root, group.staging.as_str());
        let is_staged = self.staged[&key].contains(&thing.staged);
        match group.way {
            Way::Out => is_staged,
            Way::In => !is_staged,
        }
    }

    /// After a power cut a file may be shorter than it was, and others may have been at it.
    fn is_whole(&self, staging: &Staging<'_>, group: &Group, thing: &Thing) -> Result<bool, Stop> {
        let folder = staging.folder(group.folder().root, &group.staging)?;
        match folder.facts(&thing.staged)? == Some(thing.facts) {
            true => Ok(true),
            false => Err(self.obstacle(group, thing, "was changed while it waited for its move")),
        }
    }

    fn look(&self, group: &Group, thing: &Thing) -> Result<Found> {
        let dir = match self.environment.open_folder(&group.folder()) {
            Ok(Some(dir)) => dir,
            Ok(None) => return Ok(Found::NoFolder),
            Err(Error::Io { source, .. }) if leads_out(&source) => return Ok(Found::NoFolder),
            Err(error) => return Err(error),
        };
        Ok(match dir.facts(&thing.name)? {
            Some(facts) => Found::Something(facts),
            None => Found::Nothing,
        })
    }

    fn obstacle(&self, group: &Group, thing: &Thing, what: &str) -> Stop {
        let path = self.environment.path_of(&place(group, thing));
        Stop::Obstacle(format!("{} {what}", path.display()))
    }
}

/// What is there before the rest goes: a folder goes after the files that still lie in it.
fn at_last(facts: Facts, place: &Place, going: &HashSet<Place>) -> Facts {
    let Facts::Folder(count) = facts else {
        return facts;
    };
    let below = going.iter().filter_map(|it| it.below(place));
    let counted = below.filter(|it| it.split('/').all(|it| it != "__pycache__"));
    Facts::Folder(count + counted.count() as u64)
}

fn place(group: &Group, thing: &Thing) -> Place {
    group.folder().join(&thing.name)
}
