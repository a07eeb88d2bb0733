//! Source distributions and source trees to wheels: what a build needs is resolved to admitted wheels,
//! and its backend runs in a sandbox.

mod environment;
mod failed;
mod in_place;
mod kept;
mod known;
mod made;
mod memo;
mod opened;
mod own;
mod requires;
mod run;
mod world;

use std::{
    collections::BTreeSet,
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    thread,
};

use assay_files::PrivateFolder;
use assay_index::{Client, Indexes};
use assay_install::{Interpreter, Store};
use assay_resolve::select;
use assay_sandbox::Tier;
use assay_trust::Policy;
use assay_types::{MarkerEnvironment, Timestamp};

use super::{Signers, slots::Slots};
use crate::{
    failure::{Failure, Result},
    settings::{BuildSettings, Folders, Temporary, forget_sandbox, sandbox_tier},
    turns::Turns,
    ui::Progress,
};
use environment::BuildEnvironment;
use in_place::InPlace;
pub(super) use made::check_promise;
use opened::TreeSource;
pub(super) use opened::{BuiltNow, Opened};
pub use own::{Own, Products};
use requires::Required;

/// What is built, where anything is.
#[derive(Clone, Copy)]
pub enum Builds<'a> {
    /// Whatever the policy lets be built.
    With(&'a Builder<'a>),
    /// Nothing, and sources count as if they were: for whoever only looks at what there is.
    Listed,
    /// Nothing; the reason completes "only a source distribution, and …".
    Not(&'static str),
}

/// The parts of a command that a [`Builder`] only borrows.
pub struct Means<'a> {
    /// The one HTTP client.
    pub client: &'a Client,
    /// Who serves what builds require.
    pub indexes: &'a Indexes,
    /// What attestations are judged by.
    pub signers: &'a Signers,
    /// Unpacked wheels.
    pub store: &'a Store,
    /// The rules, which hold for what builds require as well.
    pub policy: &'a Policy,
    /// The moment of judgement.
    pub now: Timestamp,
    /// The Python for which is built, and by which.
    pub interpreter: &'a Interpreter,
    /// Its marker values.
    pub markers: &'a MarkerEnvironment,
    /// The wheels that it takes.
    pub target: select::Target,
    /// What the user says of builds.
    pub settings: &'a BuildSettings,
    /// Cache and state.
    pub folders: &'a Folders,
    /// What the user sees meanwhile.
    pub progress: &'a Progress,
    /// For what happens inside, of which nothing is shown.
    pub quiet: Progress,
}

/// What was made and learned of builds in one run.
pub struct Workbench {
    tier: OnceLock<Result<Tier>>,
    tier_anew: OnceLock<Result<Tier>>,
    required: Slots<Vec<String>, Result<Arc<Required>>>,
    environments: Slots<(Vec<String>, Tier), Result<Arc<BuildEnvironment>>>,
    trees: Slots<(PathBuf, bool), Result<Arc<TreeSource>>>,
    turns: Turns,
    warnings: Mutex<BTreeSet<String>>,
    in_place: Mutex<Vec<InPlace>>,
    /// Dropped after all that lies in it.
    folder: OnceLock<Result<Temporary, String>>,
}

impl Default for Workbench {
    fn default() -> Self {
        Self {
            tier: OnceLock::new(),
            tier_anew: OnceLock::new(),
            required: Slots::default(),
            environments: Slots::default(),
            trees: Slots::default(),
            turns: Turns::new(builds_at_once()),
            warnings: Mutex::default(),
            in_place: Mutex::default(),
            folder: OnceLock::new(),
        }
    }
}

/// Builds, each thing once in a run. Nothing is looked at before something is to be built.
pub struct Builder<'a> {
    pub(super) means: Means<'a>,
    bench: &'a Workbench,
}

impl<'a> Builder<'a> {
    /// One that works on this.
    pub fn new(means: Means<'a>, bench: &'a Workbench) -> Self {
        Self { means, bench }
    }

    /// What holds builds here; the machine is tried once.
    fn tier(&self) -> Result<Tier> {
        if let Some(anew) = self.bench.tier_anew.get() {
            return anew.clone();
        }
        let restricted = self.means.settings.restricted;
        let tier = || sandbox_tier(self.means.folders, restricted);
        self.bench.tier.get_or_init(tier).clone()
    }

    /// The same where what was remembered could not be set up: tried once more in a run.
    fn tier_anew(&self) -> Result<Tier> {
        let restricted = self.means.settings.restricted;
        let tier = || {
            forget_sandbox(self.means.folders);
            sandbox_tier(self.means.folders, restricted)
        };
        self.bench.tier_anew.get_or_init(tier).clone()
    }

    /// Whether builds may run as somebody who sees root's folders at their own paths, as far as that
    /// user may: the restricted tier as root.
    fn builds_for_root(&self) -> bool {
        self.means.settings.restricted && rustix::process::geteuid().is_root()
    }

    /// Where builds are made and their environments lie, for as long as the run takes.
    fn folder(&self) -> Result<PrivateFolder> {
        let made = self.bench.folder.get_or_init(|| {
            if self.builds_for_root() {
                let folder = Temporary::new().map_err(|it| it.to_string())?;
                open_the_way(folder.path()).map_err(|it| it.to_string())?;
                return Ok(folder);
            }
            let parent = PrivateFolder::new(self.means.folders.cache()).below("builds");
            parent.make().map_err(|it| it.to_string())?;
            Temporary::within(parent.path()).map_err(|it| it.to_string())
        });
        match made {
            Ok(folder) => Ok(PrivateFolder::new(folder.path())),
            Err(why) => Err(Failure::could_not(format!(
                "making a folder for builds: {why}"
            ))),
        }
    }

    fn warn(&self, text: String) {
        let mut warnings = self
            .bench
            .warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        warnings.insert(text);
    }

    /// What the user should know, sorted.
    pub fn warnings(&self) -> Vec<String> {
        let warnings = self
            .bench
            .warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        warnings.iter().cloned().collect()
    }
}

/// Lets others pass a folder of root's, on the way to what they know the name of; its list stays root's.
fn open_the_way(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(0o711))
}

/// By the machine's cores and its free memory: a compiler takes about a GiB, and builds start several.
fn builds_at_once() -> usize {
    const FOR_ONE: u64 = 2 << 30;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let by_memory =
        free_memory().map_or(cores, |it| usize::try_from(it / FOR_ONE).unwrap_or(cores));
    cores.min(by_memory).max(1)
}

/// What the kernel would give without swapping, in bytes; `None` where it does not say.
fn free_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|it| it.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
