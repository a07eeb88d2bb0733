//! `assay vouch deny`: files, versions or projects that are not to be installed, and why.

use std::collections::BTreeSet;

use assay_trust::statement::{Denial, Statement, Subject, Times};
use assay_types::{ProjectName, Version, listing::Listing};

use super::{
    keys,
    known::Known,
    looked::Looker,
    report::{Report, Row},
    set::Set,
    signing,
    word::Word,
};
use crate::{
    args::VouchDenyArgs,
    commands::Context,
    failure::{Failure, Result},
};

/// Most files, and most versions, that one statement is about.
const MOST: usize = 1000;

/// Looks up what the indexes list; fetches nothing but files that were named.
pub fn run(args: &VouchDenyArgs, context: &Context<'_>) -> Result<()> {
    let words = args.words.iter().map(|it| Word::parse(it));
    let words = words.collect::<Result<Vec<_>>>()?;
    let times = signing::times(&args.signing, context)?;
    let set = Set::read_or_begin(&args.signing.set, context)?;
    let looker = Looker::new(&args.review, context)?;
    let signer = signing::signer(&args.signing, context)?;
    let (keys, own) = keys::with_signer(
        &looker.asked.policy.keys,
        &args.signing.signing.with,
        &signer,
    )?;
    let keys: Vec<_> = keys.iter().collect();
    let known = Known::new(set.said_by(&keys)?, times.issued);
    let mut report = Report::new(&set, &signer, &own);
    for word in &words {
        let denied = Denied::of(word, &looker, context)?;
        for statement in denied.statements(&args.reason, times)? {
            let is_said = known.has(&own, &statement);
            let row = Row::said(&statement, is_said);
            report.add(row, (!is_said).then_some(statement));
        }
    }
    report.finish(args.signing.dry_run, &set, &signer, context)
}

/// What is denied.
struct Denied {
    project: ProjectName,
    versions: Vec<Version>,
    files: Vec<Subject>,
}

impl Denied {
    fn of(word: &Word, looker: &Looker<'_>, context: &Context<'_>) -> Result<Self> {
        match word {
            Word::File(path) => {
                let (artifact, sha256) = looker.measure(path)?;
                Ok(Self {
                    project: artifact.project,
                    versions: Vec::new(),
                    files: vec![Subject {
                        name: artifact.file_name,
                        sha256,
                    }],
                })
            }
            Word::Version(project, version) => {
                let listing = listing(project, looker, context);
                Ok(Self::listed(
                    project,
                    vec![version.clone()],
                    listing.as_ref(),
                ))
            }
            Word::Project(project) => Self::whole(project, looker, context),
        }
    }

    /// Every version that there is. Those that come later are for a rule of the policy to deny.
    fn whole(project: &ProjectName, looker: &Looker<'_>, context: &Context<'_>) -> Result<Self> {
        let listing = listing(project, looker, context);
        let files = listing.iter().flat_map(|it| &it.files);
        let versions: BTreeSet<_> = files.map(|it| it.version().clone()).collect();
        if versions.is_empty() {
            return Err(Failure::could_not(format!(
                "no version of {project} is known that could be denied"
            ))
            .hint(format!(
                "name them, {project}==VERSION, or deny the project in a policy file"
            )));
        }
        context.ui.note(&format!(
            "versions of {project} that come later are not denied by this; a rule of a policy file \
             does that: projects = [\"{project}\"], deny = \"{}\"",
            "why"
        ));
        let versions = versions.into_iter().collect();
        Ok(Self::listed(project, versions, listing.as_ref()))
    }

    /// By their numbers, and by all digests that the index lists for them.
    fn listed(project: &ProjectName, versions: Vec<Version>, listing: Option<&Listing>) -> Self {
        let files = listing.into_iter().flat_map(|it| &it.files);
        let files = files.filter(|it| versions.contains(it.version()));
        let subjects = files.filter_map(|it| {
            Some(Subject {
                name: it.name.as_str().to_owned(),
                sha256: it.digests.sha256()?,
            })
        });
        Self {
            files: subjects.collect(),
            project: project.clone(),
            versions,
        }
    }

    /// As many statements as it takes: each is about a limited number of files.
    fn statements(self, reason: &str, times: Times) -> Result<Vec<Statement>> {
        let count = self.files.len().max(self.versions.len()).div_ceil(MOST);
        let mut files = self.files.chunks(MOST);
        let mut versions = self.versions.chunks(MOST);
        let statements = (0..count).map(|_| {
            let said = Denial {
                project: self.project.clone(),
                versions: versions.next().map(<[_]>::to_vec).unwrap_or_default(),
                reason: reason.to_owned(),
            };
            let files = files.next().map(<[_]>::to_vec).unwrap_or_default();
            signing::drafted(Statement::denies(files, said, times))
        });
        statements.collect()
    }
}

/// What the index has. A denial does not wait for an index that has withdrawn the files: it counts by
/// project and version, too.
fn listing(project: &ProjectName, looker: &Looker<'_>, context: &Context<'_>) -> Option<Listing> {
    let asked = &looker.asked;
    match asked.indexes.listing(&asked.client, project) {
        Ok(Some(listing)) => Some(listing),
        Ok(None) => {
            context.ui.warn(&format!(
                "no index has {project}: it is denied by its versions alone, and by no digest"
            ));
            None
        }
        Err(error) => {
            let why = Failure::from(error);
            context.ui.warn(&format!(
                "{project} is denied by its versions alone, and by no digest: {}",
                why.fact()
            ));
            None
        }
    }
}
