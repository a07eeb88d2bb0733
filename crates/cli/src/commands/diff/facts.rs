//! What the metadata of two wheels says differently, as far as an installation acts on it.

use std::collections::{BTreeMap, BTreeSet};

use assay_types::metadata::Metadata;
use serde::Serialize;

use super::side::{DATA, DIST_INFO, Side};
use crate::failure::{Failure, Result};

/// The facts that differ. Texts are unescaped.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Facts {
    pub requires_python: Option<Changed>,
    pub dependencies: Difference,
    pub extras: Difference,
    /// Of every group: `[console_scripts] name = module:object`.
    pub entry_points: Difference,
    /// Files that become commands.
    pub scripts: Difference,
    /// Names that can be imported.
    pub modules: Difference,
}

/// What two lists do not have in common.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    pub changed: Vec<Changed>,
}

/// The same thing, said otherwise.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub from: String,
    pub to: String,
}

/// Sayings by what they are about.
type Said = BTreeMap<String, BTreeSet<String>>;

impl Facts {
    /// Compares what is parsed; the text of the files is compared elsewhere.
    pub fn new(old: &Side, new: &Side) -> Result<Self> {
        let (before, after) = (old.wheel().metadata()?, new.wheel().metadata()?);
        let python = |it: &Metadata| match &it.requires_python {
            Some(it) if !it.is_empty() => it.to_string(),
            _ => "any".to_owned(),
        };
        let (from, to) = (python(&before), python(&after));
        let extras = |it: &Metadata| alone(it.provides_extra.iter().map(ToString::to_string));
        Ok(Self {
            requires_python: (from != to).then_some(Changed { from, to }),
            dependencies: Difference::new(&dependencies(&before), &dependencies(&after)),
            extras: Difference::new(&extras(&before), &extras(&after)),
            entry_points: Difference::new(&entry_points(old)?, &entry_points(new)?),
            scripts: Difference::new(&scripts(old), &scripts(new)),
            modules: Difference::new(&alone(modules(old)), &alone(modules(new))),
        })
    }

    /// The lists, each with what one item is called.
    pub fn lists(&self) -> [(&'static str, &Difference); 5] {
        [
            ("dependency", &self.dependencies),
            ("entry point", &self.entry_points),
            ("script", &self.scripts),
            ("extra", &self.extras),
            ("top-level module", &self.modules),
        ]
    }
}

impl Difference {
    /// One saying about a thing that stands for one other is a change; anything else comes or goes.
    fn new(old: &Said, new: &Said) -> Self {
        let mut difference = Self::default();
        let nothing = BTreeSet::new();
        let about: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        for it in about {
            let before = old.get(it).unwrap_or(&nothing);
            let after = new.get(it).unwrap_or(&nothing);
            let removed: Vec<_> = before.difference(after).cloned().collect();
            let added: Vec<_> = after.difference(before).cloned().collect();
            match (&removed[..], &added[..]) {
                ([from], [to]) => difference.changed.push(Changed {
                    from: from.clone(),
                    to: to.clone(),
                }),
                _ => {
                    difference.removed.extend(removed);
                    difference.added.extend(added);
                }
            }
        }
        difference
    }
}

/// Names about which nothing else is said.
fn alone(names: impl IntoIterator<Item = String>) -> Said {
    let each = names.into_iter();
    each.map(|it| (it.clone(), BTreeSet::from([it]))).collect()
}

fn dependencies(metadata: &Metadata) -> Said {
    let mut said = Said::new();
    for it in &metadata.requires_dist {
        let about = said.entry(it.name.to_string()).or_default();
        about.insert(it.to_string());
    }
    said
}

/// The form was checked when the archive was opened: groups, and one `key = value` a line.
fn entry_points(side: &Side) -> Result<Said> {
    let Some(bytes) = side.dist_info("entry_points.txt")? else {
        return Ok(Said::new());
    };
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::could_not("entry_points.txt is not UTF-8"))?;
    let (mut said, mut group) = (Said::new(), "");
    for line in text.split('\n').map(str::trim) {
        if line.starts_with('[') {
            group = line;
        } else if let Some((key, value)) = line.split_once('=')
            && !line.starts_with(['#', ';'])
        {
            let key = format!("{group} {}", key.trim());
            let saying = format!("{key} = {}", value.trim());
            said.entry(key).or_default().insert(saying);
        }
    }
    Ok(said)
}

fn scripts(side: &Side) -> Said {
    let folder = format!("{DATA}/scripts/");
    let files = side.files().iter();
    let scripts = files.filter_map(|(key, file)| Some((key.strip_prefix(&folder)?, file)));
    let said = scripts.map(|(name, file)| {
        let saying = format!("{name} (sha256:{})", file.sha256);
        (name.to_owned(), BTreeSet::from([saying]))
    });
    said.collect()
}

/// What lies in the folder of its own that an installation puts on the import path.
fn modules(side: &Side) -> BTreeSet<String> {
    let paths = side
        .files()
        .keys()
        .filter_map(|it| super::site::in_site(it));
    let tops = paths.filter_map(|it| match it.split_once('/') {
        Some((DIST_INFO | DATA, _)) => None,
        Some((folder, _)) => (!folder.contains('.')).then_some(folder),
        None => module(it),
    });
    tops.map(str::to_owned).collect()
}

fn module(name: &str) -> Option<&str> {
    let (stem, rest) = name.split_once('.')?;
    let ending = rest.rsplit('.').next();
    matches!(ending, Some("py" | "pyc" | "so" | "pyd")).then_some(stem)
}
