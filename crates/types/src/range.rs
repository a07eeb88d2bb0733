//! PEP 440 specifiers as sets of versions for the resolver.

use std::str::FromStr as _;

use pep440_rs::{Operator, Prerelease, Version, VersionSpecifier, VersionSpecifiers};
use version_ranges::Ranges;

/// Longest run of digits in specifiers and markers: the successors that bound their ranges must
/// not overflow 64 bits.
const MAX_DIGITS: usize = 18;

/// Parses a comma-separated list as in `Requires-Python`. Empty pieces are passed over, as in
/// `packaging`: `>=3.6,` is `>=3.6`.
///
/// The error says what is wrong, unescaped.
pub fn parse(text: &str) -> Result<VersionSpecifiers, String> {
    text.split(',')
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .map(parse_one)
        .collect()
}

/// Parses one specifier; white space round it is allowed.
pub(crate) fn parse_one(text: &str) -> Result<VersionSpecifier, String> {
    check_digits(text)?;
    VersionSpecifier::from_str(text).map_err(|error| error.to_string())
}

/// Refuses numbers of more than 18 digits.
pub(crate) fn check_digits(text: &str) -> Result<(), String> {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    match runs.map(str::len).max() {
        Some(longest) if longest > MAX_DIGITS => Err("a number of more than 18 digits".to_owned()),
        _ => Ok(()),
    }
}

/// The versions that a specifier set admits, by `packaging`'s semantics: `==1.0` and `<=1.0` admit
/// `1.0+local`, `>1.0` admits neither `1.0.post1` nor `1.0+local`, `<1.0` no pre-release of 1.0.
/// Pre-releases are otherwise included: whether they may be chosen is the resolver's affair.
pub fn of(specifiers: &VersionSpecifiers) -> Ranges<Version> {
    specifiers.iter().fold(Ranges::full(), |range, specifier| {
        range.intersection(&of_one(specifier))
    })
}

/// Whether any specifier names a pre-release, which admits pre-releases of that project (pip).
/// `!=` does not: it names what is not wanted.
pub fn mentions_prerelease(specifiers: &VersionSpecifiers) -> bool {
    specifiers.iter().any(|it| {
        !matches!(it.operator(), Operator::NotEqual | Operator::NotEqualStar)
            && it.version().any_prerelease()
    })
}

fn of_one(specifier: &VersionSpecifier) -> Ranges<Version> {
    let version = specifier.version();
    match specifier.operator() {
        Operator::Equal => equal(version),
        Operator::NotEqual => equal(version).complement(),
        Operator::ExactEqual => Ranges::singleton(version.clone()),
        Operator::EqualStar => prefix(version),
        Operator::NotEqualStar => prefix(version).complement(),
        Operator::TildeEqual => compatible(version),
        Operator::GreaterThanEqual => Ranges::higher_than(version.clone()),
        Operator::LessThanEqual => Ranges::strictly_lower_than(after_locals(version)),
        Operator::GreaterThan => greater(version),
        Operator::LessThan => less(version),
    }
}

/// `==1.0` admits every local version of 1.0; `==1.0+x` admits that one.
fn equal(version: &Version) -> Ranges<Version> {
    if version.is_local() {
        return Ranges::singleton(version.clone());
    }
    Ranges::between(version.clone(), after_locals(version))
}

/// `==1.2.*`: from the first development release of 1.2 to that of 1.3.
fn prefix(version: &Version) -> Ranges<Version> {
    Ranges::between(
        version.clone().with_dev(Some(0)),
        next_release(version, version.release().len()),
    )
}

/// `~=1.2.3` is `>=1.2.3, ==1.2.*` whatever suffixes the version has.
fn compatible(version: &Version) -> Ranges<Version> {
    let kept = version.release().len().saturating_sub(1);
    Ranges::between(version.clone(), next_release(version, kept))
}

/// `>V` excludes the local versions of V, and its post-releases unless V is one.
fn greater(version: &Version) -> Ranges<Version> {
    if version.is_dev() || version.is_post() {
        return Ranges::higher_than(after_locals(version));
    }
    match version.pre() {
        Some(pre) => {
            let next = Prerelease {
                number: pre.number.saturating_add(1),
                ..pre
            };
            let next = version.clone().with_pre(Some(next)).with_dev(Some(0));
            Ranges::higher_than(next)
        }
        // No version is the least above every 1.0.postN, but pep440_rs has a mark for that place.
        None => Ranges::strictly_higher_than(version.clone().with_max(Some(0))),
    }
}

/// `<V` excludes the pre-releases of V unless V is one.
fn less(version: &Version) -> Ranges<Version> {
    if version.any_prerelease() {
        return Ranges::strictly_lower_than(version.clone());
    }
    Ranges::strictly_lower_than(version.clone().with_dev(Some(0)))
}

/// The least version above every local version of `version`.
fn after_locals(version: &Version) -> Version {
    let version = version.clone().without_local();
    match (version.dev(), version.post()) {
        (Some(dev), _) => version.with_dev(Some(dev.saturating_add(1))),
        (None, Some(post)) => version
            .with_post(Some(post.saturating_add(1)))
            .with_dev(Some(0)),
        (None, None) => version.with_post(Some(0)).with_dev(Some(0)),
    }
}

/// The first development release of the next release, of which `length` segments count.
fn next_release(version: &Version, length: usize) -> Version {
    let mut release = version.release()[..length].to_vec();
    if let Some(last) = release.last_mut() {
        *last = last.saturating_add(1);
    }
    Version::new(release)
        .with_epoch(version.epoch())
        .with_dev(Some(0))
}
