use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::PathBuf,
};

use super::*;

mod principals;

/// A machine's file, a user's, and a project's folder, all absent at first.
struct Places(tempfile::TempDir);

impl Places {
    fn new() -> Self {
        let places = Self(tempfile::tempdir().unwrap());
        fs::create_dir(places.path("work")).unwrap();
        places
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn read(&self) -> Result<PolicyFiles> {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let times = Times { now, latest: now };
        let (machine, user) = (self.path(MACHINE_FILE), self.path(USER_FILE));
        let mut files = PolicyFiles::own(&machine, Some(&user), times)?;
        let (work, home) = (self.path("work"), self.path(""));
        files.add_project(&work, Some(&home), &self.approvals(), times)?;
        Ok(files)
    }

    fn approvals(&self) -> Approvals {
        Approvals::new(&self.path("state"))
    }

    fn policy(&self) -> Result<Policy> {
        let mut policy = Policy::new(assay_trust::Cooldown::none());
        self.read()?.apply(&mut policy)?;
        Ok(policy)
    }

    fn fails(&self, code: u8, words: &[&str]) {
        let failure = self.policy().unwrap_err();
        assert_eq!(failure.exit_code(), code, "{failure}");
        let said = failure.to_string();
        for word in words {
            assert!(said.contains(word), "{word} is not in {said}");
        }
    }
}

const MACHINE_FILE: &str = "etc/assay/policy.toml";
const USER_FILE: &str = "config/assay/policy.toml";
const PROJECT_FILE: &str = "work/assay.toml";
const ALL: [&str; 3] = [MACHINE_FILE, USER_FILE, PROJECT_FILE];

#[test]
fn the_rules_of_all_three_files_are_in_force() {
    let places = Places::new();
    assert_eq!(places.read().unwrap().iter().count(), 0);
    for (at, file) in ALL.into_iter().enumerate() {
        let rule = format!("[[policy.rule]]\nprojects = ['p{at}']\ndeny = 'because'\n");
        places.write(file, &rule);
        let policy = places.policy().unwrap();
        let denial = policy.denial(&format!("p{at}").parse().unwrap()).unwrap();
        let place = &denial.place;
        assert!(place.ends_with(":3:8"), "{place}");
        assert_eq!(places.read().unwrap().iter().count(), at + 1);
    }
}

#[test]
fn a_mistake_in_any_file_is_told_with_its_place() {
    for file in ALL {
        let places = Places::new();
        let name = file.strip_prefix("work/").unwrap_or(file);
        places.write(file, "[policy]\nmin-age = 'soon'\n");
        places.fails(2, &[&format!("{name}:2:11"), "soon is no age"]);
        let expired = "[[policy.rule]]\nprojects = ['a']\nmin-age = '0'\nuntil = 2026-11-21\n";
        places.write(file, expired);
        places.fails(2, &[&format!("{name}:4:9"), "held until 2026-11-21"]);
        places.write(
            file,
            &expired.replace("'0'", "'9 days'").replace("-21", "-22"),
        );
        places.policy().unwrap();
    }
}

#[test]
fn only_ones_own_files_loosen() {
    let rule = |key: &str| format!("[[policy.rule]]\nprojects = ['a']\n{key}\n");
    let loosening = [
        ("min-age", "min-age = '0'"),
        ("startup", "startup = true"),
        ("overwrite", "overwrite = ['b']"),
        ("bad-record", "bad-record = true"),
        ("build", "build = true"),
    ];
    for (key, line) in loosening {
        for file in [MACHINE_FILE, USER_FILE] {
            let places = Places::new();
            places.write(file, &rule(line));
            places.policy().unwrap();
        }
        let places = Places::new();
        places.write(PROJECT_FILE, &rule(line));
        let place = format!("assay.toml:3:{}: {key} loosens", key.len() + 4);
        places.fails(
            2,
            &[
                &place,
                "may only tighten",
                "your own file",
                "assay policy approve",
            ],
        );
    }
    for line in ["min-age = '1 day'", "evidence = 'hash'", "deny = 'x'"] {
        let places = Places::new();
        places.write(PROJECT_FILE, &rule(line));
        places.policy().unwrap();
    }
}

#[test]
fn only_ones_own_files_choose_a_trust_root() {
    let general = "[sigstore]\ntrusted-root = 'root.json'\n";
    let of_index = "[indexes.a]\nurl = 'https://a.example/'\ntrusted-root = '/etc/a.json'\n";
    for text in [general, of_index] {
        for file in [MACHINE_FILE, USER_FILE] {
            let places = Places::new();
            places.write(file, text);
            places.policy().unwrap();
        }
        let places = Places::new();
        places.write(PROJECT_FILE, text);
        places.fails(2, &["assay.toml:", ":16: trusted-root loosens"]);
        places.write(
            PROJECT_FILE,
            "[sigstore]\n[publishers]\na = ['github:o/n']\n",
        );
        places.policy().unwrap();
    }
}

#[test]
fn the_first_file_with_a_trust_root_decides_and_in_it_the_index() {
    let places = Places::new();
    let [a, b] = ["https://a.example/", "https://b.example/"].map(|it| it.parse().unwrap());
    let root = |index| {
        let root = places.read().unwrap().trusted_root(index)?;
        Some((root.0.path, root.0.place))
    };
    assert_eq!(root(Some(&a)), None);
    places.write(USER_FILE, "[sigstore]\ntrusted-root = '../r.json'\n");
    let user = places.path(USER_FILE);
    let beside = user.parent().unwrap().with_file_name("r.json");
    let place = format!("{}:2:16", user.display());
    assert_eq!(root(None), Some((beside.clone(), place.clone())));
    let machine = "[indexes.a]\nurl = 'https://a.example'\ntrusted-root = '/a.json'\n";
    places.write(MACHINE_FILE, machine);
    assert_eq!(root(Some(&a)).unwrap().0, PathBuf::from("/a.json"));
    assert_eq!(root(Some(&b)), Some((beside, place)));
    places.write(
        MACHINE_FILE,
        &format!("[sigstore]\ntrusted-root = '/m.json'\n{machine}"),
    );
    assert_eq!(root(Some(&a)).unwrap().0, PathBuf::from("/a.json"));
    assert_eq!(root(Some(&b)).unwrap().0, PathBuf::from("/m.json"));
    assert_eq!(root(None).unwrap().0, PathBuf::from("/m.json"));
}

#[test]
fn publishers_of_all_files_are_told_apart() {
    let places = Places::new();
    for (at, file) in ALL.into_iter().enumerate() {
        let list = format!("[publishers]\n'Some.Name' = ['github:o/n{at}']\n");
        places.write(file, &list);
    }
    let files = places.read().unwrap();
    let found: Vec<_> = files
        .publishers()
        .map(|it| {
            assert!(it.place.ends_with(":2:15"), "{}", it.place);
            assert_eq!(it.project.to_string(), "some-name");
            (it.lead(), it.identities[0].name().to_owned())
        })
        .collect();
    let expected = [(true, "o/n0"), (true, "o/n1"), (false, "o/n2")];
    assert_eq!(found, expected.map(|(lead, name)| (lead, name.to_owned())));
}

#[test]
fn a_file_or_folder_that_others_can_write_to_is_refused() {
    for file in [MACHINE_FILE, USER_FILE] {
        let places = Places::new();
        let path = places.write(file, "");
        let folder = path.parent().unwrap();
        for (what, right, wrong) in [(path.as_path(), 0o644, 0o666), (folder, 0o755, 0o777)] {
            fs::set_permissions(what, Permissions::from_mode(wrong)).unwrap();
            places.fails(4, &["can be written to by other users", "chmod"]);
            fs::set_permissions(what, Permissions::from_mode(right)).unwrap();
            places.policy().unwrap();
        }
        // Who can write to the folder could have taken the file away.
        fs::remove_file(&path).unwrap();
        places.policy().unwrap();
        fs::set_permissions(folder, Permissions::from_mode(0o777)).unwrap();
        places.fails(4, &["can be written to"]);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_no_absent_one() {
    let places = Places::new();
    let path = places.write(USER_FILE, "");
    fs::remove_file(&path).unwrap();
    places.policy().unwrap();
    symlink("nowhere", &path).unwrap();
    places.fails(1, &["reading", USER_FILE]);
    fs::remove_file(&path).unwrap();
    symlink(places.write("elsewhere.toml", ""), &path).unwrap();
    places.policy().unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    places.fails(1, &["not a regular file"]);
}

#[test]
fn two_files_cannot_pin_a_project_to_two_indexes() {
    let places = Places::new();
    let rule = |host: &str| {
        format!(
            "[indexes.a]\nurl = 'https://{host}.example/'\n[[policy.rule]]\nprojects = ['a-*']\nindex = 'a'\n"
        )
    };
    places.write(MACHINE_FILE, &rule("one"));
    for (host, contradict) in [("one", false), ("two", true)] {
        places.write(USER_FILE, &rule(host));
        let pins = places.read().unwrap().pins(&Indexes::default());
        assert_eq!(pins.is_err(), contradict, "{pins:?}");
    }
}
