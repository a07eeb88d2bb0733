//! What is known and what was found, in lines for a person.

use assay_types::Timestamp;

use crate::{
    attestation::Attested,
    publishers::{Earlier, Identity, PublisherPin, Term},
};

pub(super) fn pinned_lines(pin: &PublisherPin, now: Timestamp) -> Vec<String> {
    let latest = pin.latest.as_ref().map(|it| {
        let logged = it.logged.map(|it| format!(", signed {it:.0}"));
        format!(
            "; last {}, {}{}",
            it.name,
            uploaded(it.uploaded),
            logged.unwrap_or_default()
        )
    });
    let latest = latest.unwrap_or_default();
    let lines = pin.identities.iter().map(|(it, term)| {
        let (link, limit, since) = (link(it), limit(*term, now), pin.since);
        format!("{it}{link}{limit}, known since {since:.0}{latest}")
    });
    lines.collect()
}

/// How long it is accepted, if that ends.
fn limit(term: Term, now: Timestamp) -> String {
    match term.last_day() {
        Some(day) if term.holds_at(now) => format!(", accepted until {day}"),
        Some(day) => format!(", accepted until {day}, which is over"),
        None => String::new(),
    }
}

pub(super) fn earlier_lines(earlier: &Earlier) -> Vec<String> {
    let file = format!("{}, {}", earlier.file_name, uploaded(earlier.uploaded));
    if earlier.attested.is_empty() {
        return vec![format!("{file}, attested as the index says")];
    }
    let lines = earlier.attested.iter();
    lines.map(|it| format!("{file}, {}", signed(it))).collect()
}

pub(super) fn uploaded(time: Option<Timestamp>) -> String {
    match time {
        Some(time) => format!("uploaded {time:.0}"),
        None => "uploaded nobody knows when".to_owned(),
    }
}

/// Who signed, where to look, when.
pub(super) fn signed(attested: &Attested) -> String {
    let publisher = attested.publisher();
    let identity = publisher.identity();
    let commit = publisher.commit().map(|it| format!(" at {it}"));
    format!(
        "signed {:.0} by {identity}{}{}",
        attested.logged(),
        link(identity),
        commit.unwrap_or_default()
    )
}

fn link(identity: &Identity) -> String {
    match identity.page() {
        Some(page) => format!(" ({page})"),
        None => String::new(),
    }
}
