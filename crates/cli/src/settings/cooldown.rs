//! `--min-age` and `--uploaded-prior-to`.

use assay_trust::{Cooldown, Cutoff};
use assay_types::{Timestamp, Url, names};
use jiff::{SignedDuration, Span, SpanRelativeTo, civil};

use crate::{
    args::PolicyArgs,
    failure::{Failure, Result},
};

/// The cooldown that PyPI gets where the user says nothing.
const DEFAULT: SignedDuration = SignedDuration::from_hours(24);

/// Reads the options. `pypi` is the default index, which alone has a cooldown by default: private
/// indexes serve a team's own fresh releases.
pub fn cooldown(args: &PolicyArgs, pypi: &Url, now: Timestamp) -> Result<Cooldown> {
    let mut cooldown = Cooldown::none();
    let mut general = args
        .uploaded_prior_to
        .as_deref()
        .map(|it| moment(it, now))
        .transpose()?;
    for text in &args.min_age {
        match text.rsplit_once('=') {
            None => general = earlier(general, before(text, now)?),
            Some((whom, value)) => {
                let cutoff = before(value, now)?.map_or(Cutoff::None, Cutoff::Strict);
                exempt(&mut cooldown, whom, cutoff)?;
            }
        }
    }
    let asked = args.uploaded_prior_to.is_some() || args.min_age.iter().any(|it| !it.contains('='));
    match general {
        Some(cutoff) => cooldown.general = Cutoff::Strict(cutoff),
        None if asked => {}
        None => cooldown
            .by_index
            .push((pypi.clone(), Cutoff::Lenient(minus(now, DEFAULT)?))),
    }
    Ok(cooldown)
}

/// Specific settings go first, so that they are found before the default for PyPI.
fn exempt(cooldown: &mut Cooldown, whom: &str, cutoff: Cutoff) -> Result<()> {
    if whom.contains("://") {
        let url = crate::settings::index::canonical(whom)?;
        cooldown.by_index.insert(0, (url, cutoff));
        return Ok(());
    }
    let project = names::project(whom).ok_or_else(|| {
        Failure::usage(format!(
            "--min-age: {whom} is neither a project nor an index URL"
        ))
    })?;
    cooldown.by_project.insert(project, cutoff);
    Ok(())
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The moment that lies an age before now; `None` for an age of zero, which is no limit.
fn before(age: &str, now: Timestamp) -> Result<Option<Timestamp>> {
    let duration = duration(age).ok_or_else(|| {
        Failure::usage(format!(
            "--min-age: {age} is no age; write \"3 days\", \"12h\", P3D or 0"
        ))
    })?;
    if duration.is_zero() {
        Ok(None)
    } else {
        minus(now, duration).map(Some)
    }
}

fn duration(text: &str) -> Option<SignedDuration> {
    if text.trim() == "0" {
        return Some(SignedDuration::ZERO);
    }
    let span: Span = text.trim().parse().ok()?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (!duration.is_negative()).then_some(duration)
}

fn minus(now: Timestamp, duration: SignedDuration) -> Result<Timestamp> {
    now.checked_sub(duration)
        .map_err(|_| Failure::usage("the age reaches back before all calendars"))
}

/// A date, a time (UTC unless it says otherwise), or an age before now.
fn moment(text: &str, now: Timestamp) -> Result<Timestamp> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp);
    }
    let civil = text
        .parse::<civil::DateTime>()
        .or_else(|_| text.parse::<civil::Date>().map(|it| it.at(0, 0, 0, 0)));
    if let Ok(civil) = civil {
        let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC);
        return zoned
            .map(|it| it.timestamp())
            .map_err(|error| Failure::usage(format!("--uploaded-prior-to: {error}")));
    }
    match duration(text) {
        Some(duration) => minus(now, duration),
        None => Err(Failure::usage(format!(
            "--uploaded-prior-to: {text} is neither a date, a time nor an age; write 2026-11-01, 2026-11-01T12:00:00Z or P3D"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(min_age: &[&str], prior: Option<&str>) -> Result<Cooldown> {
        let args = PolicyArgs {
            min_age: min_age.iter().map(|it| (*it).to_owned()).collect(),
            uploaded_prior_to: prior.map(str::to_owned),
            ..PolicyArgs::default()
        };
        let pypi = "https://pypi.example/simple/".parse().unwrap();
        cooldown(&args, &pypi, "2026-11-22T12:00:00Z".parse().unwrap())
    }

    fn strict(text: &str) -> Cutoff {
        Cutoff::Strict(text.parse().unwrap())
    }

    #[test]
    fn by_default_only_pypi_waits_a_day() {
        let cooldown = read(&[], None).unwrap();
        assert_eq!(cooldown.general, Cutoff::None);
        let lenient = Cutoff::Lenient("2026-11-21T12:00:00Z".parse().unwrap());
        assert_eq!(
            cooldown.by_index,
            [("https://pypi.example/simple/".parse().unwrap(), lenient)]
        );
    }

    #[test]
    fn ages_and_moments_in_every_form() {
        assert_eq!(
            read(&["3 days"], None).unwrap().general,
            strict("2026-11-19T12:00:00Z")
        );
        assert_eq!(
            read(&["P1W"], None).unwrap().general,
            strict("2026-11-15T12:00:00Z")
        );
        assert_eq!(
            read(&["12h"], None).unwrap().general,
            strict("2026-11-22T00:00:00Z")
        );
        assert_eq!(
            read(&[], Some("2026-11-01")).unwrap().general,
            strict("2026-11-01T00:00:00Z")
        );
        assert_eq!(
            read(&[], Some("2026-11-01T10:00:00+02:00"))
                .unwrap()
                .general,
            strict("2026-11-01T08:00:00Z")
        );
        assert_eq!(
            read(&["1 day"], Some("P2D")).unwrap().general,
            strict("2026-11-20T12:00:00Z")
        );
        for wrong in ["soon", "-1 day", "", "flask="] {
            assert!(read(&[wrong], None).is_err(), "{wrong}");
        }
        assert!(read(&[], Some("yesterday-ish")).is_err());
    }

    #[test]
    fn exemptions_are_for_one_project_or_index() {
        let cooldown = read(
            &["flask=0", "https://acme.example/simple=0", "7 days"],
            None,
        )
        .unwrap();
        assert_eq!(cooldown.by_project[&"flask".parse().unwrap()], Cutoff::None);
        assert_eq!(
            cooldown.by_index[0].0.as_str(),
            "https://acme.example/simple/"
        );
        assert_eq!(cooldown.general, strict("2026-11-15T12:00:00Z"));
        let zero = read(&["0"], None).unwrap();
        assert_eq!((zero.general, zero.by_index.len()), (Cutoff::None, 0));
    }
}
