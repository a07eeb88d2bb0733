//! Every field of METADATA, in the form that the core metadata specification has for JSON.

use super::{LIMIT, MetadataError};
use crate::headers::Headers;

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// A field that occurs once; where a file repeats it, the first counts.
    One(String),
    /// A field that may occur several times, in order, or the words of `keywords`.
    Many(Vec<String>),
}

/// Fields and whether they may occur several times; the specification's, as pip reports them.
const FIELDS: [(&str, bool); 27] = [
    ("Metadata-Version", false),
    ("Name", false),
    ("Version", false),
    ("Dynamic", true),
    ("Platform", true),
    ("Supported-Platform", true),
    ("Summary", false),
    ("Description", false),
    ("Description-Content-Type", false),
    ("Keywords", false),
    ("Home-page", false),
    ("Download-URL", false),
    ("Author", false),
    ("Author-email", false),
    ("Maintainer", false),
    ("Maintainer-email", false),
    ("License", false),
    ("License-Expression", false),
    ("License-File", true),
    ("Classifier", true),
    ("Requires-Dist", true),
    ("Requires-Python", false),
    ("Requires-External", true),
    ("Project-URL", true),
    ("Provides-Extra", true),
    ("Provides-Dist", true),
    ("Obsoletes-Dist", true),
];

/// The fields of METADATA by their JSON names (`requires_dist`), unescaped. Nothing is judged:
/// what Python's `email` takes for a header is one, what is not UTF-8 is replaced.
pub fn fields(bytes: &[u8]) -> Result<Vec<(String, FieldValue)>, MetadataError> {
    if bytes.len() > LIMIT {
        return Err(MetadataError::TooLarge);
    }
    let text = String::from_utf8_lossy(bytes)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let (headers, body) = Headers::lenient(&text);
    let mut fields = Vec::new();
    for (name, repeats) in FIELDS {
        let mut values = headers.all(name).map(unfolded);
        let value = match values.next() {
            _ if name == "Description" && !body.is_empty() => FieldValue::One(body.to_owned()),
            None => continue,
            Some(first) if repeats => {
                FieldValue::Many(std::iter::once(first).chain(values).collect())
            }
            Some(first) if name == "Keywords" => FieldValue::Many(keywords(&first)),
            Some(first) => FieldValue::One(first),
        };
        fields.push((name.to_ascii_lowercase().replace('-', "_"), value));
    }
    Ok(fields)
}

/// Separated by commas, as the specification has it, or by spaces, as old files do.
fn keywords(text: &str) -> Vec<String> {
    if text.contains(',') {
        text.split(',').map(|it| it.trim().to_owned()).collect()
    } else {
        text.split_whitespace().map(str::to_owned).collect()
    }
}

/// A value of several lines without the indentation that its lines share; the first has eight
/// columns, because writers indent the others by so many.
fn unfolded(value: &str) -> String {
    if !value.contains('\n') {
        return value.to_owned();
    }
    let value = format!("{:8}{value}", "");
    let is_blank = |line: &&str| line.trim_matches([' ', '\t']).is_empty();
    let indents = value.split('\n').filter(|it| !is_blank(it)).map(|line| {
        let text = line.trim_start_matches([' ', '\t']);
        &line[..line.len() - text.len()]
    });
    let margin = indents.reduce(common).unwrap_or_default();
    let lines = value.split('\n').map(|line| match is_blank(&line) {
        true => "",
        false => &line[margin.len()..],
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The beginning that two indentations share.
fn common<'a>(one: &'a str, other: &'a str) -> &'a str {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b);
    &one[..same.count()]
}
