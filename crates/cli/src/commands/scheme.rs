//! `--prefix`, `--root` and `--user`: other folders than the interpreter's own.

use std::path::PathBuf;

use assay_install::{Environment, Interpreter};
use assay_types::ProjectName;

use super::Context;
use crate::{
    args::{SchemeArgs, TargetArgs},
    failure::{Failure, Result},
    pipeline::Installed,
};

/// Refuses options that contradict each other, before an interpreter is asked.
pub fn check(target: &TargetArgs, scheme: &SchemeArgs) -> Result<()> {
    match (&target.target, &scheme.root) {
        (Some(_), Some(_)) => Err(
            Failure::usage("--root and --target cannot be used together")
                .hint("--target names the very folder: write the root before it"),
        ),
        _ => Ok(()),
    }
}

/// The environment that the options name; the interpreter is given back where they name none.
/// `managed_too`: whether one that PEP 668 protects will do.
pub fn environment(
    interpreter: Interpreter,
    scheme: &SchemeArgs,
    managed_too: bool,
    context: &Context<'_>,
) -> Result<Result<Environment, Interpreter>> {
    let root = scheme.root.as_ref().map(|it| context.around.absolute(it));
    let root = root.as_deref();
    let environment = if scheme.user {
        check_user_site(&interpreter, context)?;
        let base = user_base(&interpreter, context)?;
        Environment::user(interpreter, &base, root, managed_too)
    } else if let Some(folder) = &scheme.prefix {
        // Under a root, what is relative starts there.
        let folder = match root {
            Some(_) => folder.clone(),
            None => context.around.absolute(folder),
        };
        Environment::prefix(interpreter, &folder, root)
    } else if let Some(root) = root {
        Environment::rooted(interpreter, root)
    } else {
        return Ok(Err(interpreter));
    };
    Ok(Ok(environment?))
}

/// Refuses what would be installed for the user and never be seen: a virtual environment's own
/// packages come first.
pub fn check_precedence<'a>(
    scheme: &SchemeArgs,
    interpreter: &Interpreter,
    coming: impl IntoIterator<Item = &'a ProjectName>,
    installed: &Installed,
) -> Result<()> {
    if !scheme.user || scheme.root.is_some() || interpreter.venv().is_none() {
        return Ok(());
    }
    let paths = interpreter.paths();
    let is_own = |name: &&ProjectName| {
        let site = installed.site(name);
        site.is_some_and(|it| *it == paths.purelib || *it == paths.platlib)
    };
    match coming.into_iter().find(is_own) {
        None => Ok(()),
        Some(name) => Err(Failure::could_not(format!(
            "{name} will not be installed to the user site, because it will lack sys.path \
             precedence to {name} in {}",
            paths.purelib.display()
        ))
        .hint("leave --user out to install into the virtual environment")),
    }
}

/// The user's base folder (PEP 370): `PYTHONUSERBASE`, or below the home folder.
pub fn user_base(interpreter: &Interpreter, context: &Context<'_>) -> Result<PathBuf> {
    let around = context.around;
    if let Some(base) = &around.user_base {
        return Ok(around.absolute(base));
    }
    let home = around.home.as_ref().ok_or_else(|| {
        Failure::could_not("there is no home folder to install for this user alone")
            .hint("set HOME or PYTHONUSERBASE")
    })?;
    Ok(interpreter.user_base(home))
}

/// What is installed for the user must be seen by the interpreter.
fn check_user_site(interpreter: &Interpreter, context: &Context<'_>) -> Result<()> {
    if interpreter.venv().is_some() && !interpreter.sees_base()? {
        let fact = "can not perform a '--user' install: user site-packages are not visible in \
                    this virtual environment";
        return Err(Failure::could_not(fact).hint("leave --user out to install into it"));
    }
    if context.around.no_user_site {
        let fact = "can not perform a '--user' install: user site-packages are disabled for this \
                    Python";
        return Err(Failure::could_not(fact).hint("PYTHONNOUSERSITE is set"));
    }
    Ok(())
}
