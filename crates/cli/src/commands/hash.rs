//! `assay hash`.

use std::{fs::File, io};

use assay_trust::Measuring;
use assay_types::{Algorithm, Digest};

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
    let mut measuring = Measuring::of(io::sink(), &[algorithm]);
    io::copy(&mut File::open(path)?, &mut measuring)?;
    let staged = measuring.finish();
    let digest = staged.measured().digest(algorithm);
    digest.ok_or_else(|| io::Error::other(format!("{} was not measured", algorithm.name())))
}
