//! File name, dist-info, METADATA and WHEEL: who the wheel says it is.

use super::{
    Case, Expect,
    Expect::{Accept, Neutralise, Policy, Reject},
    add, evil,
};
use crate::wheel::WheelBuilder;

const DIST_INFO: Expect = Reject("dist-info");
const METADATA: Expect = Reject("METADATA");
const NAME: Expect = Reject("METADATA name");
const VERSION: Expect = Reject("METADATA version");
const WHEEL: Expect = Reject("WHEEL");
const TAGS: Expect = Reject("WHEEL tags");
const BUILD: Expect = Reject("WHEEL build");
const OWN: Expect = Reject("installer's file");

pub(super) fn all(cases: &mut Vec<Case>) {
    folders(cases);
    folder_names(cases);
    eggs(cases);
    for &(id, expect, text) in METADATA_FILES {
        let builder = evil().dist_info("METADATA", text);
        add(cases, id, expect, "METADATA of this form", builder);
    }
    for &(id, expect, tags, build, lines) in WHEEL_FILES {
        let text = format!("Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\n{lines}");
        let builder = evil().tag(tags).dist_info("WHEEL", text.as_bytes());
        let builder = match build {
            Some(build) => builder.build_tag(build),
            None => builder,
        };
        add(cases, id, expect, "WHEEL beside this file name", builder);
    }
    versions(cases);
    absences(cases);
    installers_files(cases);
}

fn folders(cases: &mut Vec<Case>) {
    let with = |path: &'static str| evil().file(path, b"Name: other\n");
    add(
        cases,
        "n01_two_distinfo",
        DIST_INFO,
        "another dist-info",
        with("other-1.0.dist-info/METADATA"),
    );
    add(
        cases,
        "n01_two_versions",
        DIST_INFO,
        "one of another version",
        with("evil-1.1.dist-info/METADATA"),
    );
    add(
        cases,
        "n01_two_spellings",
        DIST_INFO,
        "one spelled otherwise",
        with("evil-1.0.0.dist-info/METADATA"),
    );
    add(
        cases,
        "n01_other_case",
        DIST_INFO,
        "one in upper case",
        with("other-1.0.DIST-INFO/METADATA"),
    );
    add(
        cases,
        "n01_vendored",
        Accept,
        "one further down",
        with("evil/_vendor/other-1.0.dist-info/METADATA"),
    );
    add(
        cases,
        "n01_file",
        DIST_INFO,
        "a file of that kind",
        with("other-1.0.dist-info"),
    );
}

/// The older kind of metadata: another distribution, for tools that list them.
fn eggs(cases: &mut Vec<Case>) {
    let rule = Reject("egg metadata");
    let rows: [(&str, Expect, &str); 5] = [
        ("n16_egg_info", rule, "victim-2.0.egg-info/PKG-INFO"),
        ("n16_egg_info_file", rule, "victim-2.0.egg-info"),
        ("n16_egg_info_case", rule, "Victim.EGG-INFO/PKG-INFO"),
        ("n16_egg_link", rule, "victim.egg-link"),
        (
            "n16_egg_info_below",
            Accept,
            "evil/_vendor/x.egg-info/PKG-INFO",
        ),
    ];
    for (id, expect, path) in rows {
        let builder = evil().file(path, b"Name: victim\n");
        add(cases, id, expect, "metadata of setuptools' kind", builder);
    }
}

fn folder_names(cases: &mut Vec<Case>) {
    let rows: [(&str, Expect, &str); 7] = [
        ("n02_distinfo_name", DIST_INFO, "other-1.0.dist-info"),
        ("n02_distinfo_version", DIST_INFO, "evil-2.0.dist-info"),
        ("n02_distinfo_no_version", DIST_INFO, "evil.dist-info"),
        ("n02_distinfo_prefix", DIST_INFO, "evil-tools-1.0.dist-info"),
        ("n02_distinfo_case", DIST_INFO, "evil-1.0.Dist-Info"),
        ("n02_distinfo_spelling", Accept, "Evil-1.0.0.dist-info"),
        ("n02_distinfo_below", DIST_INFO, "evil/evil-1.0.dist-info"),
    ];
    for (id, expect, folder) in rows {
        add(
            cases,
            id,
            expect,
            "a dist-info of this name",
            evil().dist_info_folder(folder),
        );
    }
    // What is installed is listed by the last dash: this one would be version 1 of evil-1.0.
    let post = |folder| WheelBuilder::new("evil", "1.0.post1").dist_info_folder(folder);
    for (id, expect, folder) in [
        ("n02_distinfo_dash", DIST_INFO, "evil-1.0-1.dist-info"),
        ("n02_distinfo_post", Accept, "evil-1.0.post1.dist-info"),
    ] {
        add(
            cases,
            id,
            expect,
            "a post-release's dist-info of this name",
            post(folder),
        );
    }
}

const METADATA_FILES: &[(&str, Expect, &[u8])] = &[
    ("n03_meta_name", NAME, b"Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"),
    ("n03_meta_version", VERSION, b"Metadata-Version: 2.1\nName: evil\nVersion: 2.0\n"),
    ("n03_meta_local", VERSION, b"Metadata-Version: 2.1\nName: evil\nVersion: 1.0+local\n"),
    ("n03_meta_spelling", Accept, b"Metadata-Version: 2.1\nName: EVIL\nVersion: 1.0.0\n"),
    ("n04_two_names", METADATA, b"Metadata-Version: 2.1\nName: evil\nName: other\nVersion: 1.0\n"),
    ("n04_same_name_twice", METADATA, b"Metadata-Version: 2.1\nName: evil\nname: evil\nVersion: 1.0\n"),
    ("n04_two_versions", METADATA, b"Metadata-Version: 2.1\nName: evil\nVersion: 1.0\nVersion: 2.0\n"),
    ("n04_no_name", METADATA, b"Metadata-Version: 2.1\nVersion: 1.0\n"),
    ("n04_no_version", METADATA, b"Metadata-Version: 2.1\nName: evil\n"),
    ("n04_name_in_body", METADATA, b"Metadata-Version: 2.1\nVersion: 1.0\n\nName: evil\n"),
    ("n04_name_in_body_too", Accept, b"Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n\nName: other\n"),
    ("n04_bad_version", METADATA, b"Metadata-Version: 2.1\nName: evil\nVersion: one\n"),
    ("n12_metadata_version", METADATA, b"Metadata-Version: 9.0\nName: evil\nVersion: 1.0\n"),
    ("n12_no_metadata_version", METADATA, b"Name: evil\nVersion: 1.0\n"),
    ("n12_metadata_1_1", Accept, b"Metadata-Version: 1.1\nName: evil\nVersion: 1.0\n"),
    ("n12_metadata_2_4", Accept, b"Metadata-Version: 2.4\nName: evil\nVersion: 1.0\n"),
    ("n12_not_utf8", METADATA, b"Metadata-Version: 2.1\nName: evil\nVersion: 1.0\nAuthor: \xff\n"),
    ("n12_empty", METADATA, b""),
    (
        "n10_escape_meta",
        Neutralise,
        b"Metadata-Version: 2.1\nName: evil\nVersion: 1.0\nSummary: \x1b]0;owned\x07\nAuthor: \x1b[2J\n",
    ),
    (
        "n11_requires_python",
        Policy,
        b"Metadata-Version: 2.1\nName: evil\nVersion: 1.0\nRequires-Python: >=99\n",
    ),
];

type WheelFile = (
    &'static str,
    Expect,
    &'static str,
    Option<&'static str>,
    &'static str,
);

const WHEEL_FILES: &[WheelFile] = &[
    (
        "n05_tag_lie",
        TAGS,
        "py3-none-any",
        None,
        "Tag: cp27-cp27m-win32\n",
    ),
    (
        "n05_tag_too_many",
        TAGS,
        "py3-none-any",
        None,
        "Tag: py3-none-any\nTag: py2-none-any\n",
    ),
    (
        "n05_tag_too_few",
        TAGS,
        "py2.py3-none-any",
        None,
        "Tag: py3-none-any\n",
    ),
    (
        "n05_tag_malformed",
        TAGS,
        "py3-none-any",
        None,
        "Tag: py3-none-any-x\n",
    ),
    (
        "n05_platform_widened",
        TAGS,
        "py3-none-any",
        None,
        "Tag: py3-none-win32\n",
    ),
    (
        "n05_platform_narrowed",
        Policy,
        "py3-none-win32",
        None,
        "Tag: py3-none-any\n",
    ),
    (
        "n05_abi_for_platform",
        TAGS,
        "py3-none-win32",
        None,
        "Tag: py3-abi3-any\n",
    ),
    (
        "n05_tags",
        Accept,
        "py2.py3-none-any",
        None,
        "Tag: py2-none-any\nTag: py3-none-any\n",
    ),
    (
        "n05_tags_compressed",
        Accept,
        "py2.py3-none-any",
        None,
        "Tag: py2.py3-none-any\n",
    ),
    ("n05_no_tag", Accept, "py3-none-any", None, ""),
    (
        "n06_wheel_version_twice",
        WHEEL,
        "py3-none-any",
        None,
        "Wheel-Version: 1.0\nTag: py3-none-any\n",
    ),
    (
        "n09_build",
        Accept,
        "py3-none-any",
        Some("1"),
        "Build: 1\nTag: py3-none-any\n",
    ),
    (
        "n09_build_letters",
        Accept,
        "py3-none-any",
        Some("2b"),
        "Build: 2b\nTag: py3-none-any\n",
    ),
    (
        "n09_build_differs",
        BUILD,
        "py3-none-any",
        Some("1"),
        "Build: 2\nTag: py3-none-any\n",
    ),
    (
        "n09_build_missing",
        BUILD,
        "py3-none-any",
        Some("1"),
        "Tag: py3-none-any\n",
    ),
    (
        "n09_build_unnamed",
        BUILD,
        "py3-none-any",
        None,
        "Build: 1\nTag: py3-none-any\n",
    ),
    (
        "n09_build_no_number",
        BUILD,
        "py3-none-any",
        None,
        "Build: x\nTag: py3-none-any\n",
    ),
];

fn versions(cases: &mut Vec<Case>) {
    let rows: [(&str, Expect, &str); 5] = [
        ("n06_wheel_v2", WHEEL, "Wheel-Version: 2.0\n"),
        ("n06_wheel_v0", Accept, "Wheel-Version: 0.9\n"),
        ("n06_wheel_v1_9", Accept, "Wheel-Version: 1.9\n"),
        ("n06_no_wheel_version", WHEEL, ""),
        ("n06_wheel_version_text", WHEEL, "Wheel-Version: one\n"),
    ];
    for (id, expect, line) in rows {
        let text = format!("{line}Root-Is-Purelib: true\nTag: py3-none-any\n");
        let builder = evil().dist_info("WHEEL", text.as_bytes());
        add(cases, id, expect, "WHEEL of this version", builder);
    }
}

fn absences(cases: &mut Vec<Case>) {
    add(
        cases,
        "n07_no_wheel",
        WHEEL,
        "no WHEEL",
        evil().without("WHEEL"),
    );
    let folder = evil().without("WHEEL").dist_info("WHEEL/x", b"");
    add(
        cases,
        "n07_wheel_is_a_folder",
        WHEEL,
        "WHEEL is a folder",
        folder,
    );
    add(
        cases,
        "n08_no_metadata",
        METADATA,
        "no METADATA",
        evil().without("METADATA"),
    );
    let other_case = evil()
        .without("METADATA")
        .dist_info("Metadata", b"Name: evil\n");
    add(
        cases,
        "n08_metadata_case",
        METADATA,
        "METADATA in another case",
        other_case,
    );
    let project = evil().file_name("other-1.0-py3-none-any.whl");
    add(
        cases,
        "n14_file_name",
        DIST_INFO,
        "another project's file name",
        project,
    );
    let spelled = evil().file_name("Evil-1.0.0-py3-none-any.whl");
    add(
        cases,
        "n14_file_name_spelling",
        Accept,
        "a file name spelled otherwise",
        spelled,
    );
}

/// Files that speak in the installer's name.
fn installers_files(cases: &mut Vec<Case>) {
    let rows: [(&str, Expect, &str); 7] = [
        ("n15_installer", OWN, "INSTALLER"),
        ("n15_requested", OWN, "REQUESTED"),
        ("n15_direct_url", OWN, "direct_url.json"),
        ("n15_receipt", OWN, "assay.json"),
        ("n15_installer_case", OWN, "Installer"),
        ("n15_other_file", Accept, "top_level.txt"),
        ("n15_licence_named_installer", Accept, "licenses/INSTALLER"),
    ];
    for (id, expect, name) in rows {
        add(
            cases,
            id,
            expect,
            "a file in the dist-info folder",
            evil().dist_info(name, b"pip\n"),
        );
    }
}
