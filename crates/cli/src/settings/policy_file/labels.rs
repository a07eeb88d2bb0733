//! Names of keys, sources and hooks: whoever says one has to mean one that counts there.

use assay_trust::{Expression, Label, Word};

use super::{Document, PolicyFile, PolicyFiles, document::Section, reader::Placed};
use crate::failure::{Failure, Result};

/// Where a name is defined.
#[derive(Debug, Clone, Copy)]
enum Table {
    Keys,
    Statements,
    Hooks,
}

impl Table {
    /// Where the name in a word is defined.
    fn of(word: &Word) -> Option<(Self, &Label)> {
        let label = word.label()?;
        match word {
            Word::Key(_) => Some((Self::Keys, label)),
            Word::Vouch(_) | Word::Notary(_) | Word::Rebuilt(_) | Word::Certified(_) => {
                Some((Self::Statements, label))
            }
            Word::Hook(_) => Some((Self::Hooks, label)),
            Word::Index | Word::Local | Word::Hash | Word::Publisher(_) => None,
        }
    }

    fn has(self, document: &Document, label: &Label) -> bool {
        match self {
            Self::Keys => document.keys.contains_key(label),
            Self::Statements => document.statements.contains_key(label),
            Self::Hooks => document.hooks.contains_key(label),
        }
    }

    fn shown(self, label: &Label) -> String {
        match self {
            Self::Keys => format!("[keys.{label}]"),
            Self::Statements => format!("[statements.{label}]"),
            Self::Hooks => format!("[hooks.{label}]"),
        }
    }
}

/// A name in a file that is defined elsewhere.
type Named<'a> = Placed<(Table, &'a Label)>;

impl PolicyFiles {
    /// Every name that an expression holds which somebody typed, or which a requirements file has; the
    /// error is a sentence.
    pub fn check_words(&self, expression: &Expression) -> std::result::Result<(), String> {
        let leading = || self.iter().filter(|it| it.author.may_loosen());
        for word in expression.words() {
            let Some((table, label)) = Table::of(word) else {
                continue;
            };
            if !leading().any(|it| table.has(&it.document, label)) {
                let what = table.shown(label);
                return Err(format!("{word}: no policy file in force has {what}"));
            }
        }
        Ok(())
    }

    /// Every name in every file is defined where it may be: in these files, or in others besides.
    pub(super) fn check_labels(&self, besides: &Self) -> Result<()> {
        let all = self.iter().chain(besides.iter());
        let leading: Vec<_> = all.filter(|it| it.author.may_loosen()).collect();
        self.iter().try_for_each(|it| it.check_labels(&leading))
    }
}

impl PolicyFile {
    /// A name means what the file itself says, or one that binds it: the project's means nothing to
    /// the machine's rules.
    fn check_labels(&self, leading: &[&Self]) -> Result<()> {
        let binding = || leading.iter().filter(|it| it.author <= self.author);
        for Placed {
            value: (table, label),
            line,
            column,
        } in self.names()
        {
            if binding().any(|it| table.has(&it.document, label)) {
                continue;
            }
            let place = format!("{}:{line}:{column}", self.name);
            let what = table.shown(label);
            if self.author.may_loosen() || !table.has(&self.document, label) {
                return Err(Failure::usage(format!(
                    "{place}: there is no {what} in this file, nor in one that binds it"
                )));
            }
            let fact = format!("{place}: {what} is this file's alone, and takes no effect yet");
            let rule =
                "rule: a project's file names keys, statements and hooks once it is approved";
            return Err(self
                .unapproved(Failure::usage(fact).detail(rule))
                .hint(format!(
                    "if you want {what} in all projects, put it into your own file, \
                     $XDG_CONFIG_HOME/assay/policy.toml"
                )));
        }
        Ok(())
    }

    fn names(&self) -> impl Iterator<Item = Named<'_>> {
        let sections = [&self.document.general].into_iter();
        let sections = sections.chain(&self.document.rules);
        let rules = sections.flat_map(Section::names);
        // Of a table that takes no effect nothing is asked.
        let sources = self.document.statements.values();
        let sources = sources.filter(|_| self.author.may_loosen());
        let keys = sources.flat_map(|it| it.value.keys.iter().map(of_key));
        rules.chain(keys)
    }
}

impl Section {
    fn names(&self) -> impl Iterator<Item = Named<'_>> {
        let words = self.named.iter().filter_map(|it| {
            Some(Placed {
                value: Table::of(&it.value)?,
                line: it.line,
                column: it.column,
            })
        });
        let keys = self.wheel_signature.iter().flat_map(|it| &it.value);
        words.chain(keys.map(of_key))
    }
}

fn of_key(label: &Placed<Label>) -> Named<'_> {
    Placed {
        value: (Table::Keys, &label.value),
        line: label.line,
        column: label.column,
    }
}
