//! Which index serves a name: pins in the project's file, PEP 708, and what `explain-index` says.

use std::{net::TcpListener, os::unix::fs::PermissionsExt as _};

use assay_testkit::server::{Behaviour, IndexServer};
use serde_json::json;

use crate::machine::{Machine, Outcome, builder, index, simple};

/// The index `acme`, and a rule that pins `acme-*` to it.
fn rules(acme: &IndexServer) -> String {
    format!(
        "[indexes.acme]\nurl = \"{}\"\n\n[[policy.rule]]\nprojects = [\"acme-*\"]\nindex = \"acme\"\n",
        acme.index_url()
    )
}

/// A private index, a public one that has the same name and a newer version, and a project that
/// pins the name.
struct Pinned {
    acme: IndexServer,
    public: IndexServer,
    machine: Machine,
}

impl Pinned {
    fn new() -> Self {
        let acme = index(&[simple("acme-core", "1.0", &["lib"])]);
        let public = index(&[
            simple("acme-core", "9.9", &[]),
            simple("acme-extra", "1.0", &[]),
            simple("lib", "1.0", &[]),
        ]);
        let machine = Machine::new();
        machine.write("assay.toml", rules(&acme));
        Self {
            acme,
            public,
            machine,
        }
    }

    fn install(&self, args: &[&str]) -> Outcome {
        let acme = self.acme.index_url();
        let mut all = vec!["--extra-index-url", &acme];
        all.extend(args);
        self.machine.install(&self.public, &all)
    }
}

#[test]
fn what_is_installed_from_elsewhere_is_told_and_force_reinstall_mends_it() {
    let it = Pinned::new();
    let rules = std::fs::read(it.machine.path("assay.toml")).unwrap();
    std::fs::remove_file(it.machine.path("assay.toml")).unwrap();
    it.machine.install(&it.public, &["acme-core"]).ok();
    assert_eq!(it.machine.frozen(), ["acme-core==9.9"]);
    let warning = format!("acme-core 9.9 was installed from {}", it.public.index_url());
    let is_told = |outcome: &Outcome| {
        let line = outcome.err.lines().find(|it| it.contains(&warning));
        line.is_some_and(|it| it.contains("assay.toml:5") && it.contains("--force-reinstall"))
    };
    assert!(!is_told(&it.install(&["acme-core"]).ok()));
    it.machine.write("assay.toml", rules);
    let satisfied = it.install(&["acme-core"]).ok();
    assert!(is_told(&satisfied), "{}", satisfied.err);
    let beside = it.install(&["acme-core", "lib"]).ok();
    assert!(is_told(&beside), "{}", beside.err);
    let mended = it.install(&["acme-core", "--force-reinstall"]).ok();
    assert!(!is_told(&mended), "{}", mended.err);
    assert_eq!(it.machine.frozen(), ["acme-core==1.0", "lib==1.0"]);
    assert!(!is_told(&it.install(&["acme-core"]).ok()));
}

#[test]
fn a_pinned_project_comes_from_its_index_and_from_nowhere_else() {
    let it = Pinned::new();
    let outcome = it.install(&["acme-core"]).ok();
    assert_eq!(it.machine.frozen(), ["acme-core==1.0", "lib==1.0"]);
    assert!(
        !outcome.err.contains("has that name too"),
        "{}",
        outcome.err
    );
    let asked = it.public.requests();
    assert!(
        asked.iter().all(|it| !it.path.contains("acme")),
        "{asked:?}"
    );

    // What the index does not have is not looked for elsewhere.
    it.install(&["acme-extra"])
        .fails(4, &["does not have acme-extra", "assay.toml:5", "acme-*"]);
    let unpinned = Machine::new();
    let acme = it.acme.index_url();
    unpinned
        .install(&it.public, &["--extra-index-url", &acme, "acme-extra"])
        .ok();

    // The order of the indexes does not matter.
    let machine = Machine::new();
    machine.write("assay.toml", rules(&it.acme));
    let public = it.public.index_url();
    machine
        .install(&it.acme, &["--extra-index-url", &public, "acme-core"])
        .ok();
    assert_eq!(machine.frozen(), ["acme-core==1.0", "lib==1.0"]);
}

#[test]
fn the_rules_may_stand_in_a_pyproject_and_further_up() {
    let it = Pinned::new();
    let tool = rules(&it.acme)
        .replace("[indexes", "[tool.assay.indexes")
        .replace("[policy", "[tool.assay.policy");
    std::fs::remove_file(it.machine.path("assay.toml")).unwrap();
    it.machine
        .write("pyproject.toml", format!("[project]\nname = \"x\"\n{tool}"));
    it.install(&["acme-core"]).ok();
    assert_eq!(it.machine.frozen(), ["acme-core==1.0", "lib==1.0"]);
    it.machine.write("assay.toml", rules(&it.acme));
    it.install(&["acme-core"])
        .fails(2, &["pyproject.toml", "assay.toml", "both"]);
}

#[test]
fn an_index_that_only_the_projects_file_names_is_not_asked() {
    let it = Pinned::new();
    let url = it.acme.index_url();
    let outcome = it.machine.install(&it.public, &["lib"]);
    outcome.fails(
        2,
        &[
            "assay.toml:2",
            &format!("--extra-index-url {url}"),
            &format!("extra-index-url = {url}"),
        ],
    );
    assert!(it.acme.requests().is_empty() && it.public.requests().is_empty());
    // A requirements file that the user names counts as the user's own.
    it.machine.write(
        "requirements.txt",
        format!("--extra-index-url {url}\nacme-core\n"),
    );
    it.machine
        .install(&it.public, &["-r", "requirements.txt"])
        .ok();
    // So do pip.conf, as the hint has it, and pip's variable.
    let conf = it
        .machine
        .write("pip.conf", format!("[global]\nextra-index-url = {url}\n"));
    let public = it.public.index_url();
    let args = ["install", "--venv", "third", "-i", &public, "acme-core"];
    let variables = [("PIP_CONFIG_FILE", conf.to_str().unwrap())];
    it.machine.assay_with(&args, &variables).ok();
    let variables = [("PIP_EXTRA_INDEX_URL", url.as_str())];
    let public = it.public.index_url();
    let args = ["install", "--venv", "other", "-i", &public, "acme-core"];
    it.machine.assay_with(&args, &variables).ok();
}

#[test]
fn a_mistake_in_the_rules_is_told_before_anybody_is_asked() {
    let it = Pinned::new();
    let remote = it.public.url("/requirements.txt");
    for (wrong, words) in [
        ("[indexes.acme]\nuri = 'x'", "assay.toml:2:1"),
        ("[hook]", "assay.toml:1:2: \"hook\" is not known"),
        ("a = ", "assay.toml:1:5"),
        ("[policy]\n\u{202e} = 1", "assay.toml:2"),
    ] {
        it.machine.write("assay.toml", wrong);
        let outcome = it.install(&["-r", &remote]).fails(2, &[words]);
        assert!(!outcome.err.contains('\u{202e}'), "{}", outcome.err);
    }
    let twice = format!(
        "{}\n[indexes.b]\nurl = \"{}\"\n[[policy.rule]]\nprojects = [\"acme-core\"]\nindex = \"b\"\n",
        rules(&it.acme),
        it.public.index_url()
    );
    it.machine.write("assay.toml", twice);
    it.install(&["lib"]).fails(2, &["acme-core meets acme-*"]);
    assert!(it.public.requests().is_empty() && it.acme.requests().is_empty());
}

#[test]
fn rules_that_others_could_have_written_are_refused() {
    let it = Pinned::new();
    let file = it.machine.path("assay.toml");
    let mode =
        |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o666);
    it.install(&["lib"])
        .fails(4, &["assay.toml can be written to by other users", "chmod"]);
    mode(0o644);
    it.install(&["lib"]).ok();
}

#[test]
fn a_file_on_the_command_line_is_taken_and_one_in_a_requirements_file_is_not() {
    let it = Pinned::new();
    let wheel = simple("acme-core", "5.0", &[]);
    let path = format!("house/{}", wheel.file_name);
    it.machine.write(&path, &wheel.bytes);
    it.machine.write("requirements.txt", format!("./{path}\n"));
    it.install(&["-r", "requirements.txt"])
        .fails(4, &["acme-core", "assay.toml:5", "command line"]);
    it.install(&[&format!("./{path}")]).ok();
    let frozen = it.machine.frozen();
    assert!(frozen[0].contains("acme_core-5.0"), "{frozen:?}");
}

#[test]
fn a_folder_on_the_command_line_serves_a_pinned_project_and_other_folders_do_not() {
    let it = Pinned::new();
    let wheel = simple("acme-core", "5.0", &[]);
    it.machine
        .write(&format!("house/{}", wheel.file_name), &wheel.bytes);
    it.machine
        .write("requirements.txt", "--find-links house\nacme-core\n");
    it.install(&["-r", "requirements.txt"]).ok();
    assert_eq!(it.machine.frozen(), ["acme-core==1.0", "lib==1.0"]);
    it.install(&["-U", "-f", "house", "acme-core"]).ok();
    assert_eq!(it.machine.frozen(), ["acme-core==5.0", "lib==1.0"]);
    // Nobody is asked, so no index need be named.
    it.machine
        .assay(&[
            "install",
            "--venv",
            "other",
            "--no-index",
            "-f",
            "house",
            "acme-core",
        ])
        .ok();
    it.machine
        .assay(&[
            "install",
            "--venv",
            "third",
            "--no-index",
            "-r",
            "requirements.txt",
        ])
        .fails(1, &["acme-core"]);
}

/// Two servers that know each other's address; each gets the URL of the other's page of `app`.
fn pair(
    first: impl FnOnce(&str) -> assay_testkit::server::Builder,
    second: impl FnOnce(&str) -> assay_testkit::server::Builder,
) -> (IndexServer, IndexServer) {
    let place = || TcpListener::bind("127.0.0.1:0").unwrap();
    let (one, two) = (place(), place());
    let page = |it: &TcpListener| format!("http://{}/simple/app/", it.local_addr().unwrap());
    let (page_one, page_two) = (page(&one), page(&two));
    (
        first(&page_two).at(one).start(),
        second(&page_one).at(two).start(),
    )
}

#[test]
fn an_index_that_tracks_another_serves_with_it_and_that_is_said() {
    let tracks = |url: &str| json!({"api-version": "1.2", "tracks": [url]});
    let old = || builder(&[simple("app", "1.0", &[])]);
    let new = || builder(&[simple("app", "2.0", &[])]);
    let (private, public) = pair(|other| old().json_key("meta", tracks(other)), |_| new());
    let machine = Machine::new();
    let extra = private.index_url();
    let outcome = machine
        .install(&public, &["--extra-index-url", &extra, "app"])
        .ok();
    assert_eq!(machine.frozen(), ["app==2.0"]);
    assert!(
        outcome.err.contains("says that it tracks the other"),
        "{}",
        outcome.err
    );

    // The other way round it is the later one's word alone, which counts for nothing.
    let (private, public) = pair(|_| old(), |other| new().json_key("meta", tracks(other)));
    let machine = Machine::new();
    let extra = private.index_url();
    let outcome = machine
        .install(&public, &["--extra-index-url", &extra, "app"])
        .ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
    assert!(
        outcome.err.contains("the first index does not say so"),
        "{}",
        outcome.err
    );

    // Both agree: nothing to tell.
    let (private, public) = pair(
        |other| old().json_key("alternate-locations", json!([other])),
        |other| new().json_key("alternate-locations", json!([other])),
    );
    let machine = Machine::new();
    let extra = private.index_url();
    let outcome = machine
        .install(&public, &["--extra-index-url", &extra, "app"])
        .ok();
    assert_eq!(machine.frozen(), ["app==2.0"]);
    assert!(!outcome.err.contains("PEP 708"), "{}", outcome.err);
}

#[test]
fn explain_index_names_the_place_the_reason_and_the_rule() {
    let it = Pinned::new();
    let (acme, public) = (it.acme.index_url(), it.public.index_url());
    let explain = |more: &[&str]| {
        let mut args = vec!["explain-index", "-i", &public, "--extra-index-url", &acme];
        args.extend(more);
        it.machine.assay(&args)
    };
    let outcome = explain(&["acme-core", "lib"]).ok();
    for words in [
        &format!("acme-core would come from {acme}"),
        "assay.toml:5 lets acme-* come from this index alone",
        "not asked: the project is pinned to another index",
        &format!("lib would come from {public}"),
        "it is the first index that has the name",
        "does not have it",
    ] {
        assert!(
            outcome.out.contains(words),
            "{words} is not in\n{}",
            outcome.out
        );
    }
    let requests = it.public.requests();
    assert!(requests.iter().all(|it| !it.path.contains("acme")));

    let value = &explain(&["--json", "acme-core"]).ok().json()[0];
    assert_eq!(value["name"], "acme-core");
    assert_eq!(value["served-by"], json!([acme]));
    assert_eq!(value["pin"]["stated-in"], "assay.toml:5");
    assert_eq!(value["places"][0]["files"], 1);
    assert_eq!(value["places"][1]["asked"], false);

    let outcome = explain(&["acme-absent", "nobody"]);
    assert_eq!(outcome.code, 4, "{outcome:?}");
    assert!(outcome.out.contains("acme-absent would not be installed"));
    assert_eq!(explain(&["nobody"]).code, 1);
}

#[test]
fn explain_index_shows_failures_claims_and_cooldowns() {
    let tracks = |url: &str| json!({"api-version": "1.2", "tracks": [url]});
    let (private, public) = pair(
        |other| builder(&[simple("app", "1.0", &[])]).json_key("meta", tracks(other)),
        |_| {
            builder(&[simple("app", "2.0", &[]), simple("lib", "1.0", &[])])
                .behave("/simple/gone/", Behaviour::Status(403))
        },
    );
    let machine = Machine::new();
    let (first, second) = (private.index_url(), public.index_url());
    let explain = |more: &[&str]| {
        let mut args = vec!["explain-index", "-i", &second, "--extra-index-url", &first];
        args.extend(more);
        machine.assay(&args)
    };
    let outcome = explain(&[
        "--min-age",
        "7 days",
        "--min-age",
        &format!("{first}=0"),
        "app",
    ])
    .ok();
    for words in [
        &format!("app would come from {first} and {second}"),
        "the first says that it tracks it (PEP 708)",
        &format!("says that it tracks {second}app/"),
        "uploads since",
        "none",
    ] {
        assert!(
            outcome.out.contains(words),
            "{words} is not in\n{}",
            outcome.out
        );
    }
    let outcome = explain(&["gone"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.out.contains("403"), "{}", outcome.out);
    let shadowed = [
        "explain-index",
        "-i",
        &first,
        "--extra-index-url",
        &second,
        "app",
    ];
    let outcome = machine.assay(&shadowed).ok();
    assert!(outcome.out.contains("has the name too"), "{}", outcome.out);
}

#[test]
fn one_projects_page_is_asked_for_again() {
    let server = builder(&[simple("app", "1.0", &[]), simple("lib", "1.0", &[])])
        .max_age(600)
        .start();
    let machine = Machine::new();
    let url = server.index_url();
    let asked = |words: &[&str]| {
        server.clear_requests();
        let mut args = vec!["explain-index", "-i", &url, "app", "lib"];
        args.extend(words);
        machine.assay(&args).ok();
        let mut paths: Vec<_> = server.requests().into_iter().map(|it| it.path).collect();
        paths.sort();
        paths.dedup();
        paths
    };
    let (app, lib) = ("/simple/app/", "/simple/lib/");
    assert_eq!(asked(&[]), [app, lib]);
    assert!(asked(&[]).is_empty());
    assert_eq!(asked(&["--refresh-package", "App"]), [app]);
    assert_eq!(asked(&["--refresh-package", "app,:none:,lib"]), [lib]);
    assert_eq!(
        asked(&["--refresh-package=app", "--refresh-package=:all:"]),
        [app, lib]
    );
    assert_eq!(asked(&["--refresh"]), [app, lib]);
    machine
        .assay(&[
            "explain-index",
            "-i",
            &url,
            "--refresh-package",
            "no name",
            "app",
        ])
        .fails(2, &["--refresh-package"]);
}
