//! `assay verify FILE`: one file on this machine, judged as if it were to be installed.

use std::{io, path::Path, sync::Arc};

use assay_archive::{ArchiveError, Options, Sdist, Wheel};
use assay_files::read_input;
use assay_index::evidence;
use assay_trust::{
    Admitted, Artifact, Evidence, Policy, Publishers, ReadAt, Staged, Word, admit,
    attestation::{self, Attested, Provenance, Rule, TrustRoot},
    signature::Scheme,
};
use assay_types::{
    FileName, ProjectName, SdistName, Sha256, Timestamp, WheelName,
    listing::{File, Location, Origin},
    names,
};

use super::{addresses::remarks, report::Row};
use crate::{
    args::VerifyArgs,
    commands::{Context, request::Asked},
    failure::{Failure, Result},
    inputs::COMMAND_LINE,
    pipeline::{Beside, Ears, judge_signature},
    settings::TrustedRoot,
};

/// Measures a file, and judges it by the policy in force. What is admitted is read, too, and nothing of
/// it kept: the structure, and every file of a wheel against RECORD.
pub fn judge(word: &str, args: &VerifyArgs, asked: &Asked, context: &Context<'_>) -> Result<Row> {
    let path = context.around.absolute(word.as_ref());
    judge_listed(&listed(&path)?, &Beside::default(), args, asked, context)
}

/// The same of a file with what lies beside it.
pub(super) fn judge_listed(
    listed: &File,
    beside: &Beside,
    args: &VerifyArgs,
    asked: &Asked,
    context: &Context<'_>,
) -> Result<Row> {
    let staged = asked.client.fetch_file(listed, &[], &|_| {})?;
    let sha256 = staged.measured().sha256();
    let verdict = || {
        let mut evidence = evidence(listed);
        if let Some(provenance) = &args.provenance {
            let keys = keys(args, asked, context)?;
            let attested = attested(provenance, &listed.name, sha256, &keys, asked.now)?;
            evidence.push(Evidence::Publishers(Box::new(Publishers {
                attested,
                ..Publishers::default()
            })));
        }
        let heard = heard_of(&staged, listed, beside, &evidence, asked, context);
        evidence.extend(heard?);
        let artifact = Artifact::of(listed);
        let admitted = admit(staged, &artifact, &evidence, &asked.policy, asked.now)?;
        let mut row = Row::accepted(admitted.admission());
        match &listed.name {
            FileName::Wheel(_) => read(admitted, asked, &mut row)?,
            FileName::Sdist(name) => {
                let sdist = Sdist::open(admitted);
                let sdist = sdist.map_err(|it| Failure::archive(name.as_str(), &it))?;
                let (admission, metadata) = (sdist.admission(), sdist.metadata_bytes());
                row.note(remarks(admission, metadata, &asked.policy));
            }
            FileName::Other(_) | FileName::Tree(_) => {
                row.note(["nothing of what is in it was looked at".to_owned()]);
                row.note(unasked(&artifact.project, &asked.policy));
            }
        }
        row.note(unread(listed, &asked.policy));
        Ok(row)
    };
    match verdict() {
        Err(why) if Failure::is_refusal(&why) => {
            let from = listed.origin.to_string();
            let file = listed.name.as_str().to_owned();
            Ok(Row::refused(file, from, sha256, why))
        }
        verdict => verdict,
    }
}

/// A file of any tool is rarely judged but for its signature.
fn unasked(project: &ProjectName, policy: &Policy) -> Option<String> {
    let asked = policy.words_asked(project);
    let somebody = |it: &Word| it.label().is_some() || matches!(it, Word::Publisher(_));
    let is_asked = asked.iter().any(somebody);
    (!is_asked).then(|| format!("no rule asks for a signature of {project}"))
}

/// What lies beside a file on this machine and was not looked at, because no rule asks whose it is.
fn unread(listed: &File, policy: &Policy) -> Vec<String> {
    let Location::Path { path, .. } = &listed.location else {
        return Vec::new();
    };
    let keys = policy.keys_asked(listed.name.project());
    let is_read = |scheme| keys.iter().any(|it| it.key.schemes().contains(scheme));
    let unread = Scheme::ALL.iter().filter(|it| !is_read(*it));
    let lies_there = |ending: &&str| {
        let mut path = path.clone().into_os_string();
        path.push(ending);
        Path::new(&path).exists()
    };
    let endings = unread.map(|it| it.ending()).filter(lies_there);
    let name = listed.name.as_str();
    let note =
        |it| format!("{name}{it} lies beside it; no rule asks for a key that could have made it");
    endings.map(note).collect()
}

/// What others say of it, as an install would hear it: beside the file, and in the user's sets.
pub fn heard<B: ReadAt>(
    staged: &Staged<B>,
    file: &File,
    evidence: &[Evidence],
    asked: &Asked,
    context: &Context<'_>,
) -> Result<Option<Evidence>> {
    heard_of(staged, file, &Beside::default(), evidence, asked, context)
}

fn heard_of<B: ReadAt>(
    staged: &Staged<B>,
    file: &File,
    beside: &Beside,
    evidence: &[Evidence],
    asked: &Asked,
    context: &Context<'_>,
) -> Result<Option<Evidence>> {
    let ears = Ears {
        client: &asked.client,
        policy: &asked.policy,
        signers: &asked.signers,
        now: asked.now,
        warn: &|text| context.ui.warn(&text),
    };
    let hearing = ears.about(file, beside);
    let heard = hearing.map(|it| it.of_bytes(staged, evidence));
    heard.transpose()
}

/// The file as an install would have it that was asked for by its path.
pub fn listed(path: &Path) -> Result<File> {
    Ok(named_here(name(path)?, path))
}

/// A file that the user named, under the name that it has for the policy.
pub(super) fn named_here(name: FileName, path: &Path) -> File {
    let location = Location::Path {
        path: path.to_owned(),
        named_in: Arc::from(COMMAND_LINE),
    };
    File::new(name, location, Origin::Local(Arc::from(path)))
}

/// The name decides what a statement has to be about, so it has to be a distribution's.
fn name(path: &Path) -> Result<FileName> {
    let name = path.file_name().and_then(|it| it.to_str());
    let name = name.ok_or_else(|| Failure::usage(format!("{} names no file", path.display())))?;
    let error = |it: assay_types::file_name::FileNameError| Failure::usage(it.to_string());
    if name.ends_with(".whl") {
        return WheelName::parse(name).map(FileName::Wheel).map_err(error);
    }
    // PEP 625: in an sdist's name the last dash stands before the version.
    let project = name.rsplit_once('-').and_then(|it| names::project(it.0));
    let project = project
        .ok_or_else(|| Failure::usage(format!("{name} is neither a wheel nor an sdist by name")))?;
    SdistName::parse(name, &project)
        .map(FileName::Sdist)
        .map_err(error)
}

/// Who signed.
fn attested(
    provenance: &Path,
    name: &FileName,
    sha256: Sha256,
    keys: &TrustRoot,
    now: Timestamp,
) -> Result<Vec<Attested>> {
    let verified = Provenance::parse(&document(provenance)?)
        .and_then(|it| attestation::verify(name, sha256, &it, keys, now));
    verified.map_err(|it| it.refusal(name).into())
}

/// Those that are named, by option or by policy file, or the public ones.
fn keys(args: &VerifyArgs, asked: &Asked, context: &Context<'_>) -> Result<TrustRoot> {
    let given = args.trusted_root.as_ref();
    let given = given.map(|it| TrustedRoot::typed(context.around.absolute(it), "--trusted-root"));
    let root = asked.signers.root_at_hand(given)?;
    root.damage.iter().for_each(|it| context.ui.warn(it));
    Ok(root.keys)
}

/// Every file of the archive is held against RECORD, and thrown away. Notes who signed RECORD, where a
/// rule asks for that.
fn read<B: ReadAt>(admitted: Admitted<B>, asked: &Asked, row: &mut Row) -> Result<()> {
    let artifact = admitted.admission().artifact().clone();
    let bad_record = asked.policy.bad_record.contains(&artifact.project);
    let broken = |it: ArchiveError| Failure::archive(&artifact.file_name, &it);
    let wheel = Wheel::open(admitted, Options { bad_record }).map_err(broken)?;
    row.signed_inside(&judge_signature(&wheel, &asked.policy)?);
    row.note(remarks(
        wheel.admission(),
        wheel.metadata_bytes(),
        &asked.policy,
    ));
    for index in 0..wheel.files().len() {
        wheel.extract(index, &mut io::sink()).map_err(broken)?;
    }
    Ok(())
}

fn document(path: &Path) -> Result<Vec<u8>> {
    read_input(path, Provenance::LARGEST as u64).map_err(|error| {
        if error.kind() != io::ErrorKind::FileTooLarge {
            return unreadable(path, &error);
        }
        Failure::refused(format!("{}: {error}", path.display()))
            .detail(format!("rule: {}", Rule::Size.name()))
    })
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(format!("reading {}: {error}", path.display()))
}
