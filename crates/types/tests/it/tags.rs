use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr as _;

use assay_types::python::{Libc, Python};
use assay_types::tags::Tags;
use assay_types::{MarkerEnvironment, Version, WheelName};
use serde_json::{Value, json};

use crate::peer;

fn python(version: &str, implementation: &str, platform: &str, libc: Libc) -> Python {
    let markers: MarkerEnvironment = serde_json::from_value(json!({
        "implementation_name": implementation,
        "implementation_version": if implementation == "pypy" { "7.3.17" } else { version },
        "os_name": "posix",
        "platform_machine": "",
        "platform_python_implementation": implementation,
        "platform_release": "",
        "platform_system": "",
        "platform_version": "",
        "python_full_version": version,
        "python_version": version.rsplit_once('.').unwrap().0,
        "sys_platform": "",
    }))
    .unwrap();
    Python {
        version: Version::from_str(version).unwrap(),
        markers,
        implementation: implementation.to_owned(),
        platform: platform.to_owned(),
        libc,
        free_threaded: false,
        pointer_width: 64,
    }
}

pub fn linux() -> Python {
    python("3.12.1", "cpython", "linux-x86_64", Libc::Glibc(2, 36))
}

fn wheel(tag: &str) -> WheelName {
    WheelName::parse(&format!("foo-1.0-{tag}.whl")).unwrap()
}

#[track_caller]
fn check(python: &Python, fit: &[&str], misfit: &[&str]) {
    let tags = Tags::of(python);
    for tag in fit {
        assert!(tags.rank(&wheel(tag)).is_some(), "{tag} fits");
    }
    for tag in misfit {
        assert_eq!(tags.rank(&wheel(tag)), None, "{tag} does not fit");
    }
    let ranks: Vec<_> = fit.iter().map(|tag| tags.rank(&wheel(tag))).collect();
    assert!(ranks.is_sorted(), "best first: {ranks:?}");
}

#[test]
fn linux_takes_what_its_c_library_can_run() {
    check(
        &linux(),
        &[
            "cp312-cp312-linux_x86_64",
            "cp312-cp312-manylinux_2_36_x86_64",
            "cp312-cp312-manylinux_2_17_x86_64",
            "cp312-cp312-manylinux2014_x86_64",
            "cp312-cp312-manylinux1_x86_64",
            "cp312-abi3-manylinux_2_17_x86_64",
            "cp38-abi3-manylinux_2_17_x86_64",
            "py3-none-manylinux_2_17_x86_64",
            "cp312-none-any",
            "py3-none-any",
            "py30-none-any",
        ],
        &[
            "cp312-cp312-manylinux_2_37_x86_64",
            "cp312-cp312-manylinux_2_4_x86_64",
            "cp312-cp312-musllinux_1_2_x86_64",
            "cp312-cp312-manylinux_2_17_aarch64",
            "cp312-cp312-win_amd64",
            "cp313-abi3-manylinux_2_17_x86_64",
            "cp312-cp312t-manylinux_2_17_x86_64",
            "cp311-cp311-manylinux_2_17_x86_64",
            "py313-none-any",
            "py2-none-any",
        ],
    );
}

#[test]
fn a_compressed_set_counts_by_its_best_member() {
    let tags = Tags::of(&linux());
    let both = tags.rank(&wheel("py2.py3-none-any"));
    assert!(both.is_some());
    assert_eq!(both, tags.rank(&wheel("py3-none-any")));
    let legacy = "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64";
    let newer = tags.rank(&wheel("cp312-cp312-manylinux_2_17_x86_64"));
    assert_eq!(tags.rank(&wheel(legacy)), newer);
}

#[test]
fn a_row_of_an_installed_wheel_fits_where_one_of_its_tags_does() {
    let tags = Tags::of(&linux());
    for row in ["py3-none-any", "PY2.py3-none-any", "py3-none-any.win32"] {
        assert!(tags.takes(row), "{row}");
    }
    for row in [
        "",
        "py2-none-any",
        "py3-none",
        "py3-none-any-1",
        "py3-none-win32",
    ] {
        assert!(!tags.takes(row), "{row}");
    }
}

#[test]
fn tags_are_read_from_a_wheel_file_that_is_wrong_elsewhere() {
    use assay_types::wheel_info::tags;
    let text = b"Wheel-Version: x\r\nTag: py3-none-any \r\nTag: a-b-c\n\nTag: body\n";
    assert_eq!(tags(text), ["py3-none-any", "a-b-c"]);
    assert!(tags(b"Wheel-Version: 1.0\n\nTag: py3-none-any\n").is_empty());
}

#[test]
fn other_architectures_begin_later() {
    for architecture in ["aarch64", "armv7l", "ppc64le", "s390x", "riscv64"] {
        let mut python = linux();
        python.platform = format!("linux-{architecture}");
        check(
            &python,
            &[&format!("cp312-cp312-manylinux2014_{architecture}")],
            &[
                &format!("cp312-cp312-manylinux2010_{architecture}"),
                &format!("cp312-cp312-manylinux_2_16_{architecture}"),
            ],
        );
    }
}

#[test]
fn a_32_bit_interpreter_runs_32_bit_code() {
    let mut python = linux();
    python.pointer_width = 32;
    check(
        &python,
        &["cp312-cp312-manylinux1_i686"],
        &["cp312-cp312-linux_x86_64"],
    );
    python.platform = "linux-aarch64".to_owned();
    check(
        &python,
        &["cp312-cp312-linux_armv8l", "cp312-cp312-linux_armv7l"],
        &["cp312-cp312-linux_aarch64"],
    );
}

#[test]
fn musl_takes_musllinux_only() {
    check(
        &python("3.12.1", "cpython", "linux-x86_64", Libc::Musl(1, 2)),
        &[
            "cp312-cp312-musllinux_1_2_x86_64",
            "cp312-cp312-musllinux_1_0_x86_64",
        ],
        &[
            "cp312-cp312-musllinux_1_3_x86_64",
            "cp312-cp312-manylinux_2_17_x86_64",
        ],
    );
}

#[test]
fn free_threading_has_its_own_abis() {
    let mut python = python("3.14.0", "cpython", "linux-x86_64", Libc::Glibc(2, 36));
    python.free_threaded = true;
    check(
        &python,
        &[
            "cp314-cp314t-linux_x86_64",
            "cp314-abi3t-linux_x86_64",
            "py3-none-any",
        ],
        &["cp314-cp314-linux_x86_64", "cp314-abi3-linux_x86_64"],
    );
}

#[test]
fn pypy_is_matched_by_its_own_version_too() {
    check(
        &python("3.10.14", "pypy", "linux-x86_64", Libc::Glibc(2, 36)),
        &[
            "pp310-pypy310_pp73-manylinux2014_x86_64",
            "pp310-none-linux_x86_64",
            "pp3-none-any",
        ],
        &[
            "pp310-pypy310_pp74-linux_x86_64",
            "cp310-cp310-linux_x86_64",
            "cp310-abi3-linux_x86_64",
        ],
    );
}

#[test]
fn macos_takes_older_systems_and_fat_files() {
    check(
        &python("3.12.1", "cpython", "macosx-14.5-arm64", Libc::None),
        &[
            "cp312-cp312-macosx_14_0_arm64",
            "cp312-cp312-macosx_14_0_universal2",
            "cp312-cp312-macosx_11_0_arm64",
            "cp312-cp312-macosx_10_9_universal2",
        ],
        &[
            "cp312-cp312-macosx_14_5_arm64",
            "cp312-cp312-macosx_15_0_arm64",
            "cp312-cp312-macosx_10_9_x86_64",
        ],
    );
    check(
        &python("3.12.1", "cpython", "macosx-10.15-x86_64", Libc::None),
        &[
            "cp312-cp312-macosx_10_15_x86_64",
            "cp312-cp312-macosx_10_9_intel",
        ],
        &[
            "cp312-cp312-macosx_11_0_x86_64",
            "cp312-cp312-macosx_10_3_x86_64",
        ],
    );
}

#[test]
fn windows_takes_its_platform() {
    check(
        &python("3.12.1", "cpython", "win-amd64", Libc::None),
        &[
            "cp312-cp312-win_amd64",
            "cp38-abi3-win_amd64",
            "py3-none-any",
        ],
        &["cp312-cp312-win32", "cp312-cp312-win_arm64"],
    );
}

#[test]
fn a_misfit_is_explained_by_its_first_reason() {
    let tags = Tags::of(&linux());
    for (tag, reason) in [
        ("cp38-cp38-win_amd64", "built for CPython 3.8 only"),
        ("py2-none-any", "built for Python 2 only"),
        (
            "cp39.cp313-none-any",
            "built for CPython 3.9 or CPython 3.13 only",
        ),
        ("cp312-cp312t-linux_x86_64", "built for the ABI cp312t only"),
        (
            "cp312-cp312-win_amd64",
            "built for Windows (win_amd64) only",
        ),
        (
            "cp312-cp312-manylinux_2_99_x86_64",
            "built for Linux with glibc 2.99 on x86_64 only",
        ),
        (
            "py3-none-macosx_11_0_arm64",
            "built for macOS 11.0 on arm64 only",
        ),
    ] {
        assert_eq!(format!("{} only", tags.mismatch(&wheel(tag))), reason);
    }
}

#[test]
fn packaging_lists_the_same_tags_in_the_same_order() {
    let Some(peer) = peer::python() else {
        return;
    };
    let folder = packaging_folder(&peer);
    for python in other_pythons().into_iter().chain([peer]) {
        let output = Command::new(&python)
            .args(["-I", "-c", include_str!("target.py"), &folder])
            .output();
        let Some(output) = output.ok().filter(|it| it.status.success()) else {
            println!("skipped: {} does not run packaging", python.display());
            continue;
        };
        let facts: Value = serde_json::from_slice(&output.stdout).unwrap();
        compare(&described(&facts), facts["tags"].as_array().unwrap());
        println!("compared: {}", python.display());
    }
}

fn packaging_folder(python: &std::path::Path) -> String {
    let script = "import packaging, os; print(os.path.dirname(packaging.__path__[0]))";
    let output = Command::new(python).args(["-I", "-c", script]).output();
    String::from_utf8(output.unwrap().stdout)
        .unwrap()
        .trim()
        .to_owned()
}

/// Interpreters that pyenv has, where there is one.
fn other_pythons() -> Vec<PathBuf> {
    let versions = std::env::home_dir().map(|it| it.join(".pyenv/versions"));
    let entries = versions.and_then(|it| it.read_dir().ok());
    let folders = entries.into_iter().flatten().flatten();
    folders.map(|it| it.path().join("bin/python")).collect()
}

#[test]
fn packaging_lists_the_same_tags_for_other_machines() {
    let glibc = Libc::Glibc(2, 39);
    let mut machines = Vec::new();
    for platform in [
        "x86_64", "aarch64", "armv7l", "armv8l", "i686", "ppc64le", "s390x", "riscv64", "mips64",
    ] {
        machines.push((format!("linux-{platform}"), glibc, 64));
    }
    machines.push(("linux-x86_64".to_owned(), glibc, 32));
    machines.push(("linux-aarch64".to_owned(), glibc, 32));
    machines.push(("linux-aarch64".to_owned(), Libc::Musl(1, 2), 64));
    for platform in [
        "10.6-i386",
        "10.5-ppc64",
        "10.15-x86_64",
        "11.0-x86_64",
        "15.2-arm64",
    ] {
        machines.push((format!("macosx-{platform}"), Libc::None, 64));
    }
    let questions: Vec<_> = machines
        .iter()
        .map(|(platform, libc, width)| {
            let (glibc, musl) = match libc {
                Libc::Glibc(major, minor) => (json!([major, minor]), Value::Null),
                Libc::Musl(major, minor) => (Value::Null, json!([major, minor])),
                Libc::None => (Value::Null, Value::Null),
            };
            json!([
                "other_tags",
                [3, 12],
                "cp312",
                platform,
                *width == 32,
                glibc,
                musl
            ])
        })
        .collect();
    for ((platform, libc, width), listed) in
        machines.iter().zip(peer::ask(&questions).iter().flatten())
    {
        let mut python = python("3.12.1", "cpython", platform, *libc);
        python.pointer_width = *width;
        compare(&python, listed.as_array().unwrap());
    }
}

/// The tags of CPython 3.12 on a Mac, such as `macosx-15.2-arm64`.
pub fn compare_mac(platform: &str, listed: &[Value]) {
    compare(&python("3.12.1", "cpython", platform, Libc::None), listed);
}

fn compare(python: &Python, listed: &[Value]) {
    let tags = Tags::of(python);
    for (rank, tag) in listed.iter().enumerate() {
        let tag: Vec<&str> = tag
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        let tag = tag.join("-");
        assert_eq!(
            tags.rank(&wheel(&tag)),
            u32::try_from(rank).ok(),
            "{tag} {python:?}"
        );
    }
    assert_eq!(tags.len(), listed.len(), "{python:?}");
}

pub fn described(facts: &Value) -> Python {
    let text = |name: &str| facts[name].as_str().unwrap().to_owned();
    let number = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    Python {
        version: Version::from_str(&text("version")).unwrap(),
        markers: serde_json::from_value(facts["markers"].clone()).unwrap(),
        implementation: text("implementation"),
        platform: text("platform"),
        libc: match facts["glibc"].as_array() {
            Some(version) => Libc::Glibc(number(&version[0]), number(&version[1])),
            None => Libc::None,
        },
        free_threaded: facts["free_threaded"].as_bool().unwrap(),
        pointer_width: u8::try_from(number(&facts["pointer_width"])).unwrap(),
    }
}
