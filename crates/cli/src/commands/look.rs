//! What the commands that only look see.

use std::path::{Path, PathBuf};

use assay_install::{Distribution, Environment, Scope};
use assay_types::ProjectName;

use super::{Context, scheme, target};
use crate::{
    args::{EnvironmentArgs, LookArgs},
    failure::Result,
};

/// Names that Python's own metadata may have; nobody installed them.
const OF_PYTHON: [&str; 3] = ["python", "wsgiref", "argparse"];

/// An environment, and the distributions that were asked for.
pub struct View {
    pub environment: Environment,
    /// Sorted by name, one for each project.
    pub distributions: Vec<Distribution>,
}

impl View {
    /// Looks where the options say; folders that look like metadata and are none are told.
    pub fn new(args: &LookArgs, context: &Context<'_>) -> Result<Self> {
        let paths: Vec<_> = args
            .path
            .iter()
            .map(|it| context.around.absolute(it))
            .collect();
        let scope = match (args.local, args.user) {
            _ if !paths.is_empty() => Scope::Paths(&paths),
            (_, true) => Scope::User,
            (true, false) => Scope::Local,
            (false, false) => Scope::Visible,
        };
        Self::look(&args.target, scope, context)
    }

    /// Everything that the interpreter sees.
    pub fn everything(args: &EnvironmentArgs, context: &Context<'_>) -> Result<Self> {
        Self::look(args, Scope::Visible, context)
    }

    fn look(args: &EnvironmentArgs, scope: Scope<'_>, context: &Context<'_>) -> Result<Self> {
        let environment = target::inspect(args, context)?;
        let user_site = user_site(&environment, context);
        let mut seen = environment.visible(scope, user_site.as_deref())?;
        for path in &seen.unreadable {
            let (name, path) = (claimed_name(path), path.display());
            let text = format!("Ignoring invalid distribution {name} ({path})");
            context.ui.warn(&text);
        }
        seen.distributions
            .retain(|it| !OF_PYTHON.contains(&it.name().as_ref()));
        Ok(Self {
            environment,
            distributions: seen.distributions,
        })
    }

    /// The distribution of a project.
    pub fn get(&self, name: &ProjectName) -> Option<&Distribution> {
        self.distributions.iter().find(|it| it.name() == name)
    }
}

/// The name that a metadata folder would have its project go by, normalised as pip does it, though
/// it is none.
fn claimed_name(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = stem.split('-').next().unwrap_or(&stem);
    let mut normalised = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            '_' | '.' if normalised.ends_with('-') => {}
            '_' | '.' => normalised.push('-'),
            other => normalised.push(other),
        }
    }
    normalised
}

/// Where the user's own packages lie (PEP 370), unless PYTHONNOUSERSITE turns them off.
fn user_site(environment: &Environment, context: &Context<'_>) -> Option<PathBuf> {
    if context.around.no_user_site {
        return None;
    }
    let interpreter = environment.interpreter();
    // Without a home there is nothing of a user's.
    let base = scheme::user_base(interpreter, context).ok()?;
    Some(interpreter.user_paths(&base).purelib)
}

/// Where an editable install's project lies. What cannot be read is told and taken for none.
pub fn editable(distribution: &Distribution, context: &Context<'_>) -> Option<PathBuf> {
    distribution.editable_project().unwrap_or_else(|error| {
        context.ui.warn(&error.to_string());
        None
    })
}
