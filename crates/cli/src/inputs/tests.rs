use std::{cell::RefCell, collections::HashMap};

use assay_types::listing::Origin;

use super::*;

/// A folder with files, and files on the network.
pub(super) struct World {
    pub(super) folder: tempfile::TempDir,
    network: HashMap<&'static str, &'static str>,
    asked: RefCell<Vec<String>>,
}

impl World {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self {
            folder,
            network: HashMap::new(),
            asked: RefCell::default(),
        }
    }

    fn online(mut self, url: &'static str, text: &'static str) -> Self {
        self.network.insert(url, text);
        self
    }

    pub(super) fn gather(&self, requirements: &[&str], files: &[&str]) -> Result<Inputs> {
        let strings = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
        let args = RequirementArgs {
            requirements: strings(requirements),
            requirement: strings(files),
            ..RequirementArgs::default()
        };
        let mut around = Surroundings::default();
        around.working_dir = self.folder.path().to_owned();
        gather(&args, &around, None, &|url| {
            self.asked.borrow_mut().push(url.to_string());
            let text = self.network.get(url.as_str());
            text.map(|it| it.as_bytes().to_vec())
                .ok_or_else(|| Failure::could_not("not there"))
        })
    }

    pub(super) fn exit_code(&self, requirements: &[&str], files: &[&str]) -> u8 {
        self.gather(requirements, files)
            .err()
            .map_or(0, |it| it.exit_code())
    }
}

pub(super) fn shown(inputs: &Inputs) -> Vec<String> {
    inputs
        .roots
        .iter()
        .map(|it| format!("{} from {}", it.requirement.name, it.from))
        .collect()
}

const WHEEL: &str = "flask-1.0-py3-none-any.whl";

#[test]
fn names_files_and_includes_are_gathered_in_order() {
    let world = World::new(&[
        ("requirements.txt", "a>=1\n-r more/b.txt\n-c limits.txt\n"),
        ("more/b.txt", "b  # a comment\n"),
        ("limits.txt", "c<2\n"),
    ]);
    let inputs = world.gather(&["z[x]"], &["requirements.txt"]).unwrap();
    assert_eq!(
        shown(&inputs),
        [
            "z from the command line",
            "a from requirements.txt:1",
            "b from b.txt:1"
        ]
    );
    assert_eq!(inputs.constraints[0].from, "limits.txt:1");
}

#[test]
fn a_file_that_includes_itself_is_refused_and_one_that_is_included_twice_is_not() {
    let world = World::new(&[
        ("a.txt", "-r b.txt\n"),
        ("b.txt", "-r a.txt\n"),
        ("c.txt", "-r d.txt\n-r d.txt\n"),
        ("d.txt", "x\n"),
    ]);
    assert_eq!(world.exit_code(&[], &["a.txt"]), 2);
    assert_eq!(world.gather(&[], &["c.txt"]).unwrap().roots.len(), 2);
}

#[test]
fn local_wheels_and_folders_of_wheels_are_named_files() {
    let world = World::new(&[
        (WHEEL, ""),
        ("house/a-1.0-py3-none-any.whl", ""),
        ("house/b-2.0-py3-none-any.whl", ""),
    ]);
    let inputs = world
        .gather(&[&format!("./{WHEEL}[async]"), "house/"], &[])
        .unwrap();
    assert_eq!(inputs.named.len(), 3);
    assert_eq!(inputs.roots[0].requirement.extras.len(), 1);
    assert!(
        inputs
            .named
            .values()
            .all(|it| matches!(it.origin, Origin::Local(_)))
    );
    assert_eq!(world.exit_code(&["./gone-1.0-py3-none-any.whl"], &[]), 1);
}

#[test]
fn direct_urls_bring_their_digests_and_lose_their_secrets() {
    let world = World::new(&[]);
    let url = format!(
        "https://user:secret@files.example/{WHEEL}#sha256={}",
        "ab".repeat(32)
    );
    for text in [format!("flask @ {url}"), url.clone()] {
        let inputs = world.gather(&[&text], &[]).unwrap();
        let project = "flask".parse().unwrap();
        assert_eq!(
            inputs.named[&project].origin.to_string(),
            format!("https://files.example/{WHEEL}")
        );
        assert_eq!(inputs.hash_evidence(&project).count(), 1);
        assert!(!inputs.require_hashes);
    }
    let other = format!("other @ https://files.example/{WHEEL}");
    assert_eq!(world.exit_code(&[&other], &[]), 2);
}

#[test]
fn an_archive_has_no_folders_of_projects() {
    let world = World::new(&[]);
    let url = "https://files.example/demo-1.0.tar.gz";
    for text in [url.to_owned(), format!("demo @ {url}")] {
        assert!(world.gather(&[&text], &[]).is_ok(), "{text}");
        let below = format!("{text}#subdirectory=python");
        assert_eq!(world.exit_code(&[&below], &[]), 2, "{below}");
    }
}

#[test]
fn one_hash_demands_hashes_of_all() {
    let text = format!("flask==1.0 --hash=sha256:{}\nother\n", "ab".repeat(32));
    let world = World::new(&[("requirements.txt", &text), ("plain.txt", "flask==1.0\n")]);
    let inputs = world.gather(&[], &["requirements.txt"]).unwrap();
    assert!(inputs.require_hashes);
    let given = |name: &str| inputs.hash_evidence(&name.parse().unwrap()).count();
    assert_eq!((given("flask"), given("other")), (1, 0));
    assert!(!world.gather(&[], &["plain.txt"]).unwrap().require_hashes);
}

#[test]
fn a_file_from_the_network_may_name_requirements_and_nothing_else() {
    let remote = "https://host.example/requirements.txt";
    for (text, code) in [
        ("flask\n", 0),
        ("--pre\nflask\n", 0),
        ("-i https://evil.example/simple\n", 4),
        ("--extra-index-url https://evil.example/simple\n", 4),
        ("-f https://evil.example/\n", 4),
        ("--trusted-host evil.example\n", 4),
        ("./flask-1.0-py3-none-any.whl\n", 4),
        ("/tmp/flask-1.0-py3-none-any.whl\n", 4),
        ("file:///tmp/flask-1.0-py3-none-any.whl\n", 4),
        ("flask @ file:///tmp/flask-1.0-py3-none-any.whl\n", 4),
        ("-r file:///etc/passwd\n", 4),
        ("https://a.example/x-1.0-py3-none-any.whl\n", 4),
        ("https://a.example/x-1.0.tar.gz\n", 4),
        ("-e .\n", 4),
        ("-e file:///tmp/x\n", 4),
        ("x @ file:///tmp\n", 4),
        ("git+https://git.example/x\n", 4),
        ("x @ git+https://git.example/x@main\n", 4),
        (
            "git+https://git.example/x@0123456789abcdef0123456789abcdef01234567\n",
            0,
        ),
        (
            "git+file:///x@0123456789abcdef0123456789abcdef01234567\n",
            4,
        ),
        ("x @ https://a.example/x-1.0-py3-none-any.whl\n", 4),
    ] {
        let world = World::new(&[]).online(remote, text);
        assert_eq!(world.exit_code(&[], &[remote]), code, "{text:?}");
    }
}

#[test]
fn a_file_from_the_network_names_urls_with_hashes_and_is_named_with_them() {
    let remote = "https://host.example/limits/c.txt";
    let wheel = "https://a.example/x-1.0-py3-none-any.whl";
    let hash = "0".repeat(64);
    for (text, code) in [
        (format!("x @ {wheel}\n"), 4),
        (format!("x @ {wheel}#sha1={}\n", &hash[..40]), 4),
        (format!("x @ {wheel}#sha256={hash}\n"), 0),
        (format!("x @ {wheel} --hash=sha256:{hash}\n"), 0),
    ] {
        let text: &str = text.leak();
        let world = World::new(&[("c.txt", "-c https://host.example/limits/c.txt\n")]);
        let world = world.online(remote, text);
        assert_eq!(world.exit_code(&[], &[remote]), code, "{text:?}");
        assert_eq!(world.exit_code(&[], &["c.txt"]), code, "{text:?}");
        for file in [remote, "c.txt"] {
            let Ok(inputs) = world.gather(&[], &[file]) else {
                continue;
            };
            let given = &inputs.hashes.values().next().unwrap()[0];
            assert!(
                given.from.contains(&format!("{remote}:1")),
                "{}",
                given.from
            );
        }
    }
    let world = World::new(&[("r.txt", "x @ https://a.example/x-1.0-py3-none-any.whl\n")]);
    assert_eq!(world.exit_code(&[], &["r.txt"]), 0);
}

#[test]
fn includes_of_a_remote_file_stay_remote_and_get_no_variables() {
    let world = World::new(&[("other.txt", "local\n")])
        .online("https://host.example/a.txt", "-r other.txt\n")
        .online("https://host.example/other.txt", "remote-${HOME}\n");
    assert!(world.gather(&[], &["https://host.example/a.txt"]).is_err());
    assert_eq!(
        *world.asked.borrow(),
        [
            "https://host.example/a.txt",
            "https://host.example/other.txt"
        ]
    );
}

#[test]
fn mistakes_name_file_line_and_column() {
    let world = World::new(&[("requirements.txt", "flask\nflask >=\n")]);
    let error = world
        .gather(&[], &["requirements.txt"])
        .unwrap_err()
        .to_string();
    assert!(error.contains("requirements.txt:2:"), "{error}");
    assert!(error.contains('^'), "{error}");
}
