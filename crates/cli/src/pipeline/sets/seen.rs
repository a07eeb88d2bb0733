//! Denials that a source showed before: they count although it leaves them out now.

use std::collections::BTreeSet;

use assay_trust::{
    TrustedKey,
    signature::Rejection,
    statement::{Bundle, Denials, Statement, Verified},
};
use assay_types::Timestamp;

use super::{Part, Set, broken};
use crate::{failure::Result, known::KnownDenials};

impl Set {
    /// The denials in it that these keys signed.
    pub(super) fn denials(&self, keys: &[&TrustedKey]) -> Result<Denials> {
        let mut all = Denials::new();
        for Part { document, bundle } in &self.parts {
            let denials = bundle.denials(keys).map_err(|it| broken(document, &it))?;
            for (key, lines) in denials {
                all.entry(key).or_default().extend(lines);
            }
        }
        Ok(all)
    }

    /// Adds what the keys of the source denied before. `shown` are the denials that it has now.
    pub(super) fn add_denials_seen(
        &mut self,
        shown: &Denials,
        keys: &[&TrustedKey],
        known: &KnownDenials,
        now: Timestamp,
    ) -> Result<()> {
        let none = BTreeSet::new();
        let raw = keys.iter().filter_map(|it| it.key.raw());
        for key in raw.collect::<BTreeSet<_>>() {
            let shown = shown.get(&key).unwrap_or(&none);
            let mut seen = known.read(&key)?;
            seen.retain(|it| !shown.contains(it));
            if seen.is_empty() {
                continue;
            }
            let document = known.path(&key).display().to_string();
            let (seen, shown) = (read(&document, &seen)?, read(&document, shown)?);
            let withheld = withheld(&seen, &shown, keys, now);
            for it in withheld.map_err(|it| broken(&document, &it))? {
                self.remarks.push(is_withheld(it, &document));
            }
            self.parts.push(Part {
                document,
                bundle: seen,
            });
        }
        Ok(())
    }
}

/// Denials as they were kept.
pub fn read(document: &str, lines: &BTreeSet<String>) -> Result<Bundle> {
    let text: String = lines.iter().map(|it| format!("{it}\n")).collect();
    Bundle::parse(text.as_bytes()).map_err(|it| broken(document, &it))
}

/// Denials that were seen, still hold, and are not shown any more, in whatever envelope.
fn withheld<'a>(
    seen: &'a Bundle,
    shown: &'a Bundle,
    keys: &[&'a TrustedKey],
    now: Timestamp,
) -> std::result::Result<Vec<Verified<'a>>, Rejection> {
    let (seen, shown) = (seen.statements(keys)?, shown.statements(keys)?);
    let said = |it: &'a Statement| (it.predicate(), it.subjects());
    let is_shown = |it: &Verified<'a>| {
        let mut shown = shown.iter().map(Verified::statement);
        shown.any(|other| said(other) == said(it.statement()))
    };
    let is_over = |it: &Verified<'a>| it.statement().times().are_over(now);
    let withheld = seen.iter().filter(|it| !is_shown(it) && !is_over(it));
    Ok(withheld.cloned().collect())
}

/// The same from each source that hears the key.
fn is_withheld(denial: Verified<'_>, document: &str) -> String {
    let keys = denial.signers().iter().map(|it| format!("key:{it}"));
    let keys = keys.collect::<Vec<_>>().join(" and ");
    let project = denial.statement().project().map(ToString::to_string);
    let project = project.as_deref().unwrap_or("a file");
    format!(
        "{keys} denied {project}, and does not show that any more: it still counts. If it was taken back, \
         remove its line from {document}"
    )
}
