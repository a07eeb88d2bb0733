//! What an editable build makes in the copy of the user's folder, and what gets back.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
};

use assay_build::{Hook, MadeInPlace};
use assay_testkit::sdist::{Backend, SdistBuilder};

use crate::rig::{Rig, demo, each_tree};

const PYTHON: (u64, u64) = (3, 11);

/// The tree of a backend that does this in an editable build.
fn doing(code: &str) -> SdistBuilder {
    let backend = Backend::new().during("build_editable", code);
    demo()
        .in_tree(&backend)
        .file("demo/old.so", b"old")
        .file("demo/same.so", b"same")
}

/// Builds it, where paths can be the user's.
fn built(rig: &mut Rig) -> Option<MadeInPlace> {
    rig.at = Some(rig.tree.path().to_owned());
    if !rig.tier.mounts() {
        rig.run(Hook::Editable).unwrap_err();
        return None;
    }
    rig.makes(Hook::Editable);
    Some(rig.workshop.made_in_place(PYTHON).unwrap())
}

fn modules(made: &MadeInPlace) -> Vec<&str> {
    made.modules.iter().map(|it| it.path.as_str()).collect()
}

#[test]
fn extension_modules_get_back_and_nothing_else_does() {
    let code = "
os.makedirs('build/lib'); os.mkdir('demo/new'); os.mkdir('demo.egg-info')
names = 'demo/new.cpython-311-x86_64-linux-gnu.so', 'demo/old.so', 'build/lib/b.so', 'demo/new/n.so', 'demo/_version.py', 'demo/new.c', 'demo/other.cpython-312-x.so'
for name in names: open(name, 'w').write('built')
os.symlink('old.so', 'demo/link.so')
os.rename('demo/same.so', 'moved'); open('demo/same.so', 'w').write('same')
";
    each_tree(&doing(code), |rig| {
        let Some(made) = built(rig) else { return };
        let new = "demo/new.cpython-311-x86_64-linux-gnu.so";
        assert_eq!(modules(&made), [new, "demo/new/n.so", "demo/old.so"]);
        let others: Vec<_> = made.others.iter().map(|it| it.as_str()).collect();
        assert_eq!(others, ["demo/_version.py"]);
        let user = rig.tree.path();
        let result = |name: &str| {
            let module = made.modules.iter().find(|it| it.path.as_str() == name);
            let module = module.unwrap();
            assert!(!module.is_in(user));
            let result = rig.workshop.bring_back(module, user);
            assert_eq!(module.is_in(user), result.is_ok());
            result
        };
        result(new).unwrap();
        result("demo/old.so").unwrap();
        assert!(!user.join("demo/new").exists());
        result("demo/new/n.so").unwrap_err();
        assert!(!user.join("demo/new").exists());
        assert_eq!(fs::read(user.join(new)).unwrap(), b"built");
        assert_eq!(fs::read(user.join("demo/old.so")).unwrap(), b"built");
        assert_eq!(user.join(new).metadata().unwrap().mode() & 0o6022, 0);
        let mut names = fs::read_dir(user.join("demo"))
            .unwrap()
            .map(|it| it.unwrap().file_name());
        assert!(!names.any(|it| it.to_str().unwrap().contains(".assay-")));
        for name in ["demo/_version.py", "demo/new.c", "demo/link.so", "build"] {
            assert!(user.join(name).symlink_metadata().is_err(), "{name}");
        }
    });
}

#[test]
fn nothing_is_written_through_links_or_over_folders() {
    let code = "for name in 'demo/a.so', 'demo/b.so', 'demo/c.so', 'sub/d.so': os.makedirs(os.path.dirname(name), exist_ok=True); open(name, 'w').write('built')";
    each_tree(&doing(code), |rig| {
        let Some(made) = built(rig) else { return };
        let (user, aside) = (rig.tree.path(), tempfile::tempdir_in("/tmp").unwrap());
        let target = aside.path().join("target");
        fs::write(&target, "of the host").unwrap();
        symlink(&target, user.join("demo/a.so")).unwrap();
        fs::create_dir(user.join("demo/b.so")).unwrap();
        symlink(aside.path(), user.join("sub")).unwrap();
        let results = made.modules.iter().map(|it| {
            let brought = rig.workshop.bring_back(it, user);
            (it.path.as_str(), brought.is_ok())
        });
        let expected = [
            ("demo/a.so", false),
            ("demo/b.so", false),
            ("demo/c.so", true),
            ("sub/d.so", false),
        ];
        assert_eq!(results.collect::<Vec<_>>(), expected);
        assert_eq!(fs::read(&target).unwrap(), b"of the host");
        assert_eq!(fs::read_dir(aside.path()).unwrap().count(), 1);
        assert!(
            user.join("demo/a.so")
                .symlink_metadata()
                .unwrap()
                .is_symlink()
        );
    });
}

#[test]
fn what_has_another_name_or_changes_is_not_taken() {
    let code = "open('demo/a.so', 'w').write('built')";
    each_tree(&doing(code), |rig| {
        let Some(made) = built(rig) else { return };
        let copy = rig.workshop.project().join("demo/a.so");
        fs::write(&copy, "other").unwrap();
        let [module] = &made.modules[..] else {
            panic!("{made:?}");
        };
        rig.workshop
            .bring_back(module, rig.tree.path())
            .unwrap_err();
        fs::write(&copy, "built").unwrap();
        fs::hard_link(&copy, rig.workshop.project().join("again")).unwrap();
        rig.workshop
            .bring_back(module, rig.tree.path())
            .unwrap_err();
        fs::remove_file(rig.workshop.project().join("again")).unwrap();
        rig.workshop.bring_back(module, rig.tree.path()).unwrap();
    });
}

#[test]
fn a_folder_of_somebody_elses_is_left_alone() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can give folders away");
        return;
    }
    let code = "open('demo/a.so', 'w').write('built')";
    each_tree(&doing(code), |rig| {
        let Some(made) = built(rig) else { return };
        let folder = rig.tree.path().join("demo");
        std::os::unix::fs::chown(&folder, Some(54_321), None).unwrap();
        let [module] = &made.modules[..] else {
            panic!("{made:?}");
        };
        rig.workshop
            .bring_back(module, rig.tree.path())
            .unwrap_err();
        std::os::unix::fs::chown(&folder, Some(0), None).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        rig.workshop.bring_back(module, rig.tree.path()).unwrap();
    });
}
