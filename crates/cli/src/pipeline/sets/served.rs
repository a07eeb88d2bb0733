//! A set behind HTTPS: one file, of which the state keeps a copy.

use std::path::Path;

use assay_index::{ErrorKind, IndexError, Revision};
use assay_trust::{Label, signature::Rule, statement::Bundle};
use assay_types::Url;

use super::{Raw, Reading};
use crate::{
    failure::{Failure, Result},
    known::{Copied, KnownSets},
};

/// Asks for the set in each run, with the copy's name for its content, so that what did not change is
/// not sent again. Where it cannot be had the copy stands in for some days.
pub(super) fn fetch(state: &Path, source: &Label, url: &Url, reading: Reading<'_>) -> Result<Raw> {
    let known = KnownSets::new(state);
    let copy = known.copy(source, url);
    let etag = copy.as_ref().and_then(|it| it.etag.as_deref());
    let asked = reading.client.foreign_url(url.as_str())?;
    let limit = Bundle::LARGEST_SET as u64;
    let revision = reading.client.fetch_revision(&asked, etag, limit);
    let mut remarks = Vec::new();
    let copy = match (revision, copy) {
        (Ok(Revision::Other { bytes, etag }), _) => {
            let seen = reading.now;
            keep(
                &known,
                source,
                url,
                Copied { bytes, etag, seen },
                &mut remarks,
            )
        }
        (Ok(Revision::Same), Some(copy)) => {
            let seen = reading.now;
            keep(&known, source, url, Copied { seen, ..copy }, &mut remarks)
        }
        (Ok(Revision::Same), None) => {
            return Err(Failure::could_not(format!(
                "{url} answers 304 to a plain request"
            )));
        }
        (Err(error), _) if error.is_too_large() => return Err(too_large(&error)),
        (Err(error), Some(copy)) if is_away(&error) && copy.may_stand_in(reading.latest) => {
            remarks.push(format!(
                "the statements of {source} cannot be had ({error}); those of {:.0} are used",
                copy.seen
            ));
            copy
        }
        (Err(error), Some(copy)) if is_away(&error) => {
            let fact = format!("the copy of {:.0} is too old to stand in", copy.seen);
            return Err(Failure::from(error).hint(fact));
        }
        (Err(error), _) => return Err(error.into()),
    };
    Ok(Raw {
        files: vec![(url.to_string(), copy.bytes)],
        remarks,
    })
}

fn keep(
    known: &KnownSets,
    source: &Label,
    url: &Url,
    copy: Copied,
    remarks: &mut Vec<String>,
) -> Copied {
    if let Err(failure) = known.keep(source, url, &copy) {
        let fact = failure.fact();
        remarks.push(format!(
            "no copy of the statements of {source} is kept: {fact}"
        ));
    }
    copy
}

/// The server, or the way to it; nothing that anybody forged.
fn is_away(error: &IndexError) -> bool {
    error.kind() == ErrorKind::Failed
}

fn too_large(error: &IndexError) -> Failure {
    Failure::refused(error.to_string()).detail(format!("rule: {}", Rule::Size.name()))
}
