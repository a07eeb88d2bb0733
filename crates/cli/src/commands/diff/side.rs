//! One of the two wheels, found and admitted as an install would.

use std::collections::BTreeMap;

use assay_install::{Approved, Interpreter, StoredFile, StoredWheel};
use assay_trust::{Admission, Policy};
use assay_types::{ProjectName, Version};

use crate::{
    args::{RequirementArgs, ResolveArgs, ReviewArgs},
    commands::{Context, admitted, fitting::Fitting, request::Asked},
    failure::{Failure, Result},
    inputs,
};

/// Which wheel is meant.
#[derive(Debug)]
pub enum Wanted {
    /// The one that an install would take today.
    Newest,
    /// The one of a version that an install would take.
    Version(Version),
    /// A path, as it was typed.
    File(String),
}

/// A wheel whose contents may be read.
pub struct Side {
    approved: Approved,
    policy: Policy,
    /// By their paths, without what a version adds to them.
    files: BTreeMap<String, StoredFile>,
}

impl Wanted {
    /// A version, or a path where an install would take the word for one.
    pub fn parse(word: &str) -> Result<Self> {
        if inputs::is_unnamed(word) {
            return Ok(Self::File(word.to_owned()));
        }
        let version = word.parse().map_err(|error| {
            Failure::usage(format!("{word} is neither a version nor a wheel: {error}"))
        });
        version.map(Self::Version)
    }

    fn requirement(&self, project: &ProjectName) -> String {
        match self {
            Self::Newest => project.to_string(),
            Self::Version(version) => format!("{project}=={version}"),
            Self::File(word) => word.clone(),
        }
    }
}

impl Side {
    /// Resolves one requirement without its dependencies, for an empty environment; fetches and
    /// admits its wheel. Nobody has to vouch for what is only looked at.
    pub fn find(
        project: &ProjectName,
        wanted: &Wanted,
        interpreter: &Interpreter,
        args: &ReviewArgs,
        context: &Context<'_>,
    ) -> Result<Self> {
        let fitting = Fitting::new(interpreter, &args.platform)?;
        let requirements = RequirementArgs {
            requirements: vec![wanted.requirement(project)],
            ..RequirementArgs::default()
        };
        let resolve = ResolveArgs {
            no_deps: true,
            ignore_requires_python: args.ignore_requires_python,
            choice: args.choice.clone(),
            ..ResolveArgs::default()
        };
        let (policy, index, markers) = (&args.policy, &args.index, &fitting.markers);
        let mut asked = Asked::new(&requirements, &resolve, policy, index, markers, context)?;
        asked.policy = asked.policy.for_review();
        let outcome = admitted::all(&asked, &resolve, &fitting, context)?;
        let mut found: Vec<_> = outcome
            .new
            .into_iter()
            .filter_map(|it| it.approved)
            .collect();
        match (found.pop(), found.is_empty()) {
            (Some(approved), true) => Self::of(approved, asked.policy, project),
            _ => {
                let word = wanted.requirement(project);
                Err(Failure::usage(format!("{word} names more than one wheel")))
            }
        }
    }

    fn of(approved: Approved, policy: Policy, project: &ProjectName) -> Result<Self> {
        let wheel = approved.stored();
        if wheel.project() != project {
            let (file, other) = (wheel.name().as_str(), wheel.project());
            return Err(Failure::usage(format!(
                "{file} is a wheel of {other}, and {project} was asked for"
            )));
        }
        let files = wheel.files()?.into_iter();
        let files = files.map(|it| (key(&it.path, wheel), it)).collect();
        Ok(Self {
            approved,
            policy,
            files,
        })
    }

    /// The verdict that lets it be read.
    pub fn admission(&self) -> &Admission {
        self.approved.admission()
    }

    /// The rules that it was admitted by.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The wheel.
    pub fn wheel(&self) -> &StoredWheel {
        self.approved.stored()
    }

    /// Its files by their paths, those of its dist-info under `*.dist-info/` and those of its data
    /// folder under `*.data/`.
    pub fn files(&self) -> &BTreeMap<String, StoredFile> {
        &self.files
    }

    /// A file of its dist-info, whole, where it has it.
    pub fn dist_info(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let file = self.files.get(&format!("{DIST_INFO}/{name}"));
        let limit = |it: &StoredFile| usize::try_from(it.size).unwrap_or(usize::MAX);
        let read = file.map(|it| self.wheel().beginning(it, limit(it)));
        Ok(read.transpose()?)
    }
}

/// What a dist-info folder is called here.
pub const DIST_INFO: &str = "*.dist-info";
/// What a data folder is called here.
pub const DATA: &str = "*.data";

/// A path without the version in it.
fn key(path: &str, wheel: &StoredWheel) -> String {
    let folders = [(Some(wheel.dist_info()), DIST_INFO), (wheel.data(), DATA)];
    let inside = folders.into_iter().find_map(|(folder, name)| {
        let rest = path.strip_prefix(folder?)?;
        rest.starts_with('/').then(|| format!("{name}{rest}"))
    });
    inside.unwrap_or_else(|| path.to_owned())
}
