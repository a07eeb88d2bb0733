//! `assay vouch`: somebody looked at files, and says so.

use std::collections::BTreeSet;

use assay_trust::{
    Admission,
    statement::{Base, Statement, Subject, Times, Vouch},
};

use super::{
    base::Bases,
    keys,
    known::{EXEMPT, Known},
    looked::Looker,
    nearest::nearest,
    report::{Report, Row},
    set::Set,
    signing,
    word::Word,
};
use crate::{
    args::VouchFilesArgs,
    commands::Context,
    failure::{Failure, Result},
};

/// Finds the files, shows what is said of them, signs that and writes it into the set.
pub fn run(args: &VouchFilesArgs, context: &Context<'_>) -> Result<()> {
    let words = args.words.iter().map(|it| Word::parse(it));
    let words = words.collect::<Result<Vec<_>>>()?;
    check(args)?;
    let times = signing::times(&args.signing, context)?;
    let set = Set::read_or_begin(&args.signing.set, context)?;
    let looker = Looker::new(&args.review, context)?;
    let signer = signing::signer(&args.signing, context)?;
    if !args.signing.dry_run {
        set.begin()?;
    }
    let (keys, own) = keys::with_signer(
        &looker.asked.policy.keys,
        &args.signing.signing.with,
        &signer,
    )?;
    let keys: Vec<_> = keys.iter().collect();
    let known = Known::new(set.said_by(&keys)?, times.issued);
    let bases = Bases {
        set: &set,
        known: &known,
        looker: &looker,
        own: &own,
        criteria: args.criteria.iter().cloned().collect(),
    };
    let mut report = Report::new(&set, &signer, &own);
    for word in &words {
        for admission in looker.files(word, args.all_files)? {
            known.refuse_denied(&admission)?;
            let base = args.from.as_deref();
            let base = base.map(|it| bases.find(it, &admission, context));
            let base = base.transpose()?;
            let statement = statement(&admission, args, base, times)?;
            let is_said = known.has(&own, &statement);
            let row = Row::of(&admission, &statement, is_said).hint(hint(&admission, &known));
            report.add(row, (!is_said).then_some(statement));
        }
    }
    report.finish(args.signing.dry_run, &set, &signer, context)
}

fn check(args: &VouchFilesArgs) -> Result<()> {
    if args.criteria.iter().any(|it| it == EXEMPT) {
        return Err(
            Failure::usage(format!("--criteria {EXEMPT} says that nobody looked"))
                .hint("assay vouch init exempts what is installed"),
        );
    }
    match (&args.from, args.words.len()) {
        (Some(_), 2..) => Err(Failure::usage("--from is about one file")
            .hint("name one file or version; repeat the command for the others")),
        _ => Ok(()),
    }
}

fn statement(
    admission: &Admission,
    args: &VouchFilesArgs,
    from: Option<Base>,
    times: Times,
) -> Result<Statement> {
    let artifact = admission.artifact();
    let subject = Subject {
        name: artifact.file_name.clone(),
        sha256: admission.sha256(),
    };
    let said = Vouch {
        project: artifact.project.clone(),
        version: artifact.version.clone(),
        criteria: args.criteria.iter().cloned().collect::<BTreeSet<_>>(),
        notes: args.notes.clone(),
        from,
    };
    signing::drafted(Statement::vouches(subject, said, times))
}

/// How to see what is signed.
fn hint(admission: &Admission, known: &Known<'_>) -> Option<String> {
    let artifact = admission.artifact();
    let (project, version) = (&artifact.project, &artifact.version);
    let versions = known.looked_at(project).map(|it| &it.said.version);
    let old = nearest(version, versions)?;
    Some(format!("assay diff {project} {old} {version}"))
}
