//! Environments of conda. There is none here, so one is built: an interpreter of its own beside
//! `conda-meta`.

use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use assay_testkit::wheel::record_digest;

use super::{installed_python, site_below};
use crate::machine::{Machine, index, simple};

/// `None` where a copy of the interpreter does not find its standard library.
fn conda(machine: &Machine) -> Option<PathBuf> {
    let python = installed_python(machine)?;
    let code = "import os, sys; print(sys.version_info[1], os.path.dirname(os.__file__))";
    let said = machine.run(&python, &["-I", "-c", code]).ok().out;
    let (minor, library) = said.trim().split_once(' ').unwrap();
    let folder = machine.path("conda");
    let own = folder.join(format!("lib/python3.{minor}"));
    for made in [
        &own.join("site-packages"),
        &folder.join("bin"),
        &folder.join("conda-meta"),
    ] {
        std::fs::create_dir_all(made).unwrap();
    }
    for entry in std::fs::read_dir(library).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name != "site-packages" && name != "EXTERNALLY-MANAGED" {
            symlink(entry.path(), own.join(name)).unwrap();
        }
    }
    let copy = folder.join("bin/python3");
    std::fs::copy(&python, &copy).unwrap();
    symlink("python3", folder.join("bin/python")).unwrap();
    let code = "import sys; print(sys.base_prefix)";
    let said = machine.run(&copy, &["-I", "-c", code]);
    if Path::new(said.out.trim()) == folder {
        return Some(folder);
    }
    println!("skipped: a copied interpreter does not know where it is");
    None
}

#[test]
fn an_active_environment_of_conda_is_the_target_unless_it_is_condas_own() {
    let machine = Machine::new();
    let Some(folder) = conda(&machine) else {
        return;
    };
    let server = index(&[simple("app", "1.0", &[])]);
    let url = server.index_url();
    machine.assay(&["venv", "env"]).ok();
    machine.assay(&["venv", "active"]).ok();
    let on_path = format!("{}:/usr/bin", machine.path("env/bin").display());
    let run = |more: &[&str], variables: &[(&str, &str)]| {
        let args = ["install", "-i", &url, "app"];
        let active = [("CONDA_PREFIX", "conda"), ("PATH", &on_path)];
        machine.assay_with(&[&args, more].concat(), &[&active, variables].concat())
    };
    let has_app = |folder: &str| site_below(&machine.path(folder)).join("app").exists();
    run(&[], &[("CONDA_DEFAULT_ENV", "base")]).ok();
    assert!(has_app("env") && !has_app("conda"));
    run(&[], &[("VIRTUAL_ENV", "active")]).ok();
    assert!(has_app("active") && !has_app("conda"));
    run(&["--require-virtualenv"], &[]).fails(2, &["is no virtual environment"]);
    assert!(!has_app("conda"));
    run(&[], &[("CONDA_DEFAULT_ENV", "science")]).ok();
    assert!(has_app("conda"));
    let tools = folder.join("bin/python3");
    let said = machine.run(&tools, &["-c", "import app; print(app.__version__)"]);
    assert_eq!(said.ok().out, "1.0\n");
}

#[test]
fn an_environment_of_conda_can_be_named_and_is_not_made_over() {
    let machine = Machine::new();
    let Some(folder) = conda(&machine) else {
        return;
    };
    let server = index(&[simple("app", "1.0", &[])]);
    let url = server.index_url();
    machine
        .assay(&["install", "--venv", "conda", "-i", &url, "app"])
        .ok();
    assert!(site_below(&folder).join("app").is_dir());
    assert!(!folder.join("pyvenv.cfg").exists());
    let args = ["install", "--venv", "conda/conda-meta", "-i", &url, "app"];
    machine.assay(&args).ok();
    assert!(folder.join("conda-meta/pyvenv.cfg").exists());
}

#[test]
fn what_conda_installed_goes_by_its_record_or_stays_with_a_reason() {
    let machine = Machine::new();
    let Some(folder) = conda(&machine) else {
        return;
    };
    let site = site_below(&folder);
    let write = |name: &str, text: &str| {
        let path = site.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for name in ["whole", "unlisted"] {
        let info = format!("{name}-1.0.dist-info");
        let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n");
        write(&format!("{name}.py"), "x = 1\n");
        write(&format!("{info}/METADATA"), &metadata);
        write(&format!("{info}/INSTALLER"), "conda\n");
    }
    let digest = record_digest(b"x = 1\n");
    let record = format!("whole.py,{digest},6\nwhole-1.0.dist-info/RECORD,,\n");
    write("whole-1.0.dist-info/RECORD", &record);
    write(
        "egg-1.0-py3.9.egg-info/PKG-INFO",
        "Metadata-Version: 1.1\nName: egg\nVersion: 1.0\n",
    );
    let remove = |name| machine.assay(&["uninstall", "-y", "--venv", "conda", name]);
    let said = remove("whole").ok();
    assert!(
        said.err.contains("conda, which goes on listing it"),
        "{}",
        said.err
    );
    assert!(!site.join("whole.py").exists() && !site.join("whole-1.0.dist-info").exists());
    remove("unlisted").fails(1, &["no RECORD", "installed by conda: remove it with that"]);
    remove("egg").fails(1, &["without a list of its files"]);
    assert!(site.join("unlisted.py").exists() && site.join("egg-1.0-py3.9.egg-info").exists());
}
