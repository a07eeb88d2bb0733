use std::os::unix::fs::{PermissionsExt, chown, symlink};

use super::*;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

/// The fact and the way out of a refusal of this folder.
fn refusal(result: Result<bool>, of: &Path) -> (String, String) {
    match result {
        Err(Error::NotPrivate {
            folder,
            fact,
            way_out,
        }) => {
            assert_eq!(folder, of);
            (fact, way_out)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_made_is_private_and_what_lies_above_the_root_is_ordinary() {
    let place = tempfile::tempdir().unwrap();
    let above = place.path().join("above");
    let folder = PrivateFolder::new(above.join("root")).below("a").below("b");
    assert!(!folder.check().unwrap());
    assert_eq!(folder.read("file").unwrap(), None);
    assert!(!above.exists());

    folder.write("file", b"text").unwrap();
    assert!(folder.check().unwrap());
    for made in ["root", "root/a", "root/a/b"] {
        assert_eq!(mode(&above.join(made)), 0o700, "{made}");
    }
    let ordinary = place.path().join("ordinary");
    fs::create_dir(&ordinary).unwrap();
    assert_eq!(mode(&above), mode(&ordinary));
    assert_eq!(mode(&folder.path().join("file")), 0o600);
    assert_eq!(folder.read("file").unwrap().unwrap(), b"text");

    for text in [b"other", b"third"] {
        folder.write_synced("file", text).unwrap();
        assert_eq!(folder.read("file").unwrap().unwrap(), text);
        folder.write("file", b"last").unwrap();
        assert_eq!(folder.read("file").unwrap().unwrap(), b"last");
    }
    assert_eq!(mode(&folder.path().join("file")), 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_that_others_can_write_to_is_refused_with_the_command_that_helps() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("it's");
    fs::create_dir(&path).unwrap();
    let root = PrivateFolder::new(&path);
    for (bits, accepted) in [
        (0o700, true),
        (0o755, true),
        (0o770, false),
        (0o702, false),
        (0o777, false),
    ] {
        set_mode(&path, bits);
        assert_eq!(root.check().is_ok(), accepted, "{bits:o}");
        assert_eq!(root.make().is_ok(), accepted, "{bits:o}");
        assert_eq!(root.write("file", b"").is_ok(), accepted, "{bits:o}");
        assert_eq!(root.read("file").is_ok(), accepted, "{bits:o}");
        assert_eq!(root.remove_file("file").is_ok(), accepted, "{bits:o}");
        assert_eq!(root.below("new").remove().is_ok(), accepted, "{bits:o}");
    }
    let (fact, way_out) = refusal(root.check(), &path);
    assert!(fact.contains("mode 0777"), "{fact}");
    let command = std::process::Command::new("sh")
        .args(["-c", &way_out])
        .status();
    assert!(command.unwrap().success());
    assert_eq!(mode(&path), 0o755);
    assert!(root.check().unwrap());
}

#[test]
fn a_folder_for_everybody_is_not_to_be_closed() {
    let place = tempfile::tempdir().unwrap();
    set_mode(place.path(), 0o1777);
    let (_, way_out) = refusal(PrivateFolder::new(place.path()).check(), place.path());
    assert!(way_out.contains("below it"), "{way_out}");
    // Below it there is room: what lies above the root is anybody's.
    PrivateFolder::new(place.path().join("own")).make().unwrap();
}

#[test]
fn every_folder_from_the_root_down_is_judged() {
    let place = tempfile::tempdir().unwrap();
    let root = PrivateFolder::new(place.path().join("root"));
    let inner = root.below("middle").below("inner");
    inner.make().unwrap();
    let middle = root.path().join("middle");
    set_mode(&middle, 0o777);
    assert!(root.check().unwrap());
    refusal(inner.check(), &middle);
    assert!(inner.make().is_err());
    set_mode(&middle, 0o700);
    assert!(inner.check().unwrap());
}

#[test]
fn the_folder_of_another_user_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let foreign = if rustix::process::geteuid().is_root() {
        chown(place.path(), Some(12345), None).unwrap();
        place.path()
    } else {
        Path::new("/usr")
    };
    let (fact, way_out) = refusal(PrivateFolder::new(foreign).check(), foreign);
    assert!(fact.contains("belongs to user"), "{fact}");
    assert!(way_out.contains("--cache-dir"), "{way_out}");
}

#[test]
fn a_symlink_of_ones_own_may_lead_to_another_disk() {
    let place = tempfile::tempdir().unwrap();
    let (target, link) = (place.path().join("target"), place.path().join("link"));
    symlink(&target, &link).unwrap();
    let root = PrivateFolder::new(&link);
    assert!(matches!(root.make(), Err(Error::Io { .. })));
    fs::create_dir(&target).unwrap();
    assert!(root.check().unwrap());
    set_mode(&target, 0o777);
    refusal(root.check(), &link);
    set_mode(&target, 0o700);
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::lchown(&link, Some(12345), None).unwrap();
        refusal(root.check(), &link);
    }
}

#[test]
fn what_is_no_folder_is_neither_used_nor_removed() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "mine").unwrap();
    let root = PrivateFolder::new(&file);
    assert!(matches!(root.check(), Err(Error::Io { .. })));
    assert!(root.make().is_err() && root.remove().is_err());
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn removing_takes_what_is_below_and_nothing_beside() {
    let place = tempfile::tempdir().unwrap();
    let root = PrivateFolder::new(place.path().join("root"));
    let (one, other) = (root.below("one"), root.below("other"));
    one.write("file", b"").unwrap();
    for name in ["file", "second"] {
        other.write(name, b"").unwrap();
    }
    other.remove_file("second").unwrap();
    other.remove_file("second").unwrap();
    assert!(other.read("second").unwrap().is_none());
    one.remove().unwrap();
    one.remove().unwrap();
    assert!(!one.check().unwrap());
    assert!(other.read("file").unwrap().is_some());
}

#[test]
fn what_is_set_aside_is_kept_and_its_name_is_free() {
    let place = tempfile::tempdir().unwrap();
    let root = PrivateFolder::new(place.path().join("root"));
    assert_eq!(root.set_aside("it").unwrap(), None);
    root.write("it", b"one").unwrap();
    let first = root.set_aside("it").unwrap().unwrap();
    assert_eq!(fs::read(&first).unwrap(), b"one");
    fs::create_dir(root.path().join("it")).unwrap();
    let second = root.set_aside("it").unwrap().unwrap();
    assert!(first != second && second.is_dir());
    root.write("it", b"two").unwrap();
}

#[test]
fn a_folder_without_leave_to_write_is_seen_by_an_ordinary_user() {
    let place = tempfile::tempdir().unwrap();
    let root = PrivateFolder::new(place.path());
    assert!(root.is_writable());
    assert!(!root.below("missing").is_writable());
    set_mode(place.path(), 0o500);
    // Permissions do not stop root.
    assert_eq!(root.is_writable(), rustix::process::geteuid().is_root());
    set_mode(place.path(), 0o700);
}

#[test]
fn a_file_that_waited_takes_the_place_of_another() {
    let place = tempfile::tempdir().unwrap();
    let root = PrivateFolder::new(place.path().join("root"));
    root.write("old", b"one").unwrap();
    root.rename("new", "old").unwrap_err();
    assert_eq!(root.read("old").unwrap().unwrap(), b"one");
    root.write("new", b"two").unwrap();
    root.rename("new", "old").unwrap();
    assert_eq!(root.read("old").unwrap().unwrap(), b"two");
    assert_eq!(root.read("new").unwrap(), None);
    root.write("new", b"three").unwrap();
    set_mode(root.path(), 0o777);
    let refused = root.rename("new", "old");
    assert!(
        matches!(refused, Err(Error::NotPrivate { .. })),
        "{refused:?}"
    );
}
