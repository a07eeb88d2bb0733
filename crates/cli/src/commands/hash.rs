//! `assay hash`.

use std::{fs::File, io};

use assay_trust::Measuring;
use assay_types::{Algorithm, Digest, Digests};

use super::Context;
use crate::{
    args::HashArgs,
    failure::{Failure, Result},
};

/// Prints each file's digest in the form that requirements files take.
pub fn run(args: &HashArgs, context: &Context<'_>) -> Result<()> {
    let algorithm = Algorithm::from_name(&args.algorithm)
        .ok_or_else(|| Failure::usage(format!("{} is no known algorithm", args.algorithm)))?;
    let mut report = Vec::new();
    for path in &args.files {
        let digest = digest(path, algorithm)
            .map_err(|error| Failure::could_not(format!("reading {}: {error}", path.display())))?;
        let shown = path.display().to_string();
        if context.ui.json() {
            report.push(serde_json::json!({ "file": shown, "hash": digest.to_string() }));
        } else {
            context.ui.output(format_args!(
                "{}:\n--hash={digest}",
                assay_types::Printable(&shown)
            ))?;
        }
    }
    if context.ui.json() {
        context.ui.json_output(&report)
    } else {
        Ok(())
    }
}

fn digest(path: &std::path::Path, algorithm: Algorithm) -> io::Result<Digest> {
    // A digest of that algorithm asks the hasher to measure it; its value does not matter.
    let asked: Digests = Digest::new(algorithm, vec![0; algorithm.length()])
        .into_iter()
        .collect();
    let mut measuring = Measuring::new(io::sink(), [&asked]);
    io::copy(&mut File::open(path)?, &mut measuring)?;
    let staged = measuring.finish();
    let measured = staged.measured();
    let longer = measured
        .others()
        .iter()
        .find(|it| it.algorithm() == algorithm);
    Ok(longer.cloned().unwrap_or_else(|| measured.sha256().into()))
}
