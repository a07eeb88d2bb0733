//! `requires.txt` of an egg-info, which has no `Requires-Dist`.

use assay_types::names;

/// What an egg requires, in the words of METADATA.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Requires {
    /// `Requires-Dist`.
    pub dist: Vec<String>,
    /// `Provides-Extra`, normalised; those that require anything.
    pub extras: Vec<String>,
}

/// Reads it: a section `[extra:marker]` speaks of the requirements below it, one a line.
pub(super) fn parse(text: &str) -> Requires {
    let mut found = Requires::default();
    let (mut extra, mut marker) = (String::new(), "");
    let lines = text.lines().map(str::trim);
    for line in lines.filter(|it| !it.is_empty() && !it.starts_with('#')) {
        if line.starts_with('[') && line.ends_with(']') {
            let section = line.trim_matches(['[', ']']);
            let (name, condition) = section.split_once(':').unwrap_or((section, ""));
            extra = names::extra(name).map_or_else(|| name.to_owned(), |it| it.to_string());
            marker = condition;
            continue;
        }
        found.dist.push(match (extra.as_str(), marker) {
            ("", "") => line.to_owned(),
            ("", marker) => format!("{line} ; {marker}"),
            (extra, "") => format!("{line} ; extra == \"{extra}\""),
            (extra, marker) => format!("{line} ; ({marker}) and extra == \"{extra}\""),
        });
        if !extra.is_empty() && !found.extras.contains(&extra) {
            found.extras.push(extra.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sections_become_extras_and_markers() {
        let text =
            "a>1\n\n[:os_name == 'nt']\nb\n[X_y]\n# c\nd\n[x-y:os_name == 'nt']\ne\n[empty]\n";
        let found = parse(text);
        let expected = [
            "a>1",
            "b ; os_name == 'nt'",
            "d ; extra == \"x-y\"",
            "e ; (os_name == 'nt') and extra == \"x-y\"",
        ];
        assert_eq!(found.dist, expected);
        assert_eq!(found.extras, ["x-y"]);
        assert_eq!(parse(""), Requires::default());
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "[\\[\\]:a#\n ]{0,40}") {
            parse(&text);
        }
    }
}
