//! Where the files of one wheel land, by themselves.

use assay_install::Environment;
use assay_testkit::wheel::WheelBuilder;

use crate::common::{Home, rule};

fn demo() -> WheelBuilder {
    WheelBuilder::new("demo", "1.0").file("demo.py", b"")
}

#[test]
fn two_files_of_a_wheel_do_not_land_in_one_place() {
    let Some(home) = Home::new() else { return };
    let folder = home.path().join("target");
    let target = Environment::target(home.python.clone(), &folder).unwrap();
    for wheel in [
        demo().data("data", "demo.py", b"2"),
        demo().data("data", "Demo.py", b"2"),
        demo()
            .data("data", "bin/foo", b"1")
            .data("scripts", "foo", b"#!/bin/sh\n"),
        demo()
            .data("data", "bin/foo", b"1")
            .data("scripts", "foo", b"#!python\n"),
    ] {
        let rule = rule(home.install(&target, &[wheel]));
        assert_eq!(rule, "two files for one place");
        assert!(!folder.join("demo.py").exists());
    }
    let twice = demo()
        .data("data", "bin/foo", b"1")
        .data("scripts", "foo", b"#!/bin/sh\n");
    let failed = home.install(&home.venv("env"), &[twice]);
    assert_eq!(rule(failed), "two files for one place");
    let neighbours = demo()
        .data("data", "demo2.py", b"2")
        .data("data", "bin/foo2", b"1")
        .data("scripts", "foo", b"#!/bin/sh\n")
        .entry_point("foo3", "demo:f");
    home.install(&target, &[neighbours]).unwrap();
}

#[test]
fn the_data_folder_brings_no_metadata_to_a_plain_folder() {
    let Some(home) = Home::new() else { return };
    let folder = home.path().join("target");
    let target = Environment::target(home.python.clone(), &folder).unwrap();
    for path in [
        "demo-1.0.dist-info/RECORD",
        "demo-1.0.dist-info/assay.json",
        "other-3.0.dist-info/METADATA",
        "Other-3.0.DIST-INFO/METADATA",
        "other.egg-info/PKG-INFO",
        "other.egg-link",
    ] {
        let wheel = demo().data("data", path, b"x");
        let rule = rule(home.install(&target, &[wheel]));
        assert_eq!(rule, "metadata below the data folder", "{path}");
        assert!(!folder.join("demo.py").exists());
    }
    let elsewhere = demo().data("data", "share/other-3.0.dist-info/METADATA", b"x");
    home.install(&target, &[elsewhere]).unwrap();
    // In a virtual environment it is no site-packages folder.
    let beside = demo().data("data", "other-3.0.dist-info/METADATA", b"x");
    home.install(&home.venv("env"), &[beside]).unwrap();
}
