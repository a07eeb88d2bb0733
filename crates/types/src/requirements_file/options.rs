//! Options on a line of a requirements file.

use super::shell_words::{self, Word};
use super::{Entry, LineOptions, Mistake};
use crate::Digest;

/// An option that was found.
pub(super) struct Found {
    kind: &'static Kind,
    /// Empty for options without a value.
    value: String,
    at: usize,
    length: usize,
}

/// An option that files may hold.
struct Kind {
    /// With dashes; the first is the one that messages name.
    names: &'static [&'static str],
    meaning: Meaning,
}

#[derive(Clone, Copy)]
enum Meaning {
    Flag(fn() -> Entry),
    Value(fn(String) -> Entry),
    Hash,
    Setting,
    /// pip's names for experiments of its own; passed over.
    Feature,
    /// Known to pip, takes no value, and not offered here.
    FlagNotOffered,
    /// Takes a value, and loosens what the user's rules say: a file may come from anybody.
    Loosens,
}

const fn flag(names: &'static [&'static str], entry: fn() -> Entry) -> Kind {
    Kind {
        names,
        meaning: Meaning::Flag(entry),
    }
}

const fn value(names: &'static [&'static str], entry: fn(String) -> Entry) -> Kind {
    Kind {
        names,
        meaning: Meaning::Value(entry),
    }
}

const fn other(names: &'static [&'static str], meaning: Meaning) -> Kind {
    Kind { names, meaning }
}

/// What pip 26 takes in a requirements file.
static KINDS: [Kind; 20] = [
    value(&["--index-url", "-i", "--pypi-url"], Entry::IndexUrl),
    value(&["--extra-index-url"], Entry::ExtraIndexUrl),
    flag(&["--no-index"], || Entry::NoIndex),
    value(&["--constraint", "-c"], Entry::Constraints),
    value(&["--requirement", "-r"], Entry::Requirements),
    value(&["--editable", "-e"], Entry::Editable),
    value(&["--find-links", "-f"], Entry::FindLinks),
    value(&["--no-binary"], Entry::NoBinary),
    value(&["--only-binary"], Entry::OnlyBinary),
    flag(&["--prefer-binary"], || Entry::PreferBinary),
    flag(&["--require-hashes"], || Entry::RequireHashes),
    flag(&["--pre"], || Entry::Pre),
    value(&["--trusted-host"], Entry::TrustedHost),
    other(&["--hash"], Meaning::Hash),
    other(&["--use-feature"], Meaning::Feature),
    other(
        &["--config-settings", "--config-setting", "-C"],
        Meaning::Setting,
    ),
    value(&["--all-releases"], Entry::AllReleases),
    value(&["--only-final"], Entry::OnlyFinal),
    value(&["--uploaded-prior-to"], Entry::UploadedPriorTo),
    other(&["--no-require-hashes"], Meaning::FlagNotOffered),
];

/// What assay alone takes, or refuses with a reason. These names cannot be cut short: pip's are as
/// short as pip has them.
static OWN: [Kind; 8] = [
    value(&["--min-age"], Entry::MinAge),
    value(&["--evidence"], Entry::Evidence),
    other(&["--allow-startup"], Meaning::Loosens),
    other(&["--allow-build"], Meaning::Loosens),
    other(&["--allow-build-network"], Meaning::Loosens),
    other(&["--allow-overwrite"], Meaning::Loosens),
    other(&["--allow-bad-record"], Meaning::Loosens),
    other(&["--build-env"], Meaning::Loosens),
];

/// Byte offset of the first word that starts with a dash; the length of the text if none does.
pub(super) fn start(text: &str) -> usize {
    let behind_space = |at: usize| {
        text[..at]
            .chars()
            .next_back()
            .is_none_or(char::is_whitespace)
    };
    text.match_indices('-')
        .map(|(at, _)| at)
        .find(|at| behind_space(*at))
        .unwrap_or(text.len())
}

/// Reads `--name=value`, `--name value`, `-nvalue` and `-n value`; a long name may be cut short
/// where it stays unique (optparse). Offsets count from `base`.
pub(super) fn parse(text: &str, base: usize) -> Result<Vec<Found>, Mistake> {
    let mut found = Vec::new();
    let mut words = shell_words::split(text, base)?.into_iter();
    while let Some(word) = words.next() {
        let (name, attached) = split_name(&word)?;
        let kind = find(name).map_err(|why| mistake(&word, why))?;
        let mut length = word.length;
        let value = match (takes_value(kind.meaning), attached) {
            (false, None) => String::new(),
            (false, Some(_)) => {
                return Err(mistake(&word, format!("{} takes no value", kind.names[0])));
            }
            (true, Some(value)) => value.to_owned(),
            (true, None) => {
                let Some(value) = words.next() else {
                    return Err(mistake(&word, format!("{} needs a value", kind.names[0])));
                };
                length = value.at + value.length - word.at;
                value.text
            }
        };
        found.push(Found {
            kind,
            value,
            at: word.at,
            length,
        });
    }
    Ok(found)
}

const LOOSENS: &str = "a requirements file may only tighten; if you want this, give the option on \
                       your own command line";

/// The entries of a line that has options only.
pub(super) fn entries(options: Vec<Found>) -> Result<Vec<Entry>, Mistake> {
    let mut entries = Vec::new();
    for option in options {
        match option.kind.meaning {
            Meaning::Flag(entry) => entries.push(entry()),
            Meaning::Value(entry) => entries.push(entry(option.value)),
            Meaning::Feature => {}
            Meaning::Hash | Meaning::Setting => {
                return Err(option.mistake("it needs a requirement before it"));
            }
            Meaning::FlagNotOffered => return Err(option.mistake("not offered yet")),
            Meaning::Loosens => return Err(option.mistake(LOOSENS)),
        }
    }
    Ok(entries)
}

/// The options behind a requirement; no others may stand there.
pub(super) fn of_line(options: Vec<Found>) -> Result<LineOptions, Mistake> {
    let mut found = LineOptions::default();
    for option in options {
        match option.kind.meaning {
            Meaning::Hash => found.hashes.push(digest(&option)?),
            Meaning::Setting => found.config_settings.push(setting(option)?),
            Meaning::Loosens => return Err(option.mistake(LOOSENS)),
            _ => return Err(option.mistake("it needs a line of its own")),
        }
    }
    Ok(found)
}

fn setting(option: Found) -> Result<String, Mistake> {
    match option.value.split_once('=') {
        Some((key, _)) if !key.trim().is_empty() => Ok(option.value),
        _ => Err(option.mistake("expected KEY=VALUE")),
    }
}

fn digest(option: &Found) -> Result<Digest, Mistake> {
    let (name, hex) = option
        .value
        .split_once(':')
        .ok_or_else(|| option.mistake("expected algorithm:hexadecimal, as in sha256:…"))?;
    Digest::from_parts(name, hex).map_err(|error| option.mistake(&error.to_string()))
}

impl Found {
    fn mistake(&self, why: &str) -> Mistake {
        Mistake {
            at: self.at,
            length: self.length,
            why: format!("{}: {why}", self.kind.names[0]),
        }
    }
}

fn mistake(word: &Word, why: impl Into<String>) -> Mistake {
    Mistake {
        at: word.at,
        length: word.length,
        why: why.into(),
    }
}

fn split_name(word: &Word) -> Result<(&str, Option<&str>), Mistake> {
    if word.text.starts_with("--") {
        return Ok(match word.text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (&word.text, None),
        });
    }
    if !word.text.starts_with('-') {
        return Err(mistake(word, "expected an option"));
    }
    let end = word.text.char_indices().nth(2).map(|(at, _)| at);
    Ok(match end {
        Some(end) => (&word.text[..end], Some(&word.text[end..])),
        None => (&word.text, None),
    })
}

fn find(name: &str) -> Result<&'static Kind, String> {
    let unknown = || format!("no such option in a requirements file: {name}");
    if let Some(exact) = KINDS.iter().chain(&OWN).find(|it| it.names.contains(&name)) {
        return Ok(exact);
    }
    if !name.starts_with("--") || name.len() == "--".len() {
        return Err(unknown());
    }
    let mut candidates = KINDS
        .iter()
        .filter(|kind| kind.names.iter().any(|it| it.starts_with(name)));
    match (candidates.next(), candidates.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(format!("{name} may mean several options")),
        (None, _) => Err(unknown()),
    }
}

fn takes_value(meaning: Meaning) -> bool {
    !matches!(meaning, Meaning::Flag(_) | Meaning::FlagNotOffered)
}
