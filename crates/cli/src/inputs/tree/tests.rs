use assay_types::FileName;

use super::*;
use crate::inputs::tests::{World, shown};

const ID: &str = "0123456789abcdef0123456789abcdef01234567";

fn projects() -> World {
    World::new(&[
        ("tree/pyproject.toml", ""),
        ("old/setup.py", ""),
        ("mono/python/pyproject.toml", ""),
        ("wheels/a-1.0-py3-none-any.whl", ""),
        ("empty/notes.txt", ""),
        ("x-1.0.tar.gz", ""),
        ("x-1.0.zip", ""),
        ("x-1.0.tar.bz2", ""),
        ("main.zip", ""),
    ])
}

fn path(world: &World, name: &str) -> PathBuf {
    world.folder.path().join(name)
}

#[test]
fn folders_with_a_project_are_trees_and_those_with_wheels_are_not() {
    let world = projects();
    let url = format!("file://{}", path(&world, "old").display());
    for (text, root, extras) in [
        ("./tree", "tree", 0),
        ("./tree/[a,b]", "tree", 2),
        ("tree/", "tree", 0),
        ("./old", "old", 0),
        ("./empty/../old", "old", 0),
        (&*url, "old", 0),
    ] {
        let inputs = world.gather(&[text], &[]).unwrap();
        let [tree] = &inputs.trees[..] else {
            panic!("{text}: {:?}", inputs.trees)
        };
        let root = std::fs::canonicalize(path(&world, root)).unwrap();
        let Place::Folder(found, None) = &tree.place else {
            panic!("{text}: {:?}", tree.place)
        };
        assert_eq!(std::fs::canonicalize(found).unwrap(), root, "{text}");
        assert_eq!(tree.extras.len(), extras);
        assert!(!tree.editable && inputs.roots.is_empty());
    }
    assert!(world.gather(&["./wheels"], &[]).unwrap().trees.is_empty());
    assert_eq!(world.exit_code(&["./empty"], &[]), 2);
}

#[test]
fn a_named_tree_is_a_requirement_at_once() {
    let world = projects();
    let url = format!("file://{}", path(&world, "mono").display());
    let text = format!("Demo[x] @ {url}#subdirectory=python");
    let inputs = world.gather(&[&text], &[]).unwrap();
    assert_eq!(shown(&inputs), ["demo from the command line"]);
    let name = inputs.trees[0].name.as_ref().unwrap();
    assert_eq!(name.as_ref(), "demo");
    for bad in ["", "#subdirectory=../old", "#subdirectory=gone"] {
        assert_eq!(
            world.exit_code(&[&format!("demo @ {url}{bad}")], &[]),
            2,
            "{bad}"
        );
    }
}

#[test]
fn repositories_are_named_by_their_url() {
    let world = projects();
    for (text, name) in [
        ("git+https://git.example/demo@main", None),
        ("git+https://git.example/demo#egg=demo", Some("demo")),
        ("demo @ git+ssh://git@git.example/demo", Some("demo")),
    ] {
        let inputs = world.gather(&[text], &[]).unwrap();
        let found = inputs.trees[0].name.as_ref().map(AsRef::as_ref);
        assert_eq!(found, name, "{text}");
        assert_eq!(inputs.roots.len(), usize::from(name.is_some()));
        assert!(matches!(inputs.trees[0].place, Place::Repository(_)));
    }
    for bad in [
        "git+https://git.example/demo@",
        "git+https://git.example/de\nmo",
        "git+http://git.example/demo",
        "git+ext::sh",
        "git+git@git.example:demo",
        "hg+https://hg.example/demo",
        "demo @ svn+https://svn.example/demo",
        "bzr+lp:demo",
    ] {
        let failure = world.gather(&[bad], &[]).unwrap_err();
        assert_eq!(failure.exit_code(), 2, "{bad}");
    }
    let failure = world
        .gather(&["hg+https://hg.example/demo"], &[])
        .unwrap_err();
    assert!(failure.fact().contains("hg is not offered"), "{failure}");
    assert!(failure.ways_out()[0].contains("name the folder"));
}

#[test]
fn secrets_are_told_to_nobody() {
    let world = projects();
    for text in [
        "git+http://user:s3cr3t@git.example/demo",
        "hg+https://user:s3cr3t@hg.example/demo",
        "git+ssh://user:s3cr3t@git.example/demo",
    ] {
        let failure = world.gather(&[text], &[]).unwrap_err().to_string();
        assert!(!failure.contains("s3cr3t"), "{failure}");
    }
}

#[test]
fn editables_are_folders_with_a_project() {
    let url = "-e ./tree\n-e ./old[a]\n";
    let world = World::new(&[
        ("r.txt", url),
        ("c.txt", "-e ./tree\n"),
        ("tree/pyproject.toml", ""),
        ("old/setup.py", ""),
        ("wheels/a-1.0-py3-none-any.whl", ""),
    ]);
    let inputs = world.gather(&[], &["r.txt"]).unwrap();
    assert!(inputs.trees.iter().all(|it| it.editable));
    assert_eq!(inputs.trees[1].extras.len(), 1);
    assert_eq!(inputs.trees[1].from, "r.txt:2");
    let here = Base::Local(world.folder.path().to_owned());
    let edit = |text: &str| editable(text, &here, "the command line").map_err(|it| it.exit_code());
    assert!(edit("tree").is_ok());
    assert!(edit(&format!("file://{}", path(&world, "tree").display())).is_ok());
    assert_eq!(edit("wheels").unwrap_err(), 2);
    assert_eq!(edit("gone").unwrap_err(), 1);
    assert_eq!(edit("https://a.example/x-1.0.tar.gz").unwrap_err(), 2);
    let failure = editable("git+https://git.example/x#egg=demo", &here, "r").unwrap_err();
    assert!(failure.ways_out()[0].contains("./demo"), "{failure}");
}

#[test]
fn a_hash_is_that_of_a_file() {
    let hash = "ab".repeat(32);
    let text = |what: &str| format!("{what} --hash=sha256:{hash}\n");
    let world = World::new(&[
        ("folder.txt", &text("./tree")),
        (
            "git.txt",
            &text(&format!("x @ git+https://git.example/x@{ID}")),
        ),
        ("sdist.txt", &text("./x-1.0.tar.gz")),
        ("tree/pyproject.toml", ""),
        ("x-1.0.tar.gz", ""),
    ]);
    for (file, code) in [("folder.txt", 2), ("git.txt", 2), ("sdist.txt", 0)] {
        assert_eq!(world.exit_code(&[], &[file]), code, "{file}");
    }
    let url = format!("x @ git+https://git.example/x@{ID}#sha256={hash}");
    assert_eq!(world.exit_code(&[&url], &[]), 2);
}

#[test]
fn sdists_are_named_by_path_and_url() {
    let world = projects();
    let url = format!("https://a.example/x-1.0.tar.gz#sha256={}", "ab".repeat(32));
    for text in ["./x-1.0.tar.gz", "./x-1.0.zip", &url, &format!("x @ {url}")] {
        let inputs = world.gather(&[text], &[]).unwrap();
        let file = inputs.named.values().next().unwrap();
        assert!(matches!(file.name, FileName::Sdist(_)), "{text}");
        assert_eq!(file.name.version().to_string(), "1.0");
        assert_eq!(shown(&inputs), ["x from the command line"]);
    }
    for bad in [
        "./x-1.0.tar.bz2",
        "./main.zip",
        "https://a.example/archive/main.zip",
        "x @ https://a.example/archive/main.zip",
        "y @ https://a.example/x-1.0.tar.gz",
    ] {
        assert_eq!(world.exit_code(&[bad], &[]), 2, "{bad}");
    }
}
