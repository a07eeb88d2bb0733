//! The grammar of markers (PEP 508). The tree is `pep508_rs`'s; its own parser is not used: it
//! panics on some texts and takes clauses that it does not understand for true.

use std::str::FromStr as _;

use pep508_rs::MarkerValue;

use super::RequirementError;
use super::clause::{self, Comparison};
use super::cursor::{Cursor, Token};
use super::marker_size;
use crate::MarkerTree;

/// Deepest nesting of parentheses: the parser recurses.
const MAX_DEPTH: usize = 32;

/// Reads a marker up to the end of the text.
pub(super) fn whole(cursor: &mut Cursor) -> Result<MarkerTree, RequirementError> {
    let tree = disjunction(cursor, 0)?;
    match cursor.peek() {
        None => Ok(tree),
        Some(_) => Err(cursor.unexpected("`and`, `or` or the end")),
    }
}

/// `marker_or = marker_and (wsp* 'or' marker_and)*`
fn disjunction(cursor: &mut Cursor, depth: usize) -> Result<MarkerTree, RequirementError> {
    let mut tree = conjunction(cursor, depth)?;
    while let Some(start) = eat_word(cursor, "or") {
        tree.or(conjunction(cursor, depth)?);
        check_size(cursor, start, &tree)?;
    }
    Ok(tree)
}

/// `marker_and = marker_atom (wsp* 'and' marker_atom)*`
fn conjunction(cursor: &mut Cursor, depth: usize) -> Result<MarkerTree, RequirementError> {
    let mut tree = atom(cursor, depth)?;
    while let Some(start) = eat_word(cursor, "and") {
        tree.and(atom(cursor, depth)?);
        check_size(cursor, start, &tree)?;
    }
    Ok(tree)
}

fn check_size(cursor: &Cursor, start: usize, tree: &MarkerTree) -> Result<(), RequirementError> {
    if marker_size::is_modest(tree) {
        return Ok(());
    }
    Err(cursor.error(start, cursor.at - start, "too complicated a marker"))
}

/// `marker_atom = wsp* ('(' marker_or wsp* ')' | comparison) wsp*`
fn atom(cursor: &mut Cursor, depth: usize) -> Result<MarkerTree, RequirementError> {
    cursor.skip_space();
    let open = cursor.at;
    if !cursor.eat('(') {
        return comparison(cursor);
    }
    if depth == MAX_DEPTH {
        return Err(cursor.error(open, 1, "parentheses more than 32 deep"));
    }
    let tree = disjunction(cursor, depth + 1)?;
    if !cursor.eat(')') {
        return Err(match cursor.peek() {
            None => cursor.error(open, 1, "this parenthesis is not closed"),
            Some(_) => cursor.unexpected("`and`, `or` or `)`"),
        });
    }
    cursor.skip_space();
    Ok(tree)
}

/// `marker_var wsp* marker_op wsp* marker_var`
fn comparison(cursor: &mut Cursor) -> Result<MarkerTree, RequirementError> {
    let start = cursor.at;
    let left = value(cursor)?;
    cursor.skip_space();
    let operator = operator(cursor)?;
    cursor.skip_space();
    let right = value(cursor)?;
    let length = cursor.at - start;
    cursor.skip_space();
    clause::meaning(left, operator, right).map_err(|why| cursor.error(start, length, why))
}

/// A variable, or a text in single or double quotes.
fn value(cursor: &mut Cursor) -> Result<MarkerValue, RequirementError> {
    let start = cursor.at;
    let Some(quote @ ('"' | '\'')) = cursor.peek() else {
        let name = word(cursor);
        if name.text.is_empty() {
            return Err(cursor.unexpected("a marker's variable or a quoted text"));
        }
        return variable(name.text)
            .ok_or_else(|| cursor.error(name.start, name.text.len(), "no marker's variable"));
    };
    cursor.eat(quote);
    let text = cursor.take_until(|c| c == quote).text;
    if !cursor.eat(quote) {
        return Err(cursor.error(start, 1, "this quote is not closed"));
    }
    if text.contains(['"', '\'', '\\']) {
        let why = "a quote or backslash inside a quoted text";
        return Err(cursor.error(start, text.len() + 2, why));
    }
    Ok(MarkerValue::QuotedString(text.to_owned()))
}

/// The variables of PEP 508 and their older spellings (`os.name`, `python_implementation`).
fn variable(name: &str) -> Option<MarkerValue> {
    let name = match name.replace('.', "_") {
        old if old == "python_implementation" => "platform_python_implementation".to_owned(),
        name => name,
    };
    MarkerValue::from_str(&name).ok()
}

fn operator(cursor: &mut Cursor) -> Result<Comparison, RequirementError> {
    let start = cursor.at;
    let symbol = cursor
        .take_until(|c| !matches!(c, '<' | '>' | '=' | '!' | '~'))
        .text;
    if let Some(comparison) = Comparison::from_symbol(symbol) {
        return Ok(comparison);
    }
    if symbol.is_empty() && eat_word(cursor, "in").is_some() {
        return Ok(Comparison::In);
    }
    if symbol.is_empty()
        && eat_word(cursor, "not")
            .and_then(|_| eat_word(cursor, "in"))
            .is_some()
    {
        return Ok(Comparison::NotIn);
    }
    cursor.at = start;
    Err(cursor.unexpected("a comparison such as `>=`, `in` or `not in`"))
}

/// Takes a word if it comes next, with the white space before it; says where the word begins.
fn eat_word(cursor: &mut Cursor, wanted: &str) -> Option<usize> {
    let before = cursor.at;
    cursor.skip_space();
    let word = word(cursor);
    if word.text == wanted {
        return Some(word.start);
    }
    cursor.at = before;
    None
}

fn word<'a>(cursor: &mut Cursor<'a>) -> Token<'a> {
    cursor.take_until(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))
}
