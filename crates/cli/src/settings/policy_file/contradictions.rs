//! Two files must not mean two things by one name.

use std::collections::BTreeMap;

use assay_trust::Label;

use super::{PolicyFiles, hooks::HookTable, principals::Defined, statements::StatementsTable};
use crate::failure::{Failure, Result};

impl PolicyFiles {
    /// Sources and hooks of one name are alike. Keys are compared when they were read.
    pub(super) fn check_names(&self) -> Result<()> {
        let by_what = |(file, _, table): &Defined<'_, StatementsTable>| {
            let StatementsTable {
                keys,
                criteria,
                projects,
                until,
                ..
            } = &table.value;
            let mut keys: Vec<_> = keys.iter().map(|it| it.value.clone()).collect();
            keys.sort();
            keys.dedup();
            let rest = (criteria.clone(), projects.clone(), *until);
            (file.at(&table.value), keys, rest)
        };
        check("statements", self.defined(|it| &it.statements), by_what)?;
        let by_what = |(_, _, table): &Defined<'_, HookTable>| {
            let HookTable {
                command,
                timeout,
                until,
            } = &table.value;
            (command.clone(), *timeout, *until)
        };
        check("hooks", self.defined(|it| &it.hooks), by_what)
    }
}

fn check<'a, T: 'a, W: PartialEq>(
    table: &str,
    all: impl Iterator<Item = Defined<'a, T>>,
    by_what: impl Fn(&Defined<'a, T>) -> W,
) -> Result<()> {
    let mut found: BTreeMap<&Label, Defined<'a, T>> = BTreeMap::new();
    for each in all {
        let first = found.entry(each.1).or_insert(each);
        if by_what(first) != by_what(&each) {
            let [first, second] = [*first, each].map(|(file, _, it)| it.place(&file.name));
            return Err(contradiction(table, each.1, &first, &second));
        }
    }
    Ok(())
}

pub(super) fn contradiction(table: &str, label: &Label, first: &str, second: &str) -> Failure {
    let fact = format!("{second}: [{table}.{label}] is something else at {first}");
    Failure::usage(fact).hint("give one of the two another name, or make them alike")
}
