//! `assay sign`: what publishers put beside their files.

mod sshsig;
mod statement;

use std::{
    ffi::OsString,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use assay_trust::{Measuring, signature::Scheme, statement::Bundle};
use assay_types::{Algorithm, Printable, Sha256};
use serde::Serialize;

use super::Context;
use crate::{
    args::{SignArgs, SignFormat},
    failure::{Failure, Result},
    signing::FileDigest,
};

/// Signs each file, or none of them where one cannot be.
pub fn run(args: &SignArgs, context: &Context<'_>) -> Result<()> {
    let files = measured(args, context)?;
    let signed = match args.format {
        SignFormat::Statement => statement::sign(&files, args, context)?,
        SignFormat::Sshsig => sshsig::sign(&files, args, context)?,
    };
    if context.ui.json() {
        return context.ui.json_output(&signed);
    }
    signed.iter().try_for_each(|it| {
        let Signed {
            signature,
            said,
            fingerprint,
            ..
        } = it;
        let (signature, said) = (Printable(signature), Printable(said));
        context
            .ui
            .line(format_args!("{signature}: {said}, by {fingerprint}"))
    })
}

/// A file that is to be signed: what it had when it was read is what is signed.
struct Measured {
    /// As it was typed.
    path: PathBuf,
    name: String,
    sha256: Sha256,
    sha512: FileDigest,
}

impl Measured {
    fn beside(&self, ending: &str) -> PathBuf {
        let mut path = OsString::from(&self.path);
        path.push(ending);
        path.into()
    }
}

/// What was done, for people and for `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Signed {
    file: String,
    sha256: String,
    signature: String,
    said: String,
    fingerprint: String,
}

/// Reads all files once. Signatures that lie beside the files that `dist/*` names are none of them.
fn measured(args: &SignArgs, context: &Context<'_>) -> Result<Vec<Measured>> {
    let (signatures, files): (Vec<_>, Vec<_>) = args.files.iter().partition(|it| is_signature(it));
    for it in &signatures {
        context
            .ui
            .detail(&format!("{} is a signature", it.display()));
    }
    if files.is_empty() {
        return Err(Failure::usage("there is nothing to sign but signatures"));
    }
    if args.release.is_some() && files.len() > 1 {
        return Err(Failure::usage("--as tells what one file is a release of")
            .hint("sign the others with a command of their own"));
    }
    files.into_iter().map(|it| measure(it)).collect()
}

fn is_signature(path: &Path) -> bool {
    let name = path.to_string_lossy();
    let endings = Scheme::ALL.into_iter().map(Scheme::ending);
    endings.chain([Bundle::ENDING]).any(|it| name.ends_with(it))
}

fn measure(typed: &Path) -> Result<Measured> {
    let reading = |error| Failure::could_not(format!("reading {}: {error}", typed.display()));
    let name = typed.file_name().and_then(|it| it.to_str());
    let name = name.ok_or_else(|| Failure::usage(format!("{} names no file", typed.display())))?;
    let mut measuring = Measuring::of(io::sink(), &[Algorithm::Sha512]);
    // Before it is opened: nobody may be at the other end of a FIFO.
    if !typed.metadata().map_err(reading)?.is_file() {
        return Err(Failure::usage(format!(
            "{} is no regular file",
            typed.display()
        )));
    }
    let mut file = File::open(typed).map_err(reading)?;
    io::copy(&mut file, &mut measuring).map_err(reading)?;
    let staged = measuring.finish();
    let sha512 = staged.measured().digest(Algorithm::Sha512);
    let sha512 = sha512.and_then(|it| it.bytes().try_into().ok());
    let sha512 = sha512.ok_or_else(|| reading(io::Error::other("sha512 was not measured")))?;
    Ok(Measured {
        name: name.to_owned(),
        sha256: staged.measured().sha256(),
        sha512: FileDigest(sha512),
        path: typed.to_owned(),
    })
}
