//! `--platform`, `--python-version`, `--implementation`, `--abi`.

use assay_testkit::{
    peers,
    server::IndexServer,
    wheel::{BuiltWheel, WheelBuilder},
};

use crate::machine::{Machine, index, simple};

fn tagged(name: &str, version: &str, tag: &str) -> BuiltWheel {
    let module = format!("{name}/__init__.py");
    WheelBuilder::new(name, version)
        .tag(tag)
        .file(&module, tag.as_bytes())
        .build()
}

/// One project with wheels for many, and one whose requirements differ.
fn world() -> IndexServer {
    let wide = WheelBuilder::new("wide", "1.0")
        .file("wide.py", b"")
        .requires("only-windows ; sys_platform == 'win32'")
        .requires("only-old ; python_version < '3.9'")
        .requires("only-here ; sys_platform != 'win32' and python_version >= '3.9'")
        .build();
    index(&[
        tagged("app", "1.0", "cp39-cp39-win_amd64"),
        tagged("app", "1.0", "cp39-abi3-manylinux2010_x86_64"),
        tagged("app", "1.0", "cp312-cp312-manylinux2014_x86_64"),
        tagged("app", "1.0", "cp312-cp312-macosx_11_0_arm64"),
        tagged("app", "0.9", "py3-none-any"),
        WheelBuilder::new("new", "2.0")
            .file("new.py", b"")
            .requires_python(">=3.10")
            .build(),
        WheelBuilder::new("new", "1.0")
            .file("new.py", b"")
            .requires_python(">=3.6")
            .build(),
        wide,
        simple("only-windows", "1.0", &[]),
        simple("only-old", "1.0", &[]),
        simple("only-here", "1.0", &[]),
    ])
}

const CASES: [(&[&str], &str); 8] = [
    (
        &["--platform", "win_amd64", "--python-version", "3.9"],
        "app-1.0-cp39-cp39-win_amd64.whl",
    ),
    (
        &[
            "--platform",
            "manylinux2014_x86_64",
            "--python-version",
            "39",
        ],
        "app-1.0-cp39-abi3-manylinux2010_x86_64.whl",
    ),
    (
        &[
            "--platform",
            "manylinux2014_x86_64",
            "--python-version",
            "3.12.1",
        ],
        "app-1.0-cp312-cp312-manylinux2014_x86_64.whl",
    ),
    (
        &[
            "--platform",
            "manylinux1_x86_64",
            "--python-version",
            "3.12",
        ],
        "app-0.9-py3-none-any.whl",
    ),
    (
        &["--platform", "macosx_14_0_arm64", "--python-version", "312"],
        "app-1.0-cp312-cp312-macosx_11_0_arm64.whl",
    ),
    (
        &[
            "--platform",
            "any",
            "--platform",
            "win_amd64",
            "--python-version",
            "3.9",
            "--abi",
            "cp39",
        ],
        "app-1.0-cp39-cp39-win_amd64.whl",
    ),
    (
        &["--implementation", "py", "--python-version", "3"],
        "app-0.9-py3-none-any.whl",
    ),
    (
        &[
            "--implementation",
            "pp",
            "--platform",
            "linux_x86_64",
            "--python-version",
            "3.9",
        ],
        "app-0.9-py3-none-any.whl",
    ),
];

#[test]
fn download_takes_the_wheels_of_the_python_that_is_sought_as_pip_does() {
    let server = world();
    let url = server.index_url();
    let machine = Machine::new();
    let pip = peers::python_with("import pip; assert pip.__version__ >= '26.3'", "pip 26.3");
    for (at, (options, expected)) in CASES.iter().enumerate() {
        let files = |folder: &str| -> Vec<String> {
            let entries = std::fs::read_dir(machine.path(folder)).unwrap();
            entries
                .map(|it| it.unwrap().file_name().into_string().unwrap())
                .collect()
        };
        let ours = format!("ours-{at}");
        let args = [&["download", "-d", &ours, "-i", &url, "app"][..], options].concat();
        machine.assay(&args).ok();
        assert_eq!(files(&ours), [*expected], "{options:?}");
        if let Some(pip) = &pip {
            let theirs = format!("theirs-{at}");
            let pip_args = [
                "-m",
                "pip",
                "download",
                "--only-binary",
                ":all:",
                "-d",
                &theirs,
            ];
            let args = [&pip_args[..], &["-i", &url, "app"], options].concat();
            machine.run(pip, &args).ok();
            assert_eq!(files(&theirs), [*expected], "pip {options:?}");
        }
    }
}

#[test]
fn requires_python_and_markers_are_those_of_the_python_that_is_sought() {
    let server = world();
    let url = server.index_url();
    let machine = Machine::new();
    let names = |options: &[&str]| {
        let args = ["install", "--dry-run", "--json", "-i", &url, "wide", "new"];
        let report = machine.assay(&[&args, options].concat()).ok().json();
        let packages = report["packages"].as_array().unwrap().iter();
        let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap().to_owned();
        let mut names: Vec<_> = packages
            .map(|it| format!("{} {}", text(it, "name"), text(it, "version")))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&[]), ["new 2.0", "only-here 1.0", "wide 1.0"]);
    assert_eq!(
        names(&["--platform", "win_amd64", "--python-version", "3.8"]),
        ["new 1.0", "only-old 1.0", "only-windows 1.0", "wide 1.0"]
    );
    assert_eq!(
        names(&["--python-version", "3.8", "--ignore-requires-python"]),
        ["new 2.0", "only-old 1.0", "wide 1.0"]
    );
}

#[test]
fn what_is_for_another_python_goes_into_a_target_only() {
    let server = world();
    let url = server.index_url();
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let before = machine.snapshot();
    let run = |more: &[&str]| {
        let args = ["install", "--python", "./env", "-i", &url, "app"];
        machine.assay(&[&args, more].concat())
    };
    for option in [
        ["--platform", "win_amd64"],
        ["--python-version", "3.9"],
        ["--implementation", "py"],
        ["--abi", "none"],
    ] {
        run(&option).fails(2, &["--target", "--dry-run"]);
        run(&[&option[..], &["--prefix", "x"]].concat()).fails(2, &["--target"]);
        run(&[&option[..], &["--dry-run"]].concat()).ok();
    }
    machine.assert_unchanged(&before);
    let windows = [
        "--platform",
        "win_amd64",
        "--python-version",
        "3.9",
        "-t",
        "plain",
    ];
    run(&windows).ok();
    let module = std::fs::read_to_string(machine.path("plain/app/__init__.py")).unwrap();
    assert_eq!(module, "cp39-cp39-win_amd64");
    assert!(run(&windows).ok().out.contains("already satisfied"));
}

#[test]
fn a_version_is_numbers() {
    let machine = Machine::new();
    let run = |version| {
        let args = ["download", "--no-index", "--python-version", version, "app"];
        machine.assay(&args)
    };
    run("3.x").fails(2, &["invalid --python-version", "must be an integer"]);
    run("3.1.2.3").fails(2, &["at most three version parts"]);
    run("3.12").fails(1, &["app"]);
}
