//! Reads a policy file strictly: one schema, whoever wrote it.

use std::collections::BTreeMap;

use assay_trust::{Label, ProjectPattern, SourceBuilds};
use toml::de::{DeTable, DeValue};

use super::{
    document::{Document, FILE, Index, MinAge, POLICY, RULE, Section},
    expression, grants, hooks, indexes, keys, publishers,
    reader::{Mistake, Placed, Reader, Times, Value},
    statements,
};
use crate::settings::cooldown::limit;

/// Where the rules are in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// `assay.toml`, `policy.toml`: the whole of it.
    Document,
    /// `pyproject.toml`: `[tool.assay]`.
    Tool,
}

/// Reads the rules; `None` where the file has none, which only a `pyproject.toml` may. A grant that
/// expired is a mistake.
pub fn parse(text: &str, root: Root, times: Times) -> Result<Option<Document>, Mistake> {
    let reader = Reader::new(text, times);
    let document = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(text.len(), |it| it.start);
        reader.mistake(at, error.message())
    })?;
    match root {
        Root::Document => reader.document(document.get_ref()).map(Some),
        Root::Tool => {
            let Some(tool) = document.get_ref().get("tool") else {
                return Ok(None);
            };
            let tool = reader.table(tool, "tool")?;
            let own = tool.get("assay").map(|it| reader.table(it, "tool.assay"));
            own.map(|it| reader.document(it?)).transpose()
        }
    }
}

impl Reader<'_> {
    fn document(&self, table: &DeTable<'_>) -> Result<Document, Mistake> {
        self.only(table, &FILE)?;
        let mut found = Document::default();
        if let Some(indexes) = table.get("indexes") {
            for (name, index) in self.table(indexes, "indexes")?.iter() {
                let name = name.get_ref().to_string();
                let index = indexes::index(self, &name, index)?;
                found.indexes.insert(name, index);
            }
        }
        if let Some(value) = table.get("publishers") {
            found.publishers = publishers::read(self, value)?;
        }
        if let Some(value) = table.get("sigstore") {
            found.trusted_root = indexes::sigstore(self, value)?;
        }
        found.keys = self.tables(table, "keys", keys::key)?;
        found.statements = self.tables(table, "statements", statements::statements)?;
        found.hooks = self.tables(table, "hooks", hooks::hook)?;
        if let Some(policy) = table.get("policy") {
            let policy = self.table(policy, "policy")?;
            self.only(policy, &POLICY)?;
            found.general = self.section(policy)?;
            if let Some(rules) = policy.get("rule") {
                for rule in self.list(rules, "policy.rule")? {
                    found.rules.push(self.rule(rule, &found.indexes)?);
                }
            }
        }
        Ok(found)
    }

    /// Tables by name, where `key` gives any, in the order of the file.
    fn tables<T>(
        &self,
        document: &DeTable<'_>,
        key: &str,
        read: impl Fn(&Self, &Label, &Value<'_>) -> Result<T, Mistake>,
    ) -> Result<BTreeMap<Label, Placed<T>>, Mistake> {
        let Some(value) = document.get(key) else {
            return Ok(BTreeMap::new());
        };
        let mut entries: Vec<_> = self.table(value, key)?.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let entries = entries.into_iter().map(|(name, value)| {
            let label = name.get_ref().parse();
            let label = label.map_err(|fact: String| self.mistake(name.span().start, fact))?;
            let read = read(self, &label, value)?;
            Ok((label, self.placed(value, read)))
        });
        entries.collect()
    }

    fn rule(
        &self,
        value: &Value<'_>,
        indexes: &BTreeMap<String, Index>,
    ) -> Result<Section, Mistake> {
        let table = self.table(value, "policy.rule")?;
        self.only(table, &RULE)?;
        let projects = self.required(table, "projects", value, "policy.rule")?;
        let patterns = self.patterns(projects)?;
        if table.len() == 1 {
            let rest = RULE[1..].join(", ");
            return Err(self.wrong(value, format!("policy.rule says nothing: give it {rest}")));
        }
        let mut rule = self.section(table)?;
        rule.grants = grants::read(self, table, &patterns)?;
        rule.until = grants::until(self, table, &rule)?;
        rule.projects = patterns;
        if let Some(keys) = table.get("wheel-signature") {
            let labels = self.labels(keys, "wheel-signature")?;
            rule.wheel_signature = Some(self.placed(keys, labels));
        }
        if let Some(index) = table.get("index") {
            rule.index = Some(self.read(index, "index", |name| {
                let is_known = indexes.contains_key(name);
                is_known
                    .then(|| name.to_owned())
                    .ok_or_else(|| format!("there is no [indexes.{name}] in this file"))
            })?);
        }
        Ok(rule)
    }

    /// The keys that `[policy]` and a rule read alike; the former knows but some of them.
    fn section(&self, table: &DeTable<'_>) -> Result<Section, Mistake> {
        let mut section = Section::default();
        if let Some(value) = table.get("evidence") {
            section.evidence = Some(self.placed(value, expression::read(self, value)?));
            section.named = expression::named(self, value);
        }
        if let Some(value) = table.get("mode") {
            if section.evidence.is_none() {
                return Err(self.wrong(value, "mode is for evidence, and this rule asks for none"));
            }
            section.mode = expression::mode(self, value)?;
        }
        if let Some(value) = table.get("min-age") {
            section.min_age = Some(self.read(value, "min-age", |text| {
                let cutoff =
                    limit(text, self.times.now).map_err(|fact| format!("min-age: {fact}"))?;
                Ok(MinAge {
                    text: text.to_owned(),
                    cutoff,
                })
            })?);
        }
        let builds = table.get("source-builds");
        section.source_builds = builds.map(|it| self.source_builds(it)).transpose()?;
        if let Some(value) = table.get("deny") {
            section.deny = Some(self.read(value, "deny", |text| {
                let is_said = !text.trim().is_empty();
                let wrong = || "deny is empty: give the reason".to_owned();
                is_said.then(|| text.to_owned()).ok_or_else(wrong)
            })?);
        }
        Ok(section)
    }

    fn source_builds(&self, value: &Value<'_>) -> Result<Placed<SourceBuilds>, Mistake> {
        let known = [
            SourceBuilds::Never,
            SourceBuilds::Named,
            SourceBuilds::Sandbox,
        ];
        self.read(value, "source-builds", |text| {
            let named = known.into_iter().find(|it| it.to_string() == text);
            named.ok_or_else(|| format!("source-builds is never, named or sandbox, not \"{text}\""))
        })
    }

    /// `projects`, at least one.
    pub(super) fn patterns(
        &self,
        value: &Value<'_>,
    ) -> Result<Vec<Placed<ProjectPattern>>, Mistake> {
        let list = self.list(value, "projects")?;
        if list.is_empty() {
            return Err(self.wrong(value, "projects is empty: that is for nothing"));
        }
        list.iter().map(|it| self.pattern(it)).collect()
    }

    fn pattern(&self, value: &Value<'_>) -> Result<Placed<ProjectPattern>, Mistake> {
        self.read(value, "each of projects", |text| {
            ProjectPattern::parse(text).ok_or_else(|| {
                format!("\"{text}\" is neither a project's name nor one's beginning with *")
            })
        })
    }

    /// `true`; a grant is taken back by taking out its line.
    pub(super) fn granted(&self, value: &Value<'_>, key: &str) -> Result<(), Mistake> {
        match value.get_ref() {
            DeValue::Boolean(true) => Ok(()),
            _ => Err(self.wrong(value, format!("{key} can only be true; else leave it out"))),
        }
    }
}

#[cfg(test)]
mod tests;
