//! The netrc format, as Python's `netrc` reads it for pip: `machine NAME login USER password SECRET`,
//! `default`, `macdef` skipped; of two entries for a machine the last counts.
//!
//! Off-spec: `default` is not sent to whoever is asked, but only to the server of an index that the
//! user's own settings name, and only after it demanded credentials.

use std::collections::HashMap;

use super::credentials::{Credentials, Source};

/// What a netrc holds.
#[derive(Default)]
pub(crate) struct Netrc {
    /// By host, in lower case.
    pub(crate) machines: HashMap<String, Credentials>,
    /// The entry for all other hosts.
    pub(crate) default: Option<Credentials>,
}

/// Reads what it understands. An entry without a login and password is dropped: there is nothing
/// in it to send.
pub(crate) fn parse(text: &str) -> Netrc {
    let mut netrc = Netrc::default();
    let mut current = Draft::default();
    let mut tokens = Tokens::new(text);
    while let Some(keyword) = tokens.keyword() {
        match keyword.as_str() {
            "machine" => {
                std::mem::take(&mut current).finish(&mut netrc);
                current.whose = tokens.value().map(Whose::Machine);
            }
            "default" => {
                std::mem::take(&mut current).finish(&mut netrc);
                current.whose = Some(Whose::Others);
            }
            "login" | "user" => current.login = tokens.value(),
            "password" => current.password = tokens.value(),
            "account" => drop(tokens.value()),
            "macdef" => tokens.skip_macro(),
            _ => {}
        }
    }
    current.finish(&mut netrc);
    netrc
}

enum Whose {
    Machine(String),
    Others,
}

#[derive(Default)]
struct Draft {
    whose: Option<Whose>,
    login: Option<String>,
    password: Option<String>,
}

impl Draft {
    fn finish(self, netrc: &mut Netrc) {
        if self.login.is_none() && self.password.is_none() {
            return;
        }
        let credentials = Credentials::new(self.login.unwrap_or_default(), self.password);
        match self.whose {
            Some(Whose::Machine(host)) => {
                let credentials = credentials.from(Source::Netrc);
                netrc
                    .machines
                    .insert(host.to_ascii_lowercase(), credentials);
            }
            Some(Whose::Others) => netrc.default = Some(credentials.from(Source::NetrcDefault)),
            None => {}
        }
    }
}

/// Words, with double quotes and backslashes as Python and curl read them.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// The next word where a keyword may stand; there, and only there, `#` begins a comment: a
    /// password may begin with it.
    fn keyword(&mut self) -> Option<String> {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('#') {
                return self.value();
            }
            self.skip_line();
        }
    }

    fn value(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() {
            return None;
        }
        let (token, after) = next_token(self.rest);
        self.rest = after;
        Some(token)
    }

    /// A macro ends with an empty line.
    fn skip_macro(&mut self) {
        self.skip_line();
        while !self.rest.is_empty() {
            let is_end = self
                .rest
                .lines()
                .next()
                .is_none_or(|it| it.trim().is_empty());
            self.skip_line();
            if is_end {
                return;
            }
        }
    }

    fn skip_line(&mut self) {
        self.rest = self.rest.split_once('\n').map_or("", |(_, after)| after);
    }
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

    fn basic(user: &str, password: &str) -> String {
        Credentials::new(user.into(), Some(password.into())).header()
    }

    #[test]
    fn machines_quotes_comments_and_macros() {
        let text = "# comment\nmachine a.example login u password p#1 # password no\n\
                    macdef init\n machine evil login x password y\n\n\
                    machine B.example\n  login \"v w\" account z\n  password a\\\"b\n\
                    machine c.example login u password #1\n\
                    machine empty.example\nlogin orphan";
        let netrc = parse(text);
        let mut seen: Vec<_> = netrc.machines.iter().collect();
        seen.sort_by_key(|(host, _)| host.as_str());
        let seen: Vec<_> = seen
            .into_iter()
            .map(|(host, it)| (host.as_str(), it.header()))
            .collect();
        assert_eq!(
            seen[..3],
            [
                ("a.example", basic("u", "p#1")),
                ("b.example", basic("v w", "a\"b")),
                ("c.example", basic("u", "#1")),
            ]
        );
        assert_eq!(seen[3].0, "empty.example");
        assert_eq!(seen.len(), 4);
        assert!(netrc.default.is_none());
    }

    #[test]
    fn the_default_stands_apart_and_the_last_of_two_counts() {
        let netrc = parse(
            "machine a login 1 password 1 default login d password e machine a login 2 password 2",
        );
        assert_eq!(netrc.machines["a"].header(), basic("2", "2"));
        assert_eq!(netrc.default.unwrap().header(), basic("d", "e"));
        assert!(parse("default").default.is_none());
        assert!(parse("login a password b").machines.is_empty());
    }
}
