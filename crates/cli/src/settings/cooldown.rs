//! `--min-age` and `--uploaded-prior-to`.

use assay_trust::{Cooldown, Cutoff};
use assay_types::{Timestamp, Url, names};
use jiff::{SignedDuration, Span, SpanRelativeTo, civil};

use super::pip::Given;
use crate::{
    args::PolicyArgs,
    failure::{Failure, Result},
};

/// The cooldown that PyPI gets where the user says nothing.
const DEFAULT: SignedDuration = SignedDuration::from_hours(24);

/// Reads the options; `set` is `uploaded-prior-to` among pip's settings, for where none was typed. It
/// can only tighten: a line of pip.conf that lies in the future does not end the cooldown of PyPI,
/// which whoever types an option may do. `pypi` is the default index, which alone has a cooldown by default: private
/// indexes serve a team's own fresh releases.
pub fn cooldown(
    args: &PolicyArgs,
    set: Option<&Given>,
    pypi: &Url,
    now: Timestamp,
) -> Result<Cooldown> {
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
    if let Some(set) = set.filter(|_| args.uploaded_prior_to.is_none()) {
        let cutoff = moment(&set.value, now).map_err(|it| set.blamed(it))?;
        if !asked {
            let tighter = cutoff.min(minus(now, DEFAULT)?);
            cooldown
                .by_index
                .push((pypi.clone(), Cutoff::Strict(tighter)));
        }
        general = earlier(general, Some(cutoff));
    }
    match general {
        Some(cutoff) => cooldown.general = Some(Cutoff::Strict(cutoff)),
        None if asked => cooldown.general = Some(Cutoff::None),
        None => cooldown.default = Some((pypi.clone(), Cutoff::Lenient(minus(now, DEFAULT)?))),
    }
    Ok(cooldown)
}

/// What is said last of an index counts.
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
    match limit(age, now) {
        Ok(Cutoff::Strict(moment) | Cutoff::Lenient(moment)) => Ok(Some(moment)),
        Ok(Cutoff::None) => Ok(None),
        Err(fact) => Err(Failure::usage(format!("--min-age: {fact}"))),
    }
}

/// What somebody asks for with an age, as an option or in a policy file; the error is a sentence.
pub fn limit(age: &str, now: Timestamp) -> std::result::Result<Cutoff, String> {
    let Some(duration) = duration(age) else {
        return Err(format!(
            "{age} is no age; write \"3 days\", \"12h\", P3D or 0"
        ));
    };
    if duration.is_zero() {
        return Ok(Cutoff::None);
    }
    let moment = now.checked_sub(duration);
    moment
        .map(Cutoff::Strict)
        .map_err(|_| format!("{age} reaches back before all calendars"))
}

/// A length of time as options and policy files have it: `3 days`, `12h`, `P3D` or `0`.
pub(super) fn duration(text: &str) -> Option<SignedDuration> {
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
pub(super) fn moment(text: &str, now: Timestamp) -> Result<Timestamp> {
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
    use crate::settings::pip::Source;

    fn read(min_age: &[&str], prior: Option<&str>) -> Result<Cooldown> {
        with_setting(min_age, prior, None)
    }

    fn with_setting(min_age: &[&str], prior: Option<&str>, set: Option<&str>) -> Result<Cooldown> {
        let set = set.map(|value| Given {
            value: value.to_owned(),
            source: Source::Variable("PIP_UPLOADED_PRIOR_TO".to_owned()),
        });
        let args = PolicyArgs {
            min_age: min_age.iter().map(|it| (*it).to_owned()).collect(),
            uploaded_prior_to: prior.map(str::to_owned),
            ..PolicyArgs::default()
        };
        cooldown(
            &args,
            set.as_ref(),
            &pypi(),
            "2026-11-22T12:00:00Z".parse().unwrap(),
        )
    }

    fn pypi() -> Url {
        "https://pypi.example/simple/".parse().unwrap()
    }

    fn strict(text: &str) -> Option<Cutoff> {
        Some(Cutoff::Strict(text.parse().unwrap()))
    }

    #[test]
    fn by_default_only_pypi_waits_a_day() {
        let cooldown = read(&[], None).unwrap();
        assert_eq!(cooldown.general, None);
        let lenient = Cutoff::Lenient("2026-11-21T12:00:00Z".parse().unwrap());
        let pypi = "https://pypi.example/simple/".parse().unwrap();
        assert_eq!(cooldown.default, Some((pypi, lenient)));
    }

    #[test]
    fn a_setting_tightens_the_default_and_never_loosens_it() {
        let default = strict("2026-11-21T12:00:00Z").unwrap();
        for (set, everywhere, on_pypi) in [
            ("2099-01-01", "2099-01-01T00:00:00Z", default),
            ("P0D", "2026-11-22T12:00:00Z", default),
            (
                "P3D",
                "2026-11-19T12:00:00Z",
                strict("2026-11-19T12:00:00Z").unwrap(),
            ),
        ] {
            let cooldown = with_setting(&[], None, Some(set)).unwrap();
            assert_eq!(cooldown.general, strict(everywhere), "{set}");
            assert_eq!(cooldown.by_index, [(pypi(), on_pypi)], "{set}");
        }
        // What is typed goes before it, and may loosen.
        let typed = with_setting(&[], Some("2099-01-01"), Some("P3D")).unwrap();
        assert_eq!(typed.general, strict("2099-01-01T00:00:00Z"));
        assert_eq!(typed.by_index, []);
        let typed = with_setting(&["0"], None, Some("2099-01-01")).unwrap();
        assert_eq!(typed.by_index, []);
        // An exemption that is typed is found first.
        let exempt = "https://pypi.example/simple/=0";
        let typed = with_setting(&[exempt], None, Some("2099-01-01")).unwrap();
        assert_eq!(typed.by_index[0], (pypi(), Cutoff::None));
        let wrong = with_setting(&[], None, Some("soon")).unwrap_err();
        assert!(wrong.render(false).contains("PIP_UPLOADED_PRIOR_TO"));
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
        assert_eq!((zero.general, zero.default), (Some(Cutoff::None), None));
    }
}
