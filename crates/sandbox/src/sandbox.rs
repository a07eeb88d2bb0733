//! A program, what it may see, and what it may use up.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{Host, Limits, Outcome, Result, Tier, system};

/// A program to run in a sandbox. It gets nothing that is not named here: of the environment only what
/// [`variable`](Self::variable) sets, of the file system only its work folder, the system's own programs
/// and libraries, and what [`read_only`](Self::read_only) names.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "nothing is run where there is no sandbox")
)]
pub struct Sandbox {
    pub(crate) tier: Tier,
    pub(crate) launcher: PathBuf,
    pub(crate) work: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) variables: BTreeMap<OsString, OsString>,
    pub(crate) read_only: Vec<PathBuf>,
    pub(crate) read_only_at: Vec<(PathBuf, PathBuf)>,
    pub(crate) limits: Limits,
    pub(crate) input: Option<Vec<u8>>,
    pub(crate) also_at: Vec<(PathBuf, PathBuf)>,
    pub(crate) log: Option<Arc<File>>,
    pub(crate) network: Vec<Host>,
}

impl Sandbox {
    /// `work` is the one folder that the program can write to: absolute, and in a folder that nobody
    /// else can write to. `program` is the absolute path that the program has inside.
    ///
    /// As root, the folder and everything in it is given to the unprivileged user id that the program
    /// runs as; in tier [`Restricted`](Tier::Restricted) that user has to be able to reach it.
    pub fn new(tier: Tier, work: &Path, program: &Path) -> Self {
        Self {
            tier,
            launcher: PathBuf::from("/proc/self/exe"),
            work: work.to_owned(),
            folder: PathBuf::new(),
            program: program.to_owned(),
            arguments: Vec::new(),
            variables: BTreeMap::new(),
            read_only: Vec::new(),
            read_only_at: Vec::new(),
            limits: Limits::default(),
            input: None,
            also_at: Vec::new(),
            log: None,
            network: Vec::new(),
        }
    }

    /// The binary that calls [`launcher`](crate::launcher) first; the running one, where this is not said.
    pub fn launcher(mut self, binary: &Path) -> Self {
        self.launcher = binary.to_owned();
        self
    }

    /// The next argument.
    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// The folder to start in: below the work folder, or an absolute path where [`also_at`](Self::also_at)
    /// has put one.
    pub fn folder(mut self, relative: &Path) -> Self {
        self.folder = relative.to_owned();
        self
    }

    /// A variable of the program's environment. `PATH`, `HOME`, `TMPDIR` and `LANG` have values of the
    /// sandbox's own where they are not said.
    pub fn variable(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let value = value.as_ref().to_owned();
        self.variables.insert(name.as_ref().to_owned(), value);
        self
    }

    /// A file or folder of the host that the program may read and run, at the same absolute path. One
    /// that does not exist is an error. It may not lie in the work folder, where everything is writable.
    pub fn read_only(mut self, path: &Path) -> Self {
        self.read_only.push(path.to_owned());
        self
    }

    /// A folder of the host that the program may read and run, at another absolute path: the same one for
    /// each build, wherever the host has it. The folder's own path is not seen.
    ///
    /// Only for tiers that [mount](Tier::mounts), and where [`also_at`](Self::also_at) could be.
    pub fn read_only_at(mut self, host: &Path, at: &Path) -> Self {
        self.read_only_at.push((host.to_owned(), at.to_owned()));
        self
    }

    /// A folder of the work folder, given by its path in it, that the program also finds at an absolute
    /// path, and may write to there: the path that the user's own project has, which is covered by it.
    ///
    /// Only for tiers that [mount](Tier::mounts). A path that would cover what the build needs, or that
    /// lies where the system is, is an error; so is one in `/usr` that is not there on the host.
    pub fn also_at(mut self, relative: &Path, at: &Path) -> Self {
        self.also_at.push((relative.to_owned(), at.to_owned()));
        self
    }

    /// A file that all output is written to as it comes, from where it stands; [`Limits::log`] is how
    /// much. The end of it is in the [`Outcome`] all the same.
    pub fn log(mut self, to: File) -> Self {
        self.log = Some(Arc::new(to));
        self
    }

    /// How much it may use up.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What it reads from standard input, which is `/dev/null` where this is not said. Kept in memory.
    pub fn input(mut self, bytes: &[u8]) -> Self {
        self.input = Some(bytes.to_owned());
        self
    }

    /// What it may reach of the network, and nothing else: through a proxy of our own, which its variables
    /// name, by `CONNECT`. With the first host it also sees whom the system trusts (TLS).
    /// [`Tier::network`] says where that can be had.
    pub fn network(mut self, hosts: &[Host]) -> Self {
        self.network = hosts.to_owned();
        self
    }

    /// Runs the program to its end, and until nothing that it started lives.
    ///
    /// # Errors
    ///
    /// A layer of the tier could not be put up, or the program not be started. A program that fails is
    /// an [`Outcome`].
    pub fn run(&self) -> Result<Outcome> {
        system::run(self)
    }
}
