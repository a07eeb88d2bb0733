//! What a project says of itself: `[project]` (PEP 621).

use std::{collections::BTreeMap, path::Path, str::FromStr as _};

use assay_types::{
    ExtraName, ProjectName, Requirement, Version, VersionSpecifiers, metadata::Metadata, names,
    range, text::is_steering,
};

use crate::{
    Error, Result,
    pyproject::{self, Table, Value},
};

const TABLE: &str = "project";

/// The fields of `[project]` that decide what is installed. What the table lists as `dynamic` only a
/// build tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectTable {
    /// `name`, normalised.
    pub name: ProjectName,
    /// `name`, as it is written.
    pub display_name: String,
    /// `version`; `None` where it is dynamic.
    pub version: Option<Version>,
    /// `requires-python`; `None` where it is dynamic, or every Python will do.
    pub requires_python: Option<VersionSpecifiers>,
    /// `dependencies`; `None` where they are dynamic.
    pub dependencies: Option<Vec<Requirement>>,
    /// `optional-dependencies`; `None` where they are dynamic.
    pub optional_dependencies: Option<BTreeMap<ExtraName, Vec<Requirement>>>,
    /// Nothing of the above is dynamic.
    is_static: bool,
}

impl ProjectTable {
    /// Reads it for the project in that folder; `None` where there is no such table.
    pub fn read(project: &Path) -> Result<Option<Self>> {
        match pyproject::text(project)? {
            Some(text) => Self::parse(&text),
            None => Ok(None),
        }
    }

    /// Reads the text of a `pyproject.toml`.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let top = pyproject::parse(text)?;
        let table = Table::at_top(text, &top, TABLE)?;
        table.map(|it| Self::of(&it)).transpose()
    }

    fn of(table: &Table<'_, '_>) -> Result<Self> {
        let dynamic = Dynamic::of(table)?;
        let name = table.required("name")?;
        let display_name = name.string()?.to_owned();
        let version = dynamic.field("version")?.map(|it| it.read(version));
        let python = dynamic.field("requires-python")?;
        let dependencies = dynamic.field("dependencies")?;
        let optional = dynamic.field("optional-dependencies")?;
        let read = Self {
            name: name.read(project_name)?,
            display_name,
            // Left out of both, it is for the backend to say whether it has another place for it.
            version: version.transpose()?,
            requires_python: python.map(|it| it.read(range::parse)).transpose()?,
            dependencies: match dependencies {
                Some(list) => Some(list.requirements()?),
                None => (!dynamic.names("dependencies")).then(Vec::new),
            },
            optional_dependencies: match optional {
                Some(groups) => Some(extras(&groups)?),
                None => (!dynamic.names("optional-dependencies")).then(BTreeMap::new),
            },
            is_static: false,
        };
        let fields = [
            "version",
            "requires-python",
            "dependencies",
            "optional-dependencies",
        ];
        let is_static = read.version.is_some() && !fields.iter().any(|it| dynamic.names(it));
        Ok(Self { is_static, ..read })
    }

    /// What the wheel's metadata will say, as far as a resolution asks; `None` where any of it is
    /// dynamic.
    pub fn metadata(&self) -> Option<Metadata> {
        if !self.is_static {
            return None;
        }
        let mut requires_dist = self.dependencies.clone()?;
        let optional = self.optional_dependencies.as_ref()?;
        for (extra, requirements) in optional {
            for requirement in requirements {
                requires_dist.push(for_extra(requirement, extra)?);
            }
        }
        Some(Metadata {
            metadata_version: "2.2".to_owned(),
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            version: self.version.clone()?,
            requires_python: self.requires_python.clone(),
            requires_dist,
            provides_extra: optional.keys().cloned().collect(),
        })
    }
}

/// The requirement, where the extra is asked for.
fn for_extra(requirement: &Requirement, extra: &ExtraName) -> Option<Requirement> {
    let asked = Requirement::parse(&format!("x ; extra == '{extra}'")).ok()?;
    let mut requirement = requirement.clone();
    requirement.marker.and(asked.marker);
    Some(requirement)
}

/// The fields that a table leaves to the backend.
struct Dynamic<'a, 't, 'd> {
    table: &'a Table<'t, 'd>,
    names: Vec<&'t str>,
}

impl<'a, 't, 'd> Dynamic<'a, 't, 'd> {
    fn of(table: &'a Table<'t, 'd>) -> Result<Self> {
        let names = match table.get("dynamic") {
            Some(list) => list
                .list()?
                .iter()
                .map(Value::string)
                .collect::<Result<_>>()?,
            None => Vec::new(),
        };
        if names.contains(&"name") {
            return Err(table.wrong("has a dynamic name, which PEP 621 forbids".to_owned()));
        }
        Ok(Self { table, names })
    }

    fn names(&self, field: &str) -> bool {
        self.names.contains(&field)
    }

    /// The field's value, which a dynamic one may not have.
    fn field(&self, name: &str) -> Result<Option<Value<'t, 'd>>> {
        match self.table.get(name) {
            Some(value) if self.names(name) => Err(value.wrong("is there, and dynamic, too")),
            value => Ok(value),
        }
    }
}

fn project_name(text: &str) -> Result<ProjectName, String> {
    // It is shown, and written into metadata.
    let name = names::project(text).filter(|_| !text.chars().any(is_steering));
    name.ok_or_else(|| "not a project's name".to_owned())
}

fn version(text: &str) -> Result<Version, String> {
    Version::from_str(text).map_err(|_| "not a version (PEP 440)".to_owned())
}

fn extras(groups: &Value<'_, '_>) -> Result<BTreeMap<ExtraName, Vec<Requirement>>, Error> {
    let mut extras = BTreeMap::new();
    for (name, list) in groups.table()?.entries() {
        let extra = names::extra(name).ok_or_else(|| list.wrong("is no extra's name"))?;
        if extras.insert(extra, list.requirements()?).is_some() {
            return Err(list.wrong("is there twice, in two spellings"));
        }
    }
    Ok(extras)
}
