//! Denials that a source showed before: they count although it leaves them out now.

use std::collections::BTreeSet;

use assay_trust::{
    Label, TrustedKey,
    signature::Rejection,
    statement::{Bundle, Statement, Verified},
};
use assay_types::Timestamp;

use super::{Part, Set, broken};
use crate::{failure::Result, known::KnownDenials};

impl Set {
    /// The denials in it that these keys signed, each a line.
    pub(super) fn denials(&self, keys: &[&TrustedKey]) -> Result<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        for Part { document, bundle } in &self.parts {
            all.extend(bundle.denials(keys).map_err(|it| broken(document, &it))?);
        }
        Ok(all)
    }

    /// Adds what the source denied before. `shown` are the denials that it has now.
    pub(super) fn add_denials_seen(
        &mut self,
        shown: &BTreeSet<String>,
        source: &Label,
        keys: &[&TrustedKey],
        known: &KnownDenials,
        now: Timestamp,
    ) -> Result<()> {
        let mut seen = known.read(source)?;
        seen.retain(|it| !shown.contains(it));
        if seen.is_empty() {
            return Ok(());
        }
        let document = known.path(source).display().to_string();
        let parse = |all: &BTreeSet<String>| {
            let text: String = all.iter().map(|it| format!("{it}\n")).collect();
            Bundle::parse(text.as_bytes()).map_err(|it| broken(&document, &it))
        };
        let (seen, shown) = (parse(&seen)?, parse(shown)?);
        let withheld = withheld(&seen, &shown, keys, now);
        for statement in withheld.map_err(|it| broken(&document, &it))? {
            self.remarks.push(is_withheld(source, statement, &document));
        }
        self.parts.push(Part {
            document,
            bundle: seen,
        });
        Ok(())
    }
}

/// Denials that were seen, still hold, and are not shown any more, in whatever envelope.
fn withheld<'a>(
    seen: &'a Bundle,
    shown: &'a Bundle,
    keys: &[&'a TrustedKey],
    now: Timestamp,
) -> std::result::Result<Vec<&'a Statement>, Rejection> {
    let (seen, shown) = (seen.statements(keys)?, shown.statements(keys)?);
    let said = |it: &'a Statement| (it.predicate(), it.subjects());
    let is_shown = |it: &Verified<'a>| {
        let mut shown = shown.iter().map(Verified::statement);
        shown.any(|other| said(other) == said(it.statement()))
    };
    let is_over = |it: &Verified<'a>| it.statement().times().are_over(now);
    let withheld = seen.iter().filter(|it| !is_shown(it) && !is_over(it));
    Ok(withheld.map(Verified::statement).collect())
}

fn is_withheld(source: &Label, statement: &Statement, document: &str) -> String {
    let project = statement.project().map(ToString::to_string);
    let project = project.as_deref().unwrap_or("a file");
    format!(
        "{source} does not show any more that it denied {project}; that still counts. If it was taken \
         back, remove its line from {document}"
    )
}
