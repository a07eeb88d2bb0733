//! `evidence` and `mode`.

use assay_trust::{Expression, Mode, Word};
use toml::de::{DeTable, DeValue};

use super::reader::{Mistake, Placed, Reader, Times, Value};

/// The keys of an expression that is a table.
pub const KEYS: [&str; 4] = ["any", "all", "at-least", "of"];

/// Evidence as an option has it: a word, or a table as a policy file would have it inline. The error
/// is a sentence.
pub fn of_option(text: &str) -> Result<Expression, String> {
    let text = text.trim();
    if !text.starts_with('{') {
        return Word::parse(text).map(Expression::Word);
    }
    let document = format!("evidence = {text}");
    let reader = Reader::new(&document, Times::default());
    let table = DeTable::parse(&document).map_err(|error| error.message().to_owned())?;
    let read = reader.only(table.get_ref(), &["evidence"]).and_then(|()| {
        let value = table.get_ref().get("evidence");
        value.map(|it| read(&reader, it)).transpose()
    });
    let read = read.map_err(|mistake| mistake.fact)?;
    read.ok_or_else(|| format!("{text} asks for nothing"))
}

/// A word, or a table with one of `any`, `all`, and `at-least` with `of`.
pub(super) fn read(reader: &Reader<'_>, value: &Value<'_>) -> Result<Expression, Mistake> {
    match value.get_ref() {
        DeValue::String(text) => Word::parse(text)
            .map(Expression::Word)
            .map_err(|fact| reader.wrong(value, fact)),
        DeValue::Table(table) => composed(reader, value, table),
        _ => Err(reader.wrong(
            value,
            "evidence is a word or a table such as { any = [...] }",
        )),
    }
}

/// The words of an expression, which was read, that carry the name of something else, each at its place.
pub(super) fn named(reader: &Reader<'_>, value: &Value<'_>) -> Vec<Placed<Word>> {
    match value.get_ref() {
        DeValue::String(text) => {
            let word = Word::parse(text).ok().filter(|it| it.label().is_some());
            word.map(|it| reader.placed(value, it))
                .into_iter()
                .collect()
        }
        DeValue::Table(table) => table.values().flat_map(|it| named(reader, it)).collect(),
        DeValue::Array(list) => list.iter().flat_map(|it| named(reader, it)).collect(),
        _ => Vec::new(),
    }
}

fn composed(
    reader: &Reader<'_>,
    value: &Value<'_>,
    table: &DeTable<'_>,
) -> Result<Expression, Mistake> {
    reader.only(table, &KEYS)?;
    let [any, all, count, of] = KEYS.map(|it| table.get(it));
    match (any, all, count, of) {
        (Some(any), None, None, None) => parts(reader, any).map(Expression::Any),
        (None, Some(all), None, None) => parts(reader, all).map(Expression::All),
        (None, None, Some(count), Some(of)) => {
            let parts = parts(reader, of)?;
            let least = number(count).filter(|it| (1..=parts.len()).contains(it));
            let least = least.ok_or_else(|| {
                let fact = format!("at-least is a number from 1 to {}", parts.len());
                reader.wrong(count, fact)
            })?;
            if let Some(twice) = (1..parts.len()).find(|it| parts[..*it].contains(&parts[*it])) {
                let fact = format!("{} stands here twice, and would count twice", parts[twice]);
                return Err(reader.wrong(of, fact));
            }
            Ok(Expression::AtLeast(least, parts))
        }
        _ => Err(reader.wrong(
            value,
            "evidence has one of any, all, or at-least together with of",
        )),
    }
}

/// What nothing could meet is a mistake, not a rule.
fn parts(reader: &Reader<'_>, value: &Value<'_>) -> Result<Vec<Expression>, Mistake> {
    let list = reader.list(value, "a list of evidence")?;
    if list.is_empty() {
        return Err(reader.wrong(value, "an empty list of evidence is met by nothing"));
    }
    list.iter().map(|it| read(reader, it)).collect()
}

fn number(value: &Value<'_>) -> Option<usize> {
    match value.get_ref() {
        DeValue::Integer(it) => usize::from_str_radix(it.as_str(), it.radix()).ok(),
        _ => None,
    }
}

/// `require`, `warn` or `report`.
pub(super) fn mode(reader: &Reader<'_>, value: &Value<'_>) -> Result<Mode, Mistake> {
    let modes = [Mode::Require, Mode::Warn, Mode::Report];
    let read = reader.read(value, "mode", |text| {
        let named = modes.into_iter().find(|it| it.to_string() == text);
        named.ok_or_else(|| format!("mode is require, warn or report, not \"{text}\""))
    })?;
    Ok(read.value)
}
