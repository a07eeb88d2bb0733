//! What the sandbox adds to a program: the same command with and without it, in turns.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use assay_sandbox::{Sandbox, Tier, probe};
use clap::Args;

use crate::report::{spread, time};

/// What is measured of the sandbox.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Timed runs of a bare Python start.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    starts: u16,
    /// Timed runs of a build; 0 leaves builds out.
    #[arg(long, default_value_t = 5)]
    builds: u16,
    /// An unpacked source distribution to build as well, with --build-python.
    #[arg(long, requires = "build_python")]
    tree: Option<PathBuf>,
    /// The Python of an environment that has what the tree's build requires, and setuptools.
    #[arg(long)]
    build_python: Option<PathBuf>,
    /// The interpreter that is started.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// Where the work folders lie.
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// A C++ file that keeps a compiler busy for about as long as those of small extensions do.
const CXX: &str = "#include <algorithm>\n#include <iostream>\n#include <map>\n#include <regex>\n\
    int main(int argc, char** argv) {\n\
    std::map<std::string, std::vector<int>> found;\n\
    std::regex words(\"([a-z]+)=([0-9]+)\");\n\
    for (int i = 1; i < argc; i++) {\n\
    std::smatch m; std::string text = argv[i];\n\
    if (std::regex_match(text, m, words)) found[m[1]].push_back(std::stoi(m[2]));\n\
    }\n\
    for (auto& it : found) { std::sort(it.second.begin(), it.second.end());\n\
    std::cout << it.first << it.second.size() << std::endl; }\n}\n";

/// Builds a wheel of the tree in `src` by setuptools.
const BUILD: &str = "import os; os.chdir('src'); os.makedirs('../out', exist_ok=True); \
    import setuptools.build_meta as b; print(b.build_wheel('../out'))";

/// One program, how often it is run, and what it finds in its work folder.
struct Load<'a> {
    name: &'a str,
    runs: u16,
    program: PathBuf,
    arguments: Vec<String>,
    readable: Vec<PathBuf>,
    tree: Option<&'a Path>,
}

/// Prints a table: the program alone, in each tier that works on this machine, the difference and the
/// ratio.
pub fn compare(arguments: &Arguments) -> io::Result<()> {
    let found = probe(&std::env::current_exe()?).findings;
    let tiers: Vec<_> = found.iter().filter(|it| it.holds.is_ok()).collect();
    let tiers: Vec<Tier> = tiers.iter().map(|it| it.tier).collect();
    if tiers.is_empty() {
        return Err(io::Error::other("no tier of the sandbox works here"));
    }
    let mut root = tempfile::Builder::new();
    root.prefix("assay-bench-sandbox-");
    let root = match &arguments.dir {
        Some(dir) => root.tempdir_in(dir)?,
        None => root.tempdir()?,
    };
    println!("| program | runs | held by | median (min) | added to the median (min) | ratio |");
    println!("|---|---|---|---|---|---|");
    for load in loads(arguments)? {
        print!("{}", load.measure(&tiers, root.path())?);
    }
    Ok(())
}

fn loads(arguments: &Arguments) -> io::Result<Vec<Load<'_>>> {
    let (python, folders) = interpreter(&arguments.python)?;
    let start = Load {
        name: "Python start",
        runs: arguments.starts,
        program: python,
        arguments: ["-I", "-B", "-c", "pass"].map(str::to_owned).to_vec(),
        readable: folders,
        tree: None,
    };
    let compile = Load {
        name: "C++ file",
        runs: arguments.builds,
        program: "/usr/bin/c++".into(),
        arguments: ["-O2", "-o", "out", "src/words.cpp"]
            .map(str::to_owned)
            .to_vec(),
        readable: Vec::new(),
        tree: None,
    };
    let mut loads = vec![start, compile];
    if let (Some(tree), Some(python)) = (&arguments.tree, &arguments.build_python) {
        let (python, readable) = interpreter(python)?;
        loads.push(Load {
            name: "wheel of the tree",
            runs: arguments.builds,
            program: python,
            arguments: ["-I", "-B", "-c", BUILD].map(str::to_owned).to_vec(),
            readable,
            tree: Some(tree),
        });
    }
    loads.retain(|it| it.runs > 0);
    Ok(loads)
}

/// An interpreter's own path, and the folders that it needs to be able to read.
fn interpreter(python: &Path) -> io::Result<(PathBuf, Vec<PathBuf>)> {
    let script = "import sys\n\
        print(sys.executable, sys.prefix, sys.base_prefix, sep='\\n')";
    let output = Command::new(python).args(["-I", "-c", script]).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = text.lines().map(PathBuf::from);
    let executable = lines
        .next()
        .ok_or_else(|| io::Error::other(format!("{} does not run", python.display())))?;
    let mut folders: Vec<_> = lines.filter(|it| !it.starts_with("/usr")).collect();
    folders.dedup();
    Ok((executable, folders))
}

impl Load<'_> {
    fn measure(&self, tiers: &[Tier], root: &Path) -> io::Result<String> {
        let mut alone = Vec::new();
        let mut held = vec![Vec::new(); tiers.len()];
        // One of each that does not count, then in turns: what drifts, drifts for all.
        for run in 0..=self.runs {
            let work = self.work(root)?;
            let one = self.alone(work.path())?;
            if run > 0 {
                alone.push(one);
            }
            for (tier, held) in tiers.iter().zip(&mut held) {
                let work = self.work(root)?;
                let other = self.held(*tier, work.path())?;
                if run > 0 {
                    held.push(other);
                }
            }
        }
        let mut table = self.row("nothing", &alone, &alone);
        for (tier, held) in tiers.iter().zip(&held) {
            table += &self.row(&tier.to_string(), &alone, held);
        }
        Ok(table)
    }

    fn row(&self, by: &str, alone: &[f64], held: &[f64]) -> String {
        let ratios = alone.iter().zip(held).map(|(one, other)| other / one);
        let ratio = spread(ratios.collect()).median;
        let (alone, held) = (spread(alone.to_vec()), spread(held.to_vec()));
        format!(
            "| {} | {} | {by} | {} ({}) | {:+.1} ms ({:+.1} ms) | {ratio:.3} |\n",
            self.name,
            self.runs,
            time(held.median),
            time(held.min),
            (held.median - alone.median) * 1e3,
            (held.min - alone.min) * 1e3,
        )
    }

    fn work(&self, root: &Path) -> io::Result<tempfile::TempDir> {
        let work = tempfile::tempdir_in(root)?;
        match self.tree {
            Some(tree) => copy(tree, &work.path().join("src"))?,
            None => {
                fs::create_dir(work.path().join("src"))?;
                fs::write(work.path().join("src/words.cpp"), CXX)?;
            }
        }
        Ok(work)
    }

    fn alone(&self, work: &Path) -> io::Result<f64> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(work).env_clear();
        command.envs([("PATH", "/usr/bin:/bin"), ("LANG", "C.UTF-8")]);
        let start = Instant::now();
        let output = command.output()?;
        let took = start.elapsed().as_secs_f64();
        match output.status.success() {
            true => Ok(took),
            false => Err(self.failed(&String::from_utf8_lossy(&output.stderr))),
        }
    }

    fn held(&self, tier: Tier, work: &Path) -> io::Result<f64> {
        let mut sandbox = Sandbox::new(tier, work, &self.program);
        for it in &self.arguments {
            sandbox = sandbox.argument(it);
        }
        for it in &self.readable {
            sandbox = sandbox.read_only(it);
        }
        sandbox = sandbox.variable("PATH", "/usr/bin:/bin");
        sandbox = sandbox.variable("LANG", "C.UTF-8");
        let start = Instant::now();
        let outcome = sandbox.run().map_err(io::Error::other)?;
        let took = start.elapsed().as_secs_f64();
        match outcome.success() {
            true => Ok(took),
            false => Err(self.failed(&format!("{} {}", outcome.ending, outcome.output.text()))),
        }
    }

    fn failed(&self, said: &str) -> io::Error {
        io::Error::other(format!("{}: {said}", self.name))
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => fs::copy(entry.path(), target).map(drop)?,
        }
    }
    Ok(())
}
