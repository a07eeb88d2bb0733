//! The rules in a project's file: parsed strictly, with the place of every mistake.

use std::collections::BTreeMap;

use assay_trust::ProjectPattern;
use assay_types::Url;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::settings::index::canonical;

/// Where the rules are in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// `assay.toml`: the whole of it.
    Document,
    /// `pyproject.toml`: `[tool.assay]`.
    Tool,
}

/// What a project's file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// `[indexes.NAME]`: base URLs as origins have them.
    pub indexes: BTreeMap<String, Placed<Url>>,
    /// `[[policy.rule]]`.
    pub rules: Vec<Placed<Rule>>,
}

/// One `[[policy.rule]]`: these projects come from this index and from nowhere else.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `projects`, at least one.
    pub projects: Vec<Placed<ProjectPattern>>,
    /// `index`, which `indexes` has.
    pub index: String,
}

/// A value and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Counted from 1.
    pub line: usize,
}

/// Something that a file may not say. Columns count characters; both begin with 1.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    pub line: usize,
    pub column: usize,
    pub fact: String,
}

/// Reads the rules; `None` where the file has none, which only a `pyproject.toml` may.
pub fn parse(text: &str, root: Root) -> Result<Option<Rules>, Mistake> {
    let reader = Reader { text };
    let document = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(text.len(), |it| it.start);
        reader.mistake(at, error.message())
    })?;
    match root {
        Root::Document => reader.rules(document.get_ref()).map(Some),
        Root::Tool => {
            let Some(tool) = document.get_ref().get("tool") else {
                return Ok(None);
            };
            let tool = reader.table(tool, "tool")?;
            let own = tool.get("assay").map(|it| reader.table(it, "tool.assay"));
            own.map(|it| reader.rules(it?)).transpose()
        }
    }
}

struct Reader<'a> {
    text: &'a str,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn rules(&self, table: &DeTable<'_>) -> Result<Rules, Mistake> {
        self.only(table, &["indexes", "policy"])?;
        let mut found = Rules::default();
        if let Some(indexes) = table.get("indexes") {
            for (name, index) in self.table(indexes, "indexes")?.iter() {
                let name = name.get_ref().to_string();
                let url = self.index(&name, index)?;
                found.indexes.insert(name, url);
            }
        }
        if let Some(policy) = table.get("policy") {
            let policy = self.table(policy, "policy")?;
            self.only(policy, &["rule"])?;
            if let Some(rules) = policy.get("rule") {
                for rule in self.list(rules, "policy.rule")? {
                    found.rules.push(self.rule(rule, &found.indexes)?);
                }
            }
        }
        Ok(found)
    }

    fn index(&self, name: &str, value: &Value<'_>) -> Result<Placed<Url>, Mistake> {
        let what = format!("indexes.{name}");
        let table = self.table(value, &what)?;
        self.only(table, &["url"])?;
        let url = self.required(table, "url", value, &what)?;
        let text = self.string(url, &format!("{what}.url"))?;
        let at = url.span().start;
        let parsed = Url::parse(text)
            .map_err(|error| self.mistake(at, format!("{what}.url is not a URL: {error}")))?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            let fact = format!(
                "{what}.url holds credentials: they belong into your own settings or ~/.netrc"
            );
            return Err(self.mistake(at, fact));
        }
        if parsed.cannot_be_a_base() || parsed.query().is_some() || parsed.fragment().is_some() {
            let fact = format!("{what}.url is not the base URL of an index");
            return Err(self.mistake(at, fact));
        }
        canonical(text)
            .map(|url| self.placed(at, url))
            .map_err(|_| self.mistake(at, format!("{what}.url is not a URL")))
    }

    fn rule(
        &self,
        value: &Value<'_>,
        indexes: &BTreeMap<String, Placed<Url>>,
    ) -> Result<Placed<Rule>, Mistake> {
        let table = self.table(value, "policy.rule")?;
        self.only(table, &["projects", "index"])?;
        let projects = self.required(table, "projects", value, "policy.rule")?;
        let patterns = self.list(projects, "projects")?.iter();
        let patterns: Vec<_> = patterns
            .map(|it| self.pattern(it))
            .collect::<Result<_, _>>()?;
        if patterns.is_empty() {
            let fact = "projects is empty: such a rule is for nothing";
            return Err(self.mistake(projects.span().start, fact));
        }
        let index = self.required(table, "index", value, "policy.rule")?;
        let name = self.string(index, "index")?;
        if !indexes.contains_key(name) {
            let fact = format!("there is no [indexes.{name}] in this file");
            return Err(self.mistake(index.span().start, fact));
        }
        let rule = Rule {
            projects: patterns,
            index: name.to_owned(),
        };
        Ok(self.placed(value.span().start, rule))
    }

    fn pattern(&self, value: &Value<'_>) -> Result<Placed<ProjectPattern>, Mistake> {
        let text = self.string(value, "each of projects")?;
        let at = value.span().start;
        let pattern = ProjectPattern::parse(text).ok_or_else(|| {
            let fact = format!("\"{text}\" is neither a project's name nor one's beginning with *");
            self.mistake(at, fact)
        })?;
        Ok(self.placed(at, pattern))
    }

    /// A rule that is overlooked is one that does not hold, so whatever is not known is a mistake.
    fn only(&self, table: &DeTable<'_>, known: &[&str]) -> Result<(), Mistake> {
        let unknown = table.keys().find(|it| !known.contains(&&**it.get_ref()));
        match unknown {
            None => Ok(()),
            Some(key) => {
                let (name, known) = (key.get_ref(), known.join(", "));
                let fact = format!("\"{name}\" is not known here; this assay knows {known}");
                Err(self.mistake(key.span().start, fact))
            }
        }
    }

    fn required<'t, 'd>(
        &self,
        table: &'t DeTable<'d>,
        key: &str,
        whole: &Value<'_>,
        what: &str,
    ) -> Result<&'t Value<'d>, Mistake> {
        table
            .get(key)
            .ok_or_else(|| self.mistake(whole.span().start, format!("{what} has no \"{key}\"")))
    }

    fn table<'t, 'd>(&self, value: &'t Value<'d>, what: &str) -> Result<&'t DeTable<'d>, Mistake> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.mistake(value.span().start, format!("{what} is not a table"))),
        }
    }

    fn list<'t, 'd>(&self, value: &'t Value<'d>, what: &str) -> Result<&'t [Value<'d>], Mistake> {
        match value.get_ref() {
            DeValue::Array(list) => Ok(list),
            _ => Err(self.mistake(value.span().start, format!("{what} is not a list"))),
        }
    }

    fn string<'t>(&self, value: &'t Value<'_>, what: &str) -> Result<&'t str, Mistake> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.mistake(value.span().start, format!("{what} is not a text"))),
        }
    }

    fn placed<T>(&self, at: usize, value: T) -> Placed<T> {
        let (line, _) = self.position(at);
        Placed { value, line }
    }

    fn mistake(&self, at: usize, fact: impl Into<String>) -> Mistake {
        let (line, column) = self.position(at);
        Mistake {
            line,
            column,
            fact: fact.into(),
        }
    }

    fn position(&self, at: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(at)];
        let line_start = before.rfind('\n').map_or(0, |it| it + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }
}

#[cfg(test)]
mod tests;
