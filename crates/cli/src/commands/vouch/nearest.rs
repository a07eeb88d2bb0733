//! From where it is the least to read.

use assay_types::Version;

/// Of several versions the last before this one, else the first after it.
pub fn nearest<'a>(
    to: &Version,
    all: impl IntoIterator<Item = &'a Version>,
) -> Option<&'a Version> {
    let all: Vec<_> = all.into_iter().collect();
    let before = all.iter().filter(|it| **it < to).max();
    let after = all.iter().filter(|it| **it > to).min();
    before.or(after).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_version_is_nearer_than_any_newer_one() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        let nearest = |to: &str, all: &[&str]| {
            let all: Vec<_> = all.iter().map(|it| version(it)).collect();
            nearest(&version(to), &all).map(ToString::to_string)
        };
        assert_eq!(nearest("1.5", &["1.0", "1.4", "1.6"]).unwrap(), "1.4");
        assert_eq!(nearest("1.5", &["2.0", "1.6"]).unwrap(), "1.6");
        assert_eq!(nearest("1.10", &["1.9", "1.2"]).unwrap(), "1.9");
        assert_eq!(nearest("1.5", &["1.5"]), None);
        assert_eq!(nearest("1.5", &[]), None);
    }
}
