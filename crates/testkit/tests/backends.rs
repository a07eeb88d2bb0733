//! The backends for tests do by themselves, without any frontend of ours, what they say.

use std::{fs, path::Path, process::Command};

use assay_testkit::{
    peers,
    sdist::{Backend, SdistBuilder, attempt, c_library, setuptools},
};

/// Calls a hook in a tree, with more on the module path; what it printed last.
fn call(tree: &Path, more: &Path, backend: &str, hook: &str) -> Option<String> {
    let python = peers::python()?;
    let code = format!(
        "import sys, os; sys.path[:0] = ['backend', sys.argv[1]]; os.makedirs('out', exist_ok=True)\n\
         import {backend} as it\nprint(it.{hook})"
    );
    let mut command = Command::new(python);
    command.args(["-I", "-B", "-c", &code]).arg(more);
    let output = command.current_dir(tree).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    assert!(output.status.success(), "{}", text(&output.stderr));
    Some(text(&output.stdout))
}

/// Unpacks with a reader of somebody else.
fn unpack(archive: &Path, folder: &Path) {
    let python = peers::python().unwrap();
    let code = "import shutil, sys; shutil.unpack_archive(sys.argv[1], sys.argv[2], *sys.argv[3:])";
    let mut command = Command::new(python);
    command.args(["-I", "-c", code]).arg(archive).arg(folder);
    if archive.extension().is_some_and(|it| it == "whl") {
        command.arg("zip");
    }
    assert!(command.status().unwrap().success());
}

#[test]
fn in_the_tree_of_an_sdist() {
    if peers::python().is_none() {
        return;
    }
    let backend = Backend::new().requires("more").adds("Requires-Dist: lib");
    let backend = backend.building(&attempt("home", "return open('/no/such').read()"));
    let described = SdistBuilder::simple("Demo-App", "1.0").in_tree(&backend);
    for sdist in [described.build(), described.zip().build()] {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join(&sdist.file_name);
        fs::write(&archive, &sdist.bytes).unwrap();
        unpack(&archive, folder.path());
        let tree = folder.path().join("demo_app-1.0");
        let hook = |hook: &str| call(&tree, folder.path(), "in_tree", hook).unwrap();
        assert_eq!(hook("get_requires_for_build_wheel()"), "['more']");
        assert_eq!(
            hook("prepare_metadata_for_build_wheel('out')"),
            "demo_app-1.0.dist-info"
        );
        let metadata = tree.join("out/demo_app-1.0.dist-info/METADATA");
        let expected = "Metadata-Version: 2.1\nName: Demo-App\nVersion: 1.0\nRequires-Dist: lib\n";
        assert_eq!(fs::read_to_string(metadata).unwrap(), expected);
        let wheel = hook("build_wheel('out', {'a': 'b'})");
        assert_eq!(wheel, "demo_app-1.0-py3-none-any.whl");
        unpack(&tree.join("out").join(wheel), &folder.path().join("wheel"));
        let seen = fs::read(folder.path().join("wheel/demo_app/_build.json")).unwrap();
        let seen: serde_json::Value = serde_json::from_slice(&seen).unwrap();
        assert_eq!(seen["settings"]["a"], "b");
        assert_eq!(seen["hooks"][2], "build_wheel");
        let found = seen["found"]["home"].as_str().unwrap();
        assert!(found.starts_with("FileNotFoundError"), "{found}");
    }
}

#[test]
fn in_the_tree_of_an_author() {
    if peers::python().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tree = SdistBuilder::simple("demo", "2.0").project("dependencies = [\"lib>=1\"]");
    let tree = tree.in_tree(&Backend::new());
    tree.write_tree(folder.path()).unwrap();
    assert!(!folder.path().join("PKG-INFO").exists());
    let hook = |hook: &str| call(folder.path(), folder.path(), "in_tree", hook).unwrap();
    let editable = hook("build_editable('out')");
    unpack(
        &folder.path().join("out").join(editable),
        &folder.path().join("wheel"),
    );
    let link = fs::read_to_string(folder.path().join("wheel/demo.pth")).unwrap();
    assert_eq!(link.trim(), folder.path().to_str().unwrap());
    let sdist = hook("build_sdist('out')");
    unpack(&folder.path().join("out").join(sdist), folder.path());
    let metadata = fs::read_to_string(folder.path().join("demo-2.0/PKG-INFO")).unwrap();
    assert!(metadata.contains("Requires-Dist: lib>=1"), "{metadata}");
}

#[test]
fn setup_py_through_what_passes_for_setuptools() {
    if peers::python().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let wheel = setuptools("80.0", &Backend::new());
    let archive = folder.path().join(&wheel.file_name);
    fs::write(&archive, &wheel.bytes).unwrap();
    unpack(&archive, &folder.path().join("env"));
    let tree = folder.path().join("tree");
    let described = SdistBuilder::simple("old", "1.0").setup_py("install_requires=['lib']");
    described.write_tree(&tree).unwrap();
    let env = folder.path().join("env");
    let hook = "__legacy__.prepare_metadata_for_build_wheel('out')";
    let info = call(&tree, &env, "setuptools.build_meta", hook).unwrap();
    assert_eq!(info, "old-1.0.dist-info");
    let metadata = fs::read_to_string(tree.join("out/old-1.0.dist-info/METADATA")).unwrap();
    assert!(metadata.contains("Requires-Dist: lib"), "{metadata}");
}

#[test]
fn a_compiler_where_there_is_one() {
    if peers::python().is_none() || peers::extra("cc").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::new().instead("build_wheel", c_library());
    let source = b"int answer(void) { return 42; }\n";
    let tree = SdistBuilder::simple("demo", "1.0").project("");
    let tree = tree.in_tree(&backend).file("demo/native.c", source);
    tree.write_tree(folder.path()).unwrap();
    let hook = "build_wheel('out')";
    let wheel = call(folder.path(), folder.path(), "in_tree", hook).unwrap();
    assert!(wheel.starts_with("demo-1.0-py3-none-") && !wheel.contains("any"));
}

#[test]
fn the_same_description_gives_the_same_bytes() {
    let build = || {
        SdistBuilder::simple("demo", "1.0")
            .in_tree(&Backend::new())
            .build()
    };
    assert_eq!(build().bytes, build().bytes);
}
