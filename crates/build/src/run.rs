//! Running a backend's hook where it can reach nothing.

use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use assay_sandbox::{Host, Limits, Outcome, Sandbox, Tier};
use serde_json::json;

use crate::{
    BuildSystem, ConfigSettings, Error, Failed, Result, Said, said,
    workshop::{HOME, OUT, SOURCE, Workshop, below},
};

/// The time that builds take for now, in seconds since 1970: the first that a zip archive can say.
pub const SOURCE_DATE_EPOCH: u64 = 315_532_800;

/// What imports the backend and calls it.
const RUNNER: &str = include_str!("hook.py");
/// How many lines of a failed build's output are kept.
const TAIL: usize = 40;

/// Where builds find their environment, wherever the host has it: a path that gets into what compilers
/// write must not differ from build to build. No system has this folder.
const ENVIRONMENT: &str = "/build-environment";

/// Where a build finds the environment that the host has there: at the same path in each build, but for
/// the tier that cannot [mount](Tier::mounts) anything.
pub fn environment_as_seen(tier: Tier, host: &Path) -> PathBuf {
    match tier.mounts() {
        true => PathBuf::from(ENVIRONMENT),
        false => host.to_owned(),
    }
}

/// One run of a backend.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// What holds it.
    pub tier: Tier,
    /// The interpreter, where the program finds it: `bin/python` of the environment that the build
    /// requirements are installed in, as [`environment_as_seen`] says.
    pub python: &'a Path,
    /// That environment, where the host has it.
    pub environment: Option<&'a Path>,
    /// What else it may read: the interpreter's own installation.
    pub readable: &'a [PathBuf],
    /// The backend.
    pub system: &'a BuildSystem,
    /// What it is asked for.
    pub hook: Hook,
    /// What the user tells it.
    pub settings: &'a ConfigSettings,
    /// Variables of the user's for its environment, which go over those that every build has.
    pub variables: &'a [(String, OsString)],
    /// Requirements that the backend asked for before, literally, and that are installed now.
    pub given: &'a [String],
    /// Hosts that it may talk to; tier [`Restricted`](Tier::Restricted) has no way to any.
    pub network: &'a [Host],
    /// How much it may use up.
    pub limits: Limits,
    /// For editables: the user's own folder that the tree was copied from. The copy is found there, too,
    /// and the hook runs in it.
    pub at: Option<&'a Path>,
}

/// What a backend is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// The metadata of a wheel that would be built, without building it.
    Metadata {
        /// An editable one (PEP 660).
        editable: bool,
    },
    /// A wheel.
    Wheel,
    /// An editable wheel (PEP 660).
    Editable,
    /// A source distribution.
    Sdist,
}

impl Hook {
    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Metadata { editable: false } => "prepare_metadata_for_build_wheel",
            Self::Metadata { editable: true } => "prepare_metadata_for_build_editable",
            Self::Wheel => "build_wheel",
            Self::Editable => "build_editable",
            Self::Sdist => "build_sdist",
        }
    }

    /// The function that says what has to be installed before.
    fn needs(self) -> &'static str {
        match self {
            Self::Metadata { editable: false } | Self::Wheel => "get_requires_for_build_wheel",
            Self::Metadata { editable: true } | Self::Editable => "get_requires_for_build_editable",
            Self::Sdist => "get_requires_for_build_sdist",
        }
    }

    /// Whether a backend may do without it.
    pub(crate) fn is_optional(self) -> bool {
        matches!(self, Self::Metadata { .. } | Self::Editable)
    }
}

/// The function's name.
impl fmt::Display for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Workshop {
    /// Asks the backend what it needs and, where that is all given, has it do what it is asked for, in
    /// one process. Runs in one workshop follow each other; each empties what the one before it made.
    ///
    /// # Errors
    ///
    /// Nothing was run, the hook failed ([`Error::Failed`]), or it left something else than it had to.
    pub fn run(&mut self, order: &Order<'_>) -> Result<Said> {
        let is_root = rustix::process::geteuid().is_root();
        let sandbox = self.sandbox(order)?;
        let log = self.prepare(is_root && order.tier == Tier::Restricted)?;
        let outcome = sandbox.log(log).run()?;
        self.has_reached(&outcome.reached);
        if outcome.all_dead {
            self.is_at_rest(order.limits.file);
        }
        if !outcome.success() {
            return Err(self.failed(order.hook, &outcome));
        }
        said::read(self, order)
    }

    fn sandbox(&self, order: &Order<'_>) -> Result<Sandbox> {
        let work = self.work();
        let work = work
            .canonicalize()
            .map_err(|error| Error::io("looking for", &work, error))?;
        let seen = order.tier.work_as_seen(&work);
        let root = match order.at {
            Some(at) if order.tier.mounts() => at.to_owned(),
            Some(_) => {
                return Err(Error::Tier {
                    tier: order.tier,
                    what: "has no paths of its own, which an editable build needs",
                });
            }
            None => seen.join(SOURCE),
        };
        let project = below(&root, self.subdirectory());
        let mut sandbox = Sandbox::new(order.tier, &work, order.python)
            .argument("-s")
            .argument("-B")
            .argument("-c")
            .argument(RUNNER)
            .input(request(order, &project, &seen)?.as_bytes())
            .network(order.network)
            .limits(order.limits.clone());
        for path in order.readable {
            sandbox = sandbox.read_only(path);
        }
        if let Some(host) = order.environment {
            sandbox = match order.tier.mounts() {
                true => sandbox.read_only_at(host, &environment_as_seen(order.tier, host)),
                false => sandbox.read_only(host),
            };
        }
        for (name, value) in variables(order, &seen) {
            sandbox = sandbox.variable(name, value);
        }
        if let Some(at) = order.at {
            sandbox = sandbox.also_at(Path::new(SOURCE), at);
        }
        if let Some(launcher) = self.launcher_path() {
            sandbox = sandbox.launcher(launcher);
        }
        Ok(sandbox)
    }

    fn failed(&self, hook: Hook, outcome: &Outcome) -> Error {
        Error::Failed(Box::new(Failed {
            hook,
            ending: outcome.ending,
            lives: !outcome.all_dead,
            tail: tail(&outcome.output.text()),
            log: self.log(),
            denied: outcome.denied.clone(),
        }))
    }
}

/// What the runner reads from its standard input.
fn request(order: &Order<'_>, project: &Path, seen: &Path) -> Result<String> {
    let text = |path: &Path| {
        let text = path.to_str().map(str::to_owned);
        text.ok_or_else(|| Error::io("naming", path, std::io::ErrorKind::InvalidFilename))
    };
    let folders = order.system.backend_path.iter();
    let folders = folders.map(|it| text(&below(project, it.as_ref())));
    let request = json!({
        "project": text(project)?,
        "out": text(&seen.join(OUT))?,
        "backend": order.system.backend,
        "backend_path": folders.collect::<Result<Vec<_>>>()?,
        "hook": order.hook.name(),
        "needs": order.hook.needs(),
        "settings": (!order.settings.is_empty()).then(|| order.settings.json()),
        "given": order.given,
    });
    Ok(request.to_string())
}

/// The environment: the same for each build of the same tree, as far as it is ours.
fn variables(order: &Order<'_>, seen: &Path) -> Vec<(String, OsString)> {
    let mut path = OsString::new();
    if let Some(programs) = order.python.parent() {
        path.push(programs);
        path.push(":");
    }
    path.push("/usr/local/bin:/usr/bin:/bin");
    let epoch = SOURCE_DATE_EPOCH.to_string();
    let own: [(&str, OsString); 14] = [
        ("PATH", path),
        ("HOME", seen.join(HOME).into()),
        ("LANG", "C.UTF-8".into()),
        ("LC_ALL", "C.UTF-8".into()),
        ("TZ", "UTC".into()),
        ("SOURCE_DATE_EPOCH", epoch.into()),
        ("PYTHONHASHSEED", "0".into()),
        ("PYTHONDONTWRITEBYTECODE", "1".into()),
        ("PYTHONNOUSERSITE", "1".into()),
        // What it and its children write stays in order.
        ("PYTHONUNBUFFERED", "1".into()),
        // Without name spaces /etc/gitconfig is there and may not be read, which git takes for a fault.
        ("GIT_CONFIG_NOSYSTEM", "1".into()),
        // Git reads no repository of somebody else's, as a folder of the user's may seem to be inside.
        ("GIT_CONFIG_COUNT", "1".into()),
        ("GIT_CONFIG_KEY_0", "safe.directory".into()),
        ("GIT_CONFIG_VALUE_0", "*".into()),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value));
    own.into_iter()
        .chain(order.variables.iter().cloned())
        .collect()
}

/// The last lines.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(TAIL)..].join("\n")
}
