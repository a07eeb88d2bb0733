//! The packse scenarios (environment variable `ASSAY_PACKSE`: path of `scenarios.json`), those for
//! one environment. Packages are wheels for any platform here, or have to be built.

use assay_resolve::Prereleases;
use assay_testkit::packse::{Scenario, scenarios};

use crate::world::{World, ask, markers};

/// Why a scenario cannot be run here.
fn unfit(scenario: &Scenario) -> Option<&'static str> {
    if scenario.is_universal() {
        Some("universal")
    } else if scenario.other_python().is_some() || scenario.platform().is_some() {
        Some("another target")
    } else if scenario.releases().any(|(_, it)| !it.wheel_tags.is_empty()) {
        Some("wheel tags")
    } else {
        None
    }
}

fn world(scenario: &Scenario) -> String {
    let mut text = String::new();
    for (package, release) in scenario.releases() {
        text += &format!("{} {}", package.name, release.version);
        if let Some(python) = &release.requires_python {
            text += &format!(" python={}", python.replace(' ', ""));
        }
        if release.yanked {
            text += " yanked=";
        }
        let is_named = |all: &[String]| all.contains(&package.name);
        let wheel = release.wheel && !is_named(scenario.no_binary());
        let sdist = release.sdist && !is_named(scenario.no_build());
        match (wheel, sdist) {
            (true, _) => {}
            (false, true) => text += " sdist",
            (false, false) => text += " unbuilt",
        }
        let extras: Vec<_> = release.extras().collect();
        if !extras.is_empty() {
            text += &format!(" provides={}", extras.join(","));
        }
        text.push('\n');
        for requirement in release.requirements() {
            text += &format!(" - {requirement}\n");
        }
    }
    text
}

/// What differs from the expectation.
fn difference(scenario: &Scenario) -> Option<String> {
    let roots: Vec<_> = scenario.requirements().iter().map(String::as_str).collect();
    let python = format!("{}.0", scenario.python());
    let mut request = ask(&roots);
    request.markers = markers(&python);
    request.python = python.parse().unwrap();
    if scenario.wants_prereleases() {
        request.prereleases = Prereleases::all();
    }
    let mut world = World::new(&world(scenario));
    world.python = request.python.clone();
    let found = world.resolve(&request).map(|it| {
        let pins = it.pins.into_iter();
        pins.map(|it| (it.name.to_string(), it.candidate.version.to_string()))
            .collect()
    });
    scenario.difference(&found.map_err(|it| it.to_string()))
}

/// Where the expectation is not what pip 26.3 does, or not what this resolver is for; by name.
const KNOWN: [&str; 7] = [
    // Pre-releases are taken where nothing else is in the range, as in pip.
    "package-only-prereleases-in-range",
    // Upper bounds of requires-python count, as in pip.
    "python-less-than-current",
    // As the first.
    "transitive-package-only-prereleases-in-range",
    // A dependency may name a pre-release or pin a yanked version, as in pip.
    "transitive-prerelease-and-stable-dependency",
    "transitive-prerelease-and-stable-dependency-many-versions",
    "transitive-prerelease-and-stable-dependency-many-versions-holes",
    "transitive-yanked-and-unyanked-dependency",
];

#[test]
fn packse_scenarios() {
    let Some(all) = scenarios() else { return };
    let mut passed = 0;
    let mut differences = Vec::new();
    for scenario in &all {
        if let Some(why) = unfit(scenario) {
            println!("{}: not run: {why}", scenario.name);
        } else if let Some(difference) = difference(scenario) {
            println!("{}: {difference}", scenario.name);
            differences.push(scenario.name.as_str());
        } else {
            passed += 1;
        }
    }
    println!("{passed} passed, {} differ", differences.len());
    differences.sort_unstable();
    assert_eq!(differences, KNOWN);
}
