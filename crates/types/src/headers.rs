//! Headers of METADATA and WHEEL: the part of RFC 822 that the core metadata specification uses.

/// One header: the name as written and the unfolded value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    name: String,
    value: String,
}

/// The headers of a file, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Headers(Vec<Header>);

/// A line that is neither a header, nor a continuation, nor the blank line before the body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is no header")]
pub(crate) struct HeaderError {
    /// 1-based.
    line: usize,
}

impl Headers {
    /// Reads up to the first blank line. Lines end in `\n` or `\r\n`; one that starts with a space
    /// or tab continues the header before it.
    pub(crate) fn parse(text: &str) -> Result<Self, HeaderError> {
        let mut headers: Vec<Header> = Vec::new();
        for (index, line) in text.split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() {
                break;
            }
            let error = HeaderError { line: index + 1 };
            if line.starts_with([' ', '\t']) {
                let last = headers.last_mut().ok_or(error)?;
                last.value.push('\n');
                last.value.push_str(line);
                continue;
            }
            let (name, value) = line.split_once(':').ok_or_else(|| error.clone())?;
            if !is_field_name(name) {
                return Err(error);
            }
            headers.push(Header {
                name: name.to_owned(),
                value: value.trim_matches([' ', '\t']).to_owned(),
            });
        }
        Ok(Self(headers))
    }

    /// Reads headers as Python's `email` does, and gives what follows them: an empty line ends them
    /// and is dropped, any other line that is no header begins what follows. Lines end in `\n`.
    pub(crate) fn lenient(text: &str) -> (Self, &str) {
        let mut headers: Vec<Header> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            if line.is_empty() {
                return (Self(headers), after);
            }
            if line.starts_with([' ', '\t']) {
                // At the very beginning it continues nothing.
                if let Some(last) = headers.last_mut() {
                    last.value.push('\n');
                    last.value.push_str(line);
                }
            } else if let Some((name, value)) = line.split_once(':')
                && (name.is_empty() || is_field_name(name))
            {
                headers.push(Header {
                    name: name.to_owned(),
                    value: value.trim_start_matches([' ', '\t']).to_owned(),
                });
            } else {
                break;
            }
            rest = after;
        }
        (Self(headers), rest)
    }

    /// The values of every header of that name, in order; names are compared without case.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |it| it.name.eq_ignore_ascii_case(name))
            .map(|it| it.value.as_str())
    }

    /// The value of a header that must occur exactly once.
    pub(crate) fn one(&self, name: &str) -> Result<&str, &'static str> {
        self.at_most_one(name)?.ok_or("it is missing")
    }

    /// The value of a header that may occur once.
    pub(crate) fn at_most_one(&self, name: &str) -> Result<Option<&str>, &'static str> {
        let mut values = self
            .0
            .iter()
            .filter(|it| it.name.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (_, Some(_)) => Err("it occurs more than once"),
            (first, None) => Ok(first.map(|it| it.value.as_str())),
        }
    }
}

/// RFC 822, section 3.1.2: printable ASCII without space and colon.
fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic())
}
