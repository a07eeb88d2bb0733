//! The Python that decides what fits: the one at hand, or the one that options describe.

use std::sync::{Arc, OnceLock};

use assay_install::Interpreter;
use assay_types::{MarkerEnvironment, Version, python::Sought, tags::Tags};

use crate::{
    args::{InstallArgs, PlatformArgs},
    failure::{Failure, Result},
};

/// What resolving has to know of a Python.
#[derive(Debug, Clone)]
pub struct Fitting {
    /// Its marker values.
    pub markers: MarkerEnvironment,
    /// Its full version, for `Requires-Python`.
    pub python: Version,
    interpreter: Interpreter,
    sought: Sought,
    tags: OnceLock<Arc<Tags>>,
}

impl Fitting {
    /// What the options describe; the interpreter fills in what they leave out.
    pub fn new(interpreter: &Interpreter, args: &PlatformArgs) -> Result<Self> {
        let (python, sought) = (interpreter.python(), sought(args)?);
        Ok(Self {
            markers: sought.markers(python),
            python: sought.version(python),
            interpreter: interpreter.clone(),
            sought,
            tags: OnceLock::new(),
        })
    }

    /// The Python at hand.
    pub fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    /// Whether that is the one for which is resolved: nothing is built for another.
    pub fn is_at_hand(&self) -> bool {
        self.sought.is_empty()
    }

    /// The wheels that it takes. Where there is nothing to do nobody asks for these thousands.
    pub fn tags(&self) -> &Arc<Tags> {
        let make = || Arc::new(Tags::sought(self.interpreter.python(), &self.sought));
        self.tags.get_or_init(make)
    }
}

/// pip's rule: what is made for another Python is not put into this one's environment.
pub fn check_install(args: &InstallArgs) -> Result<()> {
    let is_other = !sought(&args.platform)?.is_empty();
    if !is_other || args.target.target.is_some() || args.dry_run {
        return Ok(());
    }
    Err(Failure::usage(
        "--platform, --python-version, --implementation and --abi can only be used with --target \
         or --dry-run",
    )
    .hint("--python asks another interpreter; --target DIR installs for one that is not here"))
}

/// The options, read. pip asks for `--only-binary=:all:` or `--no-deps` beside them; here there are
/// nothing but wheels.
pub fn sought(args: &PlatformArgs) -> Result<Sought> {
    let version = args.python_version.as_deref().filter(|it| !it.is_empty());
    let version = version.map(|text| {
        Sought::parse_version(text).map_err(|error| {
            Failure::usage(format!("invalid --python-version value: {text:?}: {error}"))
        })
    });
    Ok(Sought {
        platforms: args.platform.clone(),
        version: version.transpose()?,
        implementation: args.implementation.clone().filter(|it| !it.is_empty()),
        abis: args.abi.clone(),
    })
}
