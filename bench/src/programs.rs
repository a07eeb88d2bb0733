//! Finds the programs under test, and refuses stand-ins for them.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    process::Command,
};

/// Paths of what is run.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The assay binary.
    pub assay: PathBuf,
    /// The uv binary.
    pub uv: PathBuf,
    /// The interpreter, by its own idea of its path.
    pub python: PathBuf,
    /// pip's runner script, from that interpreter.
    pub pip: PathBuf,
}

/// Asks an interpreter (a path or a name on PATH, maybe a shim) for its own path and pip's runner.
pub fn find_python(python: &Path) -> io::Result<(PathBuf, PathBuf)> {
    let script = "import os, sys, pip\n\
        print(sys.executable)\n\
        print(os.path.join(pip.__path__[0], '__pip-runner__.py'))";
    let answer = output(Command::new(python).args(["-I", "-c", script]))?;
    let mut lines = answer.lines().map(PathBuf::from);
    match (lines.next(), lines.next()) {
        (Some(executable), Some(pip)) if pip.exists() => Ok((executable, pip)),
        _ => Err(io::Error::other(format!(
            "{} has no pip that can be run for another environment (22.3 or newer)",
            python.display()
        ))),
    }
}

/// The first `name` of a search path that is a program and no script: a shim of a version manager
/// costs more than what is measured.
pub fn find_binary(name: &str, search_path: &std::ffi::OsStr) -> io::Result<PathBuf> {
    std::env::split_paths(search_path)
        .map(|folder| folder.join(name))
        .find(|path| check_binary(path).is_ok())
        .ok_or_else(|| io::Error::other(format!("no {name} binary on PATH that is not a shim")))
}

/// Refuses what is missing or begins with `#!`.
pub fn check_binary(path: &Path) -> io::Result<()> {
    let named = |e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", path.display()));
    let mut start = [0; 2];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .map_err(named)?;
    if &start == b"#!" {
        return Err(named(io::Error::other("a script, not the real program")));
    }
    Ok(())
}

/// What `--version` answers, in one line.
pub fn version(command: &mut Command) -> io::Result<String> {
    let answer = output(command.arg("--version"))?;
    // pip says where it lies as well.
    let line = answer.lines().next().unwrap_or_default();
    Ok(line.split(" from ").next().unwrap_or_default().to_owned())
}

fn output(command: &mut Command) -> io::Result<String> {
    let output = command
        .output()
        .map_err(|e| io::Error::new(e.kind(), format!("cannot start {command:?}: {e}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!("{command:?}: {}", said.trim())));
    }
    String::from_utf8(output.stdout).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shim_is_passed_over_and_the_real_program_behind_it_is_found() {
        let shims = tempfile::tempdir().unwrap();
        let real = tempfile::tempdir().unwrap();
        std::fs::write(shims.path().join("uv"), "#!/bin/sh\nexec uv\n").unwrap();
        std::fs::write(real.path().join("uv"), b"\x7fELF").unwrap();
        let path = std::env::join_paths([shims.path(), real.path()]).unwrap();
        assert_eq!(
            find_binary("uv", &path).unwrap(),
            real.path().join("uv"),
            "the shim comes first on the path"
        );
        assert!(check_binary(&shims.path().join("uv")).is_err());
    }
}
