//! Runs assay, uv and pip side by side on a loopback index and prints what each took.
//!
//! `cargo run --release -p assay-bench -- --set all --runs 5`; see docs/benchmarks.md.

mod attested;
mod machine;
mod measure;
mod programs;
mod report;
mod rounds;
mod sandbox;
mod server;
mod tools;
mod wheelhouse;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{
    programs::Programs,
    report::Report,
    rounds::{Case, Rounds},
    server::Server,
    tools::{Setting, Tool},
    wheelhouse::{Set, Wheelhouse},
};

/// Side by side with uv and pip on a loopback index.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    other: Option<Other>,
    /// What is installed.
    #[arg(long, value_enum, default_value = "flask")]
    set: Set,
    /// Timed runs of each tool in each case.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    runs: u16,
    /// The tools, in the order of a round.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "assay,uv,pip"
    )]
    tools: Vec<Tool>,
    /// The cases.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "cold,warm,noop,resolve"
    )]
    cases: Vec<Case>,
    /// Where wheelhouse, caches and environments go, such as /dev/shm [default: target/bench].
    #[arg(long)]
    dir: Option<PathBuf>,
    /// The interpreter whose pip is measured and for which everything is installed.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// The uv binary [default: the first on PATH that is not a shim].
    #[arg(long)]
    uv: Option<PathBuf>,
    /// The assay binary [default: the one beside this program].
    #[arg(long)]
    assay: Option<PathBuf>,
    /// Print every sample as JSON instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Other {
    /// Serves a folder of wheels until standard input ends; started by the benchmark itself.
    #[command(hide = true)]
    Serve {
        wheels: PathBuf,
        ca: PathBuf,
        config: Option<PathBuf>,
    },
    /// Measures what the sandbox of builds adds to a program.
    Sandbox(sandbox::Arguments),
}

fn main() -> ExitCode {
    // The sandbox's helper is this binary, started again.
    if let Some(code) = assay_sandbox::launcher(own_arguments()) {
        return code;
    }
    let arguments = Arguments::parse();
    let done = match &arguments.other {
        Some(Other::Serve { wheels, ca, config }) => server::serve(wheels, ca, config.as_deref()),
        Some(Other::Sandbox(arguments)) => sandbox::compare(arguments),
        None => compare(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn own_arguments() -> std::env::ArgsOs {
    std::env::args_os()
}

fn compare(arguments: &Arguments) -> io::Result<()> {
    let programs = find_programs(arguments)?;
    let dir = match &arguments.dir {
        Some(dir) => std::path::absolute(dir)?.join("assay-bench"),
        None => beside_this_program("..")?.join("bench"),
    };
    fs::create_dir_all(&dir)?;
    let dir = dir.canonicalize()?;
    let machine = machine::describe(&dir, &programs, &arguments.tools)?;
    let wheelhouse = wheelhouse::prepare(&dir, arguments.set, &programs.python)?;
    let root = tempfile::Builder::new().prefix("runs-").tempdir_in(&dir)?;
    let (ca, config) = (root.path().join("ca.pem"), root.path().join("config"));
    let is_attested = arguments.tools.contains(&Tool::Attested);
    let server = Server::start(
        &wheelhouse.wheels,
        &ca,
        is_attested.then_some(config.as_path()),
    )?;
    let setting = Setting {
        programs,
        index: server.index().to_owned(),
        attested: server.attested().to_owned(),
        config,
        ca,
        requirements: wheelhouse.requirements.clone(),
    };
    let rounds = Rounds {
        setting: &setting,
        root: root.path(),
        installed: wheelhouse.count,
        remove_at_once: machine::is_in_memory(&dir),
    };
    let runs = usize::from(arguments.runs);
    let report = Report {
        wheelhouse: describe(arguments.set, &wheelhouse, runs),
        machine,
        series: rounds.run(&arguments.cases, &arguments.tools, runs)?,
    };
    if arguments.json {
        println!("{:#}", report.json());
    } else {
        print!("{}", report.markdown());
    }
    Ok(())
}

fn find_programs(arguments: &Arguments) -> io::Result<Programs> {
    let (python, pip) = programs::find_python(&arguments.python)?;
    let assay = match &arguments.assay {
        Some(path) => std::path::absolute(path)?,
        None => beside_this_program("assay")?,
    };
    let own = [Tool::Assay, Tool::Attested];
    if arguments.tools.iter().any(|it| own.contains(it)) {
        programs::check_binary(&assay).map_err(|e| {
            io::Error::new(e.kind(), format!("{e}; cargo build --release makes it"))
        })?;
    }
    let uv = match &arguments.uv {
        Some(path) => std::path::absolute(path)?,
        None if arguments.tools.contains(&Tool::Uv) => find_uv()?,
        None => PathBuf::new(),
    };
    if arguments.tools.contains(&Tool::Uv) {
        programs::check_binary(&uv)?;
    }
    Ok(Programs {
        assay,
        uv,
        python,
        pip,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the benchmark's one look at the environment"
)]
fn find_uv() -> io::Result<PathBuf> {
    programs::find_binary("uv", &std::env::var_os("PATH").unwrap_or_default())
}

/// A file or folder next to the running executable, in target/release.
fn beside_this_program(name: &str) -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().unwrap_or(Path::new("."));
    Ok(folder.join(name))
}

fn describe(set: Set, wheelhouse: &Wheelhouse, runs: usize) -> String {
    format!(
        "Set {}: {}; {runs} runs of each",
        set.name(),
        wheelhouse.description,
    )
}
