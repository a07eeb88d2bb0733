//! Which index alone may serve a project.

use std::fmt;

use assay_types::{Printable, ProjectName, Url, names, requirement::redacted};

/// A project's name, or the beginning of one with `*` behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectPattern {
    /// Normalised as names are (PEP 503).
    text: String,
    is_prefix: bool,
}

impl ProjectPattern {
    /// Reads `acme-core`, `acme-*` or `*`; `Acme_*` is the same as `acme-*`. `None` for anything
    /// that no name could match, and for a `*` that is not the end.
    pub fn parse(text: &str) -> Option<Self> {
        let Some(prefix) = text.strip_suffix('*') else {
            return names::project(text).map(|name| Self {
                text: name.to_string(),
                is_prefix: false,
            });
        };
        // Names end in a letter or digit, so the rest of a longer one stands in for what follows.
        let normalised = match prefix {
            "" => String::new(),
            _ => names::project(&format!("{prefix}x"))?.to_string(),
        };
        Some(Self {
            text: normalised.strip_suffix('x').unwrap_or("").to_owned(),
            is_prefix: true,
        })
    }

    /// Whether it means this project.
    pub fn covers(&self, project: &ProjectName) -> bool {
        let name: &str = project.as_ref();
        if self.is_prefix {
            name.starts_with(&self.text)
        } else {
            name == self.text
        }
    }

    /// The one project that it means; `None` for a beginning of names.
    pub fn name(&self) -> Option<ProjectName> {
        let name = (!self.is_prefix).then_some(self.text.as_str());
        name.and_then(names::project)
    }

    /// Whether there could be a project that both mean.
    fn overlaps(&self, other: &Self) -> bool {
        match (self.is_prefix, other.is_prefix) {
            (false, false) => self.text == other.text,
            (true, false) => other.text.starts_with(&self.text),
            (false, true) => self.text.starts_with(&other.text),
            (true, true) => {
                self.text.starts_with(&other.text) || other.text.starts_with(&self.text)
            }
        }
    }
}

impl fmt::Display for ProjectPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        f.write_str(if self.is_prefix { "*" } else { "" })
    }
}

/// Projects that come from one index and from nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexPin {
    /// Which projects.
    pub pattern: ProjectPattern,
    /// The index, by its base URL without credentials and with its closing slash.
    pub index: Url,
    /// The file and line that say so; unescaped.
    pub stated_in: String,
}

/// All pins of a run. No project has two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexPins(Vec<IndexPin>);

impl IndexPins {
    /// Adds a pin. Two that mean one project and name different indexes would leave it none, so
    /// that is an error.
    pub fn add(&mut self, pin: IndexPin) -> Result<(), Contradiction> {
        let other = self
            .0
            .iter()
            .find(|it| it.index != pin.index && it.pattern.overlaps(&pin.pattern));
        if let Some(other) = other {
            return Err(Contradiction {
                pattern: pin.pattern,
                other: other.clone(),
            });
        }
        self.0.push(pin);
        Ok(())
    }

    /// The pin of a project.
    pub fn of(&self, project: &ProjectName) -> Option<&IndexPin> {
        self.0.iter().find(|it| it.pattern.covers(project))
    }

    /// All of them, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &IndexPin> {
        self.0.iter()
    }
}

/// A project would have two indexes that alone may serve it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The pattern that was to be added.
    pub pattern: ProjectPattern,
    /// The pin that is there already.
    pub other: IndexPin,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pattern, other } = self;
        write!(
            f,
            "{pattern} meets {}, which {} pins to another index, {}",
            other.pattern,
            Printable(&other.stated_in),
            redacted(&other.index)
        )
    }
}

impl std::error::Error for Contradiction {}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> ProjectPattern {
        ProjectPattern::parse(text).unwrap()
    }

    fn pin(text: &str, host: &str) -> IndexPin {
        IndexPin {
            pattern: pattern(text),
            index: format!("https://{host}.example/simple/").parse().unwrap(),
            stated_in: "assay.toml:1".into(),
        }
    }

    #[test]
    fn names_and_beginnings_of_names() {
        for (text, meant, not_meant) in [
            ("acme", "acme", "acme-core"),
            ("Acme.Core", "acme-core", "acme"),
            ("acme-*", "acme-core", "acme"),
            ("Acme_*", "acme-core", "acmecore"),
            ("acme*", "acmecore", "acm"),
            ("x*", "xylophone", "a"),
        ] {
            let pattern = pattern(text);
            assert!(pattern.covers(&meant.parse().unwrap()), "{text}");
            assert!(!pattern.covers(&not_meant.parse().unwrap()), "{text}");
        }
        assert!(pattern("*").covers(&"anything".parse().unwrap()));
        assert_eq!(pattern("Acme.X").name(), Some("acme-x".parse().unwrap()));
        assert_eq!(pattern("acme*").name(), None);
        assert_eq!(pattern("Acme__*").to_string(), "acme-*");
        for refused in [
            "", "-acme", "acme-", "*-acme", "a*b", "a**", "-*", "é", "a b*",
        ] {
            assert_eq!(ProjectPattern::parse(refused), None, "{refused}");
        }
    }

    #[test]
    fn no_project_has_two_indexes() {
        for (one, other, contradict) in [
            ("acme-*", "acme-core", true),
            ("acme-core", "acme-*", true),
            ("acme-*", "acme-co*", true),
            ("acme", "acme", true),
            ("*", "x", true),
            ("acme-*", "acme", false),
            ("acme-a*", "acme-b*", false),
        ] {
            let mut pins = IndexPins::default();
            pins.add(pin(one, "a")).unwrap();
            assert_eq!(
                pins.clone().add(pin(other, "b")).is_err(),
                contradict,
                "{one} {other}"
            );
            assert!(pins.add(pin(other, "a")).is_ok());
        }
    }
}
