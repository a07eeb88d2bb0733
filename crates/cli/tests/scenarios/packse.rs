//! packse's scenarios for one environment, as a user meets them: one index has all of them, and
//! `assay install` makes an environment for each.

use std::path::PathBuf;

use assay_testkit::{
    packse::{Package, Release, Scenario, scenarios},
    peers,
    sdist::{Backend, SdistBuilder},
    server::{Builder, IndexServer, Upload},
    wheel::WheelBuilder,
};

use crate::{
    builds::sandbox_or_refusal,
    machine::{Machine, upload},
};

/// Where the outcome is another than packse expects, and why.
const KNOWN: [(&str, &str); 11] = [
    (
        "incompatible-python-compatible-override-available-no-wheels",
        OTHER_PYTHON,
    ),
    (
        "incompatible-python-compatible-override-no-compatible-wheels",
        OTHER_PYTHON,
    ),
    (
        "incompatible-python-compatible-override-other-wheel",
        OTHER_PYTHON,
    ),
    (
        "incompatible-python-compatible-override-unavailable-no-wheels",
        OTHER_PYTHON,
    ),
    ("package-only-prereleases-in-range", ONLY_PRERELEASES),
    (
        "python-less-than-current",
        "upper bounds of Requires-Python count, as in pip",
    ),
    (
        "transitive-package-only-prereleases-in-range",
        ONLY_PRERELEASES,
    ),
    ("transitive-prerelease-and-stable-dependency", PRERELEASE),
    (
        "transitive-prerelease-and-stable-dependency-many-versions",
        PRERELEASE,
    ),
    (
        "transitive-prerelease-and-stable-dependency-many-versions-holes",
        PRERELEASE,
    ),
    (
        "transitive-yanked-and-unyanked-dependency",
        "a dependency may pin a yanked version, as in pip",
    ),
];
const OTHER_PYTHON: &str = "nothing is built for another Python than the one at hand, as in pip";
const ONLY_PRERELEASES: &str =
    "pre-releases are taken where nothing else is in the range, as in pip";
const PRERELEASE: &str = "a dependency may name a pre-release, as in pip";

#[test]
fn packse_scenarios_come_out_as_expected() {
    let Some(all) = scenarios() else { return };
    let server = all.iter().fold(IndexServer::builder(), list).start();
    let holds_builds = sandbox_or_refusal(&Machine::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let parts = all.chunks(all.len().div_ceil(workers));
        let threads: Vec<_> = parts
            .map(|part| {
                let run = |it| run(it, &server, holds_builds);
                scope.spawn(move || part.iter().map(run).collect::<Vec<_>>())
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    let mut passed = 0;
    for (scenario, outcome) in all.iter().zip(outcomes) {
        let known = KNOWN.iter().find(|(name, _)| *name == scenario.name);
        match (outcome, known) {
            (Outcome::NotRun(why), _) => println!("{}: not run: {why}", scenario.name),
            (Outcome::Expected, None) => passed += 1,
            (Outcome::Expected, Some(_)) => panic!("{}: differs no longer", scenario.name),
            (Outcome::Different(how), None) => panic!("{}: {how}", scenario.name),
            (Outcome::Different(_), Some((_, why))) => println!("{}: {why}", scenario.name),
        }
    }
    println!("{passed} come out as expected");
}

enum Outcome {
    Expected,
    Different(String),
    NotRun(String),
}

fn run(scenario: &Scenario, server: &IndexServer, holds_builds: bool) -> Outcome {
    if let Some(why) = unfit(scenario, holds_builds) {
        return Outcome::NotRun(why.to_owned());
    }
    let python = if is_about_python(scenario) && scenario.other_python().is_none() {
        let Some(python) = interpreter(scenario.python()) else {
            return Outcome::NotRun(format!("no Python {}", scenario.python()));
        };
        Some(python)
    } else {
        None
    };
    match scenario.difference(&install(scenario, server, python)) {
        None => Outcome::Expected,
        Some(how) => Outcome::Different(how),
    }
}

/// Why a scenario asks for what assay does not do, or this machine cannot.
fn unfit(scenario: &Scenario, holds_builds: bool) -> Option<&'static str> {
    if scenario.is_universal() {
        Some("universal")
    } else if is_about_builds(scenario) && !holds_builds {
        Some("no builds on this machine")
    } else if scenario.platform().is_some()
        && !cfg!(all(target_os = "linux", target_arch = "x86_64"))
    {
        Some("for Linux on x86_64")
    } else {
        None
    }
}

fn is_about_builds(scenario: &Scenario) -> bool {
    let mut releases = scenario.releases();
    !scenario.no_binary().is_empty()
        || releases.any(|(_, it)| it.sdist && !(it.wheel && it.wheel_tags.is_empty()))
}

/// What is installed afterwards, or what the command said.
fn install(
    scenario: &Scenario,
    server: &IndexServer,
    python: Option<PathBuf>,
) -> Result<Vec<(String, String)>, String> {
    let machine = Machine::new();
    let url = server.index_url();
    let python = python.map(|it| it.to_string_lossy().into_owned());
    let mut args = vec!["install", "--quiet", "--index-url", &url];
    let folder = match scenario.other_python() {
        Some(version) => {
            args.extend(["--python-version", version, "--only-binary", ":all:"]);
            ["--target", "env"]
        }
        None => ["--venv", "env"],
    };
    args.extend(folder);
    args.extend(python.iter().flat_map(|it| ["--python", it]));
    args.extend(scenario.wants_prereleases().then_some("--pre"));
    let no_build = scenario.no_build().iter();
    args.extend(no_build.flat_map(|it| ["--only-binary", it]));
    let no_binary = scenario.no_binary().iter();
    args.extend(no_binary.flat_map(|it| ["--no-binary", it]));
    args.extend(scenario.requirements().iter().map(String::as_str));
    let outcome = machine.assay(&args);
    match outcome.code {
        0 => {
            let frozen = machine
                .assay(&["freeze", "--all", folder[0], folder[1]])
                .ok();
            Ok(frozen.out.lines().map(pair).collect())
        }
        1 => Err(outcome.err),
        _ => panic!("{}: {outcome:?}", scenario.name),
    }
}

fn pair(frozen: &str) -> (String, String) {
    let (name, version) = frozen.split_once("==").unwrap();
    (name.to_owned(), version.to_owned())
}

/// packse writes `>=3.12` everywhere and means nothing by it; where it means something, there are
/// other bounds.
fn is_about_python(scenario: &Scenario) -> bool {
    let mut bounds = scenario
        .releases()
        .filter_map(|(_, it)| it.requires_python.as_deref());
    bounds.any(|it| it != DEFAULT_BOUND)
}

const DEFAULT_BOUND: &str = ">=3.12";

/// A Python of this version on the `PATH`, or one that pyenv has.
fn interpreter(version: &str) -> Option<PathBuf> {
    let pyenv = std::env::home_dir().map(|it| it.join(".pyenv/versions"));
    let entries = pyenv.and_then(|it| it.read_dir().ok());
    let mut folders = entries.into_iter().flatten().flatten().map(|it| it.path());
    let wanted = format!("{version}.");
    let found = folders.find(|it| {
        let name = it.file_name().unwrap_or_default().to_string_lossy();
        name == version || name.starts_with(&wanted)
    });
    found
        .map(|it| it.join("bin/python"))
        .or_else(|| peers::extra(&format!("python{version}")))
}

/// Adds the files of a scenario to the index.
fn list(builder: Builder, scenario: &Scenario) -> Builder {
    let bounds = is_about_python(scenario);
    scenario
        .releases()
        .fold(builder, |builder, (package, release)| {
            let files = uploads(package, release, bounds);
            files.into_iter().fold(builder, Builder::upload)
        })
}

fn uploads(package: &Package, release: &Release, bounds: bool) -> Vec<Upload> {
    let mut files = Vec::new();
    if release.wheel {
        let tags = release.wheel_tags.iter().map(String::as_str);
        let any = release.wheel_tags.is_empty().then_some("py3-none-any");
        for tags in tags.chain(any) {
            files.push(upload(&wheel(package, release, bounds).tag(tags).build()));
        }
    }
    if release.sdist {
        let sdist = sdist(package, release, bounds).build();
        files.push(Upload::new(&sdist.file_name, sdist.bytes));
    }
    for file in &mut files {
        if let Some(python) = release.requires_python.as_deref().filter(|_| bounds) {
            *file = file.clone().requires_python(python);
        }
        if release.yanked {
            *file = file.clone().yanked("by packse");
        }
    }
    files
}

fn sdist(package: &Package, release: &Release, bounds: bool) -> SdistBuilder {
    let mut sdist = SdistBuilder::simple(&package.name, &release.version).in_tree(&Backend::new());
    if let Some(python) = release.requires_python.as_deref().filter(|_| bounds) {
        sdist = sdist.header(&format!("Requires-Python: {python}"));
    }
    for extra in release.extras() {
        sdist = sdist.header(&format!("Provides-Extra: {extra}"));
    }
    let requirements = release.requirements();
    requirements
        .iter()
        .fold(sdist, |sdist, it| sdist.requires(it))
}

fn wheel(package: &Package, release: &Release, bounds: bool) -> WheelBuilder {
    let mut wheel = WheelBuilder::new(&package.name, &release.version);
    if let Some(python) = release.requires_python.as_deref().filter(|_| bounds) {
        wheel = wheel.requires_python(python);
    }
    for extra in release.extras() {
        wheel = wheel.extra(extra, &[]);
    }
    for requirement in release.requirements() {
        wheel = wheel.requires(&requirement);
    }
    wheel
}
