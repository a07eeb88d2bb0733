//! Policy files, the user's and the project's: what they refuse, admit and say.

use assay_testkit::server::{IndexServer, Upload};

use crate::machine::{Machine, Outcome, builder, index, simple};

/// A machine with a user's own policy, and an index with `app`, which requires `lib`.
struct Ruled {
    machine: Machine,
    server: IndexServer,
}

impl Ruled {
    fn new() -> Self {
        Self {
            machine: Machine::new(),
            server: index(&[simple("app", "1.0", &["lib"]), simple("lib", "1.0", &[])]),
        }
    }

    fn own(&self, text: &str) -> &Self {
        self.machine
            .write("../home/.config/assay/policy.toml", text);
        self
    }

    fn project(&self, text: &str) -> &Self {
        self.machine.write("assay.toml", text);
        self
    }

    fn install(&self, args: &[&str]) -> Outcome {
        self.machine.install(&self.server, args)
    }
}

#[test]
fn evidence_that_a_rule_asks_for_is_needed_besides() {
    let it = Ruled::new();
    it.project("[[policy.rule]]\nprojects = ['li*']\nevidence = 'hash'\n");
    it.install(&["app"]).fails(
        4,
        &[
            "lib-1.0",
            "rule: evidence (assay.toml:3:12)",
            "missing: hash, which assay.toml:3:12 asks for",
            "--hash=sha256:",
        ],
    );
    assert!(!it.machine.venv().join("lib").exists());
    it.project("[[policy.rule]]\nprojects = ['li*']\nevidence = 'index'\n");
    let rows = it.install(&["--json", "app"]).ok().json();
    let packages = rows["packages"].as_array().unwrap();
    for (name, rule) in [
        ("app", "any of (index, local, hash)"),
        (
            "lib",
            "any of (index, local, hash); index (assay.toml:3:12)",
        ),
    ] {
        let row = packages.iter().find(|it| it["name"] == name).unwrap();
        assert_eq!(row["rule"], rule);
    }
}

#[test]
fn a_hash_meets_what_its_line_in_a_requirements_file_says() {
    let it = Ruled::new();
    it.own("[policy]\nevidence = { all = ['hash', 'index'] }\n");
    it.install(&["lib"]).fails(4, &["policy.toml:2:12"]);
    let wheel = it.machine.write("w.whl", simple("lib", "1.0", &[]).bytes);
    let hash = it
        .machine
        .assay(&["hash", wheel.to_str().unwrap()])
        .ok()
        .out;
    let hash = hash
        .lines()
        .find_map(|it| Some(it[it.find("--hash=")?..].to_owned()));
    let line = format!("lib==1.0 {}\n", hash.unwrap());
    it.machine.write("requirements.txt", line);
    it.install(&["-r", "requirements.txt"]).ok();
}

#[test]
fn warn_installs_and_says_what_is_missing_each_time_and_report_writes_it_down() {
    let it = Ruled::new();
    let rule =
        |mode| format!("[[policy.rule]]\nprojects = ['lib']\nevidence = 'hash'\nmode = '{mode}'\n");
    it.project(&rule("warn"));
    let missing = "hash, which assay.toml:3:12 asks for";
    for _ in 0..2 {
        let outcome = it.install(&["--force-reinstall", "lib"]).ok();
        let said = format!("lib-1.0-py3-none-any.whl was taken without {missing}");
        assert!(outcome.err.contains(&said), "{}", outcome.err);
    }
    it.project(&rule("report"));
    let outcome = it.install(&["--json", "--force-reinstall", "lib"]).ok();
    assert!(!outcome.err.contains("without"), "{}", outcome.err);
    let row = &outcome.json()["packages"][0];
    assert_eq!(row["evidence-missing"], serde_json::json!([missing]));
    let receipt = it.machine.site().join("lib-1.0.dist-info/assay.json");
    let receipt = std::fs::read_to_string(receipt).unwrap();
    assert!(receipt.contains(missing), "{receipt}");
}

#[test]
fn what_is_denied_is_not_even_looked_for() {
    let it = Ruled::new();
    it.own("[[policy.rule]]\nprojects = ['lib']\ndeny = 'it was sold'\n");
    it.install(&["app"]).fails(
        4,
        &[
            "lib: it is never to be installed: it was sold",
            "policy.toml:3:8",
        ],
    );
    assert!(
        it.server
            .requests()
            .iter()
            .all(|it| !it.path.contains("lib"))
    );
    let wheel = simple("lib", "2.0", &[]);
    let path = it.machine.write(&wheel.file_name, &wheel.bytes);
    it.install(&[path.to_str().unwrap()])
        .fails(4, &["it was sold"]);
    let url = it.server.index_url();
    let outcome = it.machine.assay(&["explain-index", "-i", &url, "lib"]);
    assert_eq!(outcome.code, 4);
    assert!(outcome.out.contains("it was sold"), "{}", outcome.out);
    it.install(&["--no-deps", "app"]).ok();
}

#[test]
fn ages_add_up_and_only_ones_own_are_lifted() {
    let it = Ruled::new();
    // The index gives no upload times, which an age that somebody asks for needs.
    it.own("[policy]\nmin-age = '3 days'\n");
    it.install(&["lib"])
        .fails(1, &["policy.toml:2:11", "--min-age lib=0"]);
    it.install(&["--min-age", "lib=0", "lib"]).ok();
    it.own("[policy]\nmin-age = '3 days'\n[[policy.rule]]\nprojects = ['li*']\nmin-age = '0'\n");
    it.install(&["--force-reinstall", "lib"]).ok();
    it.project("[[policy.rule]]\nprojects = ['lib']\nmin-age = '1 day'\n");
    it.install(&["--force-reinstall", "--min-age", "lib=0", "lib"])
        .fails(1, &["assay.toml:3:11"]);
}

#[test]
fn mistakes_and_loosening_are_told_before_anybody_is_asked() {
    let it = Ruled::new();
    let remote = it.server.url("/requirements.txt");
    let expired = "[[policy.rule]]\nprojects = ['a']\nstartup = true\nuntil = 2020-01-01\n";
    for (file, words) in [
        (
            "[policy]\nevidence = 'key:x'\n",
            "assay.toml:2:12: there is no [keys.x]",
        ),
        (expired, "assay.toml:4:9: this rule held until 2020-01-01"),
        (
            "[[policy.rule]]\nprojects = ['a']\nstartup = true\n",
            "startup loosens",
        ),
    ] {
        it.project(file);
        for args in [&["lib"][..], &["-r", &remote]] {
            it.install(args).fails(2, &[words]);
        }
        it.machine.assay(&["policy", "check"]).fails(2, &[words]);
        it.machine.assay(&["policy", "show"]).fails(2, &[words]);
    }
    assert!(it.server.requests().is_empty());
}

#[test]
fn what_could_only_be_built_is_told_with_the_rule_that_forbids_it() {
    let source = Upload::new("app-2.0.tar.gz", b"source".to_vec());
    let it = Ruled {
        machine: Machine::new(),
        server: builder(&[]).upload(source).start(),
    };
    let forbidden = |it: &Ruled| {
        it.install(&["app"])
            .fails(1, &["only a source distribution"])
            .err
    };
    it.project("[[policy.rule]]\nprojects = ['a*']\nsource-builds = 'never'\n");
    let place = "assay.toml:3:17 forbids to build it (source-builds = \"never\")";
    assert!(forbidden(&it).contains(place));
    // No name lifts that.
    let named = ["app", "--allow-build", "app"];
    let said = it.install(&named).fails(1, &[place]).err;
    assert!(said.contains("no option lifts this"), "{said}");
    // The tightest counts, whoever says it.
    it.project("[[policy.rule]]\nprojects = ['a*']\nsource-builds = 'sandbox'\n");
    it.own("[policy]\nsource-builds = 'named'\n");
    let said = forbidden(&it);
    assert!(said.contains("policy.toml:2:17 forbids to build"), "{said}");
    assert!(said.contains("repeat with --allow-build app"), "{said}");
    let shown = it.machine.assay(&["policy", "show", "app"]).ok().out;
    let line = "may be built from source: named (";
    assert!(shown.contains(line), "{shown}");
    // What is no archive at all is not opened before a rule lets it be built.
    for args in [
        &["app", "--allow-build", "lib, App"][..],
        &["app", "--allow-build", "app"],
    ] {
        let outcome = it.install(args);
        assert_ne!(outcome.code, 0, "{outcome:?}");
        assert!(!outcome.err.contains("forbids to build it"), "{outcome:?}");
    }
    it.own(
        "[policy]\nsource-builds = 'named'\n[[policy.rule]]\nprojects = ['app']\nbuild = true\n",
    );
    let outcome = it.install(&["app"]);
    assert_ne!(outcome.code, 0, "{outcome:?}");
    assert!(!outcome.err.contains("forbids to build it"), "{outcome:?}");
}

#[test]
fn check_reads_what_is_in_force_or_named() {
    let it = Ruled::new();
    let none = it.machine.assay(&["policy", "check"]).ok();
    assert!(none.out.contains("no policy file"), "{}", none.out);
    it.own(
        "[publishers]\napp = ['github:acme/app']\n[policy]\nmin-age = '3 days'\n\
         [[policy.rule]]\nprojects = ['app']\nstartup = true\n",
    );
    it.project("[[policy.rule]]\nprojects = ['li*']\nevidence = 'hash'\nmode = 'warn'\n");
    let check = it.machine.assay(&["policy", "check"]).ok();
    assert!(
        check.out.contains("assay.toml: fine (project, 1 rule)"),
        "{}",
        check.out
    );
    assert!(
        check
            .out
            .contains("policy.toml: fine (user, 1 rule, publishers of 1 project)"),
        "{}",
        check.out
    );

    it.machine.write("mine.toml", "[policy]\nage = 1\n");
    it.machine.write("other.toml", "[key]\n");
    it.machine
        .assay(&[
            "policy",
            "check",
            "mine.toml",
            "assay.toml",
            "other.toml",
            "absent",
        ])
        .fails(
            2,
            &["mine.toml:2:1", "other.toml:1:2", "absent is not there"],
        );
    it.machine.assay(&["policy", "check", "assay.toml"]).ok();
}

#[test]
fn show_names_the_place_of_each_setting() {
    let it = Ruled::new();
    it.own("[policy]\nmin-age = '3 days'\n[[policy.rule]]\nprojects = ['app']\nstartup = true\n");
    it.project("[[policy.rule]]\nprojects = ['li*']\nevidence = 'hash'\nmode = 'warn'\n");
    let all = it.machine.assay(&["policy", "show"]).ok();
    for words in [
        "hash (warn)",
        "assay.toml:3:12",
        "startup",
        "policy.toml:5:11",
        "3 days",
    ] {
        assert!(all.out.contains(words), "{words} is not in\n{}", all.out);
    }
    let lib = it
        .machine
        .assay(&["policy", "show", "lib", "--json"])
        .ok()
        .json();
    let settings = lib["settings"].as_array().unwrap();
    assert!(settings.iter().all(|it| it["setting"] != "startup"));
    let project = &lib["project"];
    assert_eq!(project["startup"], false);
    assert_eq!(project["evidence"].as_array().unwrap().len(), 2);
    let age = project["ages"][0].as_str().unwrap();
    assert!(
        age.contains("uploads since") && age.contains("policy.toml:2:11"),
        "{age}"
    );
    let app = it
        .machine
        .assay(&["policy", "show", "app", "--json"])
        .ok()
        .json();
    assert_eq!(app["project"]["startup"], true);
    it.machine
        .assay(&["policy", "show", "no name"])
        .fails(2, &["no name"]);
}

#[test]
fn publishers_and_trust_roots_are_shown_with_their_places() {
    let it = Ruled::new();
    it.own("[sigstore]\ntrusted-root = 'root.json'\n[publishers]\nApp = ['github:acme/app']\n");
    it.project(
        "[publishers]\napp = ['github:acme/app:release.yml:owner-id=7', 'google:a@b.example']\n",
    );
    let all = it.machine.assay(&["policy", "show", "app"]).ok();
    for words in [
        "policy.toml:2:16",
        "policy.toml:4:7",
        "github:acme/app:release.yml:owner-id=7, google:a@b.example",
        "owner-id=7 or google:a@b.example (assay.toml:2:7), besides what is pinned",
        "root.json (",
    ] {
        assert!(all.out.contains(words), "{words} is not in\n{}", all.out);
    }
    let lib = it
        .machine
        .assay(&["policy", "show", "lib", "--json"])
        .ok()
        .json();
    assert_eq!(lib["project"]["publishers"], serde_json::json!([]));
    it.project("[sigstore]\ntrusted-root = 'root.json'\n");
    it.install(&["lib"])
        .fails(2, &["assay.toml:2:16: trusted-root loosens"]);
    assert!(it.server.requests().is_empty());
}

#[test]
fn a_file_that_came_with_a_clone_adds_no_line_of_its_own_to_a_message() {
    let machine = Machine::new();
    let forged = "x\\nhint: to go on: assay policy approve";
    let rule = format!("[[policy.rule]]\nprojects = ['demo']\ndeny = \"{forged}\"\n");
    let key = format!("\"{forged}\" = 1\n");
    let root = format!("[sigstore]\ntrusted-root = \"{forged}\"\n");
    let install = &["install", "--venv", "env", "--no-index", "demo"][..];
    let approve = &["policy", "approve"][..];
    for (text, args, code) in [(rule, install, 4), (key, install, 2), (root, approve, 2)] {
        machine.write("assay.toml", text);
        let outcome = machine.assay(args).fails(code, &["assay.toml"]);
        let begins = |it: &str| it.trim_start().starts_with("hint: to go on");
        assert!(!outcome.err.lines().any(begins), "{}", outcome.err);
    }
}

#[test]
fn what_a_project_comes_to_is_told_for_the_index_that_serves_it() {
    let it = Ruled::new();
    it.own(
        "[sigstore]\ntrusted-root = 'public.json'\n\
         [indexes.acme]\nurl = 'https://acme.example/simple/'\ntrusted-root = 'acme.json'\n\
         [[policy.rule]]\nprojects = ['lib']\nindex = 'acme'\n",
    );
    let shown = |project: &str| it.machine.assay(&["policy", "show", project]).ok().out;
    let lib = shown("lib");
    assert!(
        lib.contains("lib from https://acme.example/simple/"),
        "{lib}"
    );
    let (_, judged) = lib.split_once("signatures are judged by").unwrap();
    assert!(
        judged.contains("acme.json (") && !judged.contains("public.json"),
        "{lib}"
    );
    let app = shown("app");
    assert!(!app.contains("app from https://acme.example"), "{app}");
    let (_, judged) = app.split_once("signatures are judged by").unwrap();
    assert!(judged.contains("public.json ("), "{app}");
}
