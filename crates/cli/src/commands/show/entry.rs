//! What `show` knows of one distribution.

use assay_install::Distribution;
use assay_types::{MarkerEnvironment, ProjectName, Requirement, metadata::FieldValue};
use serde::Serialize;

use crate::{commands::look::View, failure::Result};

/// What is known of one distribution.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Entry {
    pub name: String,
    pub version: String,
    pub summary: String,
    pub home_page: String,
    pub author: String,
    pub author_email: String,
    pub license: String,
    /// The field that `license` is from.
    #[serde(skip)]
    pub license_field: &'static str,
    pub location: String,
    pub editable_location: Option<String>,
    /// Sorted, as METADATA spells them.
    pub requires: Vec<String>,
    /// Sorted, as the METADATA of each spells it.
    pub required_by: Vec<String>,
    pub metadata_version: String,
    pub installer: String,
    pub classifiers: Vec<String>,
    /// Lines of `entry_points.txt`.
    pub entry_points: Vec<String>,
    pub project_urls: Vec<String>,
    /// Our receipt: which bytes, whose word, which rule.
    pub receipt: Option<serde_json::Value>,
    /// `None` where nobody asked, or nobody knows.
    pub files: Option<Vec<String>>,
}

impl Entry {
    /// Reads it, with its list of files where that is wanted.
    pub fn new(distribution: &Distribution, view: &View, with_files: bool) -> Result<Self> {
        let markers = &view.environment.interpreter().python().markers;
        let metadata = distribution.metadata()?;
        let description = distribution.description()?;
        let fields = Fields(distribution.fields()?);
        let files = match with_files {
            true => distribution.files()?,
            false => None,
        };
        let editable = distribution.editable_project()?;
        Ok(Self {
            name: metadata.display_name,
            version: metadata.version.to_string(),
            summary: description.summary,
            home_page: description.home_page,
            author: description.author,
            author_email: description.author_email,
            license: description.license,
            license_field: fields.license(&metadata.metadata_version),
            location: distribution.site().display().to_string(),
            editable_location: editable.map(|it| it.display().to_string()),
            requires: requires(fields.all("requires_dist"), markers),
            required_by: required_by(distribution.name(), view, markers),
            metadata_version: metadata.metadata_version,
            installer: distribution.installer()?.unwrap_or_default(),
            classifiers: fields.all("classifier").to_vec(),
            entry_points: distribution.entry_points()?,
            project_urls: fields.all("project_url").to_vec(),
            receipt: distribution.receipt()?,
            files,
        })
    }

    /// Why assay let it in, where it did.
    pub fn evidence(&self) -> impl Iterator<Item = &str> {
        let receipt = self.receipt.as_ref();
        let list = receipt.and_then(|it| it["evidence"].as_array());
        list.into_iter().flatten().filter_map(|it| it.as_str())
    }

    /// What it was built with, where it was built here.
    pub fn built_with(&self) -> impl Iterator<Item = &str> {
        let receipt = self.receipt.as_ref();
        let list = receipt.and_then(|it| it["built"]["with"].as_array());
        list.into_iter().flatten().filter_map(|it| it.as_str())
    }
}

/// METADATA by its JSON names.
struct Fields(Vec<(String, FieldValue)>);

impl Fields {
    /// The values of a field that may occur several times.
    fn all(&self, name: &str) -> &[String] {
        let values = self.0.iter().find_map(|(field, value)| match value {
            FieldValue::Many(values) if field == name => Some(values.as_slice()),
            _ => None,
        });
        values.unwrap_or_default()
    }

    /// As pip has it: metadata from 2.4 on may have an expression (PEP 639).
    fn license(&self, metadata_version: &str) -> &'static str {
        let version = metadata_version.split_once('.');
        let version = version.map(|(major, minor)| (major.parse::<u32>(), minor.parse::<u32>()));
        let is_new = matches!(version, Some((Ok(major), Ok(minor))) if (major, minor) >= (2, 4));
        let is_text = |value: &FieldValue| *value != FieldValue::One(String::new());
        let has = |name: &str| self.0.iter().any(|it| it.0 == name && is_text(&it.1));
        match is_new && has("license_expression") {
            true => "License-Expression",
            false => "License",
        }
    }
}

fn requires(lines: &[String], markers: &MarkerEnvironment) -> Vec<String> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let applies = |line: &&str| {
        let requirement = Requirement::parse(line);
        requirement.is_ok_and(|it| it.applies(markers, &[]))
    };
    let lines = lines.iter().map(|it| it.trim()).filter(applies);
    let name = |line: &str| {
        let end = line.find(|c| !is_of_name(c));
        line[..end.unwrap_or(line.len())].to_owned()
    };
    sorted(lines.map(name).collect())
}

fn required_by(name: &ProjectName, view: &View, markers: &MarkerEnvironment) -> Vec<String> {
    let others = view
        .distributions
        .iter()
        .filter_map(|it| it.metadata().ok());
    let requiring = others.filter(|it| {
        it.requires_dist
            .iter()
            .any(|it| it.name == *name && it.applies(markers, &[]))
    });
    sorted(requiring.map(|it| it.display_name).collect())
}

/// Sorted without case, each once.
fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_by_cached_key(|it| (it.to_lowercase(), it.clone()));
    names.dedup();
    names
}
