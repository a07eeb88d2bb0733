//! Metadata of an sdist that its build will not change (PEP 643).

use assay_types::metadata::{FieldValue, Metadata, fields};

/// What a resolution asks of metadata, besides name and version, which are never dynamic.
const ASKED: [&str; 3] = ["Requires-Dist", "Requires-Python", "Provides-Extra"];

/// What PKG-INFO says, where it says that a wheel built from the sdist will say the same: from
/// Metadata-Version 2.2 on, and none of the dependencies declared `Dynamic`. `None` where only a build
/// tells.
pub fn static_metadata(pkg_info: &[u8]) -> Option<Metadata> {
    let metadata = Metadata::parse(pkg_info).ok()?;
    let (major, minor) = metadata.metadata_version.split_once('.')?;
    let is_new = major == "2" && minor.parse::<u32>().is_ok_and(|it| it >= 2);
    let dynamic = fields(pkg_info).ok()?;
    let dynamic = dynamic.iter().find(|(name, _)| name == "dynamic");
    let is_asked = |field: &String| ASKED.iter().any(|it| it.eq_ignore_ascii_case(field.trim()));
    let is_dynamic = match dynamic {
        None => false,
        Some((_, FieldValue::Many(named))) => named.iter().any(is_asked),
        Some((_, FieldValue::One(named))) => is_asked(named),
    };
    (is_new && !is_dynamic).then_some(metadata)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_static(version: &str, more: &str) -> bool {
        let text = format!("Metadata-Version: {version}\nName: demo\nVersion: 1.0\n{more}\nbody\n");
        static_metadata(text.as_bytes()).is_some()
    }

    #[test]
    fn only_what_promises_to_stay_is_taken() {
        assert!(is_static("2.2", ""));
        assert!(is_static("2.10", "Requires-Dist: a\n"));
        assert!(is_static(
            "2.4",
            "Dynamic: License-File\nDynamic: Description\n"
        ));
        assert!(!is_static("2.1", ""));
        assert!(!is_static("1.2", ""));
        for field in [
            "Requires-Dist",
            "requires-python",
            "PROVIDES-EXTRA",
            "Requires-Dist ",
        ] {
            assert!(
                !is_static("2.4", &format!("Dynamic: Summary\nDynamic: {field}\n")),
                "{field}"
            );
        }
        assert!(static_metadata(b"Metadata-Version: 2.2\nName: demo\n").is_none());
    }
}
