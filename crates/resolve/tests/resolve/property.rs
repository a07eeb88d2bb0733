//! Random small worlds: what is solved holds, and what is called unsatisfiable is.

use std::collections::BTreeMap;

use assay_types::{Requirement, Version, requirement::Wanted};
use proptest::prelude::*;

use crate::world::{World, ask, name};

const PROJECTS: [&str; 4] = ["a", "b", "c", "d"];
const VERSIONS: u8 = 3;

/// For each project and version (`1` to [`VERSIONS`]) its requirements; `None` for a version that
/// does not exist.
type Plan = Vec<Vec<Option<Vec<String>>>>;

fn requirement() -> impl Strategy<Value = String> {
    const OPERATORS: [&str; 7] = ["", "==", "!=", ">=", "<=", ">", "<"];
    let parts = (
        proptest::sample::select(&PROJECTS[..]),
        proptest::sample::select(&OPERATORS[..]),
        1..=VERSIONS,
    );
    parts.prop_map(|(project, operator, version)| match operator {
        "" => project.to_owned(),
        operator => format!("{project}{operator}{version}"),
    })
}

fn plan() -> impl Strategy<Value = Plan> {
    let release = proptest::option::weighted(0.85, prop::collection::vec(requirement(), 0..3));
    let project = prop::collection::vec(release, VERSIONS as usize);
    prop::collection::vec(project, PROJECTS.len())
}

fn text(plan: &Plan) -> String {
    let mut text = String::new();
    for (project, versions) in PROJECTS.iter().zip(plan) {
        for (version, requires) in (1..).zip(versions) {
            let Some(requires) = requires else { continue };
            text += &format!("{project} {version}\n");
            requires.iter().for_each(|it| text += &format!(" - {it}\n"));
        }
    }
    text
}

/// One version (0 for none) for each project.
type Choice = [usize; PROJECTS.len()];

fn holds(plan: &Plan, roots: &[String], choice: &Choice) -> bool {
    let satisfied = |text: &String| {
        let wanted = Requirement::parse(text).unwrap();
        let at = PROJECTS
            .iter()
            .position(|it| name(it) == wanted.name)
            .unwrap();
        let Wanted::Version(specifiers) = wanted.wanted else {
            unreachable!("the plan has no URLs")
        };
        choice[at] > 0 && specifiers.contains(&Version::new([choice[at] as u64]))
    };
    roots.iter().all(satisfied)
        && choice
            .iter()
            .zip(plan)
            .all(|(version, versions)| match version {
                0 => true,
                version => versions[version - 1]
                    .as_ref()
                    .is_some_and(|it| it.iter().all(satisfied)),
            })
}

fn some_choice_holds(plan: &Plan, roots: &[String]) -> bool {
    let base = VERSIONS as usize + 1;
    (0..base.pow(PROJECTS.len() as u32)).any(|number| {
        let mut rest = number;
        let choice = std::array::from_fn(|_| {
            let digit = rest % base;
            rest /= base;
            digit
        });
        holds(plan, roots, &choice)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn agrees_with_brute_force(plan in plan(), roots in prop::collection::vec(requirement(), 1..4)) {
        let world = World::new(&text(&plan));
        let asked: Vec<_> = roots.iter().map(String::as_str).collect();
        match world.resolve(&ask(&asked)) {
            Err(_) => prop_assert!(!some_choice_holds(&plan, &roots)),
            Ok(resolution) => {
                let pins: BTreeMap<_, _> = resolution
                    .pins
                    .iter()
                    .map(|it| (it.name.to_string(), it.candidate.version.release()[0] as usize))
                    .collect();
                let choice = PROJECTS.map(|it| pins.get(it).copied().unwrap_or(0));
                prop_assert!(holds(&plan, &roots, &choice), "{choice:?}");
                let again = world.resolve(&ask(&asked)).unwrap();
                prop_assert_eq!(again, resolution);
            }
        }
    }
}
