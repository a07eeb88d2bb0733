//! Whose word is taken for the bytes.

use assay_testkit::{
    server::{IndexServer, Upload},
    wheel::WheelBuilder,
};

use crate::machine::{Machine, builder, index, simple, upload};

/// Refused with exit code 4, and nothing is left behind.
fn refused(server: &IndexServer, args: &[&str], words: &[&str]) {
    let machine = Machine::new();
    let before = machine.snapshot();
    machine.install(server, args).fails(4, words);
    machine.assert_unchanged(&before);
}

#[test]
fn bytes_that_differ_from_the_listed_digest_are_never_opened() {
    let wheel = simple("app", "1.0", &[]);
    let server = IndexServer::builder()
        .upload(upload(&wheel).hash("sha256", &"ab".repeat(32)))
        .start();
    refused(&server, &["app"], &["not what", "nothing was opened"]);
    let longer = IndexServer::builder()
        .upload(upload(&wheel).also_hash("sha512", &"ab".repeat(64)))
        .start();
    refused(&longer, &["app"], &["not what"]);
}

#[test]
fn without_a_strong_digest_the_line_to_paste_is_printed_and_accepted() {
    let wheel = simple("app", "1.0", &[]);
    for upload in [
        upload(&wheel).no_hash(),
        upload(&wheel).hash("md5", &"ab".repeat(16)),
    ] {
        let server = IndexServer::builder().upload(upload).start();
        let line = format!("app==1.0 --hash=sha256:{}", wheel.sha256);
        refused(&server, &["app"], &[&line]);
        let machine = Machine::new();
        machine.write("requirements.txt", line);
        machine.install(&server, &["-r", "requirements.txt"]).ok();
        assert_eq!(machine.frozen(), ["app==1.0"]);
    }
}

#[test]
fn hashes_of_the_user_count_and_one_of_them_demands_one_for_all() {
    let (app, lib) = (simple("app", "1.0", &["lib"]), simple("lib", "1.0", &[]));
    let server = index(&[app.clone(), lib.clone()]);
    let line = |wheel: &assay_testkit::wheel::BuiltWheel, name: &str| {
        format!("{name}==1.0 --hash=sha256:{}\n", wheel.sha256)
    };
    let machine = Machine::new();
    machine.write("requirements.txt", line(&app, "app"));
    machine
        .install(&server, &["-r", "requirements.txt"])
        .fails(4, &["lib==1.0", "--hash"]);
    machine.write("requirements.txt", line(&app, "app") + &line(&lib, "lib"));
    machine.install(&server, &["-r", "requirements.txt"]).ok();
    machine.write("wrong.txt", line(&lib, "app"));
    machine
        .assay(&[
            "install",
            "--venv",
            "other",
            "-i",
            &server.index_url(),
            "--no-deps",
            "-r",
            "wrong.txt",
        ])
        .fails(4, &[&lib.sha256, &app.sha256]);
}

#[test]
fn a_sidecar_that_lies_is_found_when_the_wheel_is_opened() {
    let wheel = simple("app", "1.0", &["lib"]);
    let lie = String::from_utf8(wheel.metadata.clone())
        .unwrap()
        .replace("Requires-Dist: lib\n", "");
    let server = IndexServer::builder()
        .upload(upload(&wheel).sidecar(lie))
        .start();
    refused(&server, &["app"], &["METADATA", "PEP 658"]);
    let wrong = IndexServer::builder()
        .upload(upload(&wheel).sidecar_hash(Some(&format!("sha256={}", "ab".repeat(32)))))
        .start();
    refused(&wrong, &["app"], &["metadata is not what the index lists"]);
}

#[test]
fn start_up_code_waits_for_its_own_permission() {
    let evil = WheelBuilder::new("evil", "1.0")
        .file("evil.pth", b"import os\n")
        .build();
    let good = WheelBuilder::new("good", "1.0")
        .file("good.pth", b"good_lib\n")
        .file("good_lib/x.py", b"")
        .build();
    let server = index(&[evil, good]);
    refused(
        &server,
        &["evil"],
        &["start-up code", "--allow-startup evil"],
    );
    refused(
        &server,
        &["--allow-startup", "good", "evil"],
        &["--allow-startup evil"],
    );
    let machine = Machine::new();
    machine.install(&server, &["good"]).ok();
    machine
        .install(&server, &["--allow-startup", "evil", "evil"])
        .ok();
    assert_eq!(machine.frozen(), ["evil==1.0", "good==1.0"]);
}

#[test]
fn code_of_another_distribution_is_not_overwritten() {
    let victim = WheelBuilder::new("victim", "1.0")
        .file("shared/core.py", b"honest = True\n")
        .file("shared/LICENSE", b"MIT\n")
        .build();
    let attacker = WheelBuilder::new("attacker", "1.0")
        .file("shared/core.py", b"honest = False\n")
        .build();
    let twin = WheelBuilder::new("twin", "1.0")
        .file("shared/core.py", b"honest = True\n")
        .file("shared/LICENSE", b"BSD\n")
        .build();
    let server = index(&[victim, attacker, twin]);
    refused(
        &server,
        &["victim", "attacker"],
        &["shared/core.py", "--allow-overwrite"],
    );
    let machine = Machine::new();
    machine.install(&server, &["victim"]).ok();
    let before = machine.snapshot();
    machine
        .install(&server, &["attacker"])
        .fails(4, &["shared/core.py", "--allow-overwrite attacker:victim"]);
    machine.assert_unchanged(&before);
    machine.install(&server, &["twin"]).ok();
    assert_eq!(
        std::fs::read_to_string(machine.site().join("shared/LICENSE")).unwrap(),
        "MIT\n"
    );
    machine
        .install(
            &server,
            &[
                "--allow-overwrite",
                "attacker:victim",
                "--allow-overwrite",
                "attacker:twin",
                "attacker",
            ],
        )
        .ok();
    assert_eq!(
        std::fs::read_to_string(machine.site().join("shared/core.py")).unwrap(),
        "honest = False\n"
    );
}

#[test]
fn the_interpreter_and_its_configuration_are_nobodys_to_replace() {
    for path in ["bin/python3", "bin/python", "pyvenv.cfg"] {
        let wheel = WheelBuilder::new("evil", "1.0")
            .data("data", path, b"x")
            .build();
        refused(&index(&[wheel]), &["evil"], &[path]);
    }
    let wheel = WheelBuilder::new("fine", "1.0")
        .data("data", "share/fine/x.cfg", b"x")
        .build();
    let machine = Machine::new();
    machine.install(&index(&[wheel]), &["fine"]).ok();
    assert!(machine.venv().join("share/fine/x.cfg").exists());
}

#[test]
fn a_record_that_is_wrong_needs_a_permission_by_name() {
    let build = || {
        WheelBuilder::new("torch", "1.0")
            .file("torch/__init__.py", b"x = 1\n")
            .record(|rows| rows[0].digest = format!("sha256={}", "A".repeat(43)))
            .build()
    };
    let server = index(&[build()]);
    refused(&server, &["torch"], &["RECORD"]);
    let machine = Machine::new();
    machine
        .install(&server, &["--allow-bad-record", "torch", "torch"])
        .ok();
    // The permission is for that run: the cache does not turn it into a rule.
    machine
        .assay(&[
            "install",
            "--venv",
            "other",
            "-i",
            &server.index_url(),
            "torch",
        ])
        .fails(4, &["RECORD"]);
}

#[test]
fn local_wheels_and_direct_urls_have_evidence_of_their_own() {
    let wheel = simple("app", "1.0", &[]);
    let server = builder(&[])
        .upload(Upload::new(&wheel.file_name, wheel.bytes.clone()))
        .start();
    let url = server.url(&format!("/files/{}", wheel.file_name));
    refused(&server, &[&format!("app @ {url}")], &["--hash=sha256:"]);
    refused(
        &server,
        &[&format!("app @ {url}#sha256={}", "ab".repeat(32))],
        &["match no digest"],
    );
    let machine = Machine::new();
    let report = machine
        .install(
            &server,
            &["--json", &format!("app @ {url}#sha256={}", wheel.sha256)],
        )
        .ok()
        .json();
    assert_eq!(
        report["packages"][0]["evidence"],
        serde_json::json!(["hash"])
    );
    let path = machine.write(&wheel.file_name, &wheel.bytes);
    let report = machine
        .assay(&[
            "install",
            "--json",
            "--venv",
            "other",
            "--no-index",
            path.to_str().unwrap(),
        ])
        .ok()
        .json();
    assert_eq!(
        report["packages"][0]["evidence"],
        serde_json::json!(["local"])
    );
}

#[test]
fn text_from_the_network_cannot_steer_the_terminal() {
    let server = IndexServer::builder()
        .page(
            "/simple/app/",
            "application/vnd.pypi.simple.v1+json",
            "{\"meta\":{\"api-version\":\"1.0\"},\"name\":\"\\u001b]0;x\\u0007\",\"files\":[]}",
        )
        .start();
    let machine = Machine::new();
    let outcome = machine.install(&server, &["app"]);
    assert_ne!(outcome.code, 0);
    assert!(
        !outcome.err.contains('\u{1b}') && !outcome.out.contains('\u{1b}'),
        "{}",
        outcome.err
    );
}

#[test]
fn text_from_the_network_is_one_line_of_a_log() {
    let reason = serde_json::json!({ "status": "archived", "reason": "x\nSuccessfully installed" });
    let server = IndexServer::builder()
        .upload(upload(&simple("app", "1.0", &[])))
        .json_key("project-status", reason)
        .start();
    let machine = Machine::new();
    let outcome = machine.install(&server, &["--dry-run", "--log", "log", "app"]);
    assert!(outcome.ok().err.contains("is archived: x"));
    let log = std::fs::read_to_string(machine.path("log")).unwrap();
    assert!(log.contains("is archived: x\\u{a}Successfully"), "{log}");
}

#[test]
fn an_environment_that_was_made_for_nothing_goes_and_an_empty_folder_stays() {
    let evil = WheelBuilder::new("evil", "1.0")
        .file("evil.pth", b"import os\n")
        .build();
    let url = index(&[evil]);
    let url = url.index_url();
    let machine = Machine::new();
    std::fs::create_dir(machine.path("empty")).unwrap();
    let before = machine.snapshot();
    for folder in ["empty", "deep/er/env"] {
        machine
            .assay(&["install", "--venv", folder, "-i", &url, "evil"])
            .fails(4, &["start-up"]);
        machine.assert_unchanged(&before);
    }
}
