//! The module that setuptools writes for an editable install that maps packages to folders. It runs
//! whenever Python starts, and a build wrote it: it passes only where nothing in it is the build's own
//! but names and paths.

use assay_types::{Sha256, text::is_steering};
use sha2::Digest as _;

use super::{IMPORTED_AT_START, Kind, editable::leads_into, literal};

/// A text that setuptools fills in.
struct Template {
    /// SHA-256 of the text with `{mapping!r}`, `{namespaces!r}` and `{name!r}` where it is filled in.
    hex: &'static str,
    /// Whether it also answers for modules whose names only begin as a package's.
    takes_prefixes: bool,
}

/// Each was read by a person; the digests were taken from setuptools' own history and compared with
/// what its releases write.
const KNOWN: [Template; 8] = [
    // setuptools 64.0 to 65.1.0.
    Template {
        hex: "1e6eb08ed7e5b4195402af5c6642eb7999413f3dc02ef9fd2a96efe01a0dbea2",
        takes_prefixes: true,
    },
    // 65.1.1 to 65.2.
    Template {
        hex: "d4fcd885b731630068deb32ec43b0143c7d3507b95dd325a84d8c76369f7a50b",
        takes_prefixes: true,
    },
    // 65.3 to 68.0.
    Template {
        hex: "27f47d49b4a12a942d17414b40744e203fba27accf9547eb248891e6a9381e29",
        takes_prefixes: false,
    },
    // 68.1.0.
    Template {
        hex: "1b639d2ea15e57d8e4fc0d39d3d221e7f39eed814064a2a2e8ca3002313296de",
        takes_prefixes: false,
    },
    // 68.1.1 and 68.1.2.
    Template {
        hex: "782abf8da617e20c4168248ff66e3bd2e5d6a338c0926c8968512fa847db1b86",
        takes_prefixes: false,
    },
    // 68.2 to 69.
    Template {
        hex: "08d155a5ec5c1bf0e4fd0bd1ced76f472373fe621b1fcff6e381d84c66d706c3",
        takes_prefixes: false,
    },
    // 70.
    Template {
        hex: "6fe1f34c3c6fda3987fe83420e362785847070690f2971ca51dd2ec4927177a9",
        takes_prefixes: false,
    },
    // 71 to 84.
    Template {
        hex: "e5ed32b3b0e47bfb92b1b6afb0df8b36702f26db6050a82cab75dcd85e555bd9",
        takes_prefixes: false,
    },
];

/// The module of `import __editable___NAME_finder; __editable___NAME_finder.install()`, where a line
/// is that: what setuptools 64 and later write.
pub(super) fn of(line: &str) -> Option<&str> {
    let (module, call) = line.strip_prefix("import ")?.split_once("; ")?;
    let is_plain = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let is_finder = module.chars().all(is_plain)
        && module.starts_with("__editable___")
        && module.ends_with("_finder")
        && call.strip_prefix(module) == Some(".install()");
    is_finder.then_some(module)
}

/// Passes a module of this name that setuptools is known to write, and that leads into the folder and
/// nowhere else.
pub(super) fn judge(module: &str, contents: &[u8], folder: &str) -> Result<(), String> {
    judge_by(&KNOWN, module, contents, folder)
}

fn judge_by(known: &[Template], module: &str, contents: &[u8], folder: &str) -> Result<(), String> {
    let unknown = || format!("{module}.py is no finder that setuptools is known to write");
    let text = std::str::from_utf8(contents).map_err(|_| unknown())?;
    let filled = Filled::of(text).ok_or_else(unknown)?;
    let own = Sha256(sha2::Sha256::digest(&filled.rest).into());
    let template = known
        .iter()
        .find(|it| Sha256::from_hex(it.hex) == Some(own))
        .ok_or_else(unknown)?;
    if !filled.name.is_some_and(|it| is_name_of(it, module)) {
        return Err(format!("{module}.py has another finder's name"));
    }
    for key in filled.packages {
        if !key.split('.').all(is_identifier) {
            return Err(format!("{module}.py maps `{key}`, which is no package"));
        }
        if is_imported_at_start(key, template.takes_prefixes) {
            let fact = Kind::Customize.fact();
            return Err(format!("{module}.py maps {key}, which {fact}"));
        }
    }
    match filled.paths.iter().find(|it| !leads_into(it, folder)) {
        Some(path) => Err(format!(
            "{module}.py leads to `{path}`, outside of {folder}"
        )),
        None => Ok(()),
    }
}

/// What a template was filled in with, and what remains.
#[derive(Default)]
struct Filled<'a> {
    packages: Vec<&'a str>,
    paths: Vec<&'a str>,
    name: Option<&'a str>,
    rest: String,
}

impl<'a> Filled<'a> {
    /// Cuts out the literals. That each stands there once is for the digest to say.
    fn of(text: &'a str) -> Option<Self> {
        let mut filled = Self::default();
        // Python ends a line at a carriage return, too.
        if text.chars().any(|it| it != '\n' && is_steering(it)) {
            return None;
        }
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                filled.rest.push('\n');
            }
            match filled.cut(line)? {
                Some((before, hole, after)) => {
                    filled.rest.extend([before, hole, after]);
                }
                None => filled.rest.push_str(line),
            }
        }
        Some(filled)
    }

    /// One line: what precedes a literal, the hole, and what follows. `None` where what should be a
    /// literal is none.
    fn cut(&mut self, line: &'a str) -> Option<Option<(&'a str, &'static str, &'a str)>> {
        let starts = |starts: [&str; 2]| {
            let mut found = starts.into_iter().filter(|it| line.starts_with(it));
            found.next().map(|it| line.split_at(it.len()))
        };
        if let Some((before, value)) = starts(["MAPPING = ", "MAPPING: dict[str, str] = "]) {
            for (package, path) in literal::strings(value)? {
                self.packages.push(package);
                self.paths.push(path);
            }
            return Some(Some((before, "{mapping!r}", "")));
        }
        let namespaces = ["NAMESPACES = ", "NAMESPACES: dict[str, list[str]] = "];
        if let Some((before, value)) = starts(namespaces) {
            for (package, paths) in literal::lists(value)? {
                self.packages.push(package);
                self.paths.extend(paths);
            }
            return Some(Some((before, "{namespaces!r}", "")));
        }
        if let Some((before, value)) = starts(["PATH_PLACEHOLDER = "; 2]) {
            let (name, after) = literal::string(value)?;
            self.name = Some(name);
            return Some(Some((before, "{name!r}", after)));
        }
        Some(None)
    }
}

/// Whether a finder's name is the one of which setuptools makes the module's: `__editable__.X.finder`.
/// It is put on the import path: nothing that could be a folder's path may be in it.
fn is_name_of(name: &str, module: &str) -> bool {
    let inner = name
        .strip_prefix("__editable__.")
        .and_then(|it| it.strip_suffix(".finder"));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-+!".contains(c);
    let identifier = |c: char| match c.is_ascii_alphanumeric() {
        true => c,
        false => '_',
    };
    inner.is_some_and(|it| !it.is_empty() && it.chars().all(is_plain))
        && name.chars().map(identifier).eq(module.chars())
}

/// As Python has them, more narrowly.
fn is_identifier(part: &str) -> bool {
    let is_start = |c: char| c == '_' || c.is_alphabetic();
    part.starts_with(is_start) && part.chars().all(|c| c == '_' || c.is_alphanumeric())
}

/// Whether Python asks for it whenever it starts.
fn is_imported_at_start(key: &str, takes_prefixes: bool) -> bool {
    let key = key.to_ascii_lowercase();
    let top = key.split('.').next().unwrap_or(&key);
    let mut names = IMPORTED_AT_START.iter();
    names.any(|name| *name == top || takes_prefixes && name.starts_with(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "__editable___demo_1_0_finder";
    const NAME: &str = "'__editable__.demo-1.0.finder'";
    const FOLDER: &str = "/home/u/demo";

    fn text(mapping: &str, namespaces: &str, name: &str) -> String {
        format!(
            "import sys\n\nMAPPING = {mapping}\nNAMESPACES = {namespaces}\n\
             PATH_PLACEHOLDER = {name} + '.x'\n\ndef install(): pass\n"
        )
    }

    fn verdict_of(text: &str, takes_prefixes: bool) -> Result<(), String> {
        let template = self::text("{mapping!r}", "{namespaces!r}", "{name!r}");
        let digest = Sha256(sha2::Sha256::digest(template).into());
        let hex: &'static str = digest.to_string().leak();
        let known = [Template {
            hex,
            takes_prefixes,
        }];
        judge_by(&known, MODULE, text.as_bytes(), FOLDER)
    }

    fn verdict(mapping: &str, namespaces: &str, name: &str) -> Result<(), String> {
        verdict_of(&text(mapping, namespaces, name), false)
    }

    #[test]
    fn every_digest_in_the_table_is_one() {
        assert!(KNOWN.iter().all(|it| Sha256::from_hex(it.hex).is_some()));
    }

    #[test]
    fn the_line_that_imports_a_finder_is_told_from_others() {
        assert_eq!(
            of(&format!("import {MODULE}; {MODULE}.install()")),
            Some(MODULE)
        );
        for line in [
            "import __editable___a_finder; __editable___b_finder.install()",
            "import __editable___a_finder; __editable___a_finder.install(); import os",
            "import __editable___a,os_finder; __editable___a,os_finder.install()",
            "import __editable___a_finder; __editable___a_finder.install",
            "import os",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }

    #[test]
    fn a_template_filled_in_with_the_folder_passes_and_other_text_does_not() {
        let good = text("{'demo': '/home/u/demo/demo'}", "{}", NAME);
        assert_eq!(verdict_of(&good, false), Ok(()));
        let known = "no finder that setuptools is known to write";
        for bad in [
            good.replace("pass", "sys"),
            format!("{good}import os\n"),
            format!("{good}MAPPING = {{}}\n"),
            good.replace("NAMESPACES = {}\n", ""),
            good.replace("\nNAMES", "\rNAMES"),
            good.replace("+ '.x'", "+ '.x'; import os"),
            good.replace("= {}", "= {} or exec('')"),
            good.replace("= {}", "=  {}"),
            good.replace("= {}", "= {\n}"),
            good.replace("import sys\n", "import sys\r\n"),
            String::new(),
        ] {
            let told = verdict_of(&bad, false).unwrap_err();
            assert!(told.contains(known), "{bad}: {told}");
        }
        // The real list knows nothing of the text of this test.
        assert!(judge(MODULE, good.as_bytes(), FOLDER).is_err());
        assert!(judge(MODULE, b"\xff", FOLDER).is_err());
    }

    #[test]
    fn paths_lead_into_the_folder() {
        for (mapping, namespaces) in [
            ("{}", "{}"),
            (
                "{'demo': '/home/u/demo', 'a.b': \"/home/u/demo/it's\"}",
                "{}",
            ),
            ("{'größe': '/home/u/demo/größe'}", "{}"),
            (
                "{}",
                "{'ns': [], 'ns.x': ['/home/u/demo/ns', '/home/u/demo/b']}",
            ),
        ] {
            assert_eq!(verdict(mapping, namespaces, NAME), Ok(()), "{mapping}");
        }
        for (mapping, namespaces) in [
            ("{'demo': '/home/u/demo2'}", "{}"),
            ("{'demo': '/home/u/demo/../x'}", "{}"),
            ("{'demo': 'demo'}", "{}"),
            ("{'a': '/home/u/demo', 'b': '/tmp'}", "{}"),
            ("{}", "{'ns': ['/tmp/ns']}"),
            ("{}", "{'ns': ['/home/u/demo', '/tmp/ns']}"),
        ] {
            let told = verdict(mapping, namespaces, NAME).unwrap_err();
            assert!(told.contains("outside of /home/u/demo"), "{told}");
        }
        for mapping in ["{'': '/home/u/demo'}", "{'a b': '/home/u/demo'}"] {
            assert!(verdict(mapping, "{}", NAME).is_err(), "{mapping}");
        }
    }

    #[test]
    fn what_python_imports_at_start_is_not_mapped() {
        let mapped = |name: &str| text(&format!("{{'{name}': '/home/u/demo/x'}}"), "{}", NAME);
        for name in ["sitecustomize", "UserCustomize", "apport_python_hook"] {
            assert!(verdict_of(&mapped(name), false).is_err(), "{name}");
        }
        assert!(verdict("{}", "{'sitecustomize': []}", NAME).is_err());
        for name in ["my_sitecustomize", "a.sitecustomize", "user"] {
            assert_eq!(verdict_of(&mapped(name), false), Ok(()), "{name}");
        }
        // The oldest templates take `usercustomize` for a part of `user`.
        assert!(verdict_of(&mapped("user"), true).is_err());
        assert_eq!(verdict_of(&mapped("users"), true), Ok(()));
    }

    #[test]
    fn the_name_is_the_one_that_makes_the_modules() {
        for name in [
            "\"__editable__.demo-1.0.finder\"",
            "'__editable__.demo_1.0.finder'",
        ] {
            assert_eq!(verdict("{}", "{}", name), Ok(()), "{name}");
        }
        for name in [
            "'__editable__.demo-1.1.finder'",
            "'/editable/.demo-1.0.finder'",
            "'__editable__/demo-1.0.finder'",
            "'__editable__.demo/1.0.finder'",
            "'__editable__.demo-1.0_finder'",
        ] {
            assert!(verdict("{}", "{}", name).is_err(), "{name}");
        }
    }
}
