//! Python's literals as `repr` writes them, of strings, and of dicts and lists of those. Nothing else
//! is read: no escapes, no other spacing, no code.

/// `'…'` or `"…"` without anything that Python would read as something else; and what follows.
pub(super) fn string(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|it| matches!(it, '\'' | '"'))?;
    let (inside, rest) = text[1..].split_once(quote)?;
    // Two strings side by side are one to Python.
    let is_plain = !inside.contains(['\\', '\n', '\r']) && !rest.starts_with(['\'', '"']);
    is_plain.then_some((inside, rest))
}

/// `{'key': 'value', …}` and nothing after it.
pub(super) fn strings(text: &str) -> Option<Vec<(&str, &str)>> {
    dict(text, &string)
}

/// `{'key': ['value', …], …}` and nothing after it.
pub(super) fn lists(text: &str) -> Option<Vec<(&str, Vec<&str>)>> {
    dict(text, &|text| {
        let (items, rest) = items(text.strip_prefix('[')?, "]", &string)?;
        Some((items, rest))
    })
}

type Read<'a, 'r, T> = &'r dyn Fn(&'a str) -> Option<(T, &'a str)>;

fn dict<'a, T>(text: &'a str, value: Read<'a, '_, T>) -> Option<Vec<(&'a str, T)>> {
    let pair = |text: &'a str| {
        let (key, rest) = string(text)?;
        let (value, rest) = value(rest.strip_prefix(": ")?)?;
        Some(((key, value), rest))
    };
    let (pairs, rest) = items(text.strip_prefix('{')?, "}", &pair)?;
    rest.is_empty().then_some(pairs)
}

/// What stands between the brackets; the opening one is gone already.
fn items<'a, T>(text: &'a str, end: &str, item: Read<'a, '_, T>) -> Option<(Vec<T>, &'a str)> {
    let mut found = Vec::new();
    if let Some(rest) = text.strip_prefix(end) {
        return Some((found, rest));
    }
    let mut text = text;
    loop {
        let (one, rest) = item(text)?;
        found.push(one);
        if let Some(rest) = rest.strip_prefix(end) {
            return Some((found, rest));
        }
        text = rest.strip_prefix(", ")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repr_writes_is_read_and_nothing_else() {
        assert_eq!(strings("{}"), Some(Vec::new()));
        assert_eq!(
            strings("{'a': '/x', \"b'\": '/y \"z\"'}"),
            Some(vec![("a", "/x"), ("b'", "/y \"z\"")])
        );
        assert_eq!(
            lists("{'a': [], 'b': ['x', 'y']}"),
            Some(vec![("a", vec![]), ("b", vec!["x", "y"])])
        );
        assert_eq!(string("'a' + 'b'"), Some(("a", " + 'b'")));
        for text in [
            "",
            "{",
            "{'a'}",
            "{'a': 1}",
            "{'a': f'x'}",
            "{'a': 'x' 'y'}",
            "{'a': 'x''y'}",
            "{'a': 'x\\''}",
            "{'a': '\\x2f'}",
            "{'a': 'x',}",
            "{'a': 'x', }",
            "{'a':'x'}",
            "{'a': 'x'} ",
            "{'a': 'x'}; import os",
            "{'a': '''x'''}",
            "{'a': ['x']}",
            "dict()",
            " {}",
        ] {
            assert_eq!(strings(text), None, "{text}");
        }
        for text in [
            "{'a': 'x'}",
            "{'a': ['x',]}",
            "{'a': [['x']]}",
            "{'a': ['x'}",
        ] {
            assert_eq!(lists(text), None, "{text}");
        }
    }
}
