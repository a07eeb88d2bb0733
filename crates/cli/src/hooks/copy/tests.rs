use std::os::unix::fs::MetadataExt as _;

use assay_trust::{Artifact, Evidence, Measuring, authenticate};
use assay_types::{Digests, listing::Origin, names};

use super::*;

fn copied(parent: &Path, file_name: &str) -> io::Result<Copy> {
    let mut measuring = Measuring::new(Vec::new(), [&Digests::none()]);
    measuring.write_all(b"bytes").unwrap();
    let staged = measuring.finish();
    let artifact = Artifact {
        project: names::project("demo").unwrap(),
        version: "1.0".parse().unwrap(),
        file_name: file_name.to_owned(),
        origin: Origin::Local(Path::new("/w/demo.whl").into()),
        size: None,
    };
    let evidence = [Evidence::Local {
        named_in: "the command line".to_owned(),
    }];
    let authenticated = authenticate(&staged, &artifact, &evidence).unwrap();
    Copy::new(parent, file_name, &authenticated)
}

#[test]
fn a_copy_is_the_users_own_and_read_only_and_goes() {
    let parent = tempfile::tempdir().unwrap();
    let copy = copied(parent.path(), "demo.whl").unwrap();
    assert_eq!(fs::read(copy.path()).unwrap(), b"bytes");
    assert_eq!(copy.path().file_name().unwrap(), "demo.whl");
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    let folder = copy.folder.path().to_owned();
    assert_eq!((mode(copy.path()), mode(&folder)), (READ_ONLY, OWNER_ONLY));
    assert_eq!(fs::read_dir(copy.work()).unwrap().count(), 0);
    copy.remove().unwrap();
    assert!(!folder.exists() && parent.path().exists());
}

#[test]
fn whatever_a_program_leaves_is_removed() {
    let parent = tempfile::tempdir().unwrap();
    let outside = parent.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::set_permissions(&outside, Permissions::from_mode(0o500)).unwrap();
    let copy = copied(parent.path(), "demo.whl").unwrap();
    let left = copy.work().join("a");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("b"), "").unwrap();
    std::os::unix::fs::symlink(&outside, left.join("link")).unwrap();
    fs::set_permissions(&left, Permissions::from_mode(0o000)).unwrap();
    let folder = copy.folder.path().to_owned();
    copy.remove().unwrap();
    assert!(!folder.exists());
    assert_eq!(fs::metadata(&outside).unwrap().mode() & 0o777, 0o500);
}

#[test]
fn a_name_leads_nowhere() {
    let parent = tempfile::tempdir().unwrap();
    for name in ["-demo.whl", "a b.whl", "é\u{1b}[2J"] {
        assert!(copied(parent.path(), name).is_ok(), "{name}");
    }
    for name in ["", ".", "..", "../demo.whl", "/demo.whl"] {
        assert!(copied(parent.path(), name).is_err(), "{name}");
    }
}
