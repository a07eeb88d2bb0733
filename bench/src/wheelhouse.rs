//! The wheels that are served: downloaded once, from whatever index the user's pip is set to. Source
//! distributions are made up here.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use assay_testkit::sdist::{Backend, SdistBuilder};
use clap::ValueEnum;

/// How many source distributions a set has.
const SDISTS: usize = 10;

/// A set of requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Set {
    /// A handful of small wheels.
    Flask,
    /// About a hundred, mostly small.
    Jupyter,
    /// Jupyter and the scientific libraries: many files and some large wheels.
    All,
    /// Ten small source distributions, made up: half of them with a backend in the tree, half with one
    /// that is a small wheel of the index.
    Sdists,
    /// Ten small source distributions, made up, that are built by setuptools.
    Setuptools,
}

impl Set {
    /// What is downloaded for it.
    fn downloads(self) -> &'static [&'static str] {
        match self {
            Self::Flask => &["flask"],
            Self::Jupyter => &["jupyter"],
            Self::Sdists => &[],
            Self::Setuptools => &["setuptools"],
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
            Self::Sdists => "sdists",
            Self::Setuptools => "setuptools",
        }
    }

    /// The projects that are built.
    fn sdists(self) -> Vec<String> {
        match self {
            Self::Flask | Self::Jupyter | Self::All => Vec::new(),
            Self::Sdists | Self::Setuptools => {
                (0..SDISTS).map(|it| format!("bench-{it}")).collect()
            }
        }
    }

    /// Makes up what is built, and what builds it.
    fn write_sdists(self, folder: &Path) -> io::Result<()> {
        for (index, project) in self.sdists().iter().enumerate() {
            let sdist = SdistBuilder::simple(project, "1.0").project("");
            let sdist = match self {
                Self::Setuptools => sdist.built_with(&["setuptools"], "setuptools.build_meta"),
                _ if index % 2 == 0 => sdist.in_tree(&Backend::new()),
                _ => sdist.built_with(&[BACKEND], BACKEND),
            };
            let built = sdist.build();
            fs::write(folder.join(built.file_name), built.bytes)?;
        }
        if self == Self::Sdists {
            let backend = Backend::new().wheel(BACKEND, "1.0");
            fs::write(folder.join(backend.file_name), backend.bytes)?;
        }
        Ok(())
    }
}

/// The project of a made-up backend, and its module.
const BACKEND: &str = "benchbackend";

/// A complete folder of what is served: one file for each project.
pub struct Wheelhouse {
    /// The folder that is served.
    pub wheels: PathBuf,
    /// The requirements file.
    pub requirements: PathBuf,
    /// How many distributions an installation has.
    pub count: usize,
    /// `97 wheels, 55.6 MB`.
    pub description: String,
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
        let downloads = set.downloads();
        fs::write(&requirements, downloads.join("\n") + "\n")?;
        if !downloads.is_empty() {
            download(python, &requirements, &wheels)?;
        }
        let sdists = set.sdists();
        if !sdists.is_empty() {
            set.write_sdists(&wheels)?;
            fs::write(&requirements, sdists.join("\n") + "\n")?;
        }
        fs::write(&complete, wanted)?;
    }
    let (files, bytes) = measure(&wheels)?;
    let (count, what) = match set.sdists().len() {
        0 => (files, "wheels"),
        built => (built, "source distributions"),
    };
    let size = bytes as f64 / 1e6;
    Ok(Wheelhouse {
        wheels,
        requirements,
        count,
        description: format!("{count} {what}, {size:.1} MB"),
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
