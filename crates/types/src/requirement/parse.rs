//! The grammar of PEP 508 around the marker, read as `packaging` 26 reads it.

use pep440_rs::VersionSpecifier;

use super::cursor::{Cursor, Token, error_at, is_space};
use super::{DirectUrl, Requirement, RequirementError, Wanted, marker};
use crate::{ExtraName, MarkerTree, ProjectName, names, range, text::is_steering};

/// Longest requirement that is read, in bytes: a marker's cost grows with its length.
const MAX_LENGTH: usize = 16 * 1024;
/// `specification = wsp* name wsp* extras? wsp* ('@' url | versionspec)? wsp* (';' marker)? wsp*`
pub(super) fn requirement(text: &str) -> Result<Requirement, RequirementError> {
    check_text(text)?;
    let mut cursor = Cursor::new(text);
    cursor.skip_space();
    let name = name(&mut cursor)?;
    cursor.skip_space();
    let extras = extras(&mut cursor)?;
    cursor.skip_space();
    let wanted = match cursor.peek() {
        Some('@') => Wanted::Direct(direct_url(&mut cursor)?),
        _ => Wanted::Version(specifiers(&mut cursor)?.into_iter().collect()),
    };
    let marker = optional_marker(&mut cursor)?;
    Ok(Requirement {
        name,
        extras,
        wanted,
        marker,
    })
}

fn check_text(text: &str) -> Result<(), RequirementError> {
    if text.len() > MAX_LENGTH {
        return Err(error_at(text, 0, 1, "a requirement over 16 KiB"));
    }
    match text
        .char_indices()
        .find(|(_, c)| is_steering(*c) && *c != '\t')
    {
        Some((at, c)) => Err(error_at(
            text,
            at,
            c.len_utf8(),
            "a control or bidirectional character",
        )),
        None => Ok(()),
    }
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn name(cursor: &mut Cursor) -> Result<ProjectName, RequirementError> {
    let token = cursor.take_until(|c| !is_name_character(c));
    if token.text.is_empty() {
        return Err(cursor.unexpected("a project's name"));
    }
    names::project(token.text).ok_or_else(|| {
        cursor.error(
            token.start,
            token.text.len(),
            "a name starts and ends with a letter or digit",
        )
    })
}

/// `'[' (extra (',' extra)*)? ']'`, sorted and without duplicates.
fn extras(cursor: &mut Cursor) -> Result<Vec<ExtraName>, RequirementError> {
    let mut extras = Vec::new();
    if !cursor.eat('[') {
        return Ok(extras);
    }
    cursor.skip_space();
    while !cursor.eat(']') {
        if !extras.is_empty() {
            if !cursor.eat(',') {
                return Err(cursor.unexpected("`,` or `]` after an extra"));
            }
            cursor.skip_space();
        }
        let token = cursor.take_until(|c| !is_name_character(c));
        let extra = names::extra(token.text)
            .ok_or_else(|| cursor.error(token.start, token.text.len(), "not an extra's name"))?;
        extras.push(extra);
        cursor.skip_space();
    }
    extras.sort();
    extras.dedup();
    Ok(extras)
}

fn direct_url(cursor: &mut Cursor) -> Result<DirectUrl, RequirementError> {
    cursor.eat('@');
    cursor.skip_space();
    let token = cursor.take_until(is_space);
    DirectUrl::parse(token.text).map_err(|why| cursor.error(token.start, token.text.len(), why))
}

/// `'(' specifiers ')'` or bare ones; a trailing comma and an empty list pass, as in `packaging`.
fn specifiers(cursor: &mut Cursor) -> Result<Vec<VersionSpecifier>, RequirementError> {
    let open = cursor.at;
    if !cursor.eat('(') {
        return match cursor.peek() {
            None | Some(';') => Ok(Vec::new()),
            Some('<' | '>' | '=' | '!' | '~') => specifier_list(cursor, |c| c == ';'),
            Some(_) => Err(cursor.unexpected("a version specifier, `@`, `[` or `;`")),
        };
    }
    let list = specifier_list(cursor, |c| matches!(c, ')' | ';'))?;
    if !cursor.eat(')') {
        return Err(cursor.error(open, 1, "this parenthesis is not closed"));
    }
    Ok(list)
}

fn specifier_list(
    cursor: &mut Cursor,
    stop: impl Fn(char) -> bool,
) -> Result<Vec<VersionSpecifier>, RequirementError> {
    let mut list = Vec::new();
    loop {
        cursor.skip_space();
        let token = cursor.take_until(|c| c == ',' || stop(c));
        let text = token.text.trim_end_matches(is_space);
        let more = cursor.eat(',');
        if !text.is_empty() {
            list.push(specifier(cursor, Token { text, ..token })?);
        } else if more {
            return Err(cursor.error(token.start, 1, "a comma without a specifier before it"));
        }
        if !more {
            return Ok(list);
        }
    }
}

fn specifier(cursor: &Cursor, token: Token) -> Result<VersionSpecifier, RequirementError> {
    range::parse_one(token.text).map_err(|why| cursor.error(token.start, token.text.len(), why))
}

fn optional_marker(cursor: &mut Cursor) -> Result<MarkerTree, RequirementError> {
    cursor.skip_space();
    if cursor.eat(';') {
        return marker::whole(cursor);
    }
    match cursor.peek() {
        None => Ok(MarkerTree::TRUE),
        Some(_) => Err(cursor.unexpected("` ;` and a marker, or the end")),
    }
}
