//! The netrc format: `machine NAME login USER password SECRET`, `macdef` skipped.
//!
//! Off-spec: a `default` entry is read and not used, because credentials go only to hosts that are
//! named, and a page may link to any host.

use super::credentials::Credentials;

/// One machine.
pub(crate) struct Entry {
    pub(crate) host: String,
    pub(crate) credentials: Credentials,
}

/// Reads what it understands. An entry without a login and password is dropped: there is nothing
/// in it to send.
pub(crate) fn parse(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut current: Option<Draft> = None;
    let mut tokens = tokens(text).into_iter();
    while let Some(token) = tokens.next() {
        match token.as_str() {
            "machine" => {
                entries.extend(current.take().and_then(Draft::finish));
                current = tokens.next().map(Draft::new);
            }
            "default" => entries.extend(current.take().and_then(Draft::finish)),
            "login" | "user" => set(current.as_mut().map(|it| &mut it.login), tokens.next()),
            "password" => set(current.as_mut().map(|it| &mut it.password), tokens.next()),
            "account" => drop(tokens.next()),
            _ => {}
        }
    }
    entries.extend(current.and_then(Draft::finish));
    entries
}

struct Draft {
    host: String,
    login: Option<String>,
    password: Option<String>,
}

impl Draft {
    fn new(host: String) -> Self {
        Self {
            host,
            login: None,
            password: None,
        }
    }

    fn finish(self) -> Option<Entry> {
        if self.login.is_none() && self.password.is_none() {
            return None;
        }
        let credentials = Credentials::new(self.login.unwrap_or_default(), self.password);
        Some(Entry {
            host: self.host.to_ascii_lowercase(),
            credentials,
        })
    }
}

fn set(slot: Option<&mut Option<String>>, value: Option<String>) {
    if let Some(slot) = slot {
        *slot = value;
    }
}

/// Words, with double quotes and backslashes as curl reads them; comments and macros left out.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut in_macro = false;
    for line in text.lines() {
        if in_macro {
            in_macro = !line.trim().is_empty();
            continue;
        }
        let mut rest = line.trim_start();
        while !rest.is_empty() && !rest.starts_with('#') {
            let (token, after) = next_token(rest);
            if token == "macdef" {
                in_macro = true;
                break;
            }
            tokens.push(token);
            rest = after.trim_start();
        }
    }
    tokens
}

fn next_token(text: &str) -> (String, &str) {
    let quoted = text.starts_with('"');
    let mut token = String::new();
    let mut chars = text.char_indices().skip(usize::from(quoted));
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if quoted => return (token, &text[at + 1..]),
            c if !quoted && c.is_whitespace() => return (token, &text[at..]),
            '\\' => token.extend(chars.next().map(|(_, c)| c)),
            c => token.push(c),
        }
    }
    (token, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_quotes_and_macros_but_no_default() {
        let text = "# comment\nmachine a.example login u password p#1\n\
                    macdef init\n machine evil login x password y\n\n\
                    machine B.example\n  login \"v w\" account z\n  password a\\\"b\n\
                    machine empty.example\ndefault login d password e\n";
        let entries = parse(text);
        let seen: Vec<_> = entries
            .iter()
            .map(|it| (it.host.as_str(), it.credentials.header()))
            .collect();
        let basic = |user: &str, password: &str| {
            Credentials::new(user.into(), Some(password.into())).header()
        };
        assert_eq!(
            seen,
            [
                ("a.example", basic("u", "p#1")),
                ("b.example", basic("v w", "a\"b")),
            ]
        );
    }
}
