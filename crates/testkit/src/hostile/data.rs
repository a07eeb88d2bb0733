//! The data folder: files that go to the environment's other folders.

use super::{
    Case, Expect,
    Expect::{Accept, Neutralise, Policy, Reject},
    add, evil,
};

const PATH: Expect = Reject("entry path");
const SCHEME: Expect = Reject("scheme");
const SCRIPT: Expect = Reject("script name");
const INTERPRETER: Expect = Reject("interpreter's name");
const CONFIG: Expect = Reject("environment's own file");
const LIBRARY: Expect = Reject("data into a library folder");
const METADATA: Expect = Reject("metadata below the data folder");
const FOLDER: Expect = Reject("data folder");
const TWO: Expect = Reject("two files for one place");

pub(super) fn all(cases: &mut Vec<Case>) {
    tables(cases);
    folders(cases);
    two_schemes(cases);
}

fn tables(cases: &mut Vec<Case>) {
    for &(id, expect, scheme, path) in BELOW {
        let builder = evil().data(scheme, path, b"#!/bin/sh\n");
        add(cases, id, expect, "a file below the data folder", builder);
    }
    for &(id, expect, path) in BESIDE {
        let builder = evil().file(path, b"x = 1\n");
        add(
            cases,
            id,
            expect,
            "a path that looks like a data folder",
            builder,
        );
    }
}

fn folders(cases: &mut Vec<Case>) {
    let file = evil().file("evil-1.0.data", b"");
    add(
        cases,
        "d06_data_is_a_file",
        FOLDER,
        "a file named like the data folder",
        file,
    );
    let two = evil()
        .data("data", "x", b"")
        .file("evil-1.0.0.data/data/y", b"");
    add(cases, "d10_two_data", FOLDER, "two data folders", two);
    let shebang = evil().data("scripts", "tool", b"#!python -c 'import os' \nprint()\n");
    add(
        cases,
        "d08_shebang",
        Neutralise,
        "arguments after #!python",
        shebang,
    );
}

fn two_schemes(cases: &mut Vec<Case>) {
    let both = evil()
        .data("purelib", "evil/a.py", b"1")
        .data("platlib", "evil/a.py", b"2");
    add(
        cases,
        "d12_purelib_platlib",
        TWO,
        "one path in purelib and platlib",
        both,
    );
    let other = evil()
        .data("purelib", "evil/a.py", b"1")
        .data("platlib", "evil/b.py", b"2");
    add(
        cases,
        "d12_two_paths",
        Accept,
        "two paths in purelib and platlib",
        other,
    );
    let headers = evil()
        .data("headers", "evil.h", b"")
        .data("data", "include/evil.h", b"");
    add(
        cases,
        "d13_headers",
        Accept,
        "headers in two places",
        headers,
    );
}

const BELOW: &[(&str, Expect, &str, &str)] = &[
    ("d01_scripts_traversal", PATH, "scripts", "../../../pwn_ds"),
    ("d01_scheme_traversal", PATH, "..", "evil/x.py"),
    ("d02_unknown_scheme", SCHEME, "unknown", "x"),
    ("d02_scheme_case", SCHEME, "Scripts", "x"),
    ("d02_stdlib", SCHEME, "stdlib", "os.py"),
    ("d02_include", SCHEME, "include", "x.h"),
    ("d03_data_python", INTERPRETER, "data", "bin/python3"),
    (
        "d03_data_python_case",
        INTERPRETER,
        "data",
        "Scripts/Python.EXE",
    ),
    (
        "d03_data_python_folder",
        INTERPRETER,
        "data",
        "bin/python/x",
    ),
    ("d03_script_python", INTERPRETER, "scripts", "python"),
    (
        "d03_script_python_minor",
        INTERPRETER,
        "scripts",
        "python3.11",
    ),
    ("d03_script_pythonw", INTERPRETER, "scripts", "pythonw.exe"),
    (
        "d03_script_free_threaded",
        INTERPRETER,
        "scripts",
        "python3.13t",
    ),
    ("d03_script_pypy", INTERPRETER, "scripts", "pypy3"),
    ("d03_script_pth", INTERPRETER, "scripts", "python._pth"),
    (
        "d03_script_pth_minor",
        INTERPRETER,
        "scripts",
        "python3.11._pth",
    ),
    (
        "d03_script_pyvenv_cfg",
        INTERPRETER,
        "scripts",
        "PyVenv.cfg",
    ),
    ("d03_data_pth", INTERPRETER, "data", "bin/Python._PTH"),
    ("d03_data_pyvenv_cfg", INTERPRETER, "data", "bin/pyvenv.cfg"),
    (
        "d03_data_builddir",
        INTERPRETER,
        "data",
        "bin/pybuilddir.txt",
    ),
    (
        "d03_data_modules",
        INTERPRETER,
        "data",
        "bin/Modules/Setup.local",
    ),
    ("d03_data_pth_elsewhere", Accept, "data", "lib/python._pth"),
    (
        "d03_only_like_python",
        Accept,
        "scripts",
        "python-argcomplete-tcsh",
    ),
    ("d03_data_command", Accept, "data", "bin/evil-tool"),
    ("d04_pyvenv_cfg", CONFIG, "data", "pyvenv.cfg"),
    ("d04_pyvenv_cfg_case", CONFIG, "data", "PyVenv.cfg"),
    (
        "d04_pyvenv_cfg_elsewhere",
        Accept,
        "data",
        "share/evil/pyvenv.cfg",
    ),
    (
        "d05_data_other_sp",
        LIBRARY,
        "data",
        "lib/python3.11/site-packages/other.pth",
    ),
    (
        "d05_dist_packages",
        LIBRARY,
        "data",
        "lib/python3/dist-packages/x.py",
    ),
    ("d05_windows", LIBRARY, "data", "Lib/Site-Packages/x.py"),
    ("d05_stdlib", LIBRARY, "data", "lib/python3.11/os.py"),
    ("d05_stdlib_64", LIBRARY, "data", "lib64/Python3.11/os.py"),
    ("d05_native_library", Accept, "data", "lib/libevil.so"),
    ("d05_pythonic", Accept, "data", "lib/pythonic/x"),
    (
        "d05_share",
        Accept,
        "data",
        "share/jupyter/kernels/evil/kernel.json",
    ),
    ("d05_etc", Accept, "data", "etc/evil.conf"),
    ("d07_nested_script", SCRIPT, "scripts", "sub/tool"),
    ("d07_script", Accept, "scripts", "evil-tool.sh"),
    (
        "d09_purelib_pip",
        Policy,
        "purelib",
        "victimpkg/__init__.py",
    ),
    ("d09_purelib_own", Accept, "purelib", "evil/more.py"),
    (
        "d11_purelib_dist_info",
        METADATA,
        "purelib",
        "evil-1.0.dist-info/INSTALLER",
    ),
    (
        "d11_other_dist_info",
        METADATA,
        "platlib",
        "victim-2.0.dist-info/METADATA",
    ),
    (
        "d11_egg_info",
        METADATA,
        "purelib",
        "victim.egg-info/PKG-INFO",
    ),
    ("d11_egg_link", METADATA, "purelib", "victim.egg-link"),
    (
        "d11_dist_info_case",
        METADATA,
        "purelib",
        "Victim-2.0.DIST-INFO/RECORD",
    ),
    (
        "d11_vendored_dist_info",
        Accept,
        "purelib",
        "evil/_vendor/x-1.dist-info/METADATA",
    ),
    ("d14_script_standard_module", Policy, "scripts", "re.py"),
    ("d14_script_module", Accept, "scripts", "evil-re.py"),
    ("d14_script_no_module", Accept, "scripts", "re"),
    ("d12_file_over_folder", TWO, "purelib", "evil"),
    ("d12_folder_over_file", TWO, "platlib", "evil/__init__.py/x"),
    ("d12_over_root", TWO, "purelib", "evil/__init__.py"),
    ("d12_over_root_case", TWO, "platlib", "evil/__INIT__.py"),
];

const BESIDE: &[(&str, Expect, &str)] = &[
    ("d06_file_in_data", SCHEME, "evil-1.0.data/x.py"),
    ("d06_file_as_scheme", SCHEME, "evil-1.0.data/purelib"),
    ("d10_data_name", FOLDER, "other-1.0.data/purelib/x.py"),
    ("d10_data_version", FOLDER, "evil-2.0.data/purelib/x.py"),
    ("d10_data_case", FOLDER, "evil-1.0.DATA/scripts/x"),
    (
        "d10_data_equal_version",
        Accept,
        "Evil-1.0.0.data/scripts/x",
    ),
    (
        "d10_vendored_data",
        Accept,
        "evil/_vendor/other-1.0.data/unknown/x",
    ),
    ("d10_folder_named_data", Accept, "evil_data/x"),
];
