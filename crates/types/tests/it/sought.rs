//! Tags and markers of a Python that options describe, compared with pip's.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    str::FromStr as _,
};

use assay_testkit::peers;
use assay_types::{
    MarkerTree, Version, WheelName,
    python::{Python, Sought},
    tags::Tags,
};
use serde_json::{Value, json};

use crate::tags::{described, linux};

const PLATFORMS: &[&[&str]] = &[
    &[],
    &["any"],
    &["linux_x86_64"],
    &["manylinux1_x86_64"],
    &["manylinux2010_i686"],
    &["manylinux2014_x86_64"],
    &["manylinux2014_aarch64"],
    &["manylinux_2_28_x86_64"],
    &[
        "manylinux2014_x86_64",
        "manylinux_2_17_x86_64",
        "manylinux1_x86_64",
    ],
    &["musllinux_1_2_x86_64"],
    &["macosx_10_9_x86_64"],
    &["macosx_12_3_x86_64"],
    &["macosx_14_0_arm64", "macosx_11_0_universal2"],
    &["macosx_oddity"],
    &["win_amd64"],
    &["WIN32"],
    &["ios_14_2_arm64_iphoneos"],
    &["android_24_arm64_v8a"],
];
const VERSIONS: &[Option<&str>] = &[
    None,
    Some("3"),
    Some("2.7"),
    Some("3.2"),
    Some("3.7"),
    Some("3.12"),
    Some("313"),
    Some("3.15.2"),
];
const IMPLEMENTATIONS: &[Option<&str>] = &[None, Some("cp"), Some("pp"), Some("py")];
const ABIS: &[&[&str]] = &[
    &[],
    &["none"],
    &["abi3"],
    &["cp38"],
    &["cp312", "abi3", "none"],
    &["cp313t", "abi3t"],
    &["pypy39_pp73"],
];

#[test]
fn pip_lists_the_same_tags_in_the_same_order() {
    let Some(pip) = peers::python_with(
        "import pip; assert pip.__version__ >= '26.3'",
        "pip 26.3 or later",
    ) else {
        return;
    };
    let python = here(&pip);
    let grid = grid();
    for (sought, listed) in grid.iter().zip(ask(&pip, &grid)) {
        let tags = Tags::sought(&python, sought);
        let mut before = None;
        for tag in listed.as_array().unwrap() {
            let tag = tag.as_str().unwrap();
            let wheel = WheelName::parse(&format!("a-1-{tag}.whl")).unwrap();
            let rank = tags.rank(&wheel);
            assert!(rank > before, "{tag} comes later: {sought:?}");
            before = rank;
        }
        assert_eq!(tags.len(), listed.as_array().unwrap().len(), "{sought:?}");
    }
    println!("compared: {} combinations", grid.len());
}

fn grid() -> Vec<Sought> {
    let mut grid = Vec::new();
    let owned = |it: &[&str]| it.iter().map(ToString::to_string).collect();
    for platforms in PLATFORMS {
        for version in VERSIONS {
            for implementation in IMPLEMENTATIONS {
                for abis in ABIS {
                    grid.push(Sought {
                        platforms: owned(platforms),
                        version: version.map(|it| Sought::parse_version(it).unwrap()),
                        implementation: implementation.map(str::to_owned),
                        abis: owned(abis),
                    });
                }
            }
        }
    }
    // Nothing at all is `Tags::of`, which other tests compare.
    grid.retain(|it| !it.is_empty());
    grid
}

fn ask(pip: &Path, grid: &[Sought]) -> Vec<Value> {
    let mut child = Command::new(pip)
        .args(["-I", "-c", include_str!("sought.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let questions: String = grid
        .iter()
        .map(|it| format!("{}\n", question(it)))
        .collect();
    let writer = std::thread::spawn(move || input.write_all(questions.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<_> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), grid.len(), "pip stopped early");
    answers
}

/// pip takes the first two numbers without a dot.
fn question(sought: &Sought) -> Value {
    let version = sought.version.as_ref().map(|it| {
        let numbers = it.iter().take(2);
        numbers.map(u64::to_string).collect::<String>()
    });
    let list = |it: &[String]| (!it.is_empty()).then(|| it.to_vec());
    json!([
        version,
        list(&sought.platforms),
        sought.implementation,
        list(&sought.abis)
    ])
}

fn here(pip: &Path) -> Python {
    let folder = "import pip._vendor, sys; sys.stdout.write(pip._vendor.__path__[0])";
    let folder = Command::new(pip).args(["-I", "-c", folder]).output();
    let folder = String::from_utf8(folder.unwrap().stdout).unwrap();
    let output = Command::new(pip)
        .args(["-I", "-c", include_str!("target.py"), &folder])
        .output()
        .unwrap();
    described(&serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn versions_are_filled_up_with_zeros() {
    let version = |text| {
        let version = Some(Sought::parse_version(text).unwrap());
        let sought = Sought {
            version,
            ..Sought::default()
        };
        sought.version(&linux())
    };
    let expected = |text| Version::from_str(text).unwrap();
    assert_eq!(version("3").to_string(), "3.0.0");
    assert_eq!(version("39").to_string(), "3.9.0");
    assert_eq!(version("3.9.2"), expected("3.9.2"));
    assert_eq!(Sought::default().version(&linux()), linux().version);
}

#[test]
fn markers_are_those_of_the_python_that_is_sought() {
    let holds = |sought: &Sought, marker: &str| {
        let tree = MarkerTree::from_str(marker).unwrap();
        tree.evaluate(&sought.markers(&linux()), &[])
    };
    let windows = Sought {
        platforms: vec!["win_amd64".to_owned(), "any".to_owned()],
        version: Some(vec![3, 8]),
        implementation: Some("pp".to_owned()),
        abis: Vec::new(),
    };
    for marker in [
        "sys_platform == 'win32' and os_name == 'nt'",
        "platform_system == 'Windows' and platform_machine == 'AMD64'",
        "python_version < '3.9' and python_full_version == '3.8.0'",
        "platform_python_implementation == 'PyPy' and implementation_name == 'pypy'",
        "platform_release == ''",
    ] {
        assert!(holds(&windows, marker), "{marker}");
        assert!(
            !holds(&Sought::default(), marker) || marker.contains("release"),
            "{marker}"
        );
    }
    let two_systems = Sought {
        platforms: vec!["win_amd64".to_owned(), "macosx_11_0_arm64".to_owned()],
        ..Sought::default()
    };
    assert_eq!(two_systems.markers(&linux()), linux().markers);
}
