//! What the tests share: a home with a store and an environment, wheels that are admitted, and
//! pictures of folders.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use assay_archive::{Options, Wheel};
use assay_files::PrivateFolder;
use assay_install::{
    Addition, Approved, CommitOptions, Environment, Error, Interpreter, LinkMode, Notice, Outcome,
    Plan, Store, StoredWheel, venv,
};
use assay_testkit::{
    peers,
    wheel::{BuiltWheel, WheelBuilder},
};
use assay_trust::{Admission, Artifact, Cooldown, Evidence, Measuring, Policy, admit};
use assay_types::{FileName, ProjectName, Timestamp, Url, WheelName, listing::Origin};

/// A home folder with nothing in it, and an interpreter.
pub struct Home {
    folder: tempfile::TempDir,
    pub store: Store,
    pub python: Interpreter,
}

impl Home {
    /// `None` (with a printed line) where there is no Python.
    pub fn new() -> Option<Self> {
        let executable = peers::python()?;
        let folder = tempfile::tempdir().unwrap();
        let (cache, state) = (folder.path().join("cache"), folder.path().join("state"));
        let python = Interpreter::query(&executable, &cache).unwrap();
        Some(Self {
            store: Store::new(&cache, &state),
            python,
            folder,
        })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes the cache one that keeps no locks, as some network file systems are.
    pub fn spoil_locks(&self) {
        let locks = self.cache().join("locks");
        std::fs::remove_dir_all(&locks).ok();
        PrivateFolder::new(self.cache()).make().unwrap();
        std::fs::write(locks, "").unwrap();
    }

    pub fn cache(&self) -> PathBuf {
        self.path().join("cache")
    }

    /// A virtual environment called `name`, new or again.
    pub fn venv(&self, name: &str) -> Environment {
        let folder = self.path().join(name);
        let made = if folder.exists() {
            Interpreter::of_environment(&folder, &self.cache())
        } else {
            venv::create(
                &folder,
                &self.python,
                &venv::Options::default(),
                &self.cache(),
            )
        };
        Environment::open(made.unwrap(), false).unwrap()
    }

    pub fn publish(&self, built: &BuiltWheel) -> (Admission, StoredWheel) {
        let wheel = open(built);
        let stored = self.store.publish(&wheel, 2).unwrap();
        (wheel.admission().clone(), stored)
    }

    pub fn addition(&self, builder: &WheelBuilder) -> Addition {
        let (admission, stored) = self.publish(&builder.build());
        Addition {
            approved: Approved::new(admission, stored).unwrap(),
            requested: false,
            reference: None,
        }
    }

    /// Installs wheels with the default policy.
    pub fn install(&self, env: &Environment, wheels: &[WheelBuilder]) -> Result<Done, Error> {
        self.install_with(env, wheels, &policy())
    }

    pub fn install_with(
        &self,
        env: &Environment,
        wheels: &[WheelBuilder],
        policy: &Policy,
    ) -> Result<Done, Error> {
        let additions = wheels.iter().map(|it| self.addition(it)).collect();
        let inventory = env.installed().unwrap();
        let plan = Plan::build(env, &inventory, &[], additions, policy)?;
        self.finish(&plan)
    }

    /// The user's state.
    pub fn state(&self) -> PathBuf {
        self.path().join("state")
    }

    pub fn finish(&self, plan: &Plan<'_>) -> Result<Done, Error> {
        let outcome = plan.commit(CommitOptions {
            link_mode: LinkMode::Auto,
            threads: 2,
            state_dir: &self.state(),
        })?;
        Ok(Done {
            notices: plan.notices().to_vec(),
            outcome,
        })
    }

    pub fn uninstall(&self, env: &Environment, name: &str) -> Result<Done, Error> {
        let inventory = env.installed().unwrap();
        let installed = inventory.get(&project(name)).expect(name).clone();
        let plan = Plan::build(env, &inventory, &[installed], Vec::new(), &policy())?;
        self.finish(&plan)
    }
}

/// What a plan said and did.
#[derive(Debug)]
pub struct Done {
    pub notices: Vec<Notice>,
    pub outcome: Outcome,
}

pub fn policy() -> Policy {
    Policy::new(Cooldown::none())
}

pub fn project(name: &str) -> ProjectName {
    name.parse().unwrap()
}

/// An opened wheel, named by the user.
pub fn open(built: &BuiltWheel) -> Wheel<Vec<u8>> {
    open_with(built, Options::default())
}

pub fn open_with(built: &BuiltWheel, options: Options) -> Wheel<Vec<u8>> {
    let name = WheelName::parse(&built.file_name).unwrap();
    let artifact = Artifact {
        project: name.project().clone(),
        version: name.version().clone(),
        file_name: FileName::Wheel(name).as_str().to_owned(),
        origin: Origin::Index(Arc::new(
            Url::parse("https://index.example/simple/").unwrap(),
        )),
        size: None,
    };
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring.write_all(&built.bytes).unwrap();
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let admitted = admit(
        measuring.finish(),
        &artifact,
        &[Evidence::Local {
            named_in: "the test".to_owned(),
        }],
        &policy(),
        now,
    )
    .unwrap();
    Wheel::open(admitted, options).unwrap()
}

/// Everything below a folder: kind, mode and content (or target) by path. Two pictures are equal
/// when nothing was changed, not even a modification time.
pub fn picture(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut picture = BTreeMap::new();
    let mut stack = vec![folder.to_owned()];
    while let Some(path) = stack.pop() {
        let stat = path.symlink_metadata().unwrap();
        let content = if stat.is_dir() {
            stack.extend(fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
            String::new()
        } else if stat.is_symlink() {
            fs::read_link(&path).unwrap().display().to_string()
        } else {
            String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()
        };
        let name = path.strip_prefix(folder).unwrap().to_owned();
        // Staging touches the root's own time; what lies in it is what counts.
        let is_root = name.as_os_str().is_empty();
        let time = if is_root { 0 } else { stat.mtime_nsec() };
        picture.insert(name, format!("{:o} {time} {content}", stat.mode()));
    }
    picture
}

/// What a rename to and fro cannot change: everything but the times of folders.
pub fn contents(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut picture = picture(folder);
    picture.retain(|path, _| !folder.join(path).is_dir());
    picture
}

pub fn site(env: &Environment) -> &Path {
    &env.paths().purelib
}

/// Runs an environment's command.
pub fn run(env: &Environment, command: &str, arguments: &[&str]) -> Output {
    Command::new(env.paths().scripts.join(command))
        .args(arguments)
        .env_clear()
        .output()
        .unwrap()
}

pub fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned()
}

/// A Python with a pip that knows `--python`.
pub fn pip() -> Option<PathBuf> {
    let program = "import pip; assert int(pip.__version__.split('.')[0]) >= 23";
    peers::python_with(program, "pip that knows --python")
}

/// The refusal's rule, or a panic that shows what came instead.
pub fn rule<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(refusal)) => refusal.rule,
        other => panic!("{other:?}"),
    }
}
