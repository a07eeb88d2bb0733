//! Where `.pth` files lead an interpreter: what lies there matters as much as the file itself.

use assay_types::path::collision_key;

use super::{Kind, namespace, pth};

/// What an interpreter looks at, when it starts, because of one `.pth` file. Nothing here is
/// judged: the file may be refused, or lie in the environment for years.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Lines that `site` puts on the import path, as they are written: relative to the file's
    /// folder, or absolute. It does so with whatever exists there, files included.
    pub paths: Vec<String>,
    /// Packages that lines of setuptools' template register.
    pub packages: Vec<Package>,
    /// Lines that `site` executes, those of the template aside.
    pub code: Vec<String>,
}

/// A namespace package that the template registers. It asks the import system for the package,
/// and where that is native code, asking loads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    parts: Vec<String>,
}

impl Reads {
    /// Reads a `.pth` file. Wherever any Python ends a line, one ends here.
    pub fn of(contents: &[u8]) -> Self {
        let mut reads = Self::default();
        let text = String::from_utf8_lossy(contents);
        let text = text.trim_start_matches('\u{feff}');
        for line in text.split(pth::is_line_end).map(str::trim_end) {
            if let Some(parts) = namespace::package(line) {
                let parts = parts.into_iter().map(str::to_owned).collect();
                reads.packages.push(Package { parts });
                continue;
            }
            if pth::is_code(line) {
                reads.code.push(line.to_owned());
            } else if !line.is_empty() && !line.starts_with('#') {
                // White space before a path is part of it.
                reads.paths.push(line.to_owned());
            }
        }
        reads
    }
}

impl Package {
    /// Its folder, relative to the file's.
    pub fn folder(&self) -> String {
        self.parts.join("/")
    }

    /// The folder that holds its folder, relative to the file's; empty for that one.
    pub fn parent(&self) -> String {
        self.parts[..self.parts.len() - 1].join("/")
    }

    /// Its top-level name.
    pub fn top(&self) -> &str {
        &self.parts[0]
    }

    /// Whether a file of this name, beside its folder, would be loaded as the package.
    pub fn is_loaded_beside(&self, name: &str) -> bool {
        let last = self.parts.last();
        last.is_some_and(|it| native_stem(name) == Some(collision_key(it)))
    }

    /// Whether a file of this name, in its folder, would be loaded as the package.
    pub fn is_loaded_inside(name: &str) -> bool {
        native_stem(name).as_deref() == Some("__init__")
    }
}

/// The module that native code of this file name is.
fn native_stem(name: &str) -> Option<String> {
    let name = collision_key(name);
    let (stem, rest) = name.split_once('.')?;
    let ending = rest.rsplit('.').next();
    matches!(ending, Some("so" | "pyd")).then(|| stem.to_owned())
}

impl Kind {
    /// Classifies a name directly below a folder (of this name) that a `.pth` file puts on the
    /// import path.
    pub fn on_path(folder: &str, name: &str) -> Option<Self> {
        if Self::of(name) == Some(Self::Customize) {
            return Some(Self::Customize);
        }
        let name = collision_key(name);
        let endings = [".dist-info", ".egg-info", ".egg-link"];
        let is_in_egg = || name == "egg-info" && collision_key(folder).ends_with(".egg");
        let is_metadata = endings.iter().any(|it| name.ends_with(it)) || is_in_egg();
        is_metadata.then_some(Self::Metadata)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::startup::namespace::tests::template;

    #[test]
    fn paths_and_packages_are_told_from_comments_and_code() {
        let text = format!(
            "# note\n\nlib\n/abs/x\n../up\rwin32\n led \nimport os\nimport\tos\n{}\n",
            template(&["google", "cloud"])
        );
        let reads = Reads::of(text.as_bytes());
        assert_eq!(reads.paths, ["lib", "/abs/x", "../up", "win32", " led"]);
        assert_eq!(reads.code, ["import os", "import\tos"]);
        let packages: Vec<_> = reads.packages.iter().map(Package::folder).collect();
        assert_eq!(packages, ["google/cloud"]);
        assert_eq!(reads.packages[0].parent(), "google");
        assert_eq!(reads.packages[0].top(), "google");
    }

    #[test]
    fn native_code_of_the_packages_name_is_told_from_namesakes() {
        let package = Package {
            parts: vec!["google".to_owned(), "cloud".to_owned()],
        };
        for name in ["cloud.so", "cloud.abi3.so", "Cloud.cp312-win_amd64.PYD"] {
            assert!(package.is_loaded_beside(name), "{name}");
        }
        for name in ["cloud.py", "cloud", "cloud_x.so", "cloud.so.6", "x.so"] {
            assert!(!package.is_loaded_beside(name), "{name}");
        }
        assert!(Package::is_loaded_inside("__init__.abi3.so"));
        assert!(!Package::is_loaded_inside("__init__.py"));
    }

    #[test]
    fn what_is_found_at_start_up_on_the_path_is_told_from_plain_modules() {
        for (name, kind) in [
            ("sitecustomize.py", Some(Kind::Customize)),
            ("UserCustomize", Some(Kind::Customize)),
            ("victim-1.0.dist-info", Some(Kind::Metadata)),
            ("victim.EGG-INFO", Some(Kind::Metadata)),
            ("customize.py", None),
            // `site` reads these in site-packages folders only.
            ("x.pth", None),
            ("x.start", None),
            ("dist-info", None),
        ] {
            assert_eq!(Kind::on_path("lib", name), kind, "{name}");
        }
        for (folder, kind) in [
            ("victim-1.0.egg", Some(Kind::Metadata)),
            ("victim.EGG", Some(Kind::Metadata)),
            ("egg", None),
            ("victim.eggs", None),
        ] {
            assert_eq!(Kind::on_path(folder, "EGG-INFO"), kind, "{folder}");
        }
    }
}
