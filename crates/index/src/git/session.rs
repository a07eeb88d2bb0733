//! Everything that is done with one repository.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use assay_types::{
    Url,
    repository::{Address, Commit},
};

use super::{
    Git, bare,
    environment::{Settings, environment},
    process::{self, Finished, Limits},
    refs,
};
use crate::IndexError;

/// The oldest git that takes settings from its environment.
const OLDEST: (u32, u32) = (2, 31);
/// What the submodules of any repository may be fetched over: none of them is a place of this machine.
const OF_SUBMODULES: &str = "https:ssh";

/// A repository with the settings to reach it, and the time that is left.
pub(super) struct Session<'a> {
    pub(super) git: &'a Git,
    /// Without credentials.
    url: Url,
    /// As messages name it.
    pub(super) shown: String,
    transports: String,
    settings: Settings,
    deadline: Instant,
    watched: Option<PathBuf>,
}

impl<'a> Session<'a> {
    pub(super) fn new(git: &'a Git, address: &Address) -> Result<Self, IndexError> {
        let scheme = address.url.scheme();
        let mut session = Self {
            git,
            url: bare(&address.url),
            shown: address.to_string(),
            transports: match scheme {
                "https" | "ssh" => OF_SUBMODULES.to_owned(),
                other => format!("{OF_SUBMODULES}:{other}"),
            },
            settings: Settings::new(&git.config, &address.url),
            deadline: Instant::now() + git.config.limit,
            watched: None,
        };
        session.check_version()?;
        session.look_at_users_settings()?;
        Ok(session)
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// From now on this folder may not grow too large.
    pub(super) fn watch(&mut self, folder: &Path) {
        self.watched = Some(folder.to_owned());
    }

    fn check_version(&self) -> Result<(), IndexError> {
        let said = self.must(&["version"], None)?.out;
        let number = said.split_whitespace().nth(2).unwrap_or_default();
        let mut parts = number.split('.').map_while(|it| it.parse().ok());
        match (parts.next(), parts.next()) {
            (Some(major), Some(minor)) if (major, minor) >= OLDEST => Ok(()),
            _ => Err(IndexError::Setting {
                fact: format!(
                    "{} is git {number}; 2.31 or newer is needed",
                    self.git.program.display()
                ),
                hint: Some("older ones cannot be told what not to run".to_owned()),
            }),
        }
    }

    /// Turns off the user's filters, and questions of ssh's, which nobody would see.
    fn look_at_users_settings(&mut self) -> Result<(), IndexError> {
        let wanted = r"^(filter\..*|core\.sshcommand)$";
        let list = ["config", "--name-only", "--get-regexp", wanted];
        // It ends with 1 where there are none.
        let names = self.run(&list, None)?.out;
        let mut asks_ssh_itself = true;
        for name in names.lines() {
            match name
                .strip_prefix("filter.")
                .and_then(|it| it.rsplit_once('.'))
            {
                Some((driver, _)) => self.settings.without_filter(driver),
                None => asks_ssh_itself = false,
            }
        }
        let variables = &self.git.config.variables;
        let has_own = |it: &(String, _)| it.0 == "GIT_SSH" || it.0 == "GIT_SSH_COMMAND";
        if asks_ssh_itself && !variables.iter().any(has_own) {
            self.settings.set("core.sshCommand", "ssh -oBatchMode=yes");
        }
        Ok(())
    }

    /// The commit that the repository says a revision is; `None` for the id of one, cut short.
    pub(super) fn ask(&self, address: &Address) -> Result<Option<Commit>, IndexError> {
        let revision = address.revision.as_ref();
        let candidates = refs::candidates(revision);
        let mut arguments = vec!["ls-remote", "--quiet", "--", self.url.as_str()];
        arguments.extend(candidates.iter().map(String::as_str));
        let listed = self.must(&arguments, None)?.out;
        let found = refs::pick(&listed, &candidates);
        match revision {
            Some(revision) if found.is_none() && !refs::is_short_id(revision) => {
                Err(self.failed(format!("it has no branch, tag or commit {revision}")))
            }
            None if found.is_none() => Err(self.failed("it has no commit to take")),
            _ => Ok(found),
        }
    }

    /// As pip does: the whole history, and of the files only those that are checked out, where the server
    /// knows how to leave the others out.
    pub(super) fn clone_into(&self, into: &Path) -> Result<(), IndexError> {
        let into = text(into)?;
        let url = self.url.as_str();
        let how = [
            "--no-checkout",
            "--filter=blob:none",
            "--template=",
            "--quiet",
        ];
        let mut arguments = vec!["clone"];
        arguments.extend(how);
        arguments.extend(["--no-recurse-submodules", "--", url, into]);
        self.must(&arguments, None).map(|_| ())
    }

    /// The commit in the clone; fetched by its id where no branch leads to it.
    pub(super) fn find(
        &self,
        address: &Address,
        wanted: Option<Commit>,
        at: &Path,
    ) -> Result<Commit, IndexError> {
        let Some(wanted) = wanted else {
            let revision = address.revision.as_ref().map(|it| it.as_str());
            let revision = revision.unwrap_or("HEAD");
            let found = self.commit(revision, at)?;
            return found
                .ok_or_else(|| self.failed(format!("it has no branch, tag or commit {revision}")));
        };
        let mut found = self.commit(wanted.as_str(), at)?;
        if found.is_none() {
            let fetch = [
                "fetch",
                "--quiet",
                "--filter=blob:none",
                "origin",
                wanted.as_str(),
            ];
            self.must(&fetch, Some(at))?;
            found = self.commit(wanted.as_str(), at)?;
        }
        match found {
            Some(found) if found == wanted => Ok(found),
            Some(other) => Err(self.refused(format!(
                "{wanted} is no commit, and stands for the commit {other}"
            ))),
            None => Err(self.refused(format!("it gives no commit {wanted}"))),
        }
    }

    fn commit(&self, revision: &str, at: &Path) -> Result<Option<Commit>, IndexError> {
        let wanted = format!("{revision}^{{commit}}");
        let found = self.run(&["rev-parse", "--verify", "--quiet", &wanted], Some(at))?;
        Ok(Commit::parse(found.out.trim_end()).filter(|_| found.status.success()))
    }

    /// Puts the files in place, and sees that it is this commit.
    pub(super) fn check_out(&self, commit: &Commit, at: &Path) -> Result<(), IndexError> {
        let checkout = [
            "checkout",
            "--quiet",
            "--detach",
            "--force",
            commit.as_str(),
        ];
        self.must(&checkout, Some(at))?;
        match self.commit("HEAD", at)? {
            Some(head) if head == *commit => Ok(()),
            _ => Err(self.refused(format!("{commit} is not what was checked out"))),
        }
    }

    /// As pip does. What a repository says of its submodules is not the user's word: none comes from this
    /// machine.
    pub(super) fn add_submodules(&self, at: &Path) -> Result<(), IndexError> {
        if fs::symlink_metadata(at.join(".gitmodules")).is_err() {
            return Ok(());
        }
        let update = ["submodule", "update", "--init", "--recursive", "--quiet"];
        let finished = self.start(&update, Some(at), OF_SUBMODULES)?;
        match finished.status.success() {
            true => Ok(()),
            false => Err(self.complaint("its submodules", &finished)),
        }
    }

    fn must(&self, arguments: &[&str], at: Option<&Path>) -> Result<Finished, IndexError> {
        let finished = self.run(arguments, at)?;
        match finished.status.success() {
            true => Ok(finished),
            false => Err(self.complaint(arguments[0], &finished)),
        }
    }

    fn run(&self, arguments: &[&str], at: Option<&Path>) -> Result<Finished, IndexError> {
        self.start(arguments, at, &self.transports)
    }

    fn start(
        &self,
        arguments: &[&str],
        at: Option<&Path>,
        transports: &str,
    ) -> Result<Finished, IndexError> {
        let (git, config) = (self.git, &self.git.config);
        let mut command = Command::new(&git.program);
        command
            .args(arguments)
            // What lies in the working folder is not ours to go by.
            .current_dir(at.unwrap_or(Path::new("/")))
            .env_clear()
            .envs(environment(config, &git.path, transports, &self.settings));
        let watched = self.watched.as_deref();
        let limits = Limits {
            deadline: self.deadline,
            watched: watched.map(|it| (it, config.largest)),
        };
        process::run(&mut command, &limits).map_err(|ended| self.ended(ended))
    }
}

fn text(path: &Path) -> Result<&str, IndexError> {
    OsStr::to_str(path.as_os_str()).ok_or_else(|| {
        IndexError::setting(format!(
            "{}: not UTF-8, as a checkout's folder has to be",
            path.display()
        ))
    })
}
