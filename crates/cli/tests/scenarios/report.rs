//! `install --report`: pip's own is the peer.

use assay_testkit::{server::Upload, wheel::WheelBuilder};
use serde_json::{Value, json};

use crate::{
    beside_pip::Pip,
    machine::{Machine, builder, index, simple, upload},
};

/// What is to be installed, by name.
fn packages(report: &Value) -> Vec<Value> {
    let mut packages = report["install"].as_array().unwrap().clone();
    packages.sort_by_key(|it| it["metadata"]["name"].as_str().unwrap().to_owned());
    packages
}

#[test]
fn a_dry_run_reports_what_pip_reports() {
    let app = WheelBuilder::new("app", "1.0")
        .header("Summary: An app")
        .header("Keywords: a,b")
        .header("Project-URL: Home, https://a.example/")
        .requires("lib>=1")
        .extra("More", &["extra"])
        .build();
    let direct = simple("direct", "1.0", &[]);
    let server = builder(&[simple("extra", "1.0", &[]), direct.clone()])
        .upload(upload(&app))
        // No sidecar: the metadata is the admitted wheel's.
        .upload(Upload::new(
            "lib-1.0-py3-none-any.whl",
            simple("lib", "1.0", &[]).bytes,
        ))
        .upload(upload(&simple("gone", "1.0", &[])).yanked("why"))
        .start();
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let Some(pip) = Pip::of(&machine) else { return };
    let wheel = simple("local", "1.0", &[]);
    machine.write(&wheel.file_name, &wheel.bytes);
    machine.write(
        &format!("links/{}", "found-1.0-py3-none-any.whl"),
        simple("found", "1.0", &[]).bytes,
    );
    let url = server.index_url();
    let file = server.url(&format!("/files/{}", direct.file_name));
    let file = format!("{file}#sha256={}", direct.sha256);
    let direct = format!("direct @ {file}");
    let local = format!("./{}", wheel.file_name);
    let args = [
        "install",
        "--dry-run",
        "--quiet",
        "--report",
        "-",
        "-i",
        &url,
        "--find-links",
        "links",
        "app[more]",
        "gone==1.0",
        &direct,
        &local,
        "found",
    ];
    let (ours, theirs) = pip.both_json(&args);
    let (own, their) = (packages(&ours), packages(&theirs));
    assert_eq!(own.len(), 7, "{ours}");
    for (own, their) in own.iter().zip(&their) {
        assert_eq!(own, their);
    }
    for key in ["version", "pip_version", "environment"] {
        assert_eq!(ours[key], theirs[key]);
    }
    assert_eq!(own[0]["requested_extras"], json!(["more"]));
    assert!(!machine.site().join("app").exists());
}

#[test]
fn the_report_of_an_install_is_written_before_anything_is_changed() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let before = machine.snapshot();
    machine
        .install(&server, &["--report", "missing/report.json", "app"])
        .fails(1, &["writing the report", "missing/report.json"]);
    machine.assert_unchanged(&before);
    machine
        .install(&server, &["--report", "report.json", "app"])
        .ok();
    let text = std::fs::read_to_string(machine.path("report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let package = &report["install"][0];
    let hash = package["download_info"]["archive_info"]["hash"]
        .as_str()
        .unwrap();
    let digest = package["download_info"]["archive_info"]["hashes"]["sha256"]
        .as_str()
        .unwrap();
    assert_eq!(hash, format!("sha256={digest}"));
    assert_eq!(package["metadata"]["name"], "app");
    assert!(machine.site().join("app").exists());
}

#[test]
fn standard_output_takes_one_json_document() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine
        .install(&server, &["--json", "--report", "-", "app"])
        .fails(2, &["--json and --report - would both"]);
    let both = machine
        .install(&server, &["--json", "--report", "report.json", "app"])
        .ok();
    assert_eq!(both.json()["outcome"], "installed");
    let quiet = machine
        .install(&server, &["-q", "--report", "-", "app"])
        .ok();
    assert_eq!(quiet.json()["install"], json!([]));
    let again = machine
        .install(
            &server,
            &["-q", "--report", "-", "--force-reinstall", "app"],
        )
        .ok();
    assert_eq!(again.json()["install"][0]["is_direct"], false);
}

#[test]
fn passwords_in_urls_are_not_reported() {
    let wheel = simple("app", "1.0", &[]);
    let server = index(std::slice::from_ref(&wheel));
    let machine = Machine::new();
    let url = server.url(&format!("/files/{}", wheel.file_name));
    let url = url.replace("://", "://user:secret@") + "#sha256=" + &wheel.sha256;
    let report = machine
        .install(&server, &["-q", "--dry-run", "--report", "-", &url])
        .ok();
    assert_eq!(report.json()["install"][0]["is_direct"], true);
    assert!(!(report.out + &report.err).contains("secret"));
}
