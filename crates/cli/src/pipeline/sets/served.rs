//! A set behind HTTPS: one file, of which the state keeps a copy.

use std::path::Path;

use assay_index::{ErrorKind, IndexError, Revision};
use assay_trust::{Label, signature::Rule, statement::Bundle};
use assay_types::Url;

use super::{Part, Reading, Set};
use crate::{
    failure::{Failure, Result},
    known::{Copied, KnownSets},
};

/// Asks for the set in each run, with the copy's name for its content, so that what did not change is
/// not sent again. Where it cannot be had the copy stands in for some days. An answer that is no set
/// leaves the copy as it is.
pub(super) fn fetch(state: &Path, source: &Label, url: &Url, reading: Reading<'_>) -> Result<Set> {
    let known = KnownSets::new(state);
    let copy = known.copy(source, url);
    let etag = copy.as_ref().and_then(|it| it.etag.as_deref());
    let asked = reading.client.foreign_url(url.as_str())?;
    let limit = Bundle::LARGEST_SET as u64;
    let seen = reading.now;
    let answer = match (reading.client.fetch_revision(&asked, etag, limit), copy) {
        (Ok(Revision::Other { bytes, etag }), _) => Copied { bytes, etag, seen },
        (Ok(Revision::Same), Some(copy)) => Copied { seen, ..copy },
        (Ok(Revision::Same), None) => {
            return Err(Failure::could_not(format!(
                "{url} answers 304 to a plain request"
            )));
        }
        (Err(error), copy) => return stand_in(copy, error, source, url, reading),
    };
    let mut set = parse(url, &answer)?;
    if let Err(failure) = known.keep(source, url, &answer) {
        let fact = failure.fact();
        set.remarks.push(format!(
            "no copy of the statements of {source} is kept: {fact}"
        ));
    }
    Ok(set)
}

fn stand_in(
    copy: Option<Copied>,
    error: IndexError,
    source: &Label,
    url: &Url,
    reading: Reading<'_>,
) -> Result<Set> {
    if error.is_too_large() {
        return Err(too_large(&error));
    }
    let Some(copy) = copy.filter(|_| is_away(&error)) else {
        return Err(error.into());
    };
    if !copy.may_stand_in(reading.latest) {
        let fact = format!("the copy of {:.0} is too old to stand in", copy.seen);
        return Err(Failure::from(error).hint(fact));
    }
    let mut set = parse(url, &copy)?;
    set.remarks.push(format!(
        "the statements of {source} cannot be had ({error}); those of {:.0} are used",
        copy.seen
    ));
    Ok(set)
}

fn parse(url: &Url, copy: &Copied) -> Result<Set> {
    Ok(Set {
        parts: vec![Part::parse(url.to_string(), &copy.bytes)?],
        remarks: Vec::new(),
    })
}

/// The server, or the way to it; nothing that anybody forged.
fn is_away(error: &IndexError) -> bool {
    error.kind() == ErrorKind::Failed
}

fn too_large(error: &IndexError) -> Failure {
    Failure::refused(error.to_string()).detail(format!("rule: {}", Rule::Size.name()))
}
