//! The packse scenarios (environment variable `ASSAY_PACKSE`: path of `scenarios.json`), those for
//! one environment and with wheels. Packages are wheels for any platform here.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::world::{World, ask, markers};

#[derive(Deserialize)]
struct Scenarios {
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
struct Scenario {
    name: String,
    packages: Vec<Package>,
    root: Root,
    expected: Expected,
    environment: Environment,
    resolver_options: Options,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    versions: Vec<Release>,
}

#[derive(Deserialize)]
struct Release {
    version: String,
    requires_python: Option<String>,
    requires: Vec<Text>,
    extras: Vec<Extra>,
    sdist: bool,
    wheel: bool,
    yanked: bool,
    wheel_tags: Vec<String>,
}

#[derive(Deserialize)]
struct Extra {
    name: String,
    requires: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Object { requirement: String },
}

#[derive(Deserialize)]
struct Root {
    requires: Vec<Text>,
}

#[derive(Deserialize)]
struct Expected {
    satisfiable: bool,
    packages: Vec<Pinned>,
}

#[derive(Deserialize)]
struct Pinned {
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct Environment {
    python: String,
}

#[derive(Deserialize)]
struct Options {
    python: Option<String>,
    prereleases: bool,
    no_build: Vec<String>,
    no_binary: Vec<String>,
    universal: bool,
    python_platform: Option<String>,
}

impl Text {
    fn get(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Object { requirement: text } => text,
        }
    }
}

impl Scenario {
    /// Why it cannot be run here.
    fn unfit(&self) -> Option<&'static str> {
        let options = &self.resolver_options;
        let mut releases = self.packages.iter().flat_map(|it| &it.versions);
        if options.universal {
            Some("universal")
        } else if options.python.is_some() || options.python_platform.is_some() {
            Some("another target")
        } else if !(options.no_binary.is_empty() && options.no_build.is_empty()) {
            Some("format control")
        } else if releases.any(|it| !it.wheel_tags.is_empty()) {
            Some("wheel tags")
        } else {
            None
        }
    }

    fn world(&self) -> String {
        let mut text = String::new();
        for package in &self.packages {
            for release in &package.versions {
                text += &format!("{} {}", package.name, release.version);
                if let Some(python) = &release.requires_python {
                    text += &format!(" python={}", python.replace(' ', ""));
                }
                if release.yanked {
                    text += " yanked=";
                }
                if release.sdist && !release.wheel {
                    text += " sdist";
                }
                let extras: Vec<_> = release.extras.iter().map(|it| it.name.as_str()).collect();
                if !extras.is_empty() {
                    text += &format!(" provides={}", extras.join(","));
                }
                text.push('\n');
                for requirement in &release.requires {
                    text += &format!(" - {}\n", requirement.get());
                }
                for extra in &release.extras {
                    for requirement in &extra.requires {
                        let own = format!("extra == '{}'", extra.name);
                        text += &match requirement.get().split_once(';') {
                            None => format!(" - {} ; {own}\n", requirement.get()),
                            Some((rest, marker)) => format!(" - {rest} ; ({marker}) and {own}\n"),
                        };
                    }
                }
            }
        }
        text
    }

    /// What differs from the expectation.
    fn difference(&self) -> Option<String> {
        let roots: Vec<_> = self.root.requires.iter().map(Text::get).collect();
        let python = format!("{}.0", self.environment.python);
        let mut request = ask(&roots);
        request.markers = markers(&python);
        request.python = python.parse().unwrap();
        request.prereleases = self.resolver_options.prereleases;
        let mut world = World::new(&self.world());
        world.python = request.python.clone();
        let found = world.resolve(&request).map(|it| {
            let pins = it.pins.into_iter();
            pins.map(|it| (it.name.to_string(), it.candidate.version.to_string()))
                .collect::<BTreeMap<_, _>>()
        });
        let expected: BTreeMap<_, _> = self
            .expected
            .packages
            .iter()
            .map(|it| (it.name.clone(), it.version.clone()))
            .collect();
        match found {
            // A scenario that is satisfiable without packages leaves open which.
            Ok(found)
                if self.expected.satisfiable && (expected.is_empty() || found == expected) =>
            {
                None
            }
            Ok(found) => Some(format!("expected {expected:?}, found {found:?}")),
            Err(_) if !self.expected.satisfiable => None,
            Err(text) => Some(format!("expected {expected:?}, found {text}")),
        }
    }
}

/// Where the expectation is not what pip 26.3 does, or not what this resolver is for.
const KNOWN: [&str; 8] = [
    // Upper bounds of requires-python count, as in pip.
    "python-less-than-current",
    // Source distributions are refused for now.
    "no-wheels",
    // A dependency may pin a yanked version or name a pre-release, as in pip.
    "transitive-yanked-and-unyanked-dependency",
    "transitive-prerelease-and-stable-dependency",
    "transitive-prerelease-and-stable-dependency-many-versions",
    "transitive-prerelease-and-stable-dependency-many-versions-holes",
    // Pre-releases are taken where nothing else is in the range, as in pip.
    "package-only-prereleases-in-range",
    "transitive-package-only-prereleases-in-range",
];

#[test]
fn packse_scenarios() {
    let Some(path) = assay_testkit::peers::collection("ASSAY_PACKSE") else {
        return;
    };
    let all: Scenarios = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut passed = 0;
    let mut differences = Vec::new();
    for scenario in &all.scenarios {
        if let Some(why) = scenario.unfit() {
            println!("{}: not run: {why}", scenario.name);
        } else if let Some(difference) = scenario.difference() {
            println!("{}: {difference}", scenario.name);
            differences.push(scenario.name.as_str());
        } else {
            passed += 1;
        }
    }
    println!("{passed} passed, {} differ", differences.len());
    differences.retain(|it| !KNOWN.contains(it));
    assert_eq!(differences, [""; 0]);
}
