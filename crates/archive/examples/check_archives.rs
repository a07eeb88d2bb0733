//! Opens and extracts wheels and sdists to nowhere and counts what is refused and why.
//!
//! `cargo run -p assay-archive --example check_archives -- FILE …`

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use assay_archive::{Options, Sdist, Wheel};
use assay_trust::{Admitted, Artifact, Cooldown, Evidence, Measuring, Policy, admit};
use assay_types::{FileName, Printable, Timestamp, WheelName, listing::Origin, names};

fn main() -> ExitCode {
    let mut refusals: BTreeMap<String, usize> = BTreeMap::new();
    let mut sum = Sum::default();
    let paths: Vec<_> = std::env::args_os().skip(1).collect();
    for path in &paths {
        if let Err(error) = check(Path::new(path), &mut sum) {
            let path = path.to_string_lossy();
            println!("{}: {}", Printable(&path), Printable(&error.to_string()));
            *refusals.entry(rule(error.as_ref())).or_default() += 1;
        }
    }
    println!(
        "{} archives, {} files, {} bytes out of {}; open {:.0?}, extract {:.0?}",
        paths.len(),
        sum.files,
        sum.bytes,
        sum.archived,
        sum.opening,
        sum.extracting
    );
    for (rule, count) in &refusals {
        println!("refused: {count} by {rule}");
    }
    ExitCode::from(u8::from(!refusals.is_empty()))
}

#[derive(Default)]
struct Sum {
    files: usize,
    bytes: u64,
    archived: usize,
    opening: Duration,
    extracting: Duration,
}

type AnyError = Box<dyn std::error::Error>;

fn check(path: &Path, sum: &mut Sum) -> Result<(), AnyError> {
    let bytes = std::fs::read(path)?;
    sum.archived += bytes.len();
    let admitted = admitted(path, &bytes)?;
    let start = Instant::now();
    if !admitted.admission().artifact().file_name.ends_with(".whl") {
        return sdist(admitted, sum);
    }
    let wheel = Wheel::open(admitted, Options::default())?;
    sum.opening += start.elapsed();
    let start = Instant::now();
    for (index, file) in wheel.files().iter().enumerate() {
        wheel.extract(index, &mut io::sink())?;
        sum.files += 1;
        sum.bytes += file.size;
    }
    sum.extracting += start.elapsed();
    Ok(())
}

fn sdist(admitted: Admitted<Vec<u8>>, sum: &mut Sum) -> Result<(), AnyError> {
    let start = Instant::now();
    let sdist = Sdist::open(admitted)?;
    sum.opening += start.elapsed();
    let start = Instant::now();
    sdist.contents(|_, piece| {
        sum.bytes += piece.len() as u64;
        Ok(())
    })?;
    sum.files += sdist.files().len();
    sum.extracting += start.elapsed();
    Ok(())
}

fn admitted(path: &Path, bytes: &[u8]) -> Result<Admitted<Vec<u8>>, AnyError> {
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    // Of an sdist's name the last dash stands before the version (PEP 625).
    let project = match WheelName::parse(&file_name) {
        Ok(name) => name.project().clone(),
        Err(_) => {
            let stem = file_name
                .rsplit_once('-')
                .and_then(|it| names::project(it.0));
            stem.ok_or("neither a wheel nor an sdist by name")?
        }
    };
    let name = FileName::parse(&file_name, &project)?;
    let artifact = Artifact {
        project,
        version: name.version().clone(),
        file_name: file_name.into_owned(),
        origin: Origin::Local(Arc::from(path)),
        size: None,
    };
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring.write_all(bytes)?;
    let policy = Policy::new(Cooldown::none());
    let evidence = [Evidence::Local {
        named_in: "the command line".to_owned(),
    }];
    Ok(admit(
        measuring.finish(),
        &artifact,
        &evidence,
        &policy,
        Timestamp::now(),
    )?)
}

fn rule(error: &(dyn std::error::Error + 'static)) -> String {
    match error.downcast_ref::<assay_archive::ArchiveError>() {
        Some(error) => error.rule().unwrap_or("input/output").to_owned(),
        None => "its name".to_owned(),
    }
}
