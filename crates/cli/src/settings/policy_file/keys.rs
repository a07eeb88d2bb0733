//! `[keys.NAME]`: a public key, and for which projects it may speak.

use std::path::PathBuf;

use assay_trust::{
    Label, ProjectPattern,
    signature::{Key, KeyKind},
};
use assay_types::day::LastDay;
use toml::de::DeTable;

use super::{
    reader::{Mistake, Placed, Reader, Value},
    until,
};

/// Its keys besides the kinds of [`KeyKind`].
pub const REST: [&str; 2] = ["projects", "until"];

/// `[keys.NAME]`.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyTable {
    /// The key of the table that gives it.
    pub kind: KeyKind,
    /// At the place of the value.
    pub text: Placed<KeyText>,
    /// The only projects for which it may speak.
    pub projects: Option<Vec<ProjectPattern>>,
    /// The last day.
    pub until: Option<LastDay>,
}

/// Where the text of a key is.
#[derive(Debug, PartialEq, Eq)]
pub enum KeyText {
    /// In the policy file; a key of its kind.
    Inline(String),
    /// In a file of its own, as it is written; read where it is used.
    File(PathBuf),
}

pub(super) fn key(
    reader: &Reader<'_>,
    label: &Label,
    value: &Value<'_>,
) -> Result<KeyTable, Mistake> {
    let table = reader.table(value, &format!("keys.{label}"))?;
    let kinds = KeyKind::ALL.map(KeyKind::name);
    reader.only(table, &[&kinds[..], &REST].concat())?;
    let (kind, text) = the_one(reader, label, value, table)?;
    let text = reader.read(text, kind.name(), |text| read(kind, text))?;
    let projects = table.get("projects").map(|it| reader.patterns(it));
    let until = table.get("until").map(|it| until::read(reader, it));
    Ok(KeyTable {
        kind,
        text,
        projects: projects
            .transpose()?
            .map(|all| all.into_iter().map(|it| it.value).collect()),
        until: until.transpose()?.map(|it| it.value),
    })
}

/// Which of two keys would count nobody could tell.
fn the_one<'t, 'd>(
    reader: &Reader<'_>,
    label: &Label,
    whole: &Value<'_>,
    table: &'t DeTable<'d>,
) -> Result<(KeyKind, &'t Value<'d>), Mistake> {
    let found = KeyKind::ALL.into_iter();
    let mut found: Vec<_> = found
        .filter_map(|kind| Some((kind, table.get(kind.name())?)))
        .collect();
    found.sort_by_key(|(_, value)| value.span().start);
    match found[..] {
        [one] => Ok(one),
        [] => {
            let kinds = KeyKind::ALL.map(KeyKind::name).join(", ");
            Err(reader.wrong(whole, format!("keys.{label} has no key: give it {kinds}")))
        }
        [(first, _), (_, second), ..] => {
            let fact = format!(
                "keys.{label} has its key as {} already: a second one gets a name of its own",
                first.name()
            );
            Err(reader.wrong(second, fact))
        }
    }
}

fn read(kind: KeyKind, text: &str) -> Result<KeyText, String> {
    let is_path = match kind {
        KeyKind::OpenPgp => true,
        KeyKind::Ssh => !text.contains(' '),
        KeyKind::Minisign => text.ends_with(".pub"),
        KeyKind::Ed25519 | KeyKind::EcdsaP256 => text.ends_with(".pem"),
    };
    if is_path {
        let path = super::reader::path(text);
        let wrong = || format!("{} is the path of a file with the key", kind.name());
        return path.map(KeyText::File).ok_or_else(wrong);
    }
    Key::parse(kind, text.as_bytes())
        .map(|_| KeyText::Inline(text.to_owned()))
        .map_err(|error| format!("{}: the text {error}", kind.name()))
}
