//! The cases, run in turn: A B C A B C …, so that what drifts on the machine drifts for all.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use clap::ValueEnum;

use crate::{
    attested::names_publisher,
    measure::{self, Sample},
    tools::{Action, Folders, Setting, Tool},
};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Case {
    /// Nothing cached, an empty environment.
    Cold,
    /// Everything cached, an empty environment.
    Warm,
    /// Everything cached and installed.
    Noop,
    /// Index pages, metadata and what is known of the interpreter cached; nothing is installed.
    Resolve,
}

impl Case {
    /// What the tool is asked to do.
    pub fn action(self) -> Action {
        match self {
            Self::Resolve => Action::Resolve,
            Self::Cold | Self::Warm | Self::Noop => Action::Install,
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Cold => "cold",
            Self::Warm => "warm, new environment",
            Self::Noop => "nothing to do",
            Self::Resolve => "resolve only",
        })
    }
}

/// All samples of one tool in one case, in the order of the rounds.
#[derive(Debug, Clone)]
pub struct Series {
    /// The case.
    pub case: Case,
    /// The tool.
    pub tool: Tool,
    /// One for each round.
    pub samples: Vec<Sample>,
}

/// Runs everything below one fresh folder.
pub struct Rounds<'a> {
    /// What the command lines name.
    pub setting: &'a Setting,
    /// Where each run gets folders of its own.
    pub root: &'a Path,
    /// How many distributions an installation must have at its end.
    pub installed: usize,
    /// Whether removing a folder costs the next run nothing (memory, no disk).
    pub remove_at_once: bool,
}

/// One tool's folders after its untimed runs.
struct Primed {
    /// With everything installed.
    full: Folders,
    /// The same caches with an environment that stays empty.
    empty: Folders,
}

impl Rounds<'_> {
    /// Each case with each tool, `runs` times.
    pub fn run(&self, cases: &[Case], tools: &[Tool], runs: usize) -> io::Result<Vec<Series>> {
        let primed = tools
            .iter()
            .map(|tool| self.prime(*tool))
            .collect::<io::Result<Vec<_>>>()?;
        let mut all = Vec::new();
        for case in cases {
            let empty = |tool: &Tool| Series {
                case: *case,
                tool: *tool,
                samples: Vec::new(),
            };
            let mut series: Vec<_> = tools.iter().map(empty).collect();
            for round in 0..runs {
                for (series, primed) in series.iter_mut().zip(&primed) {
                    eprintln!("{case}, round {} of {runs}: {}", round + 1, series.tool);
                    let sample = self.once(*case, series.tool, primed, round)?;
                    series.samples.push(sample);
                }
            }
            all.extend(series);
        }
        Ok(all)
    }

    /// Untimed runs of both actions: they fill the caches, and bring the program into memory.
    fn prime(&self, tool: Tool) -> io::Result<Primed> {
        eprintln!("priming {tool}");
        let full = fresh(&self.root.join(format!("primed-{tool}")))?;
        let empty = Folders {
            env: full.state.join("empty-env"),
            ..full.clone()
        };
        for (action, folders) in [(Action::Install, &full), (Action::Resolve, &empty)] {
            self.measured(tool, Action::Venv, folders)?;
            self.measured(tool, action, folders)?;
        }
        expect_installed(tool, &full.env, self.installed)?;
        expect_installed(tool, &empty.env, 0)?;
        Ok(Primed { full, empty })
    }

    fn once(&self, case: Case, tool: Tool, primed: &Primed, round: usize) -> io::Result<Sample> {
        let own = self.root.join(format!("{case:?}-{tool}-{round}"));
        let folders = match case {
            Case::Cold => fresh(&own)?,
            Case::Warm => Folders {
                env: fresh(&own)?.env,
                ..primed.full.clone()
            },
            Case::Noop => primed.full.clone(),
            Case::Resolve => primed.empty.clone(),
        };
        if matches!(case, Case::Cold | Case::Warm) {
            self.measured(tool, Action::Venv, &folders)?;
        }
        // What earlier runs wrote is not to be written back during this one.
        rustix::fs::sync();
        let sample = self.measured(tool, case.action(), &folders)?;
        let expected = match case {
            Case::Resolve => 0,
            Case::Cold | Case::Warm | Case::Noop => self.installed,
        };
        expect_installed(tool, &folders.env, expected)?;
        if self.remove_at_once && own.exists() {
            fs::remove_dir_all(&own)?;
        }
        Ok(sample)
    }

    fn measured(&self, tool: Tool, action: Action, folders: &Folders) -> io::Result<Sample> {
        let command = self.setting.command(tool, action, folders);
        measure::run(command, &folders.state.join("log"))
    }
}

fn fresh(root: &Path) -> io::Result<Folders> {
    let folders = Folders {
        env: root.join("env"),
        cache: root.join("cache"),
        state: root.join("home"),
    };
    fs::create_dir_all(&folders.state)?;
    Ok(folders)
}

/// A tool that installs less, or installs when it should only resolve, is not faster; nor is one that
/// looks at no attestation.
fn expect_installed(tool: Tool, env: &Path, expected: usize) -> io::Result<()> {
    let mut found = 0;
    for folder in site_packages(env)? {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let is_distribution = path.extension().is_some_and(|it| it == "dist-info");
            if is_distribution && tool == Tool::Attested && !names_publisher(&path)? {
                let what = format!("{} names no publisher", path.display());
                return Err(io::Error::other(what));
            }
            found += usize::from(is_distribution);
        }
    }
    if found == expected {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{} holds {found} distributions, not {expected}",
        env.display()
    )))
}

fn site_packages(env: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(env.join("lib"))?
        .map(|entry| Ok(entry?.path().join("site-packages")))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_environment_counts_only_with_all_its_distributions() {
        let env = tempfile::tempdir().unwrap();
        let site = env.path().join("lib/python3.11/site-packages");
        for name in ["flask", "flask-3.1.0.dist-info", "click-8.3.0.dist-info"] {
            fs::create_dir_all(site.join(name)).unwrap();
        }
        let counts = |expected| expect_installed(Tool::Assay, env.path(), expected).is_ok();
        assert!(counts(2) && !counts(3) && !counts(0));
    }

    #[test]
    fn what_is_attested_counts_only_where_each_receipt_names_a_publisher() {
        let env = tempfile::tempdir().unwrap();
        let site = env.path().join("lib/python3.11/site-packages");
        for (name, publishers) in [("a", json!([{"kind": "GitHub"}])), ("b", json!([]))] {
            let folder = site.join(format!("{name}-1.0.dist-info"));
            fs::create_dir_all(&folder).unwrap();
            let receipt = json!({ "publishers": publishers }).to_string();
            fs::write(folder.join("assay.json"), receipt).unwrap();
        }
        assert!(expect_installed(Tool::Assay, env.path(), 2).is_ok());
        assert!(expect_installed(Tool::Attested, env.path(), 2).is_err());
        fs::remove_dir_all(site.join("b-1.0.dist-info")).unwrap();
        assert!(expect_installed(Tool::Attested, env.path(), 1).is_ok());
    }
}
