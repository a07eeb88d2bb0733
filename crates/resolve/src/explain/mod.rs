//! Failures that a person can act on.
//!
//! PubGrub proves that nothing fits by a tree of deductions. Its leaves are the facts (who asked
//! for what, what does not exist, what cannot be used), and the facts, told from the request
//! downwards, are what a person needs; the deductions between them are not shown.

mod facts;
mod hints;
mod phrases;

use std::collections::{BTreeSet, HashSet};

use assay_types::ProjectName;

use self::{
    facts::{Facts, Requires, Tree},
    phrases::{Phrases, enumerated},
};
use crate::{Failure, Source, provider::Provider};

/// How many facts are told; more help nobody.
const MOST: usize = 30;

/// The failure that a tree of deductions proves.
pub(crate) fn failure<S: Source>(provider: &Provider<'_, S>, tree: &Tree) -> Failure<S::Error> {
    let facts = Facts::of(tree);
    let phrases = Phrases::new(provider);
    let mut lines = Story::new(&facts, &phrases).tell();
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("… and {more} more such facts"));
    }
    let projects: BTreeSet<ProjectName> = facts.projects().cloned().collect();
    let lines: String = lines.iter().map(|line| format!("\n  {line}")).collect();
    Failure::Unsatisfiable {
        explanation: heading(&facts, &phrases) + &lines,
        hints: hints::of(&phrases, &facts),
        projects: projects.into_iter().collect(),
    }
}

/// What happened, in pip's words: people and programs look for them.
fn heading<S: Source>(facts: &Facts, phrases: &Phrases<'_, S>) -> String {
    let roots = phrases.roots(facts);
    match facts.unmet() {
        Some(need) if !phrases.is_limited(&need.name) => {
            let wanted = phrases.wanted(need, facts);
            let versions = phrases.versions(&need.name);
            let versions: Vec<_> = versions.iter().map(ToString::to_string).collect();
            let versions = match versions.is_empty() {
                true => "none".to_owned(),
                false => versions.join(", "),
            };
            format!(
                "No matching distribution found for {wanted}\n  Could not find a version that \
                 satisfies the requirement {wanted} (from versions: {versions})"
            )
        }
        _ => format!(
            "Cannot install {} because these package versions have conflicting dependencies.",
            enumerated(&roots)
        ),
    }
}

/// The facts in the order in which a person follows them: each root, and after it what is known
/// about the project that it leads to.
struct Story<'a, 'p, S> {
    facts: &'a Facts,
    phrases: &'a Phrases<'p, S>,
    told: HashSet<&'a ProjectName>,
    lines: Vec<String>,
}

impl<'a, 'p, S: Source> Story<'a, 'p, S> {
    fn new(facts: &'a Facts, phrases: &'a Phrases<'p, S>) -> Self {
        Self {
            facts,
            phrases,
            told: HashSet::new(),
            lines: Vec::new(),
        }
    }

    fn tell(mut self) -> Vec<String> {
        let mut roots: Vec<_> = self.facts.wanted.iter().collect();
        roots.sort_by_key(|need| self.phrases.place_of(need));
        for need in roots {
            self.push(self.phrases.wants(need));
            self.follow(&need.name);
        }
        self.lines
    }

    /// Everything about one project, then about those that it requires.
    fn follow(&mut self, name: &'a ProjectName) {
        let mut next = vec![name];
        while let Some(name) = next.pop() {
            if self.told.insert(name) {
                self.describe(name);
                let needs = self.needs_of(name).map(|(_, _, need)| &need.name);
                let needed: Vec<_> = needs.collect();
                next.extend(needed.into_iter().rev());
            }
        }
    }

    /// What is known about one project itself.
    fn describe(&mut self, name: &'a ProjectName) {
        let facts = self.facts;
        for (package, versions, reason) in &facts.unusable {
            if package.name() == Some(name) {
                self.push(self.phrases.unusable(package, versions, reason));
            }
        }
        if let Some(versions) = facts.none.get(name) {
            for line in self.phrases.none(name, versions, facts) {
                self.push(line);
            }
        }
        for (by, versions, need) in self.needs_of(name) {
            self.push(self.phrases.requires(by, versions, need));
        }
    }

    fn needs_of(&self, name: &'a ProjectName) -> impl Iterator<Item = &'a Requires> + use<'a, S> {
        let required = self.facts.required.iter();
        required.filter(move |(by, _, _)| by.name() == Some(name))
    }

    /// A requirement with extras is two facts with one text.
    fn push(&mut self, line: String) {
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }
}
