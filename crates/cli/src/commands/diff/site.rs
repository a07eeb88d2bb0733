//! Where in site-packages a file of a wheel comes to lie.

use super::side::DATA;

/// The path below site-packages of a file by its key; none where it goes elsewhere.
/// A wheel whose data goes into a folder of that name is refused when it is opened.
pub fn in_site(key: &str) -> Option<&str> {
    let Some(data) = key.strip_prefix(DATA).and_then(|it| it.strip_prefix('/')) else {
        return Some(key);
    };
    match data.split_once('/')? {
        ("purelib" | "platlib", rest) => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::in_site;

    #[test]
    fn every_way_into_site_packages_is_known() {
        for (key, path) in [
            ("a.pth", Some("a.pth")),
            ("*.data/purelib/a.pth", Some("a.pth")),
            ("*.data/platlib/b/a.py", Some("b/a.py")),
            ("*.data/data/share/a.pth", None),
            ("*.data/scripts/a", None),
        ] {
            assert_eq!(in_site(key), path, "{key}");
        }
    }
}
