//! `[indexes.NAME]` and `[sigstore]`: who is meant by a name, and whose signatures count.

use std::path::PathBuf;

use assay_types::Url;
use toml::de::DeTable;

use super::{
    document::{INDEX, Index, SIGSTORE},
    reader::{Mistake, Placed, Reader, Value, path},
};
use crate::settings::index::canonical;

pub(super) fn index(reader: &Reader<'_>, name: &str, value: &Value<'_>) -> Result<Index, Mistake> {
    let what = format!("indexes.{name}");
    let table = reader.table(value, &what)?;
    reader.only(table, &INDEX)?;
    let url = reader.required(table, "url", value, &what)?;
    Ok(Index {
        url: base_url(reader, url, &what)?,
        trusted_root: trusted_root(reader, table)?,
    })
}

pub(super) fn sigstore(
    reader: &Reader<'_>,
    value: &Value<'_>,
) -> Result<Option<Placed<PathBuf>>, Mistake> {
    let table = reader.table(value, "sigstore")?;
    reader.only(table, &SIGSTORE)?;
    trusted_root(reader, table)
}

fn base_url(reader: &Reader<'_>, url: &Value<'_>, what: &str) -> Result<Placed<Url>, Mistake> {
    let what = format!("{what}.url");
    reader.read(url, &what, |text| {
        let parsed = Url::parse(text).map_err(|error| format!("{what} is not a URL: {error}"))?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(format!(
                "{what} holds credentials: they belong into your own settings or ~/.netrc"
            ));
        }
        if parsed.cannot_be_a_base() || parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(format!("{what} is not the base URL of an index"));
        }
        canonical(text).map_err(|_| format!("{what} is not a URL"))
    })
}

/// A file, from the folder of the policy file; read where it is used.
fn trusted_root(
    reader: &Reader<'_>,
    table: &DeTable<'_>,
) -> Result<Option<Placed<PathBuf>>, Mistake> {
    let Some(value) = table.get("trusted-root") else {
        return Ok(None);
    };
    let path = reader.read(value, "trusted-root", |text| {
        let wrong = || "trusted-root is the path of a trusted_root.json".to_owned();
        path(text).ok_or_else(wrong)
    })?;
    Ok(Some(path))
}
