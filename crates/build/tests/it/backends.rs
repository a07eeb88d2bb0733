//! Backends that behave, and those that say so when something is wrong.

use std::{ffi::OsString, fs, path::Path};

use assay_build::{ConfigSettings, Error, Hook, Said};
use assay_testkit::sdist::Backend;

use crate::rig::{demo, each, each_tree};

const METADATA: Hook = Hook::Metadata { editable: false };

#[test]
fn a_wheel_an_sdist_and_metadata_are_made() {
    each(&Backend::new(), |rig| {
        let said = rig.run(METADATA).unwrap();
        let metadata = b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n";
        assert_eq!(said, Said::Metadata(metadata.to_vec()));
        assert_eq!(rig.makes(Hook::Sdist), "demo-1.0.tar.gz");
        let name = rig.makes(Hook::Wheel);
        assert_eq!(name, "demo-1.0-py3-none-any.whl");
        assert!(rig.taken(&name).starts_with(b"PK"));
        // A run empties what the one before it made.
        assert!(
            rig.workshop
                .copy_out("demo-1.0.tar.gz", &mut Vec::new())
                .is_err()
        );
    });
}

#[test]
fn the_same_tree_gives_the_same_wheel() {
    let tree = demo().in_tree(&Backend::new());
    each_tree(&tree, |rig| {
        let mut again = crate::rig::Rig::new(rig.tier, &tree);
        let (name, other) = (rig.makes(Hook::Wheel), again.makes(Hook::Wheel));
        // Without mounts the folder's name differs, which this backend notes.
        if rig.tier.mounts() {
            assert_eq!(rig.taken(&name), again.taken(&other));
        }
    });
}

#[test]
fn what_is_asked_for_besides_is_said_first_and_then_built_with() {
    let backend = Backend::new().requires("wheel >=0.1");
    each(&backend, |rig| {
        let asked = Said::Needs(vec!["wheel >=0.1".to_owned()]);
        assert_eq!(rig.run(Hook::Wheel).unwrap(), asked);
        rig.given = vec!["wheel>=0.1".to_owned()];
        assert_eq!(rig.run(Hook::Wheel).unwrap(), asked);
        rig.given = vec!["other".to_owned(), "wheel >=0.1".to_owned()];
        rig.makes(Hook::Wheel);
    });
}

#[test]
fn a_hook_that_is_missing_is_told_from_one_that_fails() {
    let backend = [
        "build_editable",
        "prepare_metadata_for_build_wheel",
        "build_sdist",
    ]
    .into_iter()
    .fold(Backend::new(), Backend::without);
    each(&backend, |rig| {
        assert_eq!(rig.run(Hook::Editable).unwrap(), Said::NoHook);
        assert_eq!(rig.run(METADATA).unwrap(), Said::NoHook);
        assert_eq!(rig.refuses(Hook::Sdist), "the backend does not have it");
        rig.makes(Hook::Wheel);
    });
    let backend = [
        "get_requires_for_build_wheel",
        "get_requires_for_build_sdist",
    ]
    .into_iter()
    .fold(Backend::new(), Backend::without);
    each(&backend, |rig| {
        rig.makes(Hook::Wheel);
        rig.makes(Hook::Sdist);
    });
}

#[test]
fn settings_and_variables_arrive_and_nothing_else_does() {
    let check = "
assert config_settings == {'a': ['1', '2'], 'b': 'x=y'}, config_settings
assert os.environ['CHOSEN'] == 'yes'
assert os.environ['SOURCE_DATE_EPOCH'] == '315532800'
assert os.environ['LC_ALL'] == 'C.UTF-8' and os.environ['TZ'] == 'UTC'
assert hash('a') == int(os.popen('%s -c \"print(hash(chr(97)))\"' % sys.executable).read())
assert os.listdir(os.environ['HOME']) == []
assert sys.stdin.buffer.read() == b''
assert 'CARGO_MANIFEST_DIR' not in os.environ
";
    each(&Backend::new().building(check), |rig| {
        rig.settings = ConfigSettings::parse(&["a=1", "b=x=y", "a=2"]).unwrap();
        rig.variables = vec![("CHOSEN".to_owned(), OsString::from("yes"))];
        let said = rig.run(Hook::Wheel);
        assert!(matches!(said, Ok(Said::Made(_))), "{said:?}\n{}", rig.log());
    });
    each(
        &Backend::new().building("assert config_settings is None"),
        |rig| {
            rig.makes(Hook::Wheel);
        },
    );
}

#[test]
fn the_folder_is_the_projects_and_not_what_modules_come_from() {
    let backend =
        Backend::new().at_import("assert '' not in sys.path and json.__file__ != 'json.py'");
    let tree = demo()
        .in_tree(&backend)
        .file("json.py", b"raise SystemExit(3)\n");
    each_tree(&tree, |rig| {
        rig.makes(Hook::Wheel);
    });
}

#[test]
fn an_editable_is_made_with_the_users_own_path() {
    each(&Backend::new(), |rig| {
        let at = rig.tree.path().canonicalize().unwrap();
        rig.at = Some(at.clone());
        let said = rig.run(Hook::Editable);
        if !rig.tier.mounts() {
            assert!(matches!(said, Err(Error::Tier { .. })), "{said:?}");
            return;
        }
        assert_eq!(
            said.unwrap(),
            Said::Made("demo-1.0-py3-none-any.whl".to_owned())
        );
        let made = rig.taken("demo-1.0-py3-none-any.whl");
        let path = at.to_str().unwrap();
        // The file with the path is too short to be compressed.
        assert!(holds(&made, b"demo.pth") && path.starts_with("/tmp/"));
    });
    let writing =
        "open('written', 'w').close()\nassert os.getcwd().startswith('/tmp/'), os.getcwd()";
    each(&Backend::new().during("build_editable", writing), |rig| {
        if rig.tier.mounts() {
            let at = rig.tree.path().canonicalize().unwrap();
            rig.at = Some(at.clone());
            let said = rig.run(Hook::Editable);
            assert!(matches!(said, Ok(Said::Made(_))), "{said:?}\n{}", rig.log());
            assert!(!at.join("written").exists());
            assert!(rig.workshop.project().join("written").exists());
        }
    });
}

#[test]
fn a_backend_outside_of_its_path_is_refused_and_one_inside_is_run() {
    let tree = |backend: &str| {
        let table = format!(
            "[build-system]\nrequires = []\nbuild-backend = \"{backend}\"\nbackend-path = [\"folder\"]\n"
        );
        let code = Backend::new().source();
        demo()
            .table(&table)
            .file("folder/inside.py", code.as_bytes())
    };
    each_tree(&tree("inside"), |rig| {
        rig.makes(Hook::Wheel);
    });
    each_tree(&tree("json"), |rig| {
        let failed = rig.fails(Hook::Wheel);
        assert!(
            failed.tail.contains("does not lie in its backend-path"),
            "{}",
            failed.tail
        );
    });
    each_tree(&tree("absent"), |rig| {
        let failed = rig.fails(Hook::Wheel);
        assert!(
            failed.tail.contains("No module named 'absent'"),
            "{}",
            failed.tail
        );
    });
}

#[test]
fn a_failure_shows_the_end_of_what_was_said_and_logs_all_of_it() {
    let talking = "
for line in range(100): print('line', line, flush=True)
sys.stderr.write('\\x1b[31mred\\n')
raise ValueError('no such thing')
";
    each(&Backend::new().building(talking), |rig| {
        let failed = rig.fails(Hook::Wheel);
        assert_eq!(
            failed.to_string(),
            "build_wheel of the build backend ended with code 1"
        );
        let lines: Vec<_> = failed.tail.lines().collect();
        assert_eq!(
            (lines.len(), *lines.last().unwrap()),
            (40, "ValueError: no such thing")
        );
        assert!(failed.tail.contains("\x1b[31mred"));
        let log = fs::read_to_string(&failed.log).unwrap();
        assert!(log.starts_with("line 0\n") && log.contains("line 99\n"));
    });
}

#[test]
fn what_a_build_wanted_of_the_network_is_told() {
    let connecting = "
import socket
socket.create_connection(('192.0.2.7', 443), timeout=5)
";
    each(&Backend::new().building(connecting), |rig| {
        let failed = rig.fails(Hook::Wheel);
        let denied: Vec<_> = failed.denied.iter().map(ToString::to_string).collect();
        assert!(!denied.is_empty(), "{}", failed.tail);
        assert!(
            denied.iter().all(|it| it.starts_with("tried to ")),
            "{denied:?}"
        );
        assert!(rig.workshop.reached().is_empty());
    });
    each(&Backend::new(), |rig| {
        rig.network = vec!["files.example".parse().unwrap()];
        match rig.run(Hook::Wheel) {
            Ok(Said::Made(_)) => assert!(rig.tier.network()),
            Err(Error::Sandbox(_)) => assert!(!rig.tier.network()),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn a_project_in_a_part_of_the_tree_is_built_there() {
    let built = demo().in_tree(&Backend::new());
    each_tree(&built, |rig| {
        let outer = tempfile::tempdir_in("/tmp").unwrap();
        let inner = outer.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        built.write_tree(&inner).unwrap();
        let home = crate::rig::folder();
        let mut workshop = crate::rig::workshop(&home);
        let part = assay_types::SafePath::parse("a/b").unwrap();
        workshop.lay_out_tree(outer.path(), Some(&part)).unwrap();
        assert!(workshop.project().ends_with(Path::new("src/a/b")));
        rig.workshop = workshop;
        rig.makes(Hook::Wheel);
    });
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|it| it == text)
}
