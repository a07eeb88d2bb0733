//! A workshop with a tree in it, for each tier.

use std::{
    ffi::OsString,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use assay_build::{ConfigSettings, Error, Failed, Hook, Order, Result, Said, Workshop};
use assay_files::PrivateFolder;
use assay_sandbox::{Host, Limits, Report, Tier, probe};
use assay_testkit::sdist::{Backend, SdistBuilder};
use tempfile::TempDir;

/// The helper's binary.
pub const LAUNCHER: &str = env!("CARGO_BIN_EXE_assay-build-launcher");
/// A Python that every user can reach.
const PYTHON: &str = "/usr/bin/python3";

/// A tree in a workshop.
pub struct Rig {
    pub tier: Tier,
    pub workshop: Workshop,
    pub limits: Limits,
    pub settings: ConfigSettings,
    pub python: PathBuf,
    pub readable: Vec<PathBuf>,
    pub given: Vec<String>,
    pub variables: Vec<(String, OsString)>,
    pub at: Option<PathBuf>,
    pub network: Vec<Host>,
    /// The tree, as its author has it.
    pub tree: TempDir,
    _home: TempDir,
}

/// Calls `body` for each tier that holds, with a tree of the backend. Where a tier does not hold, the
/// same run must be refused.
pub fn each(backend: &Backend, body: impl Fn(&mut Rig)) {
    each_tree(&demo().in_tree(backend), body);
}

/// The same for any tree.
pub fn each_tree(tree: &SdistBuilder, body: impl Fn(&mut Rig)) {
    if !Path::new(PYTHON).is_file() {
        println!("skipped: no {PYTHON}");
        return;
    }
    for finding in &report().findings {
        let mut rig = Rig::new(finding.tier, tree);
        match &finding.holds {
            Ok(()) => body(&mut rig),
            Err(why) => {
                println!("refused: {}: {why}", finding.tier);
                let refused = rig.run(Hook::Wheel).unwrap_err();
                assert!(matches!(refused, Error::Sandbox(_)), "{refused}");
            }
        }
    }
}

/// The tree of a small project, without a backend.
pub fn demo() -> SdistBuilder {
    SdistBuilder::simple("demo", "1.0").project("")
}

fn report() -> &'static Report {
    static REPORT: OnceLock<Report> = OnceLock::new();
    REPORT.get_or_init(|| probe(Path::new(LAUNCHER)))
}

/// A folder that the build's user can find things in, when root builds without name spaces.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
    folder
}

/// An empty workshop in a folder.
pub fn workshop(home: &TempDir) -> Workshop {
    let parent = PrivateFolder::new(home.path());
    Workshop::new(&parent)
        .unwrap()
        .launcher(Path::new(LAUNCHER))
}

impl Rig {
    pub fn new(tier: Tier, tree: &SdistBuilder) -> Self {
        let (home, folder) = (folder(), tempfile::tempdir_in("/tmp").unwrap());
        tree.write_tree(folder.path()).unwrap();
        let mut workshop = workshop(&home);
        workshop.lay_out_tree(folder.path(), None).unwrap();
        let limits = Limits {
            wall: Duration::from_secs(60),
            ..Limits::default()
        };
        Self {
            tier,
            workshop,
            limits,
            settings: ConfigSettings::default(),
            python: PathBuf::from(PYTHON),
            readable: Vec::new(),
            given: Vec::new(),
            variables: Vec::new(),
            at: None,
            network: Vec::new(),
            tree: folder,
            _home: home,
        }
    }

    pub fn run(&mut self, hook: Hook) -> Result<Said> {
        let system = self.workshop.build_system().unwrap();
        let order = Order {
            tier: self.tier,
            python: &self.python,
            environment: None,
            readable: &self.readable,
            system: &system,
            hook,
            settings: &self.settings,
            variables: &self.variables,
            given: &self.given,
            network: &self.network,
            limits: self.limits.clone(),
            at: self.at.as_deref(),
        };
        self.workshop.run(&order)
    }

    /// The name of the one thing that a hook makes.
    pub fn makes(&mut self, hook: Hook) -> String {
        match self.run(hook) {
            Ok(Said::Made(name)) => name,
            other => panic!("{}: {other:?}\n{}", self.tier, self.log()),
        }
    }

    /// What a hook that fails says.
    pub fn fails(&mut self, hook: Hook) -> Failed {
        match self.run(hook) {
            Err(Error::Failed(failed)) => *failed,
            other => panic!("{}: {other:?}\n{}", self.tier, self.log()),
        }
    }

    /// What is wrong with what a hook left.
    pub fn refuses(&mut self, hook: Hook) -> String {
        match self.run(hook) {
            Err(Error::Left { fact, .. }) => fact,
            other => panic!("{}: {other:?}\n{}", self.tier, self.log()),
        }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.workshop.log()).unwrap_or_default()
    }

    /// The bytes of what was made.
    pub fn taken(&self, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let copied = self.workshop.copy_out(name, &mut bytes).unwrap();
        assert_eq!(copied, bytes.len() as u64);
        bytes
    }

    /// A path that is in the work folder for the host.
    pub fn work(&self, name: &str) -> PathBuf {
        self.workshop.project().parent().unwrap().join(name)
    }
}
