//! What is built, and what of it is known afterwards.

use assay_testkit::{
    peers,
    sdist::{Backend, SdistBuilder, attempt, c_library, setuptools},
};

use super::{for_each_user, for_me, index, receipt, seen};
use crate::machine::{index as wheels, simple};

#[test]
fn an_sdist_is_built_and_its_receipt_says_how() {
    let demo = SdistBuilder::simple("demo", "1.0").in_tree(&Backend::new());
    let demo = demo.requires("lib").build();
    let server = index(&[&demo], &[simple("lib", "1.0", &[])]);
    for_each_user(|machine| {
        let outcome = machine.install(&server, &["demo"]).ok();
        assert_eq!(machine.frozen(), ["demo==1.0", "lib==1.0"]);
        assert_eq!(
            machine.python("import demo; print(demo.__version__)").out,
            "1.0\n"
        );
        let receipt = receipt(machine, "demo-1.0");
        let built = &receipt["built"];
        assert_eq!(built["from"], "demo-1.0.tar.gz");
        assert_eq!(built["sha256"], demo.sha256.as_str());
        assert_eq!(built["network"], serde_json::json!([]));
        let tier = built["sandbox"].as_str().unwrap();
        assert!((outcome.out + &outcome.err).contains(tier), "{tier}");
        assert_eq!(receipt["file"], "demo-1.0-py3-none-any.whl");
        assert_eq!(receipt["words"], serde_json::json!(["index"]));
        machine.assay(&["verify", "--venv", "env"]).ok();
        machine.assay(&["check", "--venv", "env"]).ok();
    });
}

#[test]
fn a_zip_archive_is_built() {
    let demo = SdistBuilder::simple("demo", "1.0").in_tree(&Backend::new());
    let demo = demo.zip().build();
    assert!(demo.file_name.ends_with(".zip"));
    let server = index(&[&demo], &[]);
    for_me(|machine| {
        machine.install(&server, &["demo"]).ok();
        assert_eq!(machine.frozen(), ["demo==1.0"]);
    });
}

#[test]
fn a_python_at_home_opens_itself_and_not_the_home() {
    for_me(|machine| {
        let bin = machine
            .write_at_home("secret", "s3cr3t")
            .with_file_name("bin");
        machine.assay(&["venv", "other"]).ok();
        let real = std::fs::canonicalize(machine.path("other/bin/python")).unwrap();
        std::fs::create_dir_all(&bin).unwrap();
        std::os::unix::fs::symlink(real, bin.join("python3")).unwrap();
        let path = machine.home().join("secret");
        let code = attempt("home", &format!("open({path:?}).read()"));
        let demo = SdistBuilder::simple("demo", "1.0").in_tree(&Backend::new().building(&code));
        let server = index(&[&demo.build()], &[]);
        let python = bin.join("python3");
        let args = [
            "--python",
            python.to_str().unwrap(),
            "--target",
            "t",
            "demo",
        ];
        let url = server.index_url();
        let mut all = vec!["install", "--index-url", &url];
        all.extend(args);
        machine.assay(&all).ok();
        let seen = std::fs::read_to_string(machine.path("t/demo/_build.json")).unwrap();
        assert!(seen.contains("home") && !seen.contains("s3cr3t"), "{seen}");
    });
}

#[test]
fn setup_py_alone_is_built_by_setuptools() {
    let old = SdistBuilder::simple("old", "1.0").metadata_version("2.1");
    let old = old.setup_py("install_requires=['lib']").build();
    let server = index(
        &[&old],
        &[
            setuptools("80.0", &Backend::new()),
            simple("lib", "1.0", &[]),
        ],
    );
    for_me(|machine| {
        machine.install(&server, &["old"]).ok();
        assert_eq!(machine.frozen(), ["lib==1.0", "old==1.0"]);
        let with = receipt(machine, "old-1.0")["built"]["with"].to_string();
        assert!(with.contains("setuptools 80.0 (sha256:"), "{with}");
    });
}

#[test]
fn an_old_setuptools_is_none() {
    let old = SdistBuilder::simple("old", "1.0").setup_py("").build();
    let server = index(&[&old], &[setuptools("40.0", &Backend::new())]);
    for_me(|machine| {
        machine.install(&server, &["old"]).fails(1, &["setuptools"]);
    });
}

#[test]
fn a_compiler_makes_a_wheel_for_this_platform() {
    if peers::extra("cc").is_none() {
        return;
    }
    let backend = Backend::new().instead("build_wheel", c_library());
    let native = SdistBuilder::simple("native", "1.0").in_tree(&backend);
    let native = native.file("native/native.c", b"int answer(void) { return 42; }\n");
    let server = index(&[&native.build()], &[]);
    for_each_user(|machine| {
        machine.install(&server, &["native"]).ok();
        let code = "import ctypes, native, pathlib\n\
                    path = pathlib.Path(native.__file__).with_name('native.so')\n\
                    print(ctypes.CDLL(str(path)).answer())";
        assert_eq!(machine.python(code).ok().out, "42\n");
    });
}

#[test]
fn the_hooks_run_in_the_order_of_the_standard() {
    let demo = SdistBuilder::simple("demo", "1.0").in_tree(&Backend::new());
    let server = index(&[&demo.build()], &[]);
    for_me(|machine| {
        machine.install(&server, &["demo"]).ok();
        let hooks = seen(machine, "demo")["hooks"].clone();
        let expected = serde_json::json!(["get_requires_for_build_wheel", "build_wheel"]);
        assert_eq!(hooks, expected);
    });
}

#[test]
fn a_named_file_is_built() {
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree(&Backend::new())
        .build();
    let server = wheels(&[]);
    for_me(|machine| {
        let path = machine.write(&demo.file_name, &demo.bytes);
        machine.install(&server, &[path.to_str().unwrap()]).ok();
        let reference = machine.site().join("demo-1.0.dist-info/direct_url.json");
        let reference = super::json(&reference);
        let url = reference["url"].as_str().unwrap();
        assert!(url.ends_with("/demo-1.0.tar.gz"), "{url}");
        let hash = &reference["archive_info"]["hashes"]["sha256"];
        assert_eq!(hash, demo.sha256.as_str());
    });
}

#[test]
fn extras_of_an_sdist_are_known() {
    let demo = SdistBuilder::simple("demo", "1.0").in_tree(&Backend::new());
    let demo = demo
        .header("Provides-Extra: fast")
        .requires("lib; extra == 'fast'");
    let server = index(&[&demo.build()], &[simple("lib", "1.0", &[])]);
    for_me(|machine| {
        machine.install(&server, &["demo[fast]"]).ok();
        assert_eq!(machine.frozen(), ["demo==1.0", "lib==1.0"]);
    });
}

#[test]
fn many_builds_in_one_run() {
    let names: Vec<_> = (0..6).map(|it| format!("part{it}")).collect();
    let requires: Vec<_> = names.iter().map(String::as_str).collect();
    let describe = |name: &String| SdistBuilder::simple(name, "1.0").in_tree(&Backend::new());
    let parts: Vec<_> = names.iter().map(|it| describe(it).build()).collect();
    let all = parts.iter().collect::<Vec<_>>();
    let server = index(&all, &[simple("app", "1.0", &requires)]);
    for_me(|machine| {
        machine.install(&server, &["app"]).ok();
        assert_eq!(machine.frozen().len(), 7);
    });
}
