//! What must not be told: passwords and tokens in URLs, wherever they stand.

use assay_testkit::server::IndexServer;

use crate::machine::{Machine, files_with, index, simple};

const SECRET: &str = "s3cr3t";

#[test]
fn a_query_reaches_neither_what_is_written_nor_what_is_shown() {
    let wheel = simple("app", "1.0", &[]);
    let server = index(std::slice::from_ref(&wheel));
    let file = server.url(&format!("/files/{}", wheel.file_name));
    let links = format!("<a href='{file}#sha256={}'>app</a>", wheel.sha256);
    let page = IndexServer::builder()
        .page("/links", "text/html", links)
        .start();
    let by_index = format!("{}?token={SECRET}", server.index_url());
    let by_links = page.url(&format!("/links?token={SECRET}"));
    let by_url = format!("app @ {file}?sig={SECRET}#sha256={}", wheel.sha256);
    for (args, shown) in [
        (["--index-url", &by_index, "app"], server.index_url()),
        (
            ["--no-index", "--find-links", &by_links],
            page.url("/links"),
        ),
        (["--no-index", "--no-deps", &by_url], file.clone()),
    ] {
        let machine = Machine::new();
        let mut all = vec!["install", "--venv", "env", "--no-cache-dir", "-v"];
        all.extend(args);
        if args[1] == "--find-links" {
            all.push("app");
        }
        let mut said = String::new();
        let mut run = |args: &[&str]| {
            let outcome = machine.assay(args).ok();
            said += &(outcome.out + &outcome.err);
        };
        run(&all);
        run(&["freeze", "--venv", "env"]);
        run(&["show", "--venv", "env", "app"]);
        run(&["list", "--venv", "env"]);
        all.extend(["--force-reinstall", "--json"]);
        run(&all);
        assert!(!said.contains(SECRET), "{said}");
        assert!(said.contains(&shown), "{said}");
        assert!(files_with(&machine.venv(), SECRET).is_empty());
    }
    // The servers were asked with it: nothing else names the same place.
    let asked = |server: &IndexServer| {
        let requests = server.requests();
        requests.iter().any(|it| it.path.contains(SECRET))
    };
    assert!(asked(&server) && asked(&page));
}

#[test]
fn what_is_malformed_is_shown_without_its_password() {
    let machine = Machine::new();
    let url = format!("https://me:{SECRET}@index.example");
    machine.write("hosts.txt", format!("--trusted-host me:{SECRET}@h\n"));
    machine.write("editable.txt", format!("-e git+{url}/x\n"));
    machine.write("links.txt", format!("-f {url}:99999/x\n"));
    machine.write("named.txt", format!("demo @ {url}:99999/x.whl\n"));
    machine.write("token.txt", "-e git+https://me:${TOKEN}@index.example/x\n");
    machine.write("include.txt", format!("-r {url}:99999/x.txt\n"));
    let named = format!("demo @ {url}:99999/demo-1.0-py3-none-any.whl");
    let unnamed = format!("{url}:99999/demo-1.0-py3-none-any.whl");
    let malformed = format!("{url}:99999/");
    for args in [
        vec!["-r", "hosts.txt", "--no-index", "demo"],
        vec!["-r", "editable.txt"],
        vec!["-r", "links.txt", "demo"],
        vec!["-r", "named.txt"],
        vec!["-r", "token.txt"],
        vec!["-r", "include.txt"],
        vec!["-r", &malformed],
        vec!["-i", &malformed, "demo"],
        vec!["-f", &malformed, "demo"],
        vec!["-e", &malformed],
        vec![&named],
        vec![&unnamed],
    ] {
        let mut all = vec!["install", "--venv", "env"];
        all.extend(args);
        let outcome = machine.assay_with(&all, &[("TOKEN", SECRET)]);
        assert_ne!(outcome.code, 0, "{all:?}");
        let said = outcome.out + &outcome.err;
        assert!(!said.contains(SECRET), "{all:?}: {said}");
    }
}
