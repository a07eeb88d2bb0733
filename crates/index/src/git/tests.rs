//! Against repositories that the system's git made.

use std::{fs, os::unix::fs::symlink, path::PathBuf, process::Command};

use assay_types::requirement::DirectUrl;

use super::*;

/// A folder with repositories, and the user's own settings of git.
struct World {
    folder: tempfile::TempDir,
    git: Git,
}

impl World {
    /// `None` where there is no git.
    fn new() -> Option<Self> {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut GitConfig)) -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "where git is")]
        let path = std::env::var_os("PATH")?;
        let folder = tempfile::tempdir().unwrap();
        let home = ("HOME".to_owned(), folder.path().into());
        let mut config = GitConfig::new(path, vec![home]);
        change(&mut config);
        match Git::find(config) {
            Ok(git) => Some(Self { folder, git }),
            Err(error) => {
                println!("skipped: {error}");
                None
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A repository with these files in one commit, tagged.
    fn repository(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let root = self.path(name);
        fs::create_dir(&root).unwrap();
        self.run(&root, &["init", "--quiet", "--initial-branch=main"]);
        self.commit(&root, files);
        self.run(&root, &["tag", "-a", "v1.0", "-m", "one"]);
        root
    }

    fn commit(&self, root: &Path, files: &[(&str, &str)]) -> String {
        for (name, text) in files {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        self.run(root, &["add", "--all"]);
        self.run(root, &["commit", "--quiet", "--allow-empty", "-m", "x"]);
        self.run(root, &["rev-parse", "HEAD"])
    }

    fn run(&self, root: &Path, arguments: &[&str]) -> String {
        let output = Command::new(&self.git.program)
            .args(["-c", "user.name=u", "-c", "user.email=u@u.example"])
            .args(["-c", "protocol.file.allow=always"])
            .args(arguments)
            .current_dir(root)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PATH", &self.git.path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout)
            .unwrap()
            .trim_end()
            .to_owned()
    }

    fn checkout(&self, name: &str, rest: &str) -> Result<Checkout, IndexError> {
        let url = format!("git+file://{}{rest}", self.path(name).display());
        let address = Address::parse(&DirectUrl::parse(&url).unwrap()).unwrap();
        let into = self
            .folder
            .path()
            .join(format!("out{rest}").replace(['/', '#'], "_"));
        self.git.checkout(&address, &into)
    }

    fn fact(&self, name: &str, rest: &str) -> String {
        self.checkout(name, rest).unwrap_err().to_string()
    }
}

#[test]
fn branches_tags_references_and_commits_are_checked_out_with_what_describes_them() {
    let Some(world) = World::new() else { return };
    let root = world.repository("demo", &[("a.txt", "one")]);
    let first = world.run(&root, &["rev-parse", "HEAD"]);
    let second = world.commit(&root, &[("a.txt", "two")]);
    world.run(&root, &["branch", "side", &first]);
    world.run(&root, &["update-ref", "refs/pull/7/head", &first]);
    for (rest, commit, text) in [
        ("", &second, "two"),
        ("@main", &second, "two"),
        ("@side", &first, "one"),
        ("@v1.0", &first, "one"),
        ("@refs/pull/7/head", &first, "one"),
        ("@refs/tags/v1.0", &first, "one"),
        (&format!("@{first}"), &first, "one"),
        (&format!("@{}", &first[..8]), &first, "one"),
    ] {
        let checkout = world.checkout("demo", rest).unwrap();
        assert_eq!(checkout.commit.as_str(), commit, "{rest}");
        let found = fs::read_to_string(checkout.root.join("a.txt")).unwrap();
        assert_eq!(found, text, "{rest}");
        let described = world.run(&checkout.root, &["describe", "--tags", "--dirty", "--long"]);
        assert!(described.starts_with("v1.0-"), "{described}");
        assert!(!described.ends_with("dirty"), "{described}");
    }
}

#[test]
fn what_is_not_there_is_told_and_nothing_stands_for_a_full_id_but_itself() {
    let Some(world) = World::new() else { return };
    let root = world.repository("demo", &[("a.txt", "one")]);
    let tag = world.run(&root, &["rev-parse", "refs/tags/v1.0"]);
    world.run(&root, &["branch", &"0".repeat(40)]);
    assert!(
        world
            .fact("demo", "@other")
            .contains("no branch, tag or commit other")
    );
    assert!(
        world
            .fact("demo", "@abcd")
            .contains("no branch, tag or commit abcd")
    );
    let fact = world.fact("demo", &format!("@{tag}"));
    assert!(fact.contains("is no commit, and stands for"), "{fact}");
    assert!(
        world
            .checkout("demo", &format!("@{}", "0".repeat(40)))
            .is_err()
    );
    assert!(world.fact("gone", "").contains("git failed at ls-remote"));
    let empty = world.path("empty");
    fs::create_dir(&empty).unwrap();
    world.run(&empty, &["init", "--quiet"]);
    assert!(world.fact("empty", "").contains("no commit to take"));
}

#[test]
fn a_repository_runs_nothing() {
    let Some(world) = World::new() else { return };
    let mark = world.path("mark");
    let script = format!("#!/bin/sh\ntouch '{}'\n", mark.display());
    let program = world.path("program.sh");
    assay_testkit::program::script(&program, &script);
    let program = program.display();
    // What the user's own settings would run: for everything, and for what attributes name.
    let settings = format!(
        "[core]\n\thooksPath = {0}\n\tfsmonitor = {1}\n[filter \"evil\"]\n\tsmudge = {1}\n\
         \tclean = {1}\n\tprocess = {1}\n\trequired = true\n[init]\n\ttemplateDir = {2}\n",
        world.path("hooks").display(),
        program,
        world.path("template").display(),
    );
    for folder in ["hooks", "template/hooks"] {
        let folder = world.path(folder);
        fs::create_dir_all(&folder).unwrap();
        assay_testkit::program::script(&folder.join("post-checkout"), &script);
    }
    world.repository(
        "demo",
        &[("a.txt", "one"), (".gitattributes", "* filter=evil\n")],
    );
    fs::write(world.path(".gitconfig"), settings).unwrap();
    let checkout = world.checkout("demo", "@main").unwrap();
    let found = fs::read_to_string(checkout.root.join("a.txt")).unwrap();
    assert_eq!(found, "one");
    assert!(!mark.exists());
    // The same by hand does run something: the test would notice.
    let by_hand = world.path("by-hand");
    let url = format!("file://{}", world.path("demo").display());
    let mut clone = Command::new(&world.git.program);
    clone.args(["clone", &url]).arg(&by_hand);
    clone.env("HOME", world.folder.path()).output().unwrap();
    assert!(mark.exists());
}

#[test]
fn submodules_come_over_the_network_only() {
    let Some(world) = World::new() else { return };
    let inner = world.repository("inner", &[("secret.txt", "s")]);
    for (name, url, is_fine) in [
        ("by-file", format!("file://{}", inner.display()), false),
        ("by-path", inner.display().to_string(), false),
        ("by-ext", "ext::sh -c touch% /tmp/x".to_owned(), false),
        ("by-http", "http://git.example/inner".to_owned(), false),
        ("none", String::new(), true),
    ] {
        let root = world.repository(name, &[("a.txt", "one")]);
        if !is_fine {
            let add = [
                "submodule",
                "--quiet",
                "add",
                inner.to_str().unwrap(),
                "inner",
            ];
            world.run(&root, &add);
            let text = format!("[submodule \"inner\"]\n\tpath = inner\n\turl = {url}\n");
            world.commit(&root, &[(".gitmodules", &text)]);
        }
        let result = world.checkout(name, &format!("#egg={name}"));
        assert_eq!(result.is_ok(), is_fine, "{name}: {result:?}");
        if let Err(error) = result {
            let fact = error.to_string();
            assert!(fact.contains("submodules"), "{name}: {fact}");
        }
        let _ = fs::remove_dir_all(world.path(&format!("out_egg={name}")));
    }
}

#[test]
fn a_subdirectory_is_a_folder_of_the_repository() {
    let Some(world) = World::new() else { return };
    let root = world.repository("demo", &[("python/x.py", ""), ("a.txt", "")]);
    symlink("/etc", root.join("out")).unwrap();
    symlink("python", root.join("in")).unwrap();
    world.commit(&root, &[]);
    let checkout = world.checkout("demo", "").unwrap();
    let below = |folder: &str| {
        let url = format!("git+{}#subdirectory={folder}", checkout.url);
        let address = Address::parse(&DirectUrl::parse(&url).unwrap()).unwrap();
        checkout.repository(&address)
    };
    let repository = below("python").unwrap();
    assert_eq!(repository.subdirectory.unwrap().as_str(), "python");
    for bad in ["out", "in", "a.txt", "gone", ".git"] {
        let fact = below(bad).unwrap_err().to_string();
        assert!(fact.contains("it has no folder"), "{bad}: {fact}");
    }
}

#[test]
fn limits_hold_and_offline_asks_nobody() {
    let Some(world) = World::with(|it| it.largest = 100_000) else {
        return;
    };
    let large = "x".repeat(200_000);
    world.repository("large", &[("a.txt", &large)]);
    assert!(world.fact("large", "").contains("more than 100000 bytes"));
    let Some(world) = World::with(|it| it.limit = Duration::ZERO) else {
        return;
    };
    world.repository("demo", &[("a.txt", "")]);
    assert!(world.fact("demo", "").contains("not done within 0 s"));
    let Some(world) = World::with(|it| it.offline = true) else {
        return;
    };
    world.repository("demo", &[("a.txt", "")]);
    assert!(world.checkout("demo", "").is_ok());
    let address = DirectUrl::parse("git+https://git.example/demo").unwrap();
    let address = Address::parse(&address).unwrap();
    let error = world.git.checkout(&address, &world.path("x")).unwrap_err();
    assert!(matches!(error, IndexError::Offline { .. }));
}

#[test]
fn an_old_git_is_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    let script = |version: &str| {
        let text = format!("#!/bin/sh\necho git version {version}\n");
        assay_testkit::program::script(&folder.path().join("git"), &text);
        let git = Git::find(GitConfig::new(folder.path(), Vec::new())).unwrap();
        let address = DirectUrl::parse("git+https://git.example/demo").unwrap();
        let into = folder.path().join(format!("checkout-{version}"));
        let checkout = git.checkout(&Address::parse(&address).unwrap(), &into);
        checkout.unwrap_err().to_string()
    };
    assert!(script("2.30.9").contains("2.31 or newer is needed"));
    assert!(script("2.31.0").contains("no commit to take"));
}
