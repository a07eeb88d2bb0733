//! Code that runs by itself, and files that belong to others: well-formed wheels, judged later.

use super::{
    Case, Expect,
    Expect::{Accept, Policy, Warn},
    add, evil,
};

pub(super) fn all(cases: &mut Vec<Case>) {
    for &(id, expect, path, content) in FILES {
        add(
            cases,
            id,
            expect,
            "code that may run by itself",
            evil().file(path, content),
        );
    }
    let cached = evil().file("evil/__pycache__/__init__.cpython-311.pyc", b"\0\0\0\0");
    let leads = |path| evil().file("evil.pth", b"evil/sub\n").file(path, b"");
    for &(id, expect, path) in LED_TO {
        add(
            cases,
            id,
            expect,
            "a file where a .pth file leads",
            leads(path),
        );
    }
    add(
        cases,
        "c06_shipped_bytecode",
        Accept,
        "compiled code beside its source",
        cached,
    );
}

const FILES: &[(&str, Expect, &str, &[u8])] = &[
    (
        "c01_pth",
        Policy,
        "evil.pth",
        b"import os; os.system('id')\n",
    ),
    ("c01_pth_tab", Policy, "evil.pth", b"import\tos\n"),
    ("c01_pth_absolute", Policy, "evil.pth", b"/tmp/evil\n"),
    ("c01_pth_traversal", Policy, "evil.pth", b"../../evil\n"),
    ("c01_pth_inside", Accept, "evil.pth", b"evil/sub\n"),
    ("c01_pth_below", Accept, "evil/x.pth", b"import os\n"),
    ("c01_start", Policy, "evil.start", b"evil:main\n"),
    (
        "c02_sitecustomize",
        Policy,
        "sitecustomize.py",
        b"print(1)\n",
    ),
    (
        "c02_sitecustomize_folder",
        Policy,
        "sitecustomize/__init__.py",
        b"print(1)\n",
    ),
    (
        "c02_usercustomize",
        Policy,
        "usercustomize.py",
        b"print(1)\n",
    ),
    (
        "c02_sitecustomize_below",
        Accept,
        "evil/sitecustomize.py",
        b"print(1)\n",
    ),
    ("c03_stdlib_shadow", Warn, "json.py", b"x = 1\n"),
    (
        "c04_overwrite_other",
        Policy,
        "victimpkg/__init__.py",
        b"x = 1\n",
    ),
    (
        "c05_sourceless_bytecode",
        Warn,
        "evil/hidden.pyc",
        b"\0\0\0\0",
    ),
];

const LED_TO: &[(&str, Expect, &str)] = &[
    (
        "c01_leads_to_customize",
        Policy,
        "evil/sub/sitecustomize.py",
    ),
    (
        "c01_leads_to_metadata",
        Policy,
        "evil/sub/victim-1.0.dist-info/METADATA",
    ),
    ("c01_leads_to_archive", Policy, "evil/sub"),
    ("c01_leads_to_module", Accept, "evil/sub/customize.py"),
];
