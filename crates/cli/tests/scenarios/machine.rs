//! A user's machine: an empty home, a scrubbed environment, the binary.

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::{
        fs::{chown, lchown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Output},
};

use assay_testkit::{
    server::{Builder, IndexServer, Upload},
    wheel::{BuiltWheel, WheelBuilder},
};

/// A home of its own for each test.
pub struct Machine {
    folder: tempfile::TempDir,
    /// Who works there, where it is somebody else than who runs the tests.
    user: Option<u32>,
}

/// The state of a folder.
pub struct Snapshot(BTreeMap<PathBuf, Vec<u8>>);

/// What a command did.
#[derive(Debug)]
pub struct Outcome {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Machine {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("home")).unwrap();
        std::fs::create_dir(folder.path().join("work")).unwrap();
        Self { folder, user: None }
    }

    /// The machine of an ordinary user, which only root can make.
    pub fn of_user(user: u32) -> Self {
        let mut machine = Self::new();
        let folder = machine.folder.path();
        for folder in [folder, &folder.join("home"), &folder.join("work")] {
            chown(folder, Some(user), Some(user)).unwrap();
        }
        machine.user = Some(user);
        machine
    }

    /// Whether somebody else than who runs the tests works there.
    pub fn user(&self) -> Option<u32> {
        self.user
    }

    /// The home.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A path in the working folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    /// Writes a file into the working folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The same in the home, where it is the user's own.
    pub fn write_at_home(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        for it in path.ancestors().take_while(|it| *it != self.home()) {
            self.give(it);
        }
        path
    }

    /// Gives a file, or a folder with everything in it, to who works here.
    pub fn give(&self, path: &Path) {
        if self.user.is_none() {
            return;
        }
        lchown(path, self.user, self.user).unwrap();
        let kind = path.symlink_metadata().unwrap();
        let entries = kind.is_dir().then(|| std::fs::read_dir(path).unwrap());
        for entry in entries.into_iter().flatten() {
            self.give(&entry.unwrap().path());
        }
    }

    /// The environment that [`Self::install`] installs into.
    pub fn venv(&self) -> PathBuf {
        self.path("env")
    }

    /// Its site-packages.
    pub fn site(&self) -> PathBuf {
        let lib = self.venv().join("lib");
        let mut entries =
            std::fs::read_dir(&lib).unwrap_or_else(|error| panic!("{}: {error}", lib.display()));
        entries
            .next()
            .unwrap()
            .unwrap()
            .path()
            .join("site-packages")
    }

    /// Runs assay. Lines of the machine's own environment never reach it.
    pub fn assay(&self, args: &[&str]) -> Outcome {
        self.assay_with(args, &[])
    }

    pub fn assay_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        self.scrub(&mut command)
            .args(args)
            .envs(variables.iter().copied());
        Outcome::of(command.output().unwrap())
    }

    /// `assay install --venv env --index-url SERVER …`
    pub fn install(&self, server: &IndexServer, args: &[&str]) -> Outcome {
        let url = server.index_url();
        let mut all = vec!["install", "--venv", "env", "--index-url", &url];
        all.extend(args);
        self.assay(&all)
    }

    /// Runs the environment's Python.
    pub fn python(&self, code: &str) -> Outcome {
        let mut command = Command::new(self.venv().join("bin/python"));
        Outcome::of(
            self.scrub(&mut command)
                .args(["-c", code])
                .output()
                .unwrap(),
        )
    }

    /// assay, to be started with whatever arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        self.scrub(&mut command);
        command
    }

    /// The same, run by another program.
    pub fn command_under(&self, program: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        self.scrub(&mut command)
            .args(args)
            .arg(env!("CARGO_BIN_EXE_assay"));
        command
    }

    /// Runs any program in the scrubbed environment.
    pub fn run(&self, program: &Path, args: &[&str]) -> Outcome {
        let mut command = Command::new(program);
        // Other programs ask a proxy about loopback, too.
        self.scrub(&mut command).env("NO_PROXY", "127.0.0.1");
        Outcome::of(command.args(args).output().unwrap())
    }

    fn scrub<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let mut path = assay_testkit::peers::search_path();
        if let Some(user) = self.user {
            command.uid(user).gid(user);
            // Whoever runs the tests may have a Python that is nobody else's.
            path = "/usr/local/bin:/usr/bin:/bin".into();
        }
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.home())
            // The machine's own pip.conf is none of the scenarios' business.
            .env("PIP_CONFIG_FILE", "/dev/null")
            // Nobody listens there: a run that goes further than loopback, which uses no proxy, fails.
            .env("ALL_PROXY", "http://127.0.0.1:9")
            .current_dir(self.folder.path().join("work"))
    }

    /// What is installed, as `assay freeze --all` says.
    pub fn frozen(&self) -> Vec<String> {
        let outcome = self.assay(&["freeze", "--all", "--venv", "env"]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        outcome.out.lines().map(str::to_owned).collect()
    }

    /// Every file of the working folder with its content, for [`Self::assert_unchanged`].
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.folder.path().join("work"))
    }

    /// Nothing was left behind, changed or taken away.
    #[track_caller]
    pub fn assert_unchanged(&self, before: &Snapshot) {
        assert_eq!(self.changes_since(before), Vec::<PathBuf>::new());
    }

    /// Files that are not as they were.
    pub fn changes_since(&self, before: &Snapshot) -> Vec<PathBuf> {
        before.changes_to(&self.snapshot())
    }
}

impl Snapshot {
    /// Of any folder.
    pub fn of(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        walk(folder, &mut files);
        Self(files)
    }

    /// Files that are not the same in both.
    pub fn changes_to(&self, after: &Self) -> Vec<PathBuf> {
        let paths: BTreeSet<_> = self.0.keys().chain(after.0.keys()).collect();
        let changed = paths
            .into_iter()
            .filter(|it| self.0.get(*it) != after.0.get(*it));
        changed.cloned().collect()
    }
}

impl Outcome {
    pub fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// Asserts success.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }

    /// Asserts an exit code and words on standard error.
    #[track_caller]
    pub fn fails(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not in:\n{}", self.err);
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A wheel with one module that holds its version.
pub fn simple(name: &str, version: &str, requires: &[&str]) -> BuiltWheel {
    let module = format!("{}/__init__.py", name.replace('-', "_"));
    let code = format!("__version__ = {version:?}\n");
    let builder = WheelBuilder::new(name, version).file(&module, code.as_bytes());
    requires
        .iter()
        .fold(builder, |builder, it| builder.requires(it))
        .build()
}

/// An index with these wheels.
pub fn index(wheels: &[BuiltWheel]) -> IndexServer {
    builder(wheels).start()
}

pub fn builder(wheels: &[BuiltWheel]) -> Builder {
    wheels.iter().fold(IndexServer::builder(), |builder, it| {
        builder.upload(upload(it))
    })
}

/// A wheel as PyPI lists it: sha256, size, and a hashed metadata sidecar.
pub fn upload(wheel: &BuiltWheel) -> Upload {
    Upload::new(&wheel.file_name, wheel.bytes.clone()).sidecar(wheel.metadata.clone())
}

/// Files of site-packages that belong to a project, none of them once it is gone.
pub fn files_with(folder: &Path, word: &str) -> Vec<PathBuf> {
    let mut files = BTreeMap::new();
    walk(folder, &mut files);
    files
        .into_keys()
        .filter(|it| it.to_string_lossy().contains(word))
        .collect()
}

fn walk(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files.insert(entry.path(), Vec::new());
            walk(&entry.path(), files);
        } else if kind.is_symlink() {
            let target = std::fs::read_link(entry.path()).unwrap();
            files.insert(entry.path(), target.into_os_string().into_encoded_bytes());
        } else {
            files.insert(entry.path(), std::fs::read(entry.path()).unwrap());
        }
    }
}
