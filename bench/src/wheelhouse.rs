//! The wheels that are served: downloaded once, from whatever index the user's pip is set to.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use clap::ValueEnum;

/// A set of requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Set {
    /// A handful of small wheels.
    Flask,
    /// About a hundred, mostly small.
    Jupyter,
    /// Jupyter and the scientific libraries: many files and some large wheels.
    All,
}

impl Set {
    /// One requirement a line.
    fn requirements(self) -> &'static [&'static str] {
        match self {
            Self::Flask => &["flask"],
            Self::Jupyter => &["jupyter"],
            Self::All => &[
                "jupyter",
                "numpy",
                "scipy",
                "pandas",
                "scikit-learn",
                "matplotlib",
            ],
        }
    }

    /// Its name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flask => "flask",
            Self::Jupyter => "jupyter",
            Self::All => "all",
        }
    }
}

/// A complete folder of wheels: one for each project of the closure.
pub struct Wheelhouse {
    /// The folder that is served.
    pub wheels: PathBuf,
    /// The requirements file.
    pub requirements: PathBuf,
    /// How many wheels, and so how many distributions an installation has.
    pub count: usize,
    /// Their size together, in bytes.
    pub bytes: u64,
}

/// Downloads the closure of a set, unless an earlier call with this interpreter did.
pub fn prepare(root: &Path, set: Set, python: &Path) -> io::Result<Wheelhouse> {
    let folder = root.join("wheelhouse").join(set.name());
    let wheels = folder.join("wheels");
    let requirements = folder.join("requirements.txt");
    // Written last: without it, or made for other tags, the folder is not complete.
    let complete = folder.join("complete-for");
    let wanted = format!("{}\n", python.display());
    if fs::read_to_string(&complete).ok().as_deref() != Some(&wanted) {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&wheels)?;
        fs::write(&requirements, set.requirements().join("\n") + "\n")?;
        download(python, &requirements, &wheels)?;
        fs::write(&complete, wanted)?;
    }
    let (count, bytes) = measure(&wheels)?;
    Ok(Wheelhouse {
        wheels,
        requirements,
        count,
        bytes,
    })
}

fn download(python: &Path, requirements: &Path, wheels: &Path) -> io::Result<()> {
    eprintln!("downloading the wheelhouse into {}", wheels.display());
    let status = Command::new(python)
        .args(["-m", "pip", "download", "--quiet", "--only-binary", ":all:"])
        .arg("--dest")
        .arg(wheels)
        .arg("-r")
        .arg(requirements)
        .stdin(Stdio::null())
        .status()?;
    if !status.success() {
        return Err(io::Error::other(format!("pip download: {status}")));
    }
    Ok(())
}

fn measure(wheels: &Path) -> io::Result<(usize, u64)> {
    let (mut count, mut bytes) = (0, 0);
    for entry in fs::read_dir(wheels)? {
        count += 1;
        bytes += entry?.metadata()?.len();
    }
    Ok((count, bytes))
}
