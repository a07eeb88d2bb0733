//! Listed files, compared with what is there.

use std::fs::File;

use super::{
    Report, bytecode,
    finding::{Fact, Finding},
    listing::{Claim, Claims, Listing, reason},
};
use crate::{
    Environment, Error, Result,
    environment::Place,
    hash,
    sys::{Dir, Kind, leads_out},
    workers,
};

/// Files of one folder that a thread does at a time.
const CHUNK: usize = 64;

struct Job<'a> {
    folder: &'a Place,
    files: Vec<(&'a str, &'a Claims)>,
}

/// A folder that RECORDs name.
enum Folder {
    Open(Dir),
    Missing,
    Closed(Fact),
}

/// Looks at every file that is listed, whether the walk came by or not.
pub(super) fn run(
    environment: &Environment,
    listing: &Listing<'_>,
    threads: usize,
    report: &mut Report,
) -> Result<()> {
    let mut jobs = Vec::new();
    for (folder, names) in &listing.folders {
        let files: Vec<_> = names.iter().map(|it| (it.0.as_str(), it.1)).collect();
        jobs.extend(files.chunks(CHUNK).map(|files| Job {
            folder,
            files: files.to_vec(),
        }));
    }
    let work = |(): &mut (), job: &Job<'_>| {
        let folder = open(environment, job.folder);
        let mut done = Report::default();
        for (name, claims) in &job.files {
            let place = job.folder.join(name);
            let compared = compare(listing, (&folder, &place), name, claims, &mut done);
            for fact in compared {
                done.findings.push(Finding {
                    path: environment.shown(&place),
                    projects: listing.projects(claims),
                    fact,
                });
            }
        }
        Ok(done)
    };
    for done in workers::run(&jobs, threads, || (), work)? {
        report.findings.extend(done.findings);
        report.compared += done.compared;
        report.bytecode += done.bytecode;
    }
    Ok(())
}

fn open(environment: &Environment, place: &Place) -> Folder {
    match environment.open_folder(place) {
        Ok(Some(dir)) => Folder::Open(dir),
        Ok(None) => Folder::Missing,
        Err(Error::Io { source, .. }) if leads_out(&source) => Folder::Closed(Fact::Link),
        Err(error) => Folder::Closed(Fact::Unreadable(reason(&error))),
    }
}

/// What is the matter with one file.
fn compare(
    listing: &Listing<'_>,
    (folder, place): (&Folder, &Place),
    name: &str,
    claims: &Claims,
    done: &mut Report,
) -> Vec<Fact> {
    let is_bytecode =
        bytecode::is_generated(listing, place) && claims.iter().all(|it| it.digest.is_none());
    let dir = match folder {
        // Installers list the bytecode that they made without a digest; it comes and goes.
        Folder::Missing if is_bytecode => return Vec::new(),
        Folder::Missing => return vec![Fact::Missing],
        Folder::Closed(fact) => return vec![fact.clone()],
        Folder::Open(dir) => dir,
    };
    match dir.kind(name) {
        Ok(None) if is_bytecode => return Vec::new(),
        Ok(None) => return vec![Fact::Missing],
        Ok(Some(Kind::Folder)) => return vec![Fact::Folder],
        Ok(Some(Kind::Other)) => return vec![Fact::Link],
        Ok(Some(Kind::File)) => {}
        Err(error) => return vec![Fact::Unreadable(reason(&error))],
    }
    if is_bytecode {
        done.bytecode += 1;
        return bytecode::fact(dir, name).into_iter().collect();
    }
    let mut facts: Vec<_> = claims
        .iter()
        .map(|it| (it, differs(dir, name, it)))
        .collect();
    done.compared += usize::from(claims.iter().any(|it| it.digest.is_some()));
    if let [(_, fact)] = &mut facts[..] {
        return fact.take().into_iter().collect();
    }
    let is_as_listed = facts.iter().any(|it| it.1.is_none());
    let unlike = facts.iter().filter(|it| it.1.is_some() && is_as_listed);
    let mut unlike: Vec<_> = unlike.map(|it| listing.project(it.0).clone()).collect();
    unlike.dedup();
    let mut all = vec![Fact::ListedTwice { unlike }];
    if !is_as_listed {
        all.extend(facts.into_iter().find_map(|it| it.1));
    }
    all
}

/// How a file differs from one row.
fn differs(dir: &Dir, name: &str, claim: &Claim) -> Option<Fact> {
    let unreadable = |error: std::io::Error| Some(Fact::Unreadable(error.to_string()));
    let file = match dir.read(name) {
        Ok(file) => file,
        // It was replaced since it was looked at.
        Err(error) if leads_out(&error) => return Some(Fact::Link),
        Err(error) => return unreadable(error),
    };
    let found = match file.metadata() {
        Ok(stat) => stat.len(),
        Err(error) => return unreadable(error),
    };
    match (&claim.digest, claim.size) {
        (_, Some(size)) if size != found => Some(Fact::Resized(size, found)),
        (Some(digest), _) => match has_digest(file, found, digest) {
            Ok(true) => None,
            Ok(false) => Some(Fact::Changed),
            Err(error) => unreadable(error),
        },
        (None, _) => (!claim.is_free).then_some(Fact::NoDigest),
    }
}

/// No more is read than was there: a file that grows meanwhile has changed anyway.
fn has_digest(file: File, size: u64, digest: &assay_types::Digest) -> std::io::Result<bool> {
    use std::io::Read as _;
    hash::has_digest(file.take(size.saturating_add(1)), digest)
}
