//! TLS, redirects, credentials, transfers that break.

use assay_testkit::server::{Behaviour, IndexServer};

use crate::machine::{Machine, builder, simple};

#[test]
fn tls_needs_an_authority_that_is_trusted() {
    let server = builder(&[simple("app", "1.0", &[])]).tls().start();
    let machine = Machine::new();
    let ca = machine.write("ca.pem", server.ca_pem());
    machine
        .install(&server, &["--retries", "0", "app"])
        .fails(1, &["certificate", "--cert"]);
    machine
        .install(
            &server,
            &["--retries", "0", "--tls-roots", "mozilla", "app"],
        )
        .fails(1, &["certificate"]);
    machine
        .install(&server, &["--cert", ca.to_str().unwrap(), "app"])
        .ok();
    let url = server.index_url();
    let with = |value: &str| {
        machine.assay_with(
            &["install", "--venv", "two", "-i", &url, "app"],
            &[("SSL_CERT_FILE", value)],
        )
    };
    with("").fails(2, &["SSL_CERT_FILE"]);
    assert_ne!(with("/nowhere.pem").code, 0);
    with(ca.to_str().unwrap()).ok();
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let server = builder(&[simple("app", "1.0", &[])])
        .tls_named("elsewhere.example")
        .start();
    let machine = Machine::new();
    let ca = machine.write("ca.pem", server.ca_pem());
    machine
        .install(
            &server,
            &["--retries", "0", "--cert", ca.to_str().unwrap(), "app"],
        )
        .fails(1, &["certificate"]);
}

#[test]
fn plain_http_reaches_nothing_but_this_machine() {
    let machine = Machine::new();
    machine
        .assay(&[
            "install",
            "--venv",
            "env",
            "-i",
            "http://index.example/simple/",
            "app",
        ])
        .fails(4, &["http"]);
    machine
        .assay(&[
            "install",
            "--venv",
            "env",
            "http://files.example/app-1.0-py3-none-any.whl",
        ])
        .fails(4, &["http"]);
}

#[test]
fn trusted_host_is_ignored_with_a_note() {
    let server = builder(&[simple("app", "1.0", &[])]).tls().start();
    let machine = Machine::new();
    machine
        .install(
            &server,
            &["--retries", "0", "--trusted-host", "127.0.0.1", "app"],
        )
        .fails(1, &["--trusted-host", "ignored", "certificate"]);
}

#[test]
fn credentials_reach_their_own_host_and_show_up_nowhere() {
    let server = builder(&[simple("app", "1.0", &[])])
        .auth("user", "secret")
        .start();
    let machine = Machine::new();
    machine.install(&server, &["app"]).fails(1, &["401"]);
    let url = server.index_url().replace("http://", "http://user:secret@");
    let outcome = machine
        .assay(&["install", "--venv", "env", "-v", "-i", &url, "app"])
        .ok();
    assert!(!outcome.out.contains("secret") && !outcome.err.contains("secret"));
    let receipt = crate::machine::files_with(&machine.site(), "assay.json");
    assert!(
        !std::fs::read_to_string(&receipt[0])
            .unwrap()
            .contains("secret")
    );
}

#[test]
fn netrc_gives_credentials() {
    let server = builder(&[simple("app", "1.0", &[])])
        .auth("user", "secret")
        .start();
    let machine = Machine::new();
    let netrc = machine.write("netrc", "machine 127.0.0.1 login user password secret\n");
    let url = server.index_url();
    machine
        .assay_with(
            &["install", "--venv", "env", "-i", &url, "app"],
            &[("NETRC", netrc.to_str().unwrap())],
        )
        .ok();
}

#[test]
fn a_transfer_that_breaks_is_resumed() {
    let wheel = assay_testkit::wheel::WheelBuilder::new("app", "1.0")
        .file("app.py", &vec![b'#'; 20_000])
        .stored()
        .build();
    let path = format!("/files/{}", wheel.file_name);
    let server = builder(std::slice::from_ref(&wheel))
        .behave(&path, Behaviour::drop_after(5_000, 1))
        .start();
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    let ranges: Vec<_> = server
        .requests()
        .iter()
        .filter(|it| it.path == path)
        .filter_map(|it| it.header("range").map(str::to_owned))
        .collect();
    assert_eq!(ranges, ["bytes=5000-"]);
}

#[test]
fn a_bomb_in_place_of_a_page_is_cut_off() {
    let server = IndexServer::builder()
        .behave("/simple/app/", Behaviour::GzipBomb(1 << 30))
        .start();
    let machine = Machine::new();
    let outcome = machine.install(&server, &["--retries", "0", "app"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
}

#[test]
fn offline_uses_what_is_cached() {
    let server = builder(&[simple("app", "1.0", &[])]).start();
    let machine = Machine::new();
    machine
        .install(&server, &["--offline", "app"])
        .fails(1, &["--offline"]);
    machine.install(&server, &["app"]).ok();
    server.clear_requests();
    let url = server.index_url();
    machine
        .assay(&["install", "--venv", "two", "--offline", "-i", &url, "app"])
        .ok();
    assert!(server.requests().is_empty());
}
