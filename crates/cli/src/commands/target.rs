//! Which environment a command works on.

use std::path::{Path, PathBuf};

use assay_install::{Environment, Interpreter, venv};

use super::{Context, install::say_waiting, scheme};
use crate::{
    args::{EnvironmentArgs, RootUserAction, SchemeArgs, TargetArgs},
    failure::{Failure, Result},
    surroundings::Surroundings,
};

/// Where an install goes.
pub enum Target {
    /// It is there.
    Present(Box<Environment>),
    /// A virtual environment that will be made, once everything else is known to succeed.
    Missing {
        /// Its folder.
        folder: PathBuf,
        /// What it will rest on.
        base: Box<Interpreter>,
    },
}

impl Target {
    /// Finds the target of an install. `managed_too`: whether an interpreter that PEP 668 protects
    /// will do.
    pub fn find(
        args: &TargetArgs,
        scheme: &SchemeArgs,
        managed_too: bool,
        context: &Context<'_>,
    ) -> Result<Self> {
        scheme::check(args, scheme)?;
        if let Some(folder) = &args.target {
            let interpreter = interpreter(context.python.as_deref(), context)?;
            let folder = context.around.absolute(folder);
            return Ok(Self::present(Environment::target(interpreter, &folder)?));
        }
        if let Some(folder) = &args.venv {
            let folder = context.around.absolute(folder);
            if !is_environment(&folder) {
                venv::check(&folder)?;
                let base = interpreter(context.python.as_deref(), context)?;
                let base = Box::new(base);
                return Ok(Self::Missing { folder, base });
            }
        }
        let interpreter = existing(args.venv.as_deref(), context)?;
        check_same_python(args, &interpreter, context)?;
        if interpreter.venv().is_none() {
            check_required(context, &interpreter)?;
        }
        let interpreter = match scheme::environment(interpreter, scheme, managed_too, context)? {
            Ok(environment) => return Ok(Self::present(environment)),
            Err(interpreter) => interpreter,
        };
        if interpreter.venv().is_none() && args.root_user_action == RootUserAction::Warn {
            warn_outside(context, &interpreter);
        }
        let environment = Environment::open(interpreter, managed_too)?;
        Ok(Self::present(environment))
    }

    fn present(environment: Environment) -> Self {
        Self::Present(Box::new(environment))
    }

    /// The interpreter that decides what fits.
    pub fn interpreter(&self) -> &Interpreter {
        match self {
            Self::Present(environment) => environment.interpreter(),
            Self::Missing { base, .. } => base,
        }
    }

    /// The environment, made now if it is missing. What was made goes again with the guard, unless
    /// it is told to keep it. `None` where another assay has made it since the target was found: what
    /// lies in it now is not what was looked at.
    pub fn make(self, context: &Context<'_>) -> Result<Option<(Environment, Fresh)>> {
        match self {
            Self::Present(environment) => Ok(Some((*environment, Fresh::default()))),
            Self::Missing { folder, base } => make_venv(&folder, &base, context),
        }
    }
}

fn make_venv(
    folder: &Path,
    base: &Interpreter,
    context: &Context<'_>,
) -> Result<Option<(Environment, Fresh)>> {
    let mut claim = venv::claim(folder, || say_waiting(folder, context))?;
    if is_environment(folder) {
        return Ok(None);
    }
    let state = context.folders.state();
    let interpreter = claim.create(base, &venv::Options::default(), state)?;
    let environment = Environment::open(interpreter, false)?;
    environment.sweep_claimed(&claim, state)?;
    Ok(Some((environment, Fresh(Some(claim)))))
}

/// Takes a new environment away again where an install into it is refused or fails.
#[derive(Default)]
pub struct Fresh(Option<venv::Claim>);

impl Fresh {
    /// The install succeeded.
    pub fn keep(self) {
        if let Some(claim) = self.0 {
            claim.keep();
        }
    }
}

/// The environment that a command looks at without changing it. The user is warned where it is
/// half changed.
pub fn inspect(args: &EnvironmentArgs, context: &Context<'_>) -> Result<Environment> {
    let environment = looked_at(args, context)?;
    warn_unfinished(&environment, context)?;
    Ok(environment)
}

/// Says that a run has begun to move files and not ended.
pub fn warn_unfinished(environment: &Environment, context: &Context<'_>) -> Result<()> {
    let unfinished = environment.unfinished(context.folders.state())?;
    unfinished
        .iter()
        .for_each(|it| context.ui.warn(&it.to_string()));
    Ok(())
}

fn looked_at(args: &EnvironmentArgs, context: &Context<'_>) -> Result<Environment> {
    if let Some(folder) = &args.target {
        let interpreter = interpreter(context.python.as_deref(), context)?;
        return Ok(Environment::target(
            interpreter,
            &context.around.absolute(folder),
        )?);
    }
    Ok(Environment::inspect(existing(
        args.venv.as_deref(),
        context,
    )?)?)
}

/// The interpreter of an environment that must be there.
fn existing(venv: Option<&Path>, context: &Context<'_>) -> Result<Interpreter> {
    match venv {
        Some(folder) => Ok(Interpreter::of_environment(
            &context.around.absolute(folder),
            context.folders.state(),
        )?),
        None => interpreter(context.python.as_deref(), context),
    }
}

/// The interpreter that the user named, or the one that is at hand.
pub fn interpreter(request: Option<&str>, context: &Context<'_>) -> Result<Interpreter> {
    let around = context.around;
    let search_path: Vec<PathBuf> = around.path.iter().flat_map(std::env::split_paths).collect();
    let state = context.folders.state();
    let found = match request {
        Some(request) => Interpreter::find(request, &search_path, state),
        None => Interpreter::discover(
            around.virtual_env.as_deref().or_else(|| conda_env(around)),
            Path::new(&around.working_dir),
            &search_path,
            state,
        ),
    };
    Ok(found?)
}

/// `--python` beside an environment that exists must ask for the Python that it has.
fn check_same_python(args: &TargetArgs, own: &Interpreter, context: &Context<'_>) -> Result<()> {
    let (Some(folder), Some(request)) = (&args.venv, &context.python) else {
        return Ok(());
    };
    let asked = interpreter(Some(request), context)?;
    if asked.python().version == own.python().version {
        return Ok(());
    }
    let (has, wants) = (&own.python().version, &asked.python().version);
    let fact = format!(
        "{} has Python {has}, and --python asks for {wants}",
        folder.display()
    );
    Err(Failure::usage(fact).hint("leave --python out, or name another folder"))
}

/// The active environment of conda, where it has a Python: one without leaves that to the PATH, as
/// conda does.
fn conda_env(around: &Surroundings) -> Option<&Path> {
    let folder = around.conda_env.as_deref()?;
    is_environment(folder).then_some(folder)
}

/// Whether a virtual environment or one of conda lies in a folder.
fn is_environment(folder: &Path) -> bool {
    let is_conda = || folder.join("conda-meta").is_dir() && folder.join("bin/python").exists();
    folder.join("pyvenv.cfg").exists() || is_conda()
}

/// `--require-virtualenv`, which an environment of conda does not meet, as in pip.
fn check_required(context: &Context<'_>, interpreter: &Interpreter) -> Result<()> {
    if !context.require_virtualenv {
        return Ok(());
    }
    let prefix = interpreter.prefix().display();
    Err(
        Failure::usage(format!("{prefix} is no virtual environment"))
            .hint("--require-virtualenv is on; name an environment with --venv DIR"),
    )
}

/// Installing for everybody: pip warns where root does it, and so do we, unless
/// `--root-user-action=ignore` says that it is meant.
fn warn_outside(context: &Context<'_>, interpreter: &Interpreter) {
    let prefix = interpreter.prefix().display();
    if rustix::process::geteuid().is_root() {
        context.ui.warn(&format!(
            "installing into {prefix} as root, outside of a virtual environment: what the system's \
             package manager put there may break; --venv DIR makes an environment, \
             --root-user-action=ignore leaves this out"
        ));
    } else if !interpreter.is_conda() {
        context.ui.warn(&format!(
            "installing into {prefix}, outside of a virtual environment; --venv DIR makes one"
        ));
    }
}
