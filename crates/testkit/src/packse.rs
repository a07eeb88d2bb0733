//! The scenarios of packse: small worlds of packages, a question, and the answer that is expected.

use serde::{Deserialize, Deserializer};

use crate::peers;

/// One world and what is asked of it.
#[derive(Debug, Deserialize)]
pub struct Scenario {
    /// Such as `wrong-backtracking-basic`.
    pub name: String,
    /// What the index has. No two scenarios share a project.
    pub packages: Vec<Package>,
    root: Root,
    expected: Expected,
    environment: Environment,
    resolver_options: Options,
}

/// A project.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its versions.
    pub versions: Vec<Release>,
}

/// A version and its files.
#[derive(Debug, Deserialize)]
pub struct Release {
    /// PEP 440.
    pub version: String,
    /// `Requires-Python`; most have `>=3.12`.
    pub requires_python: Option<String>,
    #[serde(deserialize_with = "requirements")]
    requires: Vec<String>,
    extras: Vec<Extra>,
    /// Whether there is a source distribution.
    pub sdist: bool,
    /// Whether there are wheels.
    pub wheel: bool,
    /// PEP 592.
    pub yanked: bool,
    /// Tags of its wheels; none stands for one wheel for any platform.
    pub wheel_tags: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Extra {
    name: String,
    #[serde(deserialize_with = "requirements")]
    requires: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Root {
    #[serde(deserialize_with = "requirements")]
    requires: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Expected {
    satisfiable: bool,
    packages: Vec<Pinned>,
}

#[derive(Debug, Deserialize)]
struct Pinned {
    name: String,
    version: String,
}

#[derive(Debug, Deserialize)]
struct Environment {
    python: String,
}

#[derive(Debug, Deserialize)]
struct Options {
    python: Option<String>,
    prereleases: bool,
    no_build: Vec<String>,
    no_binary: Vec<String>,
    universal: bool,
    python_platform: Option<String>,
}

/// A requirement is text, or an object that holds it.
fn requirements<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Text {
        Plain(String),
        Object { requirement: String },
    }
    let texts: Vec<Text> = Deserialize::deserialize(source)?;
    let plain = texts.into_iter().map(|it| match it {
        Text::Plain(text) | Text::Object { requirement: text } => text,
    });
    Ok(plain.collect())
}

/// All scenarios of the file that `ASSAY_PACKSE` names; none, with a printed line, where it names
/// nothing.
///
/// # Panics
/// Where the file is not what packse writes.
pub fn scenarios() -> Option<Vec<Scenario>> {
    #[derive(Deserialize)]
    struct File {
        scenarios: Vec<Scenario>,
    }
    let path = peers::collection("ASSAY_PACKSE")?;
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: File = serde_json::from_slice(&bytes)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(file.scenarios)
}

impl Scenario {
    /// Asks for all environments at once.
    pub fn is_universal(&self) -> bool {
        self.resolver_options.universal
    }

    /// The version of a Python that is not the environment's.
    pub fn other_python(&self) -> Option<&str> {
        self.resolver_options.python.as_deref()
    }

    /// A platform: `x86_64-manylinux2014`, where there is one.
    pub fn platform(&self) -> Option<&str> {
        self.resolver_options.python_platform.as_deref()
    }

    /// Asks for pre-releases everywhere.
    pub fn wants_prereleases(&self) -> bool {
        self.resolver_options.prereleases
    }

    /// The projects whose wheels are not to be used.
    pub fn no_binary(&self) -> &[String] {
        &self.resolver_options.no_binary
    }

    /// The projects whose source distributions are not to be used.
    pub fn no_build(&self) -> &[String] {
        &self.resolver_options.no_build
    }

    /// What is asked for.
    pub fn requirements(&self) -> &[String] {
        &self.root.requires
    }

    /// Such as `3.12` or `3.9.21`.
    pub fn python(&self) -> &str {
        &self.environment.python
    }

    /// Every version of every project.
    pub fn releases(&self) -> impl Iterator<Item = (&Package, &Release)> {
        let packages = self.packages.iter();
        packages.flat_map(|package| package.versions.iter().map(move |it| (package, it)))
    }

    /// How an outcome differs from what is expected: pairs of name and version, or the words of the
    /// failure.
    pub fn difference(&self, found: &Result<Vec<(String, String)>, String>) -> Option<String> {
        let pairs = self.expected.packages.iter();
        let mut expected: Vec<_> = pairs
            .map(|it| (it.name.clone(), it.version.clone()))
            .collect();
        expected.sort();
        match found {
            Err(_) if !self.expected.satisfiable => None,
            Err(words) => Some(format!("expected a solution {expected:?}, found {words}")),
            Ok(found) => {
                let mut found = found.clone();
                found.sort();
                // A scenario that has a solution and names no packages leaves open which.
                let open = expected.is_empty() || found == expected;
                let same = self.expected.satisfiable && open;
                (!same).then(|| format!("expected {expected:?}, found {found:?}"))
            }
        }
    }
}

impl Release {
    /// The names of its extras.
    pub fn extras(&self) -> impl Iterator<Item = &str> {
        self.extras.iter().map(|it| it.name.as_str())
    }

    /// Its `Requires-Dist`, those of extras with their marker.
    pub fn requirements(&self) -> Vec<String> {
        let mut all = self.requires.clone();
        for extra in &self.extras {
            let own = format!("extra == '{}'", extra.name);
            all.extend(extra.requires.iter().map(|it| match it.split_once(';') {
                None => format!("{it} ; {own}"),
                Some((rest, marker)) => format!("{rest} ; ({marker}) and {own}"),
            }));
        }
        all
    }
}
