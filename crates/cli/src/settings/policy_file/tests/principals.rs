//! Keys, sources of statements and hooks: who may define them, and for whom.

use super::*;
use crate::settings::{At, KeyText};

const ONE: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const TWO: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

fn key(label: &str, text: &str) -> String {
    format!("[keys.{label}]\ned25519 = '{text}'\n")
}

fn source(keys: &str) -> String {
    format!("[statements.team]\nat = 'vouches'\nkeys = ['{keys}']\n")
}

const HOOK: &str = "[hooks.scan]\ncommand = ['/bin/scan']\n";

fn rule(word: &str) -> String {
    format!("[[policy.rule]]\nprojects = ['a']\nevidence = '{word}'\n")
}

impl Places {
    /// As `in_force` and `settings::policy` read them.
    fn principals(&self) -> Result<(PolicyFiles, Policy)> {
        let files = self.read()?;
        files.check()?;
        let mut policy = Policy::new(Cooldown::none());
        files.apply(&mut policy)?;
        files.add_principals(&mut policy)?;
        Ok((files, policy))
    }

    fn is_refused(&self, code: u8, words: &[&str]) {
        let failure = self.principals().map(drop).unwrap_err();
        assert_eq!(failure.exit_code(), code, "{failure}");
        let said = failure.render(false);
        for word in words {
            assert!(said.contains(word), "{word} is not in {said}");
        }
    }

    /// The user approves the project's file as it is now.
    fn approve(&self) {
        let path = self.path(PROJECT_FILE);
        let files = self.read().unwrap();
        let file = files.iter().last().unwrap();
        let keys = file.keys_now().unwrap();
        let approval = Approval {
            path,
            sha256: file.sha256,
            files: file.named_files(&keys).unwrap(),
            when: Timestamp::UNIX_EPOCH,
        };
        self.approvals().approve(&approval).unwrap();
    }
}

#[test]
fn what_files_name_reaches_the_policy_and_the_pipeline() {
    let places = Places::new();
    places.write(MACHINE_FILE, &key("acme", ONE));
    let more = "projects = ['acme-*']\n";
    let user = format!("{}{more}{HOOK}", source("acme"));
    let user = places.write(USER_FILE, &user);
    let (files, policy) = places.principals().unwrap();
    let [acme] = &policy.keys[..] else { panic!() };
    let place = format!("{}:1:1", places.path(MACHINE_FILE).display());
    assert_eq!((acme.label.as_str(), &acme.place), ("acme", &place));
    assert!(acme.key.raw().is_some() && acme.projects.is_none());
    let [team] = &policy.sources[..] else {
        panic!()
    };
    let project = |name: &str| name.parse().unwrap();
    assert!(team.covers(&project("acme-lib")) && !team.covers(&project("other")));
    assert!(team.keys.contains(&acme.label));
    let [statements] = &files.statements()[..] else {
        panic!()
    };
    let folder = user.parent().unwrap().join("vouches");
    assert_eq!(statements.at, At::Folder(folder));
    assert_eq!(
        (&statements.label, statements.author),
        (&team.label, Author::User)
    );
    assert_eq!(statements.place, team.place);
    let [hook] = &files.hooks()[..] else { panic!() };
    assert_eq!(hook.command, ["/bin/scan"]);
    assert_eq!((hook.label.as_str(), hook.timeout.as_secs()), ("scan", 60));
}

/// Words, and the table that defines their name.
fn words() -> [(&'static str, String); 6] {
    [
        ("key:acme", key("acme", ONE)),
        (
            "vouch:team",
            format!("{}{}", key("acme", ONE), source("acme")),
        ),
        (
            "notary:team",
            format!("{}{}", key("acme", ONE), source("acme")),
        ),
        (
            "rebuilt:team",
            format!("{}{}", key("acme", ONE), source("acme")),
        ),
        (
            "certified:team",
            format!("{}{}", key("acme", ONE), source("acme")),
        ),
        ("hook:scan", HOOK.to_owned()),
    ]
}

#[test]
fn a_name_means_what_its_own_file_says_or_one_that_binds_it() {
    for (word, table) in words() {
        for (at, user) in ALL.into_iter().enumerate() {
            for (by, definer) in ALL[..2].iter().enumerate() {
                let places = Places::new();
                places.write(definer, &table);
                let before = if *definer == user { &table } else { "" };
                places.write(user, &format!("{}{before}", rule(word)));
                let is_right = by <= at;
                assert_eq!(
                    places.principals().is_ok(),
                    is_right,
                    "{word}: {definer} for {user}"
                );
                if !is_right {
                    places.is_refused(
                        2,
                        &[
                            "policy.toml:3:12: there is no [",
                            "nor in one that binds it",
                        ],
                    );
                }
            }
        }
    }
}

#[test]
fn a_name_that_nothing_has_is_a_mistake_at_the_word() {
    for file in ALL {
        let places = Places::new();
        let text = "[policy]\nevidence = { any = ['hash', 'key:acme'] }\n";
        places.write(file, text);
        let name = file.strip_prefix("work/").unwrap_or(file);
        places.is_refused(2, &[&format!("{name}:2:29: there is no [keys.acme]")]);
        places.write(
            file,
            &rule("hash").replace("evidence = 'hash'", "wheel-signature = ['acme']"),
        );
        places.is_refused(2, &[&format!("{name}:3:20: there is no [keys.acme]")]);
        // Of another kind it does not count.
        if file != PROJECT_FILE {
            places.write(
                file,
                &format!("{text}{}{}", key("other", ONE), source("other")),
            );
            places.is_refused(2, &["there is no [keys.acme]"]);
            places.write(
                file,
                &format!("{text}{}{}", key("acme", ONE), source("other")),
            );
            places.is_refused(2, &[":7:9: there is no [keys.other]"]);
            places.write(
                file,
                &format!("{text}{}{}", key("acme", ONE), source("acme")),
            );
            places.principals().unwrap();
        }
    }
}

#[test]
fn a_project_names_nobody_before_it_is_approved() {
    for (word, table) in words() {
        let places = Places::new();
        places.write(PROJECT_FILE, &table);
        let (files, policy) = places.principals().unwrap();
        let nothing = (policy.keys.len(), policy.sources.len(), files.hooks().len());
        assert_eq!(
            (nothing, files.statements().len()),
            ((0, 0, 0), 0),
            "{word}"
        );
        places.write(PROJECT_FILE, &format!("{}{table}", rule(word)));
        places.is_refused(
            2,
            &[
                "assay.toml:3:12: [",
                "takes no effect yet",
                "assay policy approve assay.toml",
            ],
        );
        places.approve();
        let (files, policy) = places.principals().unwrap();
        let all = policy.keys.len() + policy.sources.len() + files.hooks().len();
        assert!(
            all > 0 && policy.sources.len() == files.statements().len(),
            "{word}"
        );
        places.write(PROJECT_FILE, &format!("{}{table}\n", rule(word)));
        places.is_refused(2, &["takes no effect yet", "changed since"]);
    }
}

#[test]
fn a_project_tightens_by_the_names_of_ones_own_files() {
    let places = Places::new();
    places.write(USER_FILE, &key("acme", ONE));
    places.write(
        PROJECT_FILE,
        &format!("{}wheel-signature = ['acme']\n", rule("key:acme")),
    );
    let (_, policy) = places.principals().unwrap();
    assert_eq!(policy.keys_asked(&"a".parse().unwrap()).len(), 1);
    // Its own key of that name is not meant until it is approved, and contradicts then.
    places.write(
        PROJECT_FILE,
        &format!("{}{}", rule("key:acme"), key("acme", TWO)),
    );
    let (_, policy) = places.principals().unwrap();
    assert!(policy.keys[0].place.ends_with("policy.toml:1:1"));
    places.approve();
    places.is_refused(
        2,
        &[
            "assay.toml:4:1: [keys.acme] is something else at",
            "policy.toml:1:1",
        ],
    );
}

#[test]
fn one_name_means_one_thing() {
    let team = |rest: &str| format!("{}{}{rest}", key("a", ONE), source("a"));
    let hook = |rest: &str| format!("{HOOK}{rest}");
    let same = [
        (key("a", ONE), key("a", ONE)),
        (
            team(""),
            team("criteria = ['looked-at']\n").replace("vouches", "../../etc/assay/vouches"),
        ),
        (hook(""), hook("timeout = '1 min'\n")),
    ];
    let other = [
        (key("a", ONE), key("a", TWO), "keys.a"),
        (
            key("a", ONE),
            key("a", ONE) + "projects = ['b']\n",
            "keys.a",
        ),
        (
            key("a", ONE),
            key("a", ONE) + "until = 2027-01-01\n",
            "keys.a",
        ),
        (
            team(""),
            team("").replace("vouches", "other"),
            "statements.team",
        ),
        (team(""), team(""), "statements.team"),
        (team(""), team("criteria = ['ran']\n"), "statements.team"),
        (team(""), team("projects = ['b']\n"), "statements.team"),
        (hook(""), hook("timeout = '2 min'\n"), "hooks.scan"),
        (
            hook(""),
            hook("").replace("scan']", "scan', '-q']"),
            "hooks.scan",
        ),
    ];
    let places = Places::new();
    for (machine, user) in same {
        let [here, there] = [MACHINE_FILE, USER_FILE].map(|it| places.path(it));
        places.write(MACHINE_FILE, &machine);
        let folder = here.parent().unwrap().join("vouches").display().to_string();
        places.write(USER_FILE, &user.replace("../../etc/assay/vouches", &folder));
        let (files, policy) = places
            .principals()
            .unwrap_or_else(|it| panic!("{user}: {it} {there:?}"));
        assert!(policy.keys.len() <= 1 && policy.sources.len() <= 1 && files.hooks().len() <= 1);
    }
    for (machine, user, name) in other {
        places.write(MACHINE_FILE, &machine);
        places.write(USER_FILE, &user);
        places.is_refused(
            2,
            &[
                &format!("[{name}] is something else at"),
                MACHINE_FILE,
                USER_FILE,
            ],
        );
    }
}

#[test]
fn a_key_in_a_file_is_read_as_what_names_it_is() {
    for file in [MACHINE_FILE, USER_FILE] {
        let places = Places::new();
        places.write(file, "[keys.a]\ned25519 = 'keys/a.pem'\n");
        let folder = places.path(file).parent().unwrap().to_owned();
        let beside = |name: &str| {
            folder
                .join(name)
                .strip_prefix(places.path(""))
                .unwrap()
                .display()
                .to_string()
        };
        let place = "policy.toml:2:11";
        places.is_refused(2, &["keys/a.pem: No such file", place]);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{ONE}\n-----END PUBLIC KEY-----\n");
        let path = places.write(&beside("keys/a.pem"), &pem);
        places.principals().unwrap();
        places.write(&beside("keys/a.pem"), &pem.replace("AQEB", "AQE"));
        places.is_refused(
            2,
            &[&format!("{place}: ed25519: keys/a.pem is no public key")],
        );
        places.write(&beside("keys/a.pem"), &pem);
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        places.is_refused(4, &["can be written to by other users", place]);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        places.principals().unwrap();
        fs::write(&path, "x".repeat((1 << 20) + 1)).unwrap();
        places.is_refused(2, &["a.pem", place]);
        fs::remove_file(&path).unwrap();
        symlink("/dev/zero", &path).unwrap();
        places.is_refused(2, &["not a regular file", place]);
    }
}

#[test]
fn what_a_project_approved_of_a_key_file_is_its_bytes() {
    let places = Places::new();
    let text = format!("{}[keys.a]\ned25519 = 'a.pem'\n", rule("key:a"));
    places.write(PROJECT_FILE, &text);
    places.write("work/a.pem", ONE);
    places.approve();
    let (_, policy) = places.principals().unwrap();
    assert_eq!(policy.keys.len(), 1);
    places.write("work/a.pem", TWO);
    places.is_refused(
        4,
        &[
            "a.pem changed since",
            "assay policy approve",
            "assay.toml:5:11",
        ],
    );
    // The same key in other bytes was not approved either.
    places.write("work/a.pem", &format!("{ONE}\n"));
    places.is_refused(4, &["a.pem changed since"]);
    places.write("work/a.pem", ONE);
    places.principals().unwrap();
    // Nobody reads a file that only a clone names.
    places.write(PROJECT_FILE, "[keys.a]\ned25519 = 'missing.pem'\n");
    let (files, _) = places.principals().unwrap();
    let text = &files
        .iter()
        .last()
        .unwrap()
        .document
        .keys
        .values()
        .next()
        .unwrap()
        .value
        .text;
    assert_eq!(text.value, KeyText::File("missing.pem".into()));
}

#[test]
fn the_example_of_the_page_names_nothing_that_it_does_not_define() {
    let page = include_str!("../../../../../../docs/policy.md");
    let example = page.split("```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let places = Places::new();
    places.write(USER_FILE, example);
    places.read().unwrap().check().unwrap();
    places.write(
        USER_FILE,
        &example.replace("[keys.old-key]", "[keys.older-key]"),
    );
    assert!(places.read().unwrap().check().is_err());
}
