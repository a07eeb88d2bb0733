//! One distribution of `list`, in each of pip's forms.

use std::path::PathBuf;

use assay_install::Distribution;
use assay_types::{ProjectName, Version};
use serde_json::{Value, json};

use super::Context;
use crate::{commands::look, failure::Result, pipeline::Offer};

/// One distribution.
pub struct Row {
    pub project: ProjectName,
    name: String,
    pub version: Version,
    /// The build tag of its wheel.
    build: Option<String>,
    /// Where its project lies, if it is an editable install.
    pub editable: Option<PathBuf>,
    location: String,
    installer: String,
    /// With `--outdated`: the newest version.
    pub latest: Option<Offer>,
    /// With `--outdated` and `--uptodate`: a newer file that the policy left out, and why.
    pub held_back: Option<String>,
}

impl Row {
    /// What is known without asking anybody.
    pub fn new(distribution: &Distribution, context: &Context<'_>) -> Result<Self> {
        Ok(Self {
            project: distribution.name().clone(),
            name: distribution.spelling(),
            version: distribution.version().clone(),
            build: distribution.build()?,
            editable: look::editable(distribution, context),
            location: distribution.site().display().to_string(),
            installer: distribution.installer()?.unwrap_or_default(),
            latest: None,
            held_back: None,
        })
    }

    /// `name==version`, with `-v` where it lies.
    pub fn frozen(&self, verbose: bool) -> String {
        let place = match verbose {
            true => format!(" ({})", self.location),
            false => String::new(),
        };
        format!("{}=={}{place}", self.name, self.version)
    }

    /// pip's keys; `held_back` is our own.
    pub fn json(&self, verbose: bool) -> Value {
        let mut row = json!({ "name": self.name, "version": self.version.to_string() });
        if verbose {
            row["location"] = json!(self.location);
            row["installer"] = json!(self.installer);
        }
        if let Some(latest) = &self.latest {
            row["latest_version"] = json!(latest.version.to_string());
            row["latest_filetype"] = json!(latest.kind.word());
        }
        if let Some(project) = &self.editable {
            row["editable_project_location"] = json!(project.display().to_string());
        }
        if let Some(why) = &self.held_back {
            row["held_back"] = json!(why);
        }
        row
    }
}

/// Which columns there are: some only where a row has something to say there.
pub struct Columns {
    latest: bool,
    build: bool,
    editable: bool,
    verbose: bool,
}

impl Columns {
    /// The columns for these rows.
    pub fn of(rows: &[Row], outdated: bool, verbose: bool) -> Self {
        Self {
            latest: outdated,
            build: rows.iter().any(|it| it.build.is_some()),
            editable: rows.iter().any(|it| it.editable.is_some()),
            verbose,
        }
    }

    /// Their names.
    pub fn head(&self) -> Vec<String> {
        let all = [
            "Package",
            "Version",
            "Latest",
            "Type",
            "Build",
            "Editable project location",
            "Location",
            "Installer",
        ];
        self.shown(all.map(str::to_owned))
    }

    /// What a row says in them.
    pub fn cells(&self, row: &Row) -> Vec<String> {
        let latest = row.latest.as_ref();
        let editable = row.editable.as_ref();
        self.shown([
            row.name.clone(),
            row.version.to_string(),
            latest.map(|it| it.version.to_string()).unwrap_or_default(),
            latest
                .map(|it| it.kind.word().to_owned())
                .unwrap_or_default(),
            row.build.clone().unwrap_or_default(),
            editable
                .map(|it| it.display().to_string())
                .unwrap_or_default(),
            row.location.clone(),
            row.installer.clone(),
        ])
    }

    fn shown(&self, all: [String; 8]) -> Vec<String> {
        let (latest, verbose) = (self.latest, self.verbose);
        let shown = [
            true,
            true,
            latest,
            latest,
            self.build,
            self.editable,
            verbose,
            verbose,
        ];
        let cells = all.into_iter().zip(shown);
        cells.filter(|it| it.1).map(|it| it.0).collect()
    }
}
