use std::cell::Cell;

use assay_types::{Version, repository::Commit, requirement::Wanted};

use super::*;
use crate::{args::RequirementArgs, inputs, surroundings::Surroundings};

const ID: &str = "0123456789abcdef0123456789abcdef01234567";

/// What was settled, with what was said; the name of a folder is that of its project.
struct Told {
    inputs: Result<Inputs>,
    notes: Vec<String>,
    checkouts: usize,
}

fn settled(requirements: &[&str], require_hashes: bool) -> Told {
    let folder = tempfile::tempdir().unwrap();
    for name in ["demo", "other", "demo-again/demo"] {
        let root = folder.path().join(name);
        std::fs::create_dir_all(&root).unwrap();
        std::fs::write(root.join("pyproject.toml"), "").unwrap();
    }
    let args = RequirementArgs {
        requirements: requirements.iter().map(|it| (*it).to_owned()).collect(),
        ..RequirementArgs::default()
    };
    let mut around = Surroundings::default();
    around.working_dir = folder.path().to_owned();
    let nobody = |_: &_| Err(Failure::could_not("nobody is asked"));
    let mut inputs = inputs::gather(&args, &around, None, &nobody).unwrap();
    inputs.require_hashes = require_hashes;
    let (notes, checkouts) = (RefCell::new(Vec::new()), Cell::new(0));
    let settled = settle(
        &inputs,
        &Ways {
            check_out: &|address, into| {
                checkouts.set(checkouts.get() + 1);
                for name in ["demo", "other"] {
                    std::fs::create_dir_all(into.join(name)).unwrap();
                }
                Ok(Checkout {
                    root: into.to_owned(),
                    url: address.url.clone(),
                    commit: Commit::parse(ID).unwrap(),
                })
            },
            describe: &|tree, _| {
                let project = tree.project();
                let name = project.file_name().unwrap().to_str().unwrap();
                let name = if name == "0" { "demo" } else { name };
                let text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n");
                Ok(Arc::new(Metadata::parse(text.as_bytes()).unwrap()))
            },
            note: &|text| notes.borrow_mut().push(text.to_owned()),
        },
    );
    let inputs = settled.map(|it| {
        inputs.settle(it);
        inputs
    });
    Told {
        inputs,
        notes: notes.into_inner(),
        checkouts: checkouts.get(),
    }
}

#[test]
fn a_tree_becomes_a_file_of_its_project_and_a_requirement() {
    let inputs = settled(&["./demo[x]"], false).inputs.unwrap();
    let project = "demo".parse().unwrap();
    let file = &inputs.named[&project];
    let version: Version = "1.0".parse().unwrap();
    assert_eq!((file.name.project(), file.version()), (&project, &version));
    assert!(matches!(&file.origin, Origin::Local(path) if path.ends_with("demo")));
    let root = &inputs.roots[0].requirement;
    assert_eq!(root.name, project);
    assert_eq!(root.extras.len(), 1);
    let Wanted::Direct(direct) = &root.wanted else {
        panic!("{root}")
    };
    assert!(direct.url.path().ends_with("/demo"));
}

#[test]
fn what_is_not_pinned_is_said_and_several_projects_of_a_repository_are_one_checkout() {
    let url = "git+https://u:p@git.example/mono@main#subdirectory";
    let (demo, other) = (format!("{url}=demo"), format!("{url}=other"));
    let told = settled(&[&demo, &other], false);
    let inputs = told.inputs.unwrap();
    assert_eq!((inputs.named.len(), told.checkouts), (2, 1));
    let shown = "git+https://git.example/mono@main#subdirectory=demo";
    let note =
        format!("demo comes from {shown}; main is {ID} today: write @{ID} to always take this one");
    assert_eq!(told.notes[0], note);
    let pinned = format!("git+https://git.example/demo@{ID}");
    assert!(settled(&[&pinned], false).notes.is_empty());
}

#[test]
fn a_name_that_was_written_is_the_trees_own() {
    let pinned = |name: &str| format!("{name} @ git+https://git.example/x@{ID}#subdirectory=demo");
    assert!(settled(&[&pinned("Demo")], false).inputs.is_ok());
    let failure = settled(&[&pinned("dem0")], false).inputs.unwrap_err();
    assert!(
        failure.fact().contains("is the project demo, not dem0"),
        "{failure}"
    );
}

#[test]
fn where_hashes_are_required_a_full_commit_is_as_good_as_one() {
    let pinned = format!("git+https://git.example/demo@{ID}");
    assert!(settled(&[&pinned], true).inputs.is_ok());
    for bad in [
        "./demo",
        "git+https://git.example/demo",
        "git+https://git.example/demo@v1",
    ] {
        let failure = settled(&[bad], true).inputs.unwrap_err();
        assert!(failure.is_refusal(), "{bad}: {failure}");
    }
}

#[test]
fn two_places_of_one_project_are_left_to_the_resolver() {
    let inputs = settled(&["./demo", "./demo-again/demo"], false)
        .inputs
        .unwrap();
    assert_eq!((inputs.roots.len(), inputs.named.len()), (2, 1));
    let file = inputs.named.values().next().unwrap();
    assert!(matches!(&file.origin, Origin::Local(path) if !path.ends_with("demo-again/demo")));
}
