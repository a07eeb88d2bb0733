//! Entry points: names become files among the commands, values become code.

use super::{
    Case, Expect,
    Expect::{Accept, Reject, Warn},
    add, evil,
};

const REFUSED: Expect = Reject("entry points");

pub(super) fn all(cases: &mut Vec<Case>) {
    for &(id, expect, name) in NAMES {
        let builder = evil().entry_point(name, "evil:main");
        add(cases, id, expect, "a console script of this name", builder);
    }
    for &(id, expect, value) in VALUES {
        let builder = evil().entry_point("evil-tool", value);
        add(
            cases,
            id,
            expect,
            "a console script with this value",
            builder,
        );
    }
    for &(id, expect, text) in FILES {
        let builder = evil().dist_info("entry_points.txt", text);
        add(
            cases,
            id,
            expect,
            "an entry_points.txt of this form",
            builder,
        );
    }
    let gui = evil().gui_entry_point("../../pwn_gui", "evil:main");
    add(
        cases,
        "e01_gui_traversal",
        REFUSED,
        "a GUI script that leads out",
        gui,
    );
    let twice = evil()
        .entry_point("tool", "evil:a")
        .gui_entry_point("tool", "evil:b");
    add(
        cases,
        "e04_both_groups",
        REFUSED,
        "one name as console and GUI script",
        twice,
    );
}

const NAMES: &[(&str, Expect, &str)] = &[
    ("e00_control", Accept, "evil-tool"),
    ("e00_dotted", Accept, "evil.tool_2"),
    ("e01_ep_traversal", REFUSED, "../../pwn_ep"),
    ("e01_subfolder", REFUSED, "sub/tool"),
    ("e01_backslash", REFUSED, r"..\pwn"),
    ("e01_dot_dot", REFUSED, ".."),
    ("e02_ep_abs", REFUSED, "/tmp/pwn_ep_abs"),
    ("e02_drive", REFUSED, "C:tool"),
    ("e03_ep_python", REFUSED, "python3"),
    ("e03_python_bare", REFUSED, "python"),
    ("e03_python_minor", REFUSED, "python3.12"),
    ("e03_python_case", REFUSED, "Python"),
    ("e03_python_exe", REFUSED, "python.exe"),
    ("e03_pythonw", REFUSED, "pythonw"),
    ("e03_pypy", REFUSED, "pypy3"),
    ("e03_python_bat", REFUSED, "python3.bat"),
    ("e03_python_pth", REFUSED, "python._pth"),
    ("e03_pyvenv_cfg", REFUSED, "pyvenv.cfg"),
    ("e03_only_like_pypy", Accept, "pypy-tool"),
    ("e03_only_like_python", Accept, "python-argcomplete-tool"),
    ("e05_device", REFUSED, "con"),
    ("e05_escape", REFUSED, "a\x1b[31m"),
    ("e06_ep_shadow_pip", Warn, "pip"),
    ("e06_ep_shadow_sudo", Warn, "sudo"),
];

const VALUES: &[(&str, Expect, &str)] = &[
    ("e08_dotted", Accept, "evil.sub.module:Class.method"),
    ("e08_extras", Accept, "evil:main [extra]"),
    ("e08_code", REFUSED, "evil:main(); import os"),
    ("e08_code_in_module", REFUSED, "evil; import os:main"),
    ("e08_no_object", REFUSED, "evil"),
    ("e08_empty_object", REFUSED, "evil:"),
    ("e08_space", REFUSED, "evil:ma in"),
    ("e08_digit", REFUSED, "evil:1main"),
    ("e08_two_colons", REFUSED, "evil:main:x"),
    ("e08_relative", REFUSED, ".evil:main"),
];

const FILES: &[(&str, Expect, &[u8])] = &[
    (
        "e07_ep_not_utf8",
        REFUSED,
        b"[console_scripts]\ncaf\xe9 = evil:main\n",
    ),
    ("e07_utf16", REFUSED, b"\xff\xfe[\0x\0]\0"),
    (
        "e09_other_groups",
        Accept,
        b"[pytest11]\nevil = evil.plugin\n[x.y]\nq = evil:z\n",
    ),
    (
        "e09_comments",
        Accept,
        b"# comment\n\n[console_scripts]\n; more\ntool = evil:main\n",
    ),
    ("e09_empty", Accept, b""),
    ("e09_no_group", REFUSED, b"tool = evil:main\n"),
    (
        "e09_key_twice",
        REFUSED,
        b"[console_scripts]\na = evil:a\na = evil:b\n",
    ),
    (
        "e09_group_twice",
        REFUSED,
        b"[console_scripts]\na = e:a\n[console_scripts]\nb = e:b\n",
    ),
    (
        "e09_continuation",
        REFUSED,
        b"[console_scripts]\na = evil:a\n  b = evil:b\n",
    ),
    ("e09_no_value", REFUSED, b"[console_scripts]\na\n"),
];
