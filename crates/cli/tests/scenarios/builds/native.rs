//! Editable installs of what has native code: it is built in place, which is the user's own folder.

use assay_testkit::sdist::{Backend, SdistBuilder};

use super::{for_each_user, for_me, index, nothing_installed};
use crate::machine::Machine;

/// The name that this Python gives an extension module.
const IN_PLACE: &str = "
import sysconfig
open('demo/native' + sysconfig.get_config_var('EXT_SUFFIX'), 'wb').write(b'native code')
";

fn tree(machine: &Machine, code: &str) {
    let backend = Backend::new().during("build_editable", code);
    let described = SdistBuilder::simple("demo", "1.0")
        .in_tree(&backend)
        .project("");
    described.write_tree(&machine.path("tree")).unwrap();
    machine.give(&machine.path("tree"));
}

fn built_in_place(machine: &Machine) -> Vec<String> {
    let entries = std::fs::read_dir(machine.path("tree/demo")).unwrap();
    let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|it| it != "__init__.py").collect();
    names.sort();
    names
}

#[test]
fn an_extension_module_is_put_into_the_users_folder_and_nothing_else() {
    let server = index(&[], &[]);
    let code = format!("{IN_PLACE}\nopen('demo/other.c', 'w')\nopen('demo/_version.py', 'w')");
    for_each_user(|machine| {
        tree(machine, &code);
        machine
            .install(&server, &["--dry-run", "-e", "./tree"])
            .ok();
        assert!(built_in_place(machine).is_empty());
        let outcome = machine.install(&server, &["-e", "./tree"]).ok();
        let [native] = &built_in_place(machine)[..] else {
            panic!("{:?}", built_in_place(machine));
        };
        assert!(native.starts_with("native.") && native.ends_with(".so"));
        let said = outcome.out.clone() + &outcome.err;
        let line = format!("demo/{native}, which the build of demo made, was put into");
        assert!(said.contains(&line), "{said}");
        let line = "made by the build of demo and not copied: demo/_version.py;";
        assert!(said.contains(line), "{said}");
        assert!(!said.contains("other.c"), "{said}");
    });
}

#[test]
fn what_was_built_is_not_taken_from_memory_where_the_module_is_gone() {
    let server = index(&[], &[]);
    for_me(|machine| {
        tree(machine, IN_PLACE);
        let install = || {
            std::fs::remove_dir_all(machine.venv()).ok();
            machine.install(&server, &["-e", "./tree"]).ok();
            built_in_place(machine)
        };
        let built = install();
        assert_eq!(built.len(), 1);
        let module = machine.path("tree/demo").join(&built[0]);
        std::fs::remove_file(&module).unwrap();
        assert_eq!(install(), built);
        std::fs::write(&module, "another").unwrap();
        install();
        assert_eq!(std::fs::read(&module).unwrap(), b"native code");
    });
}

#[test]
fn nothing_is_put_anywhere_when_the_build_fails_or_through_a_link() {
    let server = index(&[], &[]);
    for_me(|machine| {
        tree(machine, &format!("{IN_PLACE}\nraise SystemExit('the end')"));
        let before = machine.snapshot();
        let outcome = machine.install(&server, &["-e", "./tree"]);
        nothing_installed(machine, &outcome);
        outcome.fails(1, &["the end"]);
        assert!(built_in_place(machine).is_empty());
        let beside = |it: &std::path::PathBuf| it.starts_with(machine.path("tree"));
        assert!(!machine.changes_since(&before).iter().any(beside));
    });
    for_me(|machine| {
        let code = "os.unlink('demo/data')\nos.mkdir('demo/data')\nopen('demo/data/x.so', 'w')";
        tree(machine, code);
        let aside = machine.write("aside/file", "");
        let aside = aside.parent().unwrap();
        std::os::unix::fs::symlink(aside, machine.path("tree/demo/data")).unwrap();
        let outcome = machine.install(&server, &["-e", "./tree"]).ok();
        assert_eq!(std::fs::read_dir(aside).unwrap().count(), 1);
        let said = outcome.out + &outcome.err;
        assert!(
            said.contains("demo/data/x.so") && said.contains("is not in"),
            "{said}"
        );
    });
}
