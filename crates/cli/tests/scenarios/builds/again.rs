//! The same build again, elsewhere: what a build sees does not tell where the host keeps things.

use std::path::Path;

use assay_testkit::{
    sdist::{Backend, SdistBuilder},
    wheel::WheelBuilder,
};

use super::{for_each_user, index, seen};
use crate::machine::{Machine, Outcome};

/// A command of the build's own environment says which Python it runs with.
const ASKING: &str = "
import shutil, subprocess
tool = shutil.which('tool')
found['tool'] = [tool, open(tool).readline(), subprocess.check_output([tool]).decode()]
found['path'] = sys.path
";

#[test]
fn the_environment_of_a_build_has_one_path() {
    let tool = WheelBuilder::new("tool", "1.0")
        .file("tool.py", b"import sys\ndef main(): print(sys.prefix)\n")
        .entry_point("tool", "tool:main")
        .build();
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree_with(&Backend::new().building(ASKING), &["tool"])
        .build();
    let server = index(&[&demo], &[tool]);
    for_each_user(|machine: &Machine| {
        // Without a cache that lasts each build has folders of its own.
        let build = || {
            std::fs::remove_dir_all(machine.venv()).ok();
            machine.install(&server, &["--no-cache-dir", "demo"]).ok();
            seen(machine, "demo")
        };
        let first = build();
        assert_eq!(first["prefix"], "/build-environment");
        let said = &first["found"]["tool"];
        assert_eq!(said[0], "/build-environment/bin/tool");
        assert_eq!(said[1], "#!/build-environment/bin/python\n");
        assert_eq!(said[2], "/build-environment\n");
        assert_eq!(first, build());
    });
}

#[test]
fn whatever_the_umask_is_a_build_finds_its_environment() {
    let tool = WheelBuilder::new("tool", "1.0")
        .file("tool.py", b"")
        .build();
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree_with(&Backend::new().building("import tool"), &["tool"])
        .build();
    let server = index(&[&demo], &[tool]);
    for_each_user(|machine| {
        let shell = Path::new("/bin/sh");
        let strict = ["-c", "umask 077; exec \"$@\"", "sh"];
        let mut command = machine.command_under(shell, &strict);
        let url = server.index_url();
        command.args(["install", "--venv", "env", "-i", &url, "demo"]);
        Outcome::of(command.output().unwrap()).ok();
    });
}
