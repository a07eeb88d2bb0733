//! The programs under test and every command line they are run with.

use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

use clap::ValueEnum;

use crate::programs::Programs;

/// A program under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
pub enum Tool {
    /// This project.
    Assay,
    /// The same on an index that has an attestation for each wheel.
    Attested,
    /// astral-sh/uv.
    Uv,
    /// pypa/pip.
    Pip,
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Assay => "assay",
            Self::Attested => "assay+attestations",
            Self::Uv => "uv",
            Self::Pip => "pip",
        })
    }
}

/// What a command line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Makes an empty environment; never timed.
    Venv,
    /// Installs the requirements into it.
    Install,
    /// Resolves them and writes nothing.
    Resolve,
}

/// The one table of command lines. Split at spaces before the names in braces are replaced, so
/// paths may contain spaces. pip is started in the environment the way its own `--python` does it.
const COMMANDS: [(Tool, Action, &str); 12] = [
    (Tool::Assay, Action::Venv, "{assay} venv {env}"),
    (
        Tool::Assay,
        Action::Install,
        "{assay} install --venv {env} --index-url {index} --cert {ca} --cache-dir {cache} -r {requirements}",
    ),
    (
        Tool::Assay,
        Action::Resolve,
        "{assay} install --dry-run --venv {env} --index-url {index} --cert {ca} --cache-dir {cache} -r {requirements}",
    ),
    (Tool::Attested, Action::Venv, "{assay} venv {env}"),
    (
        Tool::Attested,
        Action::Install,
        "{assay} install --venv {env} --index-url {attested} --cert {ca} --cache-dir {cache} -r {requirements}",
    ),
    (
        Tool::Attested,
        Action::Resolve,
        "{assay} install --dry-run --venv {env} --index-url {attested} --cert {ca} --cache-dir {cache} -r {requirements}",
    ),
    (
        Tool::Uv,
        Action::Venv,
        "{python} -m venv --without-pip {env}",
    ),
    (
        Tool::Uv,
        Action::Install,
        "{uv} pip install --python {env}/bin/python --index-url {index} --cache-dir {cache} -r {requirements}",
    ),
    (
        Tool::Uv,
        Action::Resolve,
        "{uv} pip compile --python {env}/bin/python --index-url {index} --cache-dir {cache} {requirements}",
    ),
    (
        Tool::Pip,
        Action::Venv,
        "{python} -m venv --without-pip {env}",
    ),
    (
        Tool::Pip,
        Action::Install,
        "{env}/bin/python {pip} install --no-compile --index-url {index} --cert {ca} --cache-dir {cache} -r {requirements}",
    ),
    (
        Tool::Pip,
        Action::Resolve,
        "{env}/bin/python {pip} install --dry-run --index-url {index} --cert {ca} --cache-dir {cache} -r {requirements}",
    ),
];

/// The template of a command line, for running and for showing.
pub fn template(tool: Tool, action: Action) -> &'static str {
    let row = COMMANDS.iter().find(|it| it.0 == tool && it.1 == action);
    row.expect("the table has a row for each tool and action").2
}

/// Where one run keeps its things.
#[derive(Debug, Clone)]
pub struct Folders {
    /// The environment.
    pub env: PathBuf,
    /// The tool's cache.
    pub cache: PathBuf,
    /// The user's state folder and home.
    pub state: PathBuf,
}

/// Everything that the command lines name, the same for each run.
#[derive(Debug, Clone)]
pub struct Setting {
    /// What is run.
    pub programs: Programs,
    /// URL of the index.
    pub index: String,
    /// URL of the index with attestations; empty where nobody uses it.
    pub attested: String,
    /// The folder of configurations; empty but for assay's policy, which names the trusted root of
    /// these attestations.
    pub config: PathBuf,
    /// Certificate authorities of the indexes, PEM.
    pub ca: PathBuf,
    /// The requirements file.
    pub requirements: PathBuf,
}

impl Setting {
    /// A command in a scrubbed environment: no configuration of the user or the machine.
    pub fn command(&self, tool: Tool, action: Action, folders: &Folders) -> Command {
        let mut parts = template(tool, action)
            .split(' ')
            .map(|it| self.fill(it, folders));
        let mut command = Command::new(parts.next().unwrap_or_default());
        command
            .args(parts)
            .current_dir(&folders.state)
            .env_clear()
            .env("PATH", self.search_path())
            .env("HOME", &folders.state)
            .env("LANG", "C.UTF-8")
            .env("XDG_CONFIG_HOME", &self.config)
            .env("XDG_STATE_HOME", folders.state.join("state"))
            .env("SSL_CERT_FILE", &self.ca)
            .env("PIP_CONFIG_FILE", "/dev/null");
        if tool == Tool::Pip {
            // The pip that it starts for what a build requires gets no --cert of it.
            command.env("PIP_CERT", &self.ca);
        }
        command
    }

    /// The interpreter's folder comes first, so that "python3" means it.
    fn search_path(&self) -> OsString {
        let folder = self
            .programs
            .python
            .parent()
            .unwrap_or(Path::new("/usr/bin"));
        let mut path = folder.as_os_str().to_owned();
        path.push(":/usr/bin:/bin");
        path
    }

    fn fill(&self, part: &str, folders: &Folders) -> OsString {
        let Some((name, rest)) = part.strip_prefix('{').and_then(|it| it.split_once('}')) else {
            return part.into();
        };
        let mut value = match name {
            "assay" => self.programs.assay.as_os_str().to_owned(),
            "uv" => self.programs.uv.as_os_str().to_owned(),
            "python" => self.programs.python.as_os_str().to_owned(),
            "pip" => self.programs.pip.as_os_str().to_owned(),
            "index" => self.index.clone().into(),
            "attested" => self.attested.clone().into(),
            "ca" => self.ca.as_os_str().to_owned(),
            "requirements" => self.requirements.as_os_str().to_owned(),
            "env" => folders.env.as_os_str().to_owned(),
            "cache" => folders.cache.as_os_str().to_owned(),
            other => unreachable!("the table names {{{other}}}"),
        };
        value.push(rest);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_line_is_filled_and_sees_nothing_of_the_user() {
        let setting = Setting {
            programs: Programs {
                assay: "/a b/assay".into(),
                uv: "/uv".into(),
                python: "/py/bin/python3".into(),
                pip: "/pip".into(),
            },
            index: "https://localhost:1/simple/".into(),
            attested: "https://localhost:2/simple/".into(),
            config: "/config".into(),
            ca: "/ca".into(),
            requirements: "/r.txt".into(),
        };
        let folders = Folders {
            env: "/an env".into(),
            cache: "/cache".into(),
            state: "/state".into(),
        };
        for (tool, action, _) in COMMANDS {
            let command = setting.command(tool, action, &folders);
            let line = format!("{command:?}");
            assert!(!line.contains('{') && line.contains("/an env"), "{line}");
            let home = command.get_envs().find(|it| it.0 == "HOME");
            assert_eq!(home.and_then(|it| it.1), Some("/state".as_ref()));
        }
    }
}
