//! `assay verify --file PATH --as NAME==VERSION`: a file of any tool. It is judged by the rules for that
//! name, as a file that is to be installed would be, and nobody opens it.

use std::{
    io,
    path::{Path, PathBuf},
};

use assay_files::read_input;
use assay_trust::{
    signature::{Rule, Scheme},
    statement::Bundle,
};
use assay_types::{FileName, file_name::OtherName};

use super::{
    file::{judge_listed, named_here},
    report::Row,
};
use crate::{
    args::VerifyArgs,
    commands::{Context, release, request::Asked},
    failure::{Failure, Result},
    pipeline::Beside,
};

/// Judges it with what lies beside it, or with the documents that are named in their place.
pub fn judge(
    path: &Path,
    release: &str,
    args: &VerifyArgs,
    asked: &Asked,
    context: &Context<'_>,
) -> Result<Row> {
    let path = context.around.absolute(path);
    let listed = named_here(name(&path, release)?, &path);
    let beside = beside(&args.signature, context)?;
    judge_listed(&listed, &beside, args, asked, context)
}

fn name(path: &Path, release: &str) -> Result<FileName> {
    let name = path.file_name().and_then(|it| it.to_str());
    let name = name.ok_or_else(|| Failure::usage(format!("{} names no file", path.display())))?;
    if name.ends_with(".whl") {
        return Err(
            Failure::usage(format!("{name} is a wheel, which says itself what it is"))
                .hint(format!("assay verify {name}")),
        );
    }
    let it = release::release(name, Some(release))?;
    let other = OtherName::new(name, it.project, it.version);
    let other = other.map_err(|it| Failure::usage(it.to_string()))?;
    Ok(FileName::Other(other))
}

/// The documents that are named, each by its ending.
fn beside(documents: &[PathBuf], context: &Context<'_>) -> Result<Beside> {
    let beside = Beside::default();
    let mut seen = Vec::new();
    for path in documents {
        let path = context.around.absolute(path);
        let (ending, limit) = kind(&path)?;
        if seen.contains(&ending) {
            let fact = format!("--signature {}: a second {ending}", path.display());
            return Err(Failure::usage(fact));
        }
        seen.push(ending);
        let bytes = read_input(&path, limit as u64).map_err(|it| unread(&path, &it))?;
        beside.put(ending, path.display().to_string(), bytes);
    }
    Ok(beside)
}

/// What is longer than any honest document is refused, as it would be beside the file.
fn unread(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Failure::refused(format!("{}: {error}", path.display()))
            .detail(format!("rule: {}", Rule::Size.name())),
        _ => Failure::could_not(format!("reading {}: {error}", path.display())),
    }
}

/// Its ending, and how long such a document may be.
fn kind(path: &Path) -> Result<(&'static str, usize)> {
    let signatures = Scheme::ALL.map(|it| (it.ending(), Scheme::LARGEST));
    let statements = (Bundle::ENDING, Bundle::LARGEST);
    let name = path.to_string_lossy();
    let mut kinds = signatures.into_iter().chain([statements]);
    kinds.find(|it| name.ends_with(it.0)).ok_or_else(|| {
        Failure::usage(format!("--signature {name}: of no form that is known here"))
            .hint("it ends in .asc, .sshsig, .minisig or .assay")
    })
}
