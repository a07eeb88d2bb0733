//! PEP 440 specifiers as sets of versions for the resolver.

use pep440_rs::{Version, VersionSpecifiers};
use version_ranges::Ranges;

/// The versions that a specifier set admits, by `packaging`'s semantics: `==1.0` and `<=1.0` admit
/// `1.0+local`, `>1.0` admits neither `1.0.post1` nor `1.0+local`, `<1.0` no pre-release of 1.0.
/// Pre-releases are otherwise included: whether they may be chosen is the resolver's affair.
pub fn of(specifiers: &VersionSpecifiers) -> Ranges<Version> {
    let _ = specifiers;
    todo!()
}

/// Whether any specifier names a pre-release, which admits pre-releases of that project (pip).
pub fn mentions_prerelease(specifiers: &VersionSpecifiers) -> bool {
    let _ = specifiers;
    todo!()
}
