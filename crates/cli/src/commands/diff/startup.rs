//! Start-up code: what runs, or is read, whenever Python starts.

use assay_trust::startup::{self, Kind, Reads};
use serde::Serialize;

use super::{changes::Change, row::Row, side::Side, site::in_site};
use crate::failure::Result;

/// A start-up file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StartUp {
    #[serde(flatten)]
    pub row: Row,
    /// What such a file does.
    pub fact: &'static str,
    /// Why an install would refuse it; null where it would not, or where it is gone.
    pub refused: Option<String>,
}

/// Longer `.pth` files are refused whatever else they hold.
const LONGEST: usize = 1 << 20;

/// Those that are new, changed, renamed or gone.
pub fn startup(changes: &[Change<'_>], new: &Side) -> Result<Vec<StartUp>> {
    let leads = leads(new)?;
    let mut found = Vec::new();
    for change in changes {
        let kind = in_site(change.key).and_then(|path| Some((path, kind(path, &leads)?)));
        let (Some((path, kind)), Some(row)) = (kind, Row::new(change)) else {
            continue;
        };
        found.push(StartUp {
            refused: refused(path, kind, change, new)?,
            fact: kind.fact(),
            row,
        });
    }
    Ok(found)
}

fn kind(path: &str, leads: &[String]) -> Option<Kind> {
    Kind::of(path).or_else(|| {
        if leads.iter().any(|it| it == path) {
            return Some(Kind::Archive);
        }
        leads.iter().find_map(|folder| {
            let below = path.strip_prefix(folder)?.strip_prefix('/')?;
            Kind::on_path(folder, below.split('/').next()?)
        })
    })
}

fn refused(path: &str, kind: Kind, change: &Change<'_>, new: &Side) -> Result<Option<String>> {
    let Some(file) = change.new else {
        return Ok(None);
    };
    let (project, policy) = (new.wheel().project(), new.policy());
    let verdict = match Kind::of(path) {
        None => startup::require_permission(project, path, kind.fact(), policy),
        Some(_) => {
            let contents = new.wheel().beginning(file, LONGEST)?;
            startup::judge(project, path, &contents, None, policy)
        }
    };
    Ok(verdict.err().map(|it| it.fact))
}

/// Where B's `.pth` files lead, relative to site-packages.
fn leads(side: &Side) -> Result<Vec<String>> {
    let mut leads = Vec::new();
    for (key, file) in side.files() {
        if in_site(key).and_then(Kind::of) != Some(Kind::Pth) {
            continue;
        }
        let contents = side.wheel().beginning(file, LONGEST)?;
        let paths = Reads::of(&contents).paths.into_iter();
        leads.extend(paths.map(|it| plain(&it)).filter(|it| !it.is_empty()));
    }
    Ok(leads)
}

/// Without what changes nothing.
fn plain(path: &str) -> String {
    let parts = path.split('/').filter(|it| !matches!(*it, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}
