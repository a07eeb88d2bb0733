//! An environment that is changed to and fro, with pictures of the state before and after.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use assay_archive::{Options, Wheel};
use assay_testkit::{peers, wheel::WheelBuilder};
use assay_trust::{Artifact, Cooldown, Evidence, Measuring, Policy, admit};
use assay_types::{FileName, Timestamp, Url, WheelName, listing::Origin};

use crate::{
    Addition, Approved, CommitOptions, Environment, Interpreter, Leftover, LinkMode, Outcome, Plan,
    Result, Store, Unfinished, hash,
    sys::fault::{Fault, during},
    venv,
};

/// Every file below some folders, with its content; a folder as such only where it is empty.
pub type Picture = BTreeMap<PathBuf, Vec<u8>>;

/// The name of the change of an environment whose commands lie on another file system.
pub const IN_TWO_ROOTS: &str = "upgrade in two roots";

/// What is done to the environment.
pub struct Change {
    /// For messages.
    pub name: &'static str,
    pub before: Vec<WheelBuilder>,
    pub after: Vec<WheelBuilder>,
}

/// A home with an environment in the state before a change, in memory where that can be.
pub struct World {
    folder: tempfile::TempDir,
    /// The environment's commands, where they have a root of their own.
    commands: tempfile::TempDir,
    pub env: Environment,
    /// Wheels that a state consists of.
    states: [Vec<Addition>; 2],
    pub old: Picture,
    pub new: Picture,
}

impl World {
    /// `None` (with a printed line) where there is no Python.
    pub fn new(change: &Change) -> Option<Self> {
        let (base, facts) = python()?;
        let memory = Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => tempfile::tempdir_in(memory).unwrap(),
            false => tempfile::tempdir().unwrap(),
        };
        let home = folder.path();
        let (state, target) = (home.join("state"), home.join("env"));
        let store = Store::new(&home.join("cache"), &state);
        let options = venv::Options::default();
        let made = venv::create(&target, base, &options, facts.path()).unwrap();
        let additions = |wheels: &[WheelBuilder]| {
            let wheels = wheels.iter();
            wheels.map(|it| addition(&store, it)).collect()
        };
        let commands = tempfile::tempdir().unwrap();
        let env = Environment::open(made, false).unwrap();
        let env = match change.name {
            IN_TWO_ROOTS => env.with_commands_in(commands.path()),
            _ => env,
        };
        let mut world = Self {
            env,
            commands,
            states: [additions(&change.before), additions(&change.after)],
            old: Picture::new(),
            new: Picture::new(),
            folder,
        };
        // Twice, so that the list of receipts is there in both.
        world.change().unwrap();
        world.restore();
        world.old = world.picture();
        world.change().unwrap();
        world.new = world.picture();
        world.restore();
        assert_ne!(world.old, world.new);
        assert_eq!(world.picture(), world.old);
        Some(world)
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// From the state before to the one after.
    pub fn change(&self) -> Result<Outcome> {
        self.bring_about(&self.states[1])
    }

    /// To the state before, from either.
    pub fn restore(&self) {
        self.bring_about(&self.states[0]).unwrap();
    }

    fn bring_about(&self, state: &[Addition]) -> Result<Outcome> {
        let inventory = self.env.installed().unwrap();
        let stays = |name| {
            let mut coming = state.iter();
            coming.any(|it| it.approved.stored().project() == name)
        };
        let going = inventory.distributions.iter();
        let going: Vec<_> = going.filter(|it| !stays(it.name())).cloned().collect();
        let policy = Policy::new(Cooldown::none());
        let plan = Plan::build(&self.env, &inventory, &going, state.to_vec(), &policy).unwrap();
        plan.commit(CommitOptions {
            link_mode: LinkMode::Auto,
            // Faults strike on this thread.
            threads: 1,
            state_dir: &self.state(),
        })
    }

    /// Runs that have not come to their end.
    pub fn unfinished(&self) -> Vec<Unfinished> {
        self.env.unfinished(&self.state()).unwrap()
    }

    /// What the next command does first.
    pub fn lock(&self) -> Result<Vec<Leftover>> {
        let lock = self.env.lock(&self.state(), || ())?;
        Ok(lock.leftovers().to_vec())
    }

    /// The environment and the lists of receipts.
    pub fn picture(&self) -> Picture {
        let mut picture = Picture::new();
        walk(&self.folder.path().join("env"), &mut picture);
        walk(&self.state().join("receipts"), &mut picture);
        walk(self.commands.path(), &mut picture);
        // Half a file that never got its name.
        picture.retain(|path, _| !path.display().to_string().contains("/receipts/.new-"));
        picture
    }

    /// The change, killed when it has made `moves` of its renames.
    pub fn change_and_die(&self, moves: usize) {
        let is_begun = |at: &usize| {
            during(Fault::kill(*at), || self.change())
                .1
                .then_some(())
                .expect("it begins");
            let is_begun = !self.unfinished().is_empty();
            self.lock().unwrap();
            self.restore();
            is_begun
        };
        let begun = (0..).find(is_begun).unwrap_or_default();
        let (_, was_killed) = during(Fault::kill(begun + moves), || self.change());
        assert!(was_killed && !self.unfinished().is_empty());
    }

    /// A path in site-packages.
    pub fn site(&self, name: &str) -> PathBuf {
        self.env.paths().purelib.join(name)
    }

    /// The staging folder of a run that was killed.
    pub fn staging(&self) -> PathBuf {
        let entries = fs::read_dir(self.env.folder()).unwrap();
        let mut paths = entries.map(|it| it.unwrap().path());
        let is_staging = |it: &PathBuf| it.display().to_string().contains("/.assay-");
        paths.find(is_staging).unwrap()
    }

    /// Makes the state know the journal as it is now.
    pub fn note_journal(&self) {
        let journal = fs::read(self.staging().join("journal")).unwrap();
        let notes = fs::read_dir(self.state().join("runs")).unwrap();
        for note in notes.map(|it| it.unwrap().path()) {
            fs::write(note, hash::bytes(&journal).to_string()).unwrap();
        }
    }

    /// Panics unless the state is the one before or the one after; whether it is the latter.
    #[track_caller]
    pub fn assert_whole(&self, context: &dyn std::fmt::Debug) -> bool {
        let found = self.picture();
        if found == self.new {
            return true;
        }
        let differs = |other: &Picture| -> Vec<PathBuf> {
            let paths = found.keys().chain(other.keys());
            let mut differing: Vec<_> = paths
                .filter(|it| found.get(*it) != other.get(*it))
                .cloned()
                .collect();
            differing.dedup();
            differing
        };
        let (old, new) = (differs(&self.old), differs(&self.new));
        assert!(
            old.is_empty(),
            "{context:?}: neither old nor new: from old {old:#?}, from new {new:#?}"
        );
        false
    }
}

/// Asked once for all tests: while a process is being started it holds every lock of this one.
pub fn python() -> Option<&'static (Interpreter, tempfile::TempDir)> {
    static PYTHON: OnceLock<Option<(Interpreter, tempfile::TempDir)>> = OnceLock::new();
    let ask = || {
        let facts = tempfile::tempdir().unwrap();
        let python = Interpreter::query(&peers::python()?, facts.path()).unwrap();
        Some((python, facts))
    };
    PYTHON.get_or_init(ask).as_ref()
}

pub fn walk(folder: &Path, picture: &mut Picture) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut is_empty = true;
    for path in entries.map(|it| it.unwrap().path()) {
        is_empty = false;
        let stat = path.symlink_metadata().unwrap();
        if stat.is_dir() {
            walk(&path, picture);
        } else if stat.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            picture.insert(path, target.into_os_string().into_encoded_bytes());
        } else {
            let bytes = fs::read(&path).unwrap();
            picture.insert(path, bytes);
        }
    }
    if is_empty {
        picture.insert(folder.to_owned(), b"an empty folder".to_vec());
    }
}

pub fn addition(store: &Store, wheel: &WheelBuilder) -> Addition {
    let built = wheel.build();
    let name = WheelName::parse(&built.file_name).unwrap();
    let index = Url::parse("https://index.example/simple/").unwrap();
    let artifact = Artifact {
        project: name.project().clone(),
        version: name.version().clone(),
        file_name: FileName::Wheel(name).as_str().to_owned(),
        origin: Origin::Index(Arc::new(index)),
        size: None,
    };
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring.write_all(&built.bytes).unwrap();
    let evidence = Evidence::Local {
        named_in: "the test".to_owned(),
    };
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let policy = Policy::new(Cooldown::none());
    let admitted = admit(measuring.finish(), &artifact, &[evidence], &policy, now).unwrap();
    let wheel = Wheel::open(admitted, Options::default()).unwrap();
    let stored = store.publish(&wheel, 1).unwrap();
    Addition {
        approved: Approved::new(wheel.admission().clone(), stored).unwrap(),
        requested: false,
        reference: None,
    }
}
