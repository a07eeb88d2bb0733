//! Documents beside a file.

use assay_testkit::{
    server::{Behaviour, Upload},
    voice::{Voice, release},
};

use super::{BY_ALICE, Listener, assay, demo, serve};
use crate::machine::builder;

#[test]
fn a_file_that_the_named_key_signed_passes_and_is_said_to() {
    let it = Listener::new(BY_ALICE);
    let wheel = demo("1.0");
    let server = serve(&[&wheel], &[(&assay(&wheel), it.alice.publishes(&wheel))]);
    it.install(&server, &[]).ok();
    assert_eq!(it.explained("key:alice"), "key");
}

#[test]
fn a_file_that_nobody_or_somebody_else_signed_lacks_it() {
    let it = Listener::new(BY_ALICE);
    let wheel = demo("1.0");
    let name = assay(&wheel);
    let unsigned = serve(&[&wheel], &[]);
    let words = [
        "missing: key:alice",
        "demo-1.0-py3-none-any.whl.assay: not found",
        "a signature by alice (SHA256:",
        "in demo-1.0-py3-none-any.whl.assay",
    ];
    let failed = it.install(&unsigned, &[]).fails(4, &words);
    let left_out = "left out: demo-1.0-py3-none-any.whl; nothing else will do";
    assert!(failed.err.contains(left_out), "{failed:?}");
    assert!(!failed.err.contains("from versions: none"), "{failed:?}");
    let wheels = |it: &assay_testkit::server::IndexServer| {
        let asked = it.requests();
        let mut paths = asked.iter().map(|it| &it.path);
        paths.any(|it| it.ends_with(".whl"))
    };
    assert!(!wheels(&unsigned), "nothing is fetched in vain");
    let other = serve(&[&wheel], &[(&name, it.mallory.publishes(&wheel))]);
    let failed = it.install(&other, &[]);
    failed.fails(4, &["missing: key:alice"]);
    let empty = serve(&[&wheel], &[(&name, String::new())]);
    it.install(&empty, &[]).fails(4, &["missing: key:alice"]);
}

#[test]
fn a_rule_in_force_elsewhere_asks_nothing_of_others() {
    let it = Listener::new(BY_ALICE);
    let other = crate::machine::simple("other", "1.0", &[]);
    let server = serve(&[&other], &[]);
    it.machine.install(&server, &["other"]).ok();
    let asked = server.requests();
    assert!(!asked.iter().any(|it| it.path.ends_with(".assay")));
}

#[test]
fn a_signature_for_other_bytes_or_another_name_is_refused() {
    let it = Listener::new(BY_ALICE);
    let (wheel, old) = (demo("2.0"), demo("1.0"));
    let name = assay(&wheel);
    let good = serve(&[&wheel], &[(&name, it.alice.publishes(&wheel))]);
    it.install(&good, &[]).ok();
    // What she said of the old bytes, beside the new ones.
    let replayed = serve(&[&wheel], &[(&name, it.alice.publishes(&old))]);
    it.install(&replayed, &[]).fails(4, &[&name]);
    // And under the new name.
    let renamed = (wheel.file_name.as_str(), old.sha256.as_str());
    let said = it.alice.says("publishes", &[renamed], release(&wheel));
    let renamed = serve(&[&wheel], &[(&name, said)]);
    it.install(&renamed, &[]).fails(4, &[&name]);
    // Her word about these bytes as those of another file.
    let subject = (old.file_name.as_str(), wheel.sha256.as_str());
    let said = it.alice.says("publishes", &[subject], release(&old));
    let misnamed = serve(&[&wheel], &[(&name, said)]);
    it.install(&misnamed, &[]).fails(4, &[&name]);
}

#[test]
fn old_bytes_under_a_new_name_are_told_by_what_is_in_them() {
    let it = Listener::new(BY_ALICE);
    let (new, old) = (demo("2.0"), demo("1.0"));
    // Whoever has her key and no newer bytes, or made her sign a name: the archive says what it is.
    let subject = (new.file_name.as_str(), old.sha256.as_str());
    let said = it.alice.says("publishes", &[subject], release(&new));
    let server = builder(&[])
        .upload(Upload::new(&new.file_name, old.bytes.clone()))
        .beside(&assay(&new), said)
        .start();
    it.install(&server, &[]).fails(4, &["demo-2.0", "1.0"]);
}

#[test]
fn a_signature_that_does_not_hold_is_refused_and_no_other_version_tried() {
    let it = Listener::new(BY_ALICE);
    let (new, old) = (demo("2.0"), demo("1.0"));
    let good = it.alice.publishes(&new);
    let forged = it.mallory.publishes(&new);
    let claim = |line: &str, voice: &Voice| -> serde_json::Value {
        let mut envelope: serde_json::Value = serde_json::from_str(line).unwrap();
        envelope["signatures"][0]["keyid"] = format!("sha256:{}", voice.spki_sha256()).into();
        envelope
    };
    let serve_with = |said: String| {
        let old_said = it.alice.publishes(&old);
        serve(
            &[&new, &old],
            &[(&assay(&new), said), (&assay(&old), old_said)],
        )
    };
    it.install(&serve_with(good), &[]).ok();
    let server = serve_with(format!("{}\n", claim(&forged, &it.alice)));
    it.install(&server, &[])
        .fails(4, &["demo-2.0", "signature"]);
    let server = serve_with("no envelope\n".to_owned());
    it.install(&server, &[]).fails(4, &["demo-2.0", ".assay"]);
}

#[test]
fn a_key_speaks_for_its_own_projects_and_only_where_a_rule_names_it() {
    let everywhere = "[policy]\nevidence = \"key:alice\"\n";
    let scoped = format!("projects = [\"django\", \"django-*\"]\n{everywhere}");
    let wheel = demo("1.0");
    let it = Listener::new(everywhere);
    let server = serve(&[&wheel], &[(&assay(&wheel), it.alice.publishes(&wheel))]);
    it.install(&server, &[]).ok();
    let django = Listener::new(&scoped);
    let words = ["missing: key:alice", "with demo among its projects"];
    django.install(&server, &[]).fails(4, &words);
    // Her word is not asked for another project.
    it.policy("[keys.bob]\ned25519 = \"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\"\n[[policy.rule]]\nprojects = [\"demo\"]\nevidence = \"key:bob\"\n[[policy.rule]]\nprojects = [\"django\"]\nevidence = \"key:alice\"\n");
    it.install(&server, &[]).fails(4, &["missing: key:bob"]);
}

#[test]
fn an_older_version_that_she_signed_is_taken_and_said() {
    let it = Listener::new(BY_ALICE);
    let (new, old) = (demo("2.0"), demo("1.0"));
    let server = serve(&[&new, &old], &[(&assay(&old), it.alice.publishes(&old))]);
    let done = it.install(&server, &[]).ok();
    let note = "demo-2.0-py3-none-any.whl was left out: nothing meets key:alice, which ";
    assert!(done.err.contains(note), "{done:?}");
    // It is resolved once more, and said once.
    assert_eq!(done.out.matches("Resolving …").count(), 1, "{done:?}");
    assert_eq!(it.machine.frozen(), ["demo==1.0"]);
    it.install(&server, &["demo==2.0"])
        .fails(4, &["demo-2.0", "missing: key:alice"]);
}

#[test]
fn what_is_out_of_reach_stops_where_a_rule_needs_it_and_is_said_elsewhere() {
    let wheel = demo("1.0");
    let path = format!("/files/{}", assay(&wheel));
    let it = Listener::new(BY_ALICE);
    let said = it.alice.publishes(&wheel);
    let broken = |status| {
        let server = builder(std::slice::from_ref(&wheel)).beside(&assay(&wheel), said.as_bytes());
        server.behave(&path, Behaviour::Status(status)).start()
    };
    for status in [403, 500] {
        let failed = it.install(&broken(status), &["--retries", "0"]);
        failed.fails(1, &["demo-1.0-py3-none-any.whl.assay cannot be had"]);
    }
    it.policy(&format!("{BY_ALICE}mode = \"warn\"\n"));
    let done = it.install(&broken(500), &["--retries", "0"]).ok();
    assert!(done.err.contains("was taken without key:alice"), "{done:?}");
}

#[test]
fn an_oversized_document_is_refused() {
    let it = Listener::new(BY_ALICE);
    let wheel = demo("1.0");
    let said = it.alice.publishes(&wheel);
    let lines = |count: usize| said.repeat(count);
    let fits = (1 << 20) / said.len();
    let server = |count| serve(&[&wheel], &[(&assay(&wheel), lines(count))]);
    it.install(&server(fits), &[]).ok();
    let words = ["rule: signature size", "demo-1.0-py3-none-any.whl.assay"];
    let other = Listener::new(BY_ALICE);
    other.install(&server(fits + 1), &[]).fails(4, &words);
}

#[test]
fn a_dry_run_says_what_an_install_would_do() {
    let it = Listener::new(BY_ALICE);
    let (new, old) = (demo("2.0"), demo("1.0"));
    let unsigned = serve(&[&new], &[]);
    let words = ["demo-2.0", "missing: key:alice"];
    it.install(&unsigned, &["--dry-run"]).fails(4, &words);
    let signed = serve(&[&new, &old], &[(&assay(&old), it.alice.publishes(&old))]);
    let done = it.install(&signed, &["--dry-run"]).ok();
    assert!(
        done.err.contains("demo-2.0-py3-none-any.whl was left out"),
        "{done:?}"
    );
    assert!(done.out.contains("1.0") || done.err.contains("1.0"));
    assert!(!it.machine.venv().join("lib").exists() || it.machine.frozen().is_empty());
}

#[test]
fn a_file_that_the_user_names_is_judged_with_what_lies_beside_it() {
    let it = Listener::new(BY_ALICE);
    let wheel = demo("1.0");
    let path = it.machine.write(&wheel.file_name, &wheel.bytes);
    let path = path.to_str().unwrap();
    let verify = || it.machine.assay(&["verify", path]);
    let place = format!("{path}.assay: not found");
    let unsigned = verify();
    assert_eq!(unsigned.code, 4, "{unsigned:?}");
    assert!(unsigned.out.contains(&place), "{unsigned:?}");
    it.machine.write(&assay(&wheel), it.alice.publishes(&wheel));
    let signed = verify().ok();
    assert!(signed.out.contains("key:alice"), "{signed:?}");
    let server = serve(&[], &[]);
    it.machine.install(&server, &[path]).ok();
    it.machine
        .write(&assay(&wheel), it.mallory.publishes(&wheel));
    assert_eq!(verify().code, 4);
}
