//! What comes out of a build is one wheel, of what was asked for, and read as strictly as any other.

use assay_testkit::sdist::{Backend, SdistBuilder};

use super::{for_each_user, for_me, index, nothing_installed};
use crate::machine::{Machine, Outcome};

/// Installs a project whose wheel is made by this code.
fn install(machine: &Machine, code: &str) -> Outcome {
    let backend = Backend::new().instead("build_wheel", code);
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree(&backend)
        .build();
    machine.install(&index(&[&demo], &[]), &["demo"])
}

/// It is refused, by a trust rule where the code is 4, and nothing is installed.
#[track_caller]
fn refused(machine: &Machine, code: &str, exit: i32, words: &[&str]) {
    let outcome = install(machine, code);
    nothing_installed(machine, &outcome);
    outcome.fails(exit, words);
}

#[test]
fn a_wheel_of_the_project_is_installed() {
    for_each_user(|machine| {
        install(machine, "return write_wheel(folder, files())").ok();
        assert_eq!(machine.frozen(), ["demo==1.0"]);
    });
}

#[test]
fn a_wheel_of_another_project_or_version_is_refused() {
    for_each_user(|machine| {
        let other = "return write_wheel(folder, files(), stem='other-1.0', header='Metadata-Version: 2.1\\nName: other\\nVersion: 1.0\\n')";
        refused(machine, other, 4, &["demo", "other-1.0-py3-none-any.whl"]);
        let newer = "return write_wheel(folder, files(), stem='demo-2.0', header='Metadata-Version: 2.1\\nName: demo\\nVersion: 2.0\\n')";
        refused(machine, newer, 4, &["demo", "demo-2.0-py3-none-any.whl"]);
    });
}

#[test]
fn a_wheel_that_lies_about_itself_is_refused() {
    for_me(|machine| {
        let metadata = "return write_wheel(folder, files(), header='Metadata-Version: 2.1\\nName: other\\nVersion: 1.0\\n')";
        refused(machine, metadata, 4, &["demo", "other"]);
        let info = "return write_wheel(folder, files(), stem='other-1.0', file_name='demo-1.0-py3-none-any.whl')";
        refused(machine, info, 4, &["demo"]);
    });
}

#[test]
fn a_wheel_for_another_platform_is_refused() {
    for_me(|machine| {
        for tag in [
            "py3-none-win_amd64",
            "cp27-cp27mu-any",
            "py3-none-macosx_11_0_arm64",
        ] {
            let code = format!("return write_wheel(folder, files(), tag={tag:?})");
            let outcome = install(machine, &code);
            nothing_installed(machine, &outcome);
            assert!([1, 4].contains(&outcome.code), "{outcome:?}");
            assert!(outcome.err.contains(tag), "{}", outcome.err);
        }
    });
}

#[test]
fn two_wheels_are_refused() {
    for_me(|machine| {
        let code = "write_wheel(folder, files(), tag='py2.py3-none-any')\nreturn write_wheel(folder, files())";
        let outcome = install(machine, code);
        nothing_installed(machine, &outcome);
        assert!([1, 4].contains(&outcome.code), "{outcome:?}");
    });
}

#[test]
fn what_is_no_file_of_the_builds_own_is_refused() {
    let name = "name = 'demo-1.0-py3-none-any.whl'\npath = os.path.join(folder, name)\n";
    for_each_user(|machine| {
        let secret = machine.write_at_home("secret.whl", "of the host");
        let secret = secret.to_str().unwrap();
        for code in [
            format!("os.symlink({secret:?}, path)"),
            "os.symlink('/etc/passwd', path)".to_owned(),
            "write_wheel(folder, files(), file_name='real.whl')\nos.symlink('real.whl', path)".to_owned(),
            "write_wheel(folder, files(), file_name='real.whl')\nos.link(os.path.join(folder, 'real.whl'), path)".to_owned(),
            "os.mkdir(path)".to_owned(),
            "import socket\nsocket.socket(socket.AF_UNIX).bind(path)".to_owned(),
            "os.mkfifo(path)".to_owned(),
            "pass".to_owned(),
            "os.rename(folder, folder + '-moved')\nos.symlink('/', folder)".to_owned(),
        ] {
            let outcome = install(machine, &format!("{name}{code}\nreturn name"));
            nothing_installed(machine, &outcome);
            assert!([1, 4].contains(&outcome.code), "{code}: {outcome:?}");
            assert!(!outcome.err.contains("root:"), "{code}: {outcome:?}");
        }
    });
}

#[test]
fn of_a_path_the_last_part_counts() {
    for_me(|machine| {
        let path = machine.write("demo-1.0-py3-none-any.whl", "of the host");
        let path = path.to_str().unwrap();
        for name in ["../demo-1.0-py3-none-any.whl", path] {
            let code = format!("write_wheel(folder, files())\nreturn {name:?}");
            install(machine, &code).ok();
            assert_eq!(machine.frozen(), ["demo==1.0"]);
            std::fs::remove_dir_all(machine.venv()).unwrap();
        }
    });
}

#[test]
fn a_name_of_something_else_is_refused() {
    for_me(|machine| {
        for name in [
            "''",
            "'.'",
            "'..'",
            "'demo-1.0.tar.gz'",
            "'x\\x00.whl'",
            "'x.whl/'",
            "'\\udcff.whl'",
        ] {
            let code = format!("write_wheel(folder, files())\nreturn {name}");
            let outcome = install(machine, &code);
            nothing_installed(machine, &outcome);
            assert!([1, 4].contains(&outcome.code), "{name}: {outcome:?}");
        }
    });
}

#[test]
fn an_answer_that_is_no_name_is_refused() {
    for_me(|machine| {
        for code in [
            "return None",
            "return 7",
            "return ['demo-1.0-py3-none-any.whl']",
            "return 'x' * 60_000_000",
            "deep = []\nfor _ in range(900): deep = [deep]\nreturn deep",
            "return b'demo-1.0-py3-none-any.whl'",
        ] {
            let outcome = install(machine, &format!("write_wheel(folder, files())\n{code}"));
            nothing_installed(machine, &outcome);
            assert!([1, 4].contains(&outcome.code), "{code}: {outcome:?}");
            assert!(outcome.err.len() < 20_000, "{code}");
        }
    });
}

#[test]
fn an_answer_that_the_build_writes_itself_is_no_better() {
    for_me(|machine| {
        for text in [
            "'[' * 10_000_000",
            "'{\"made\": \"../../x\"}'",
            "'\\x00' * 100",
            "'9' * 100_000_000",
            "'{\"a\":' * 100_000",
        ] {
            let code = format!(
                "write_wheel(folder, files())\n\
                 for at, _, _ in list(os.walk(os.path.dirname(folder))):\n    \
                     open(os.path.join(at, 'result.json'), 'w').write({text})\n\
                 os._exit(0)"
            );
            let outcome = install(machine, &code);
            nothing_installed(machine, &outcome);
            assert!([1, 4].contains(&outcome.code), "{text}: {outcome:?}");
            assert!(outcome.err.len() < 20_000, "{text}");
        }
    });
}

#[test]
fn archives_of_a_build_are_read_as_strictly_as_any() {
    for_me(|machine| {
        for (code, word) in [
            (
                "open(os.path.join(folder, 'demo-1.0-py3-none-any.whl'), 'w').write('no archive')\nreturn 'demo-1.0-py3-none-any.whl'",
                "demo",
            ),
            (
                "return write_wheel(folder, dict(files(), **{'../../../out.py': b''}))",
                "entry path",
            ),
            (
                "return write_wheel(folder, dict(files(), **{'demo-1.0.data/scripts/python3': b''}))",
                "python3",
            ),
            (
                "name = write_wheel(folder, files())\nopen(os.path.join(folder, name), 'a').write('more')\nreturn name",
                "demo",
            ),
            (
                "name = write_wheel(folder, files())\nwith zipfile.ZipFile(os.path.join(folder, name), 'a') as it: it.writestr('unlisted.py', 'x')\nreturn name",
                "unlisted.py",
            ),
            (
                "return write_wheel(folder, dict(files(), **{'demo.pth': b'import os\\n'}))",
                "demo.pth",
            ),
        ] {
            refused(machine, code, 4, &[word]);
        }
    });
}

#[test]
fn a_wheel_that_is_swapped_behind_the_hook_is_read_when_everybody_is_dead() {
    let code = "
name = write_wheel(folder, files())
path = os.path.join(folder, name)
with open(path, 'rb') as file: honest = file.read()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import itertools
        for turn in itertools.count():
            try:
                os.unlink(path)
                if turn % 2: os.symlink('/etc/passwd', path)
                else: open(path, 'wb').write(honest)
            except OSError: pass
    os._exit(0)
return name
";
    for_each_user(|machine| {
        for _ in 0..5 {
            let outcome = install(machine, code);
            if outcome.code == 0 {
                assert_eq!(
                    machine.python("import demo; print(demo.__version__)").out,
                    "1.0\n"
                );
                machine
                    .assay(&["uninstall", "-y", "--venv", "env", "demo"])
                    .ok();
            } else {
                nothing_installed(machine, &outcome);
                assert!(!outcome.err.contains("root:"), "{outcome:?}");
            }
        }
    });
}

#[test]
fn folders_that_a_build_closes_are_in_nobodys_way() {
    for_each_user(|machine| {
        for close in [
            "folder",
            "os.getcwd()",
            "os.path.dirname(folder)",
            "'/build'",
        ] {
            let code = format!(
                "name = write_wheel(folder, files())\nos.makedirs('closed/inner')\n\
                 os.chmod('closed', 0)\nos.chmod({close}, 0)\nreturn name"
            );
            let outcome = install(machine, &code);
            if outcome.code == 0 {
                assert_eq!(machine.frozen(), ["demo==1.0"]);
                std::fs::remove_dir_all(machine.venv()).unwrap();
            } else {
                nothing_installed(machine, &outcome);
                assert_eq!(outcome.code, 1, "{close}: {outcome:?}");
            }
            super::killed::no_workshops(machine);
        }
    });
}

#[test]
fn a_wheel_that_is_mostly_holes_is_refused() {
    for_me(|machine| {
        let code = "name = write_wheel(folder, files())\nos.truncate(os.path.join(folder, name), 200 << 20)\nreturn name";
        refused(machine, code, 4, &["demo"]);
        let bomb = "return write_wheel(folder, dict(files(), **{'demo/zeros': bytes(100 << 20)}))";
        refused(machine, bomb, 4, &["ratio"]);
    });
}
