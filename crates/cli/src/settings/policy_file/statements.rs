//! `[statements.NAME]`: where statements are kept, and whose count.

use std::{collections::BTreeSet, fmt, path::PathBuf};

use assay_index::check_url;
use assay_trust::{Label, ProjectPattern};
use assay_types::{Url, day::LastDay};

use super::{
    reader::{Mistake, Placed, Reader, Value, path},
    until,
};

/// Its keys.
pub const STATEMENTS: [&str; 5] = ["at", "keys", "criteria", "projects", "until"];
/// What somebody who vouches for a file has to say where nothing else is asked for.
const LOOKED_AT: &str = "looked-at";

/// `[statements.NAME]`.
#[derive(Debug, PartialEq, Eq)]
pub struct StatementsTable {
    /// Where they are.
    pub at: At,
    /// Any of these has to have signed; at least one.
    pub keys: Vec<Placed<Label>>,
    /// What a *vouches* has to name, each of them; at least one.
    pub criteria: BTreeSet<String>,
    /// The only projects about which they may speak.
    pub projects: Option<Vec<ProjectPattern>>,
    /// The last day.
    pub until: Option<LastDay>,
}

/// Where a set of statements is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// A folder of files. In a [`StatementsTable`] as it is written, else from the policy file's folder.
    Folder(PathBuf),
    /// One file, behind HTTPS; plain HTTP only on this machine. Without credentials.
    Https(Url),
}

/// As a person names it; unescaped.
impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::Https(url) => write!(f, "{url}"),
        }
    }
}

pub(super) fn statements(
    reader: &Reader<'_>,
    label: &Label,
    value: &Value<'_>,
) -> Result<StatementsTable, Mistake> {
    let what = format!("statements.{label}");
    let table = reader.table(value, &what)?;
    reader.only(table, &STATEMENTS)?;
    let at = reader.required(table, "at", value, &what)?;
    let keys = reader.required(table, "keys", value, &what)?;
    let criteria = table
        .get("criteria")
        .map(|it| reader.labels(it, "criteria"));
    let criteria = criteria.transpose()?.map(|all| {
        let texts = all.iter().map(|it| it.value.to_string());
        texts.collect()
    });
    let projects = table.get("projects").map(|it| reader.patterns(it));
    let until = table.get("until").map(|it| until::read(reader, it));
    Ok(StatementsTable {
        at: reader.read(at, "at", place)?.value,
        keys: reader.labels(keys, "keys")?,
        criteria: criteria.unwrap_or_else(|| BTreeSet::from([LOOKED_AT.to_owned()])),
        projects: projects
            .transpose()?
            .map(|all| all.into_iter().map(|it| it.value).collect()),
        until: until.transpose()?.map(|it| it.value),
    })
}

fn place(text: &str) -> Result<At, String> {
    if !text.contains("://") {
        let wrong = || "at is a folder, or the https:// URL of a file".to_owned();
        return path(text).map(At::Folder).ok_or_else(wrong);
    }
    let url = Url::parse(text).map_err(|error| format!("at is not a URL: {error}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("at holds credentials: they belong into ~/.netrc".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("at is the URL of one file, and has neither ? nor #".to_owned());
    }
    check_url(&url).map_err(|error| format!("at: {error}"))?;
    Ok(At::Https(url))
}
