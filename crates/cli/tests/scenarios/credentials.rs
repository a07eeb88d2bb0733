//! Who a user is to an index: netrc, the keyring program, client certificates.

use std::path::{Path, PathBuf};

use assay_testkit::{
    peers, program,
    server::{IndexServer, Upload},
};

use crate::machine::{Machine, Outcome, builder, simple};

const SECRET: &str = "s3cr3t";

/// An index that wants alice's password.
fn protected() -> IndexServer {
    builder(&[simple("app", "1.0", &[])])
        .auth("alice", SECRET)
        .start()
}

/// A keyring that knows alice's password, and notes its arguments.
fn keyring(folder: &Path) -> PathBuf {
    std::fs::create_dir_all(folder).unwrap();
    let script = format!(
        "#!/bin/sh\necho \"$*\" >> '{}'\necho '{{\"username\": \"alice\", \"password\": \"{SECRET}\"}}'\n",
        folder.join("asked").display()
    );
    let program = folder.join("keyring");
    program::script(&program, &script);
    program
}

/// Installs `app` with these folders before everything else on the PATH.
fn install(machine: &Machine, server: &IndexServer, folders: &[PathBuf], args: &[&str]) -> Outcome {
    let usual = peers::search_path();
    let all = folders.iter().cloned().chain(std::env::split_paths(&usual));
    let path = std::env::join_paths(all).unwrap();
    let url = server.index_url();
    let mut words = vec!["install", "--venv", "env", "--index-url", &url];
    words.extend(args);
    words.push("app");
    let outcome = machine.assay_with(&words, &[("PATH", path.to_str().unwrap())]);
    assert!(
        !outcome.err.contains(SECRET) && !outcome.out.contains(SECRET),
        "{outcome:?}"
    );
    outcome
}

#[test]
fn the_keyring_program_is_run_where_it_is_asked_for() {
    let server = protected();
    let machine = Machine::new();
    let bin = machine.path("bin");
    keyring(&bin);
    for nobody in [
        &[][..],
        &["--keyring-provider", "auto"],
        &["--keyring-provider=disabled"],
    ] {
        install(&machine, &server, std::slice::from_ref(&bin), nobody)
            .fails(1, &["401", "--keyring-provider subprocess"]);
        assert!(!bin.join("asked").exists());
    }
    let provider = ["--keyring-provider", "subprocess"];
    install(&machine, &server, std::slice::from_ref(&bin), &provider).ok();
    let asked = std::fs::read_to_string(bin.join("asked")).unwrap();
    let expected = format!("--mode=creds --output=json get {}\n", server.index_url());
    assert_eq!(asked, expected);
    let import = ["--keyring-provider", "import"];
    install(&machine, &server, &[bin], &import).fails(2, &["--keyring-provider subprocess"]);
}

#[test]
fn a_keyring_in_an_environment_is_not_run() {
    let server = protected();
    let machine = Machine::new();
    machine.write("planted/pyvenv.cfg", "");
    let planted = machine.path("planted/bin");
    keyring(&planted);
    let provider = ["--keyring-provider", "subprocess"];
    install(&machine, &server, std::slice::from_ref(&planted), &provider).fails(1, &["401"]);
    assert!(!planted.join("asked").exists());
    let own = machine.path("own/bin");
    keyring(&own);
    install(&machine, &server, &[planted.clone(), own], &provider).ok();
    assert!(!planted.join("asked").exists());
}

#[test]
fn netrc_and_the_urls_of_indexes_serve_their_own_host_alone() {
    let files = protected();
    let wheel = simple("app", "1.0", &[]);
    let elsewhere = files.url(&format!("/files/{}", wheel.file_name));
    let upload = Upload::new(&wheel.file_name, wheel.bytes.clone()).href(&elsewhere);
    let server = IndexServer::builder()
        .upload(upload)
        .auth("alice", SECRET)
        .start();
    let with_user = server
        .index_url()
        .replace("://", &format!("://alice:{SECRET}@"));
    let machine = Machine::new();
    machine
        .assay(&["install", "--venv", "env", "-i", &with_user, "app"])
        .fails(1, &["401", &elsewhere]);
    assert!(
        files
            .requests()
            .iter()
            .all(|it| it.header("authorization").is_none())
    );

    let netrc = machine.write(
        "netrc",
        format!("machine 127.0.0.1 login alice password {SECRET}"),
    );
    let netrc = [("NETRC", netrc.to_str().unwrap())];
    let own = protected();
    let args = ["install", "--venv", "env", "-i", &own.index_url(), "app"];
    machine.assay_with(&args, &netrc).ok();
    // The port of `files` is one that only a page names.
    let url = server.index_url();
    let args = [
        "install",
        "--venv",
        "other",
        "--no-cache-dir",
        "-i",
        &url,
        "app",
    ];
    machine
        .assay_with(&args, &netrc)
        .fails(1, &["401", &elsewhere]);
    assert!(
        files
            .requests()
            .iter()
            .all(|it| it.header("authorization").is_none())
    );
}

#[test]
fn a_client_certificate_is_shown_to_a_server_that_demands_one() {
    let server = builder(&[simple("app", "1.0", &[])])
        .tls()
        .demand_certificate()
        .start();
    let machine = Machine::new();
    let url = server.index_url();
    machine.write("ca.pem", server.ca_pem());
    machine.write("client.pem", server.client_pem());
    let mut args = vec![
        "install",
        "--venv",
        "env",
        "--cert",
        "ca.pem",
        "--retries",
        "0",
    ];
    args.extend(["-i", &url, "app"]);
    machine.assay(&args).fails(1, &["--client-cert"]);
    args.extend(["--client-cert", "client.pem"]);
    machine.assay(&args).ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
}

#[test]
fn proxies_of_the_environment_an_option_and_none() {
    let proxy = builder(&[simple("app", "1.0", &[])])
        .tls_named("index.example")
        .behind_proxy()
        .start();
    let machine = Machine::new();
    machine.write("ca.pem", proxy.ca_pem());
    let by_name = "https://index.example/simple/";
    let url = proxy
        .proxy_url()
        .replace("://", &format!("://bob:{SECRET}@"));
    let dead = "http://127.0.0.1:1";
    let explain = |args: &[&str], variables: &[(&str, &str)]| {
        let mut all = vec!["explain-index", "--cert", "ca.pem", "--retries", "0"];
        all.extend(args);
        all.extend(["--no-cache-dir", "-i", by_name, "app"]);
        let outcome = machine.assay_with(&all, variables);
        assert!(
            !(outcome.out.clone() + &outcome.err).contains(SECRET),
            "{outcome:?}"
        );
        outcome.code
    };
    assert_eq!(explain(&["--proxy", &url], &[]), 0);
    assert!(proxy.requests()[0].header("proxy-authorization").is_some());
    assert!(proxy.requests()[1].header("proxy-authorization").is_none());
    assert_eq!(explain(&[], &[("https_proxy", &url)]), 0);
    assert_eq!(explain(&[], &[("ALL_PROXY", &url)]), 0);
    assert_eq!(
        explain(&[], &[("https_proxy", &url), ("no_proxy", "example")]),
        1
    );
    // What was typed goes before the environment, its exceptions included.
    let around = [("https_proxy", dead), ("no_proxy", "example")];
    assert_eq!(explain(&["--proxy", &url], &around), 0);
    let around = [("https_proxy", url.as_str())];
    assert_eq!(explain(&["--proxy", ""], &around), 1);
    assert_eq!(explain(&["--no-proxy-env"], &around), 1);
}

#[test]
fn a_keyring_is_asked_as_pip_asks_it() {
    let is_it = "import pip; assert pip.__version__ == '26.3'";
    let Some(python) = peers::python_with(is_it, "pip 26.3") else {
        return;
    };
    let python = python.to_str().unwrap();
    for user in ["", "alice@", "alice:wrong@"] {
        let (server, machine) = (protected(), Machine::new());
        let bin = machine.path("bin");
        keyring(&bin);
        let url = server.index_url().replace("://", &format!("://{user}"));
        let path = format!("PATH={}:/usr/bin:/bin", bin.display());
        let options = ["--keyring-provider", "subprocess", "-i", &url, "app"];
        let seen = |program: &[&str]| {
            server.clear_requests();
            let words = [&[path.as_str()], program, &options[..]].concat();
            machine.run(Path::new("/usr/bin/env"), &words);
            let pages = server.requests().into_iter();
            let pages = pages.filter(|it| it.path == "/simple/app/");
            let mut sent: Vec<_> = pages
                .map(|it| it.header("authorization").map(str::to_owned))
                .collect();
            let asked = std::fs::read_to_string(bin.join("asked")).unwrap_or_default();
            std::fs::write(bin.join("asked"), "").unwrap();
            // pip asks again for the file, and sends a refused password twice.
            sent.dedup();
            let mut asked: Vec<_> = asked.lines().map(str::to_owned).collect();
            asked.dedup();
            (sent, asked)
        };
        let assay = seen(&[env!("CARGO_BIN_EXE_assay"), "download", "-d", "mine"]);
        let pip = seen(&[
            python,
            "-m",
            "pip",
            "download",
            "--no-input",
            "--retries=0",
            "-d",
            "pips",
        ]);
        assert_eq!(assay, pip, "{user}");
        assert_eq!(assay.1.is_empty(), user.contains("wrong"));
    }
}
