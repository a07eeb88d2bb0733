//! What the name of a metadata folder says.

use std::str::FromStr;

use assay_types::{ProjectName, Version, names};

use super::InstalledKind;
use crate::sys::Kind;

/// What an entry of site-packages is.
pub(super) enum Name {
    /// A distribution's metadata.
    Distribution(ProjectName, Version, InstalledKind),
    /// It looks like metadata and names no project and version.
    Unreadable,
    /// Anything else.
    Other,
}

/// `name-version.dist-info`, or `name-version[-pyX.Y].egg-info`.
pub(super) fn parse(entry: &str, kind: Kind) -> Name {
    let (stem, is_egg) = match entry.rsplit_once('.') {
        Some((stem, "dist-info")) if kind == Kind::Folder => (stem, false),
        Some((stem, "egg-info")) => (stem, true),
        _ => return Name::Other,
    };
    let parsed = if is_egg {
        let mut parts = stem.split('-');
        let name = parts.next().unwrap_or(stem);
        pair(name, parts.next().unwrap_or("0"))
    } else {
        stem.rsplit_once('-')
            .and_then(|(name, version)| pair(name, version))
    };
    let kind = match (is_egg, kind) {
        (false, _) => InstalledKind::DistInfo,
        (true, Kind::Folder) => InstalledKind::EggInfo,
        (true, Kind::File | Kind::Other) => InstalledKind::EggFile,
    };
    match parsed {
        Some((name, version)) => Name::Distribution(name, version, kind),
        None => Name::Unreadable,
    }
}

fn pair(name: &str, version: &str) -> Option<(ProjectName, Version)> {
    Some((names::project(name)?, Version::from_str(version).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entry: &str, kind: Kind, expected: Option<(&str, &str, InstalledKind)>) {
        let found = match parse(entry, kind) {
            Name::Distribution(name, version, kind) => {
                Some((name.to_string(), version.to_string(), kind))
            }
            Name::Unreadable | Name::Other => None,
        };
        let expected = expected.map(|(n, v, k)| (n.to_owned(), v.to_owned(), k));
        assert_eq!(found, expected, "{entry}");
    }

    #[test]
    fn folder_names_give_name_and_version() {
        use InstalledKind::{DistInfo, EggFile, EggInfo};
        check(
            "Flask_SQL-1.0.dist-info",
            Kind::Folder,
            Some(("flask-sql", "1.0", DistInfo)),
        );
        check(
            "a-1.0+local.1.dist-info",
            Kind::Folder,
            Some(("a", "1.0+local.1", DistInfo)),
        );
        check(
            "a-1.0-py3.11.egg-info",
            Kind::Folder,
            Some(("a", "1.0", EggInfo)),
        );
        check("a-1.0.egg-info", Kind::File, Some(("a", "1.0", EggFile)));
        check("a-1.0.egg-info", Kind::Other, Some(("a", "1.0", EggFile)));
        check("a-1.0.dist-info", Kind::File, None);
        check("a-1.0.dist-info", Kind::Other, None);
        check("~a-1.0.dist-info", Kind::Folder, None);
        check("a.dist-info", Kind::Folder, None);
        check("a", Kind::Folder, None);
    }
}
