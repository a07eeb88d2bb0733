//! Backends that try to be taken for something else, or to harm whoever looks at what they left.

use std::{
    fs,
    os::unix::fs::symlink,
    time::{Duration, Instant},
};

use assay_build::{Error, Hook, Said};
use assay_sandbox::{Ending, Limit};
use assay_testkit::sdist::Backend;

use crate::rig::each;

const NAME: &str = "demo-1.0-py3-none-any.whl";

/// A backend that does this when the wheel is there, `made` being its path.
fn afterwards(code: &str) -> Backend {
    let code = format!(
        "name = pack(folder, config_settings)\nmade = os.path.join(folder, name)\n{code}\nreturn name"
    );
    Backend::new().instead("build_wheel", &code)
}

/// One that says this in place of the name.
fn says(name: &str) -> Backend {
    afterwards(&format!("name = {name}"))
}

#[test]
fn a_name_that_is_a_path_or_another_is_refused() {
    each(&says("'/elsewhere/' + name"), |rig| {
        // Its last part is what was made: some backends give the path.
        assert_eq!(rig.makes(Hook::Wheel), NAME);
    });
    for (name, fact) in [
        (
            "'..'",
            "it made \"..\", and not one thing that ends in .whl",
        ),
        ("''", "it made \"\", and not one thing"),
        ("'x.whl\\n'", "it made \"x.whl\\n\", and not one thing"),
        ("'a\\\\x.whl'", "not one thing"),
        ("'demo.zip'", "not one thing that ends in .whl"),
        (
            "'other.whl'",
            "it made \"demo-1.0-py3-none-any.whl\", and said other.whl",
        ),
    ] {
        each(&says(name), |rig| {
            let found = rig.refuses(Hook::Wheel);
            assert!(found.contains(fact), "{name}: {found}");
        });
    }
}

#[test]
fn only_one_wheel_is_taken() {
    each(
        &afterwards("open(folder + '/note.txt', 'w').close()"),
        |rig| {
            assert_eq!(rig.makes(Hook::Wheel), NAME);
        },
    );
    each(&afterwards("open(folder + '/z.whl', 'w').close()"), |rig| {
        assert!(rig.refuses(Hook::Wheel).contains("z.whl\""));
    });
    each(&afterwards("os.unlink(made)"), |rig| {
        assert_eq!(rig.refuses(Hook::Wheel), format!("it did not make {NAME}"));
    });
}

#[test]
fn a_wheel_that_is_a_link_or_has_another_name_is_not_taken() {
    for (code, fact) in [
        (
            "os.unlink(made); os.symlink('/etc/hostname', made)",
            "it is a link",
        ),
        (
            "os.rename(made, made + 'x'); os.symlink(name + 'x', made)",
            "it is a link",
        ),
        (
            "os.unlink(made); os.mkdir(made)",
            "it is not a regular file",
        ),
        ("os.link(made, '../kept')", "it has another name, too"),
    ] {
        // Without name spaces nothing is linked to begin with.
        let code = code.replace("'../kept'", "os.path.join(os.environ['HOME'], 'kept')");
        each(&afterwards(&code), |rig| match rig.run(Hook::Wheel) {
            Ok(Said::Made(name)) => {
                let error = rig.workshop.copy_out(&name, &mut Vec::new()).unwrap_err();
                assert!(error.to_string().contains(fact), "{code}: {error}");
            }
            Err(Error::Failed(failed)) => assert!(!rig.tier.mounts(), "{}", failed.tail),
            other => panic!("{other:?}"),
        });
    }
}

#[test]
fn a_swapped_folder_is_not_followed() {
    let swap = "
import shutil
shutil.rmtree(folder)
os.symlink('/usr/bin', folder)
raise SystemExit(0)
";
    each(&afterwards(swap), |rig| {
        assert_eq!(rig.refuses(Hook::Wheel), "result.json: it is not a folder");
        assert!(rig.work("out").is_symlink());
        assert!(rig.workshop.copy_out("python3", &mut Vec::new()).is_err());
        // The next run begins with a folder of its own.
        rig.refuses(Hook::Wheel);
    });
}

#[test]
fn what_builds_a_project_is_settled_before_anything_runs() {
    let other = "
with open('pyproject.toml', 'w') as file:
    file.write('[build-system]\\nrequires = [\"other\"]\\n')
os.rename('../src', '../moved')
os.symlink('/usr', '../src')
";
    each(&afterwards(other), |rig| {
        let settled = rig.workshop.build_system().unwrap();
        rig.makes(Hook::Wheel);
        assert!(rig.work("src").is_symlink());
        assert_eq!(rig.workshop.build_system().unwrap(), settled);
    });
}

#[test]
fn a_result_that_is_none_is_refused() {
    let write = |code: &str| {
        let code =
            format!("with open(folder + '/result.json', 'w') as it: it.write({code})\nos._exit(0)");
        afterwards(&code)
    };
    each(&write("'{\"made\": \"' + name + '\"}'"), |rig| {
        assert_eq!(rig.makes(Hook::Wheel), NAME);
    });
    for (code, fact) in [
        ("'x' * (1 << 21)", "it has more than 1048576 bytes"),
        ("'[' * 100000", "result.json: "),
        (
            "'{\"needs\":' + '[' * 500 + ']' * 500 + '}'",
            "result.json: ",
        ),
        ("'{\"needs\": [1]}'", "invalid type"),
        (
            "'{\"needs\": []}'",
            "it asks for nothing that it does not have",
        ),
        (
            "'{\"needs\": [%s]}' % ','.join(['\"a\"'] * 1001)",
            "more than 1000",
        ),
        ("'{\"made\": \"a\", \"made\": \"b\"}'", "result.json: "),
        ("'{\"other\": \"a\"}'", "unknown variant"),
        ("''", "result.json: "),
        ("'{\"no_hook\": null}'", "the backend does not have it"),
        ("'{\"made\": \"\\\\u0000.whl\"}'", "not one thing"),
    ] {
        each(&write(code), |rig| {
            let found = rig.refuses(Hook::Wheel);
            assert!(found.contains(fact), "{code}: {found}");
        });
    }
}

#[test]
fn a_result_that_is_no_file_is_refused() {
    each(&afterwards("os._exit(0)"), |rig| {
        assert!(
            rig.refuses(Hook::Wheel)
                .starts_with("result.json: No such file")
        );
    });
    each(
        &afterwards("os.symlink(made, folder + '/result.json'); os._exit(0)"),
        |rig| {
            assert_eq!(rig.refuses(Hook::Wheel), "result.json: it is a link");
        },
    );
    each(
        &afterwards("os.mkfifo(folder + '/result.json'); os._exit(0)"),
        |rig| {
            match rig.run(Hook::Wheel) {
                Err(Error::Left { fact, .. }) => {
                    assert_eq!(fact, "result.json: it is not a regular file")
                }
                // Nor are pipes made in the sandbox.
                Err(Error::Failed(failed)) => {
                    assert!(failed.tail.contains("Error"), "{}", failed.tail)
                }
                other => panic!("{other:?}"),
            }
        },
    );
}

#[test]
fn metadata_is_read_without_following() {
    let hook = Hook::Metadata { editable: false };
    let leave = |code: &str| {
        let code = format!(
            "name = write_metadata(folder)\nmade = os.path.join(folder, name)\n{code}\nreturn name"
        );
        Backend::new().instead("prepare_metadata_for_build_wheel", &code)
    };
    each(&leave("open(made + '/other', 'w').close()"), |rig| {
        assert!(matches!(rig.run(hook), Ok(Said::Metadata(_))));
    });
    for (code, fact) in [
        ("os.unlink(made + '/METADATA')", "No such file"),
        (
            "os.rename(made, 'moved'); os.symlink(os.path.abspath('moved'), made)",
            "it is not a folder",
        ),
        (
            "os.rename(made + '/METADATA', 'm'); os.symlink(os.path.abspath('m'), made + '/METADATA')",
            "it is a link",
        ),
        (
            "open(made + '/METADATA', 'w').truncate(1 << 30)",
            "it has more than 8388608 bytes",
        ),
        ("os.mkdir(folder + '/b.dist-info')", "b.dist-info\""),
        ("name = 'other.dist-info'", "and said other.dist-info"),
        ("name = 'METADATA'", "not one thing that ends in .dist-info"),
    ] {
        each(&leave(code), |rig| {
            let found = rig.refuses(hook);
            assert!(found.contains(fact), "{code}: {found}");
        });
    }
}

#[test]
fn a_build_that_never_ends_is_ended_and_leaves_nothing() {
    each(
        &Backend::new().building("import time\ntime.sleep(3600)"),
        |rig| {
            rig.limits.wall = Duration::from_secs(2);
            let started = Instant::now();
            let failed = rig.fails(Hook::Wheel);
            assert_eq!(failed.ending, Ending::Stopped(Limit::Wall));
            assert!(!failed.lives && started.elapsed() < Duration::from_secs(15));
        },
    );
}

#[test]
fn what_was_left_running_writes_to_no_wheel_that_is_taken() {
    let orphan = "
if os.fork() == 0:
    os.setsid()
    import time
    while True:
        time.sleep(0.01)
        open(made, 'a').write('more')
";
    each(&afterwards(orphan), |rig| {
        assert_eq!(rig.makes(Hook::Wheel), NAME);
        let taken = rig.taken(NAME);
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(rig.taken(NAME), taken);
    });
}

#[test]
fn nothing_is_taken_before_a_run_or_under_another_name() {
    each(&Backend::new(), |rig| {
        fs::create_dir(rig.work("out")).unwrap();
        fs::write(rig.work("out").join(NAME), "planted").unwrap();
        assert!(rig.workshop.copy_out(NAME, &mut Vec::new()).is_err());
        rig.makes(Hook::Wheel);
        fs::write(rig.work("beside"), "").unwrap();
        symlink(rig.work("beside"), rig.work("out").join("linked")).unwrap();
        for name in ["../beside", "linked", "", ".", "..", "/etc/hostname"] {
            assert!(
                rig.workshop.copy_out(name, &mut Vec::new()).is_err(),
                "{name}"
            );
        }
        assert!(rig.taken(NAME).starts_with(b"PK"));
    });
}

#[test]
fn folders_without_permissions_are_no_obstacle_to_the_next_run() {
    let close = "
os.makedirs(folder + '/a/b')
os.chmod(folder + '/a/b', 0)
os.chmod(folder + '/a', 0)
";
    each(&afterwards(close), |rig| {
        // Without name spaces permissions stay.
        if rig.tier.mounts() {
            rig.makes(Hook::Wheel);
            rig.makes(Hook::Wheel);
        }
    });
}
