//! What a workshop holds after a tree was put into it.

use std::{
    fs,
    io::Write as _,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, symlink},
        net::UnixListener,
    },
    path::Path,
    sync::Arc,
};

use assay_archive::Sdist;
use assay_build::{LaidOut, SOURCE_DATE_EPOCH, Workshop};
use assay_testkit::{sdist::SdistBuilder, tar};
use assay_trust::{Admitted, Artifact, Cooldown, Evidence, Measuring, Policy, admit};
use assay_types::{SafePath, Timestamp, listing::Origin};

use crate::rig::{folder, workshop};

#[test]
fn an_sdist_is_written_without_its_top_and_with_fixed_times() {
    let files = [
        tar::Entry::file(
            "demo-1.0/PKG-INFO",
            b"Metadata-Version: 2.2\nName: demo\nVersion: 1.0\n",
        ),
        tar::Entry::file("demo-1.0/a/empty", b""),
        tar::Entry::file("demo-1.0/a/b/c.txt", b"content"),
        tar::Entry::file("demo-1.0/last", b""),
    ];
    let sdist = opened("demo-1.0.tar.gz", &tar::gzip(&tar::write(&files)));
    let home = folder();
    let mut workshop = workshop(&home);
    workshop.lay_out_sdist(&sdist).unwrap();
    let project = workshop.project();
    assert_eq!(fs::read(project.join("a/b/c.txt")).unwrap(), b"content");
    for name in ["PKG-INFO", "a/empty", "a/b/c.txt", "last"] {
        let metadata = fs::metadata(project.join(name)).unwrap();
        assert_eq!(metadata.mode() & 0o7777, 0o644, "{name}");
        assert_eq!(metadata.mtime(), SOURCE_DATE_EPOCH as i64, "{name}");
    }
    assert_eq!(fs::metadata(project.join("a/empty")).unwrap().len(), 0);
    // One workshop has one tree.
    assert!(workshop.lay_out_sdist(&sdist).is_err());
    drop(workshop);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn an_sdist_in_a_zip_is_written_alike() {
    let built = SdistBuilder::simple("demo", "1.0").zip().build();
    let home = folder();
    let mut workshop = workshop(&home);
    workshop
        .lay_out_sdist(&opened(&built.file_name, &built.bytes))
        .unwrap();
    assert!(workshop.project().join("demo/__init__.py").is_file());
}

fn opened(file_name: &str, bytes: &[u8]) -> Sdist<Vec<u8>> {
    Sdist::open(admitted(file_name, bytes)).unwrap()
}

fn admitted(file_name: &str, bytes: &[u8]) -> Admitted<Vec<u8>> {
    let artifact = Artifact {
        project: "demo".parse().unwrap(),
        version: "1.0".parse().unwrap(),
        file_name: file_name.to_owned(),
        origin: Origin::Local(Arc::from(Path::new(file_name))),
        size: None,
    };
    let named_in = "the test".to_owned();
    let evidence = [Evidence::Local { named_in }];
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring.write_all(bytes).unwrap();
    let policy = Policy::new(Cooldown::none());
    let now = Timestamp::UNIX_EPOCH;
    admit(measuring.finish(), &artifact, &evidence, &policy, now).unwrap()
}

/// Lays out a tree, and looks at what is there.
fn laid_out(root: &Path, look: impl FnOnce(&Workshop)) -> LaidOut {
    let home = folder();
    let mut workshop = workshop(&home);
    let laid_out = workshop.lay_out_tree(root, None).unwrap();
    look(&workshop);
    laid_out
}

/// A tree with a file of each kind.
fn tree() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    let path = |name: &str| tree.path().join(name);
    fs::create_dir_all(path("pkg/data")).unwrap();
    fs::write(path("pkg/__init__.py"), "x = 1\n").unwrap();
    fs::write(path("run"), "#!/bin/sh\n").unwrap();
    fs::set_permissions(path("run"), fs::Permissions::from_mode(0o700)).unwrap();
    symlink("/etc/hostname", path("out")).unwrap();
    symlink("pkg/data", path("in")).unwrap();
    tree
}

#[test]
fn a_folder_that_does_not_belong_to_the_tree_is_left_out() {
    let tree = tree();
    let (home, dist) = (folder(), tree.path().join("dist"));
    fs::create_dir(&dist).unwrap();
    fs::write(dist.join("demo-1.0.tar.gz"), "made before").unwrap();
    let mut whole = workshop(&home);
    let all = whole.lay_out_tree(tree.path(), None).unwrap();
    let mut part = workshop(&home).without(&dist);
    let without = part.lay_out_tree(tree.path(), None).unwrap();
    assert!(whole.project().join("dist/demo-1.0.tar.gz").exists());
    assert!(!part.project().join("dist").exists());
    fs::remove_dir_all(&dist).unwrap();
    let gone = workshop(&home).lay_out_tree(tree.path(), None).unwrap();
    assert_eq!(without.listing, gone.listing);
    assert_ne!(without.listing, all.listing);
}

#[test]
fn a_tree_is_copied_as_it_is() {
    let tree = tree();
    let left = laid_out(tree.path(), |workshop| {
        let path = |name: &str| workshop.project().join(name);
        assert_eq!(fs::read(path("pkg/__init__.py")).unwrap(), b"x = 1\n");
        assert_eq!(fs::metadata(path("run")).unwrap().mode() & 0o7777, 0o755);
        assert_eq!(
            fs::read_link(path("out")).unwrap(),
            Path::new("/etc/hostname")
        );
        assert_eq!(fs::read_link(path("in")).unwrap(), Path::new("pkg/data"));
        assert!(path("pkg/data").is_dir());
        let time = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        assert_eq!(time(&path("run")), time(&tree.path().join("run")));
        // What is written to the copy is not written to the tree.
        fs::write(path("pkg/__init__.py"), "x = 2\n").unwrap();
    });
    assert_eq!(left.left_out, Vec::<std::path::PathBuf>::new());
    assert_eq!(
        fs::read(tree.path().join("pkg/__init__.py")).unwrap(),
        b"x = 1\n"
    );
}

#[test]
fn caches_environments_and_what_is_no_file_stay_where_they_are() {
    let tree = tree();
    let path = |name: &str| tree.path().join(name);
    for name in [
        "pkg/__pycache__",
        ".tox",
        ".venv",
        "node_modules",
        "env/bin",
        ".git/objects",
        "build",
    ] {
        fs::create_dir_all(path(name)).unwrap();
        fs::write(path(name).join("file"), "").unwrap();
    }
    fs::write(path("env/pyvenv.cfg"), "").unwrap();
    let _socket = UnixListener::bind(path("socket")).unwrap();
    let left = laid_out(tree.path(), |workshop| {
        for name in [
            "pkg/__pycache__",
            ".tox",
            ".venv",
            "node_modules",
            "env",
            "socket",
        ] {
            assert!(!workshop.project().join(name).exists(), "{name}");
        }
        for name in [".git/objects/file", "build/file"] {
            assert!(workshop.project().join(name).exists(), "{name}");
        }
    });
    assert_eq!(left.left_out, [Path::new("socket")]);
}

#[test]
fn a_workshop_in_the_tree_is_not_copied_into_itself() {
    let tree = tree();
    let parent = assay_files::PrivateFolder::new(tree.path().join("cache"));
    let mut workshop = Workshop::new(&parent).unwrap();
    workshop.lay_out_tree(tree.path(), None).unwrap();
    let inside = fs::read_dir(workshop.project().join("cache")).unwrap();
    assert_eq!(inside.count(), 0);
}

/// Changes a tree after it was listed, and says whether its list is another.
fn changes(change: impl FnOnce(&Path)) -> bool {
    let tree = tree();
    fs::create_dir_all(tree.path().join(".git/refs/tags")).unwrap();
    fs::write(tree.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    let before = laid_out(tree.path(), |_| ()).listing;
    assert_eq!(laid_out(tree.path(), |_| ()).listing, before);
    change(tree.path());
    laid_out(tree.path(), |_| ()).listing != before
}

#[test]
fn the_list_changes_with_what_a_build_sees() {
    assert!(changes(|it| fs::write(
        it.join("pkg/__init__.py"),
        "x = 2\n"
    )
    .unwrap()));
    assert!(changes(|it| fs::write(it.join("pkg/new"), "").unwrap()));
    assert!(changes(
        |it| fs::rename(it.join("run"), it.join("ran")).unwrap()
    ));
    assert!(changes(|it| fs::create_dir(it.join("pkg/empty")).unwrap()));
    assert!(changes(|it| fs::set_permissions(
        it.join("run"),
        fs::Permissions::from_mode(0o600)
    )
    .unwrap()));
    assert!(changes(|it| {
        fs::remove_file(it.join("in")).unwrap();
        symlink("pkg", it.join("in")).unwrap();
    }));
    assert!(changes(
        |it| fs::write(it.join(".git/refs/tags/v1"), "0").unwrap()
    ));
    assert!(changes(|it| fs::write(it.join(".git/HEAD"), "0").unwrap()));
    // Neither what is left out, nor the time or who else may read it.
    assert!(!changes(
        |it| fs::create_dir(it.join("pkg/__pycache__")).unwrap()
    ));
    assert!(!changes(|it| fs::write(it.join(".git/config"), "").unwrap()));
    assert!(!changes(
        |it| fs::write(it.join("run"), "#!/bin/sh\n").unwrap()
    ));
    assert!(!changes(|it| fs::set_permissions(
        it.join("run"),
        fs::Permissions::from_mode(0o755)
    )
    .unwrap()));
}

#[test]
fn a_part_of_the_tree_is_a_folder_and_no_link() {
    let tree = tree();
    let home = folder();
    for (part, is_good) in [
        ("pkg/data", true),
        ("in", false),
        ("run", false),
        ("absent", false),
    ] {
        let part = SafePath::parse(part).unwrap();
        let done = workshop(&home).lay_out_tree(tree.path(), Some(&part));
        assert_eq!(done.is_ok(), is_good, "{part}: {done:?}");
    }
}

#[test]
fn workshops_may_be_used_from_other_threads() {
    fn check<T: Send + Sync>() {}
    check::<Workshop>();
}

#[test]
fn of_two_projects_in_a_tree_each_has_a_list_of_its_own() {
    let tree = tempfile::tempdir().unwrap();
    for folder in ["a", "b"] {
        std::fs::create_dir(tree.path().join(folder)).unwrap();
    }
    let list = |subdirectory: Option<&str>| {
        let parent = tempfile::tempdir().unwrap();
        let parent = assay_files::PrivateFolder::new(parent.path().join("builds"));
        let subdirectory = subdirectory.map(|it| SafePath::parse(it).unwrap());
        let mut workshop = Workshop::new(&parent).unwrap();
        let laid_out = workshop.lay_out_tree(tree.path(), subdirectory.as_ref());
        laid_out.unwrap().listing
    };
    let [whole, a, b] = [None, Some("a"), Some("b")].map(list);
    assert!(whole != a && a != b && whole != b);
    assert_eq!(list(Some("a")), a);
}
