//! `assay explain`: why what is installed was accepted, as a tree, as data and as a page.

use std::fs;

use assay_testkit::wheel::WheelBuilder;
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::{
    beside_pip::Pip,
    machine::{Machine, index, simple},
};

const HERE: [&str; 3] = ["explain", "--venv", "env"];

/// `app`, which was asked for and needs `lib`.
fn installed() -> Machine {
    let server = index(&[simple("app", "1.0", &["lib"]), simple("lib", "2.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    machine
}

fn explain(machine: &Machine, args: &[&str]) -> String {
    machine.assay(&[&HERE[..], args].concat()).ok().out
}

fn data(machine: &Machine, name: &str) -> Value {
    let all = machine.assay(&[&HERE[..], &[name, "--json"]].concat());
    all.ok().json()[0].take()
}

/// Rewrites a receipt, as whoever can write to the environment could.
fn rewrite(machine: &Machine, folder: &str, change: impl FnOnce(&mut Value)) {
    let path = machine.site().join(folder).join("assay.json");
    let mut receipt = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut receipt);
    fs::remove_file(&path).unwrap();
    fs::write(path, receipt.to_string()).unwrap();
}

/// The state knows nothing of this environment any more.
fn forget(machine: &Machine) {
    fs::remove_dir_all(machine.path("../home/.local/state/assay/receipts")).unwrap();
}

#[test]
fn a_tree_says_which_file_by_whose_word_by_which_rule_and_why_it_is_there() {
    let machine = installed();
    let tree = explain(&machine, &["lib"]);
    for words in [
        "lib 2.0: digest on the index",
        "receipt: vouched",
        "file: lib-2.0-py3-none-any.whl",
        "found: listed by http",
        "rule: any of (index, local, hash",
        "policy of today: would accept",
        "here because: app needs it",
    ] {
        assert!(tree.contains(words), "{words}\n{tree}");
    }
    let app = data(&machine, "app");
    assert_eq!(app["evidence-kind"], "index");
    assert_eq!(app["standing"], "vouched");
    assert_eq!(
        (&app["requested"], &app["requires"]),
        (&json!(true), &json!(["lib"]))
    );
    assert_eq!(data(&machine, "lib")["required-by"], json!(["app"]));
    let all = explain(&machine, &[]);
    assert!(all.contains("app") && all.contains("app needs it"), "{all}");
    let both = explain(&machine, &["lib", "app", "lib"]);
    assert!(both.find("lib 2.0:") < both.find("app 1.0:"), "{both}");
    let absent = machine.assay(&[&HERE[..], &["nowhere"]].concat());
    absent.fails(1, &["nowhere is not installed here"]);
    machine
        .assay(&[&HERE[..], &["no name"]].concat())
        .fails(2, &["no name"]);
}

#[test]
fn extras_count_that_another_package_asks_for() {
    let server = index(&[
        simple("app", "1.0", &["lib[fast]"]),
        WheelBuilder::new("lib", "2.0")
            .file("lib/__init__.py", b"")
            .extra("fast", &["speed"])
            .extra("slow", &["gone"])
            .build(),
        simple("speed", "3.0", &[]),
    ]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    assert_eq!(data(&machine, "speed")["required-by"], json!(["lib"]));
    let elsewhere = ["--no-deps", "--venv", "other", "lib", "speed"];
    machine.install(&server, &elsewhere).ok();
    let alone = machine.assay(&["explain", "--venv", "other", "speed", "--json"]);
    assert_eq!(alone.ok().json()[0]["required-by"], json!([]));
}

#[test]
fn nothing_is_asked_for_or_changed() {
    let machine = installed();
    let before = machine.snapshot();
    explain(&machine, &["app"]);
    explain(&machine, &["--html", "-"]);
    machine.assert_unchanged(&before);
}

#[test]
fn todays_policy_judges_what_was_recorded() {
    let machine = installed();
    assert_eq!(data(&machine, "lib")["today"]["accepted"], true);
    let rule = |key: &str| format!("[[policy.rule]]\nprojects = ['lib']\n{key}\n");
    for (key, why) in [
        (
            "evidence = 'hash'",
            "missing: hash, which assay.toml:3:12 asks for",
        ),
        ("deny = 'sold'", "assay.toml:3:8 denies it: sold"),
    ] {
        machine.write("assay.toml", rule(key));
        let today = data(&machine, "lib")["today"].take();
        assert_eq!(today["accepted"], false);
        assert_eq!(today["refusing"], json!([why]));
        assert_eq!(data(&machine, "app")["today"]["accepted"], true);
        assert!(explain(&machine, &["lib"]).contains("would refuse it"));
    }
    machine.write("assay.toml", rule("evidence = 'hash'\nmode = 'warn'"));
    let today = data(&machine, "lib")["today"].take();
    assert_eq!(today["accepted"], true);
    let missing = "hash, which assay.toml:3:12 asks for (warn)";
    assert_eq!(today["missing"], json!([missing]));
}

#[test]
fn a_receipt_counts_as_much_as_who_vouches_for_it() {
    let machine = installed();
    rewrite(&machine, "lib-2.0.dist-info", |it| {
        it["words"] = json!(["index", "hash"])
    });
    let lib = data(&machine, "lib");
    assert_eq!(
        (&lib["evidence-kind"], &lib["standing"]),
        (&json!("changed"), &json!("contradicted"))
    );
    assert!(lib["today"].is_null(), "{lib}");
    assert_eq!(data(&machine, "app")["evidence-kind"], "index");
    // Nobody is there to contradict it, and that is said.
    forget(&machine);
    let lib = data(&machine, "lib");
    assert_eq!(
        (&lib["evidence-kind"], &lib["standing"]),
        (&json!("hash"), &json!("self-consistent"))
    );
    let tree = explain(&machine, &["lib"]);
    assert!(
        tree.contains("receipt: self-consistent: this user's state has nothing"),
        "{tree}"
    );
    assert!(
        tree.contains("lib 2.0: digest given by you, not vouched for"),
        "{tree}"
    );
}

#[test]
fn a_receipt_that_nobody_vouches_for_looks_unlike_one_that_somebody_does() {
    let machine = installed();
    let (vouched, hollow) = ("class=\"index\"", "class=\"unvouched\"");
    let page = explain(&machine, &["--html", "-"]);
    assert!(page.contains(vouched) && !page.contains(hollow), "{page}");
    assert!(page.contains('■') && !page.contains('◌'), "{page}");
    let table = explain(&machine, &[]);
    assert!(!table.contains("not vouched for"), "{table}");
    // Also where that is so of all of them, and none is to be looked at first.
    forget(&machine);
    let page = explain(&machine, &["--html", "-"]);
    assert!(!page.contains("To look at first"), "{page}");
    // A card and an article for each of the two, and the legend.
    assert_eq!(page.matches(hollow).count(), 5, "{page}");
    assert_eq!(page.matches('◌').count(), 5, "{page}");
    assert_eq!(page.matches('■').count(), 1, "the legend\n{page}");
    assert!(page.contains("<b>2</b> of these not vouched for"), "{page}");
    let table = explain(&machine, &[]);
    let words = "digest on the index, not vouched for";
    assert_eq!(table.matches(words).count(), 2, "{table}");
}

#[test]
fn who_signed_is_told_from_receipts_that_have_it() {
    let machine = installed();
    forget(&machine);
    let identity = "github:owner/lib:release.yml:repository-id=1:owner-id=2";
    rewrite(&machine, "lib-2.0.dist-info", |it| {
        it["format"] = json!(2);
        it["words"] = json!(["index", format!("publisher:{identity}")]);
        it["standing"] = json!("first use");
        it["publishers"] = json!([{
            "predicate": "publish", "identity": identity, "kind": "GitHub",
            "issuer": "https://issuer.example", "repository": "owner/lib", "repository-id": "1",
            "owner-id": "2", "workflow": "release.yml", "email": null, "environment": "pypi",
            "ref": "refs/tags/2.0", "commit": "abc", "logged": "2026-01-02T03:04:05Z",
        }]);
    });
    assert_eq!(data(&machine, "lib")["evidence-kind"], "publisher");
    let tree = explain(&machine, &["lib"]);
    for words in [
        "lib 2.0: signed by its publisher",
        "publish by GitHub: owner/lib, release.yml, environment pypi",
        "logged 2026-01-02T03:04:05Z",
        "publishers: first use",
    ] {
        assert!(tree.contains(words), "{words}\n{tree}");
    }
    let policy = |identity: &str| format!("[publishers]\nlib = ['{identity}']\n");
    machine.write("assay.toml", policy(identity));
    assert_eq!(data(&machine, "lib")["today"]["accepted"], true);
    machine.write("assay.toml", policy("github:other/lib"));
    assert_eq!(data(&machine, "lib")["today"]["accepted"], false);
}

#[test]
fn receipts_of_older_and_newer_formats() {
    let machine = installed();
    forget(&machine);
    let change = |format: u32| {
        rewrite(&machine, "lib-2.0.dist-info", |it| {
            it["format"] = json!(format);
            it.as_object_mut().unwrap().remove("publishers");
            it.as_object_mut().unwrap().remove("standing");
        });
        data(&machine, "lib")
    };
    assert_eq!(change(1)["evidence-kind"], "index");
    let newer = change(3);
    assert_eq!(newer["evidence-kind"], "unknown");
    let why = newer["receipt-unreadable"].as_str().unwrap();
    assert!(why.contains("format 3"), "{why}");
}

#[test]
fn what_another_installer_put_there_is_told_as_such() {
    let machine = installed();
    let Some(pip) = Pip::of(&machine) else { return };
    let wheel = simple("foreign", "1.0", &[]);
    let file = machine.write(&wheel.file_name, &wheel.bytes);
    pip.run(&["install", "--no-index", file.to_str().unwrap()])
        .ok();
    let foreign = data(&machine, "foreign");
    assert_eq!(foreign["evidence-kind"], "foreign");
    assert_eq!(foreign["standing-why"], "it was installed by pip");
    // One stranger among several is worth a look; among strangers it is not.
    let first = "To look at first (1)";
    let page = explain(&machine, &["--html", "-"]);
    assert!(
        page.contains("not installed by assay") && page.contains(first),
        "{page}"
    );
    machine
        .assay(&["uninstall", "--venv", "env", "app", "lib"])
        .ok();
    let page = explain(&machine, &["--html", "-"]);
    assert!(!page.contains("To look at first"), "{page}");
}

#[test]
fn the_page_stands_alone_and_shows_who_needs_whom() {
    let machine = installed();
    let said = explain(&machine, &["--html", "page.html"]);
    assert_eq!(said, "");
    let page = fs::read_to_string(machine.path("page.html")).unwrap();
    for active in [
        "<script", "src=", "<link", "url(", "@import", "<iframe", " style=",
    ] {
        assert!(!page.contains(active), "{active}\n{page}");
    }
    let style = page.split_once("<style>").unwrap().1;
    let (style, _) = style.split_once("</style>").unwrap();
    let digest = assay_types::Sha256(sha2::Sha256::digest(style).into());
    let digest = digest.to_record().replace('-', "+").replace('_', "/") + "=";
    let policy = format!("default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;");
    assert!(page.contains(&policy), "{policy}\n{page}");
    let at = |words: &str| {
        page.find(words)
            .unwrap_or_else(|| panic!("{words}\n{page}"))
    };
    assert!(at("Asked for by name (1)") < at("Needed by those (1)"));
    assert!(page.contains("<a href=\"#p-lib\">lib</a>") && page.contains("id=\"p-lib\""));
    machine
        .assay(&[&HERE[..], &["--html", "nowhere/page.html"]].concat())
        .fails(1, &["nowhere/page.html"]);
    machine
        .assay(&[&HERE[..], &["--html", "p.html", "lib"]].concat())
        .fails(2, &["--html"]);
}

#[test]
fn texts_from_outside_steer_neither_terminal_nor_page() {
    let hostile = "\u{1b}[2J</td><script>alert(1)</script>\u{202e}\"'>";
    let machine = installed();
    forget(&machine);
    rewrite(&machine, "lib-2.0.dist-info", |it| {
        for key in ["file", "origin", "rule", "judged", "assay"] {
            it[key] = json!(hostile);
        }
        it["evidence"] = json!([hostile]);
        it["missing"] = json!([hostile]);
    });
    let tree = explain(&machine, &["lib"]);
    assert!(
        !tree.contains(['\u{1b}', '\u{202e}']) && tree.contains(r"\u{1b}[2J"),
        "{tree}"
    );
    let page = explain(&machine, &["--html", "-"]);
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains(['\u{1b}', '\u{202e}']));
    assert!(page.contains("&lt;/td&gt;&lt;script&gt;"), "{page}");
    let named = "<img src=x onerror=alert(1)>";
    machine.assay(&["venv", named]).ok();
    let page = machine
        .assay(&["explain", "--venv", named, "--html", "-"])
        .ok()
        .out;
    assert!(!page.contains("<img") && page.contains("&lt;img"), "{page}");
}
