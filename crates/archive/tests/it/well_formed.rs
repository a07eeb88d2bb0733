//! What a well-formed wheel gives.

use std::sync::{Arc, Mutex};

use assay_archive::Options;
use assay_testkit::wheel::WheelBuilder;

use crate::support::{open, read_all};

fn flask() -> WheelBuilder {
    WheelBuilder::new("Flask", "1.0")
        .file("flask/__init__.py", b"print('hello')\n")
        .file("flask/data.bin", &[7; 200_000])
        .executable("flask/tool.sh", b"#!/bin/sh\n")
        .data("scripts", "flask-tool", b"#!python\nprint()\n")
        .requires("click>=8")
        .requires_python(">=3.8")
        .entry_point("flask", "flask.cli:main")
        .gui_entry_point("flask-gui", "flask.gui:main")
}

#[test]
fn everything_is_found_and_comes_out_unchanged() {
    for builder in [flask(), flask().stored(), flask().with_directories()] {
        let built = builder.build();
        let wheel = open(&built).unwrap();
        assert_eq!(wheel.dist_info(), "flask-1.0.dist-info");
        assert_eq!(wheel.data(), Some("flask-1.0.data"));
        assert_eq!(wheel.metadata().display_name, "Flask");
        assert_eq!(wheel.metadata_bytes(), built.metadata);
        assert_eq!(wheel.info().tags, ["py3-none-any"]);
        let scripts: Vec<_> = wheel.entry_points().iter().map(|it| &it.name).collect();
        assert_eq!(scripts, ["flask", "flask-gui"]);
        assert_eq!(wheel.admission().sha256().to_string(), built.sha256);
        let files = read_all(&built.file_name, &built.bytes, Options::default()).unwrap();
        assert_eq!(files.len(), 7);
        assert_eq!(files[0].1, b"print('hello')\n");
        assert_eq!(files[1].1, [7; 200_000]);
    }
}

#[test]
fn execute_bits_are_seen() {
    let wheel = open(&flask().build()).unwrap();
    let executable = |path: &str| {
        let file = wheel.files().iter().find(|it| it.path.as_str() == path);
        file.unwrap().executable
    };
    assert!(executable("flask/tool.sh"));
    assert!(!executable("flask/__init__.py"));
}

#[test]
fn threads_extract_side_by_side() {
    let wheel = open(&flask().build()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for index in 0..wheel.files().len() {
                    wheel.extract(index, &mut std::io::sink()).unwrap();
                }
            });
        }
    });
}

#[test]
fn dashes_in_the_name_of_the_dist_info_folder_are_read() {
    let builder = WheelBuilder::new("flask-more", "1.0");
    let built = builder.dist_info_folder("flask-more-1.0.dist-info").build();
    assert_eq!(
        open(&built).unwrap().dist_info(),
        "flask-more-1.0.dist-info"
    );
}

#[test]
fn what_signs_record_is_given_to_a_limit_and_not_installed() {
    let record = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&record);
    let sign = move |bytes: &[u8]| {
        bytes.clone_into(&mut seen.lock().unwrap());
        b"a signature".to_vec()
    };
    let wheel = open(&flask().signed(sign).build()).unwrap();
    let digest = assay_trust::sha256(&record.lock().unwrap());
    assert_eq!(wheel.record_sha256(), digest);
    let signature = wheel.record_signature(11).unwrap();
    assert_eq!(signature.as_deref(), Some(&b"a signature"[..]));
    assert!(wheel.record_signature(10).is_err());
    let installed = wheel.files().iter().map(|it| it.path.file_name());
    assert!(!installed.into_iter().any(|it| it.starts_with("RECORD")));

    let unsigned = open(&flask().build()).unwrap();
    assert_eq!(unsigned.record_signature(u64::MAX).unwrap(), None);
}
