//! What a set says that counts today.

use assay_trust::{
    Admission, Label,
    statement::{Base, Denial, Predicate, Statement, Subject, Vouch},
};
use assay_types::{ProjectName, Sha256, Timestamp, Version};

use super::set::Said;
use crate::failure::{Failure, Result};

/// The criterion of those at which nobody looked.
pub const EXEMPT: &str = "exempt";

/// Statements whose signatures hold, and the moment at which they are asked.
pub struct Known<'a> {
    said: Vec<Said<'a>>,
    now: Timestamp,
}

/// Somebody vouches for a file.
#[derive(Clone, Copy)]
pub struct Vouched<'a> {
    pub file: &'a Subject,
    pub said: &'a Vouch,
}

impl<'a> Known<'a> {
    pub fn new(said: Vec<Said<'a>>, now: Timestamp) -> Self {
        Self { said, now }
    }

    /// Files of a project at which somebody looked.
    pub fn looked_at(&self, project: &ProjectName) -> impl Iterator<Item = Vouched<'a>> {
        self.vouched(project).filter(|it| !it.is_exemption())
    }

    /// The file that is vouched for with these bytes, whoever looked, or nobody.
    pub fn vouch_of(&self, project: &ProjectName, sha256: Sha256) -> Option<Vouched<'a>> {
        self.vouched(project).find(|it| it.file.sha256 == sha256)
    }

    fn vouched(&self, project: &ProjectName) -> impl Iterator<Item = Vouched<'a>> {
        let counting = self.counting().filter_map(|it| it.vouch());
        counting.filter(move |it| it.said.project == *project)
    }

    /// Who denies a file, where, and why.
    fn denial(
        &self,
        project: &ProjectName,
        version: &Version,
        sha256: Sha256,
    ) -> Option<(&Said<'a>, &'a Denial)> {
        self.counting().find_map(|said| {
            let denial = said
                .verified
                .statement()
                .denial_of(project, version, sha256);
            denial.map(|it| (said, it))
        })
    }

    /// Whoever denied a file has to take that back first: a denial beats a vouch.
    pub fn refuse_denied(&self, admission: &Admission) -> Result<()> {
        let artifact = admission.artifact();
        let denial = self.denial(&artifact.project, &artifact.version, admission.sha256());
        let Some((said, denial)) = denial else {
            return Ok(());
        };
        let (file, reason) = (&artifact.file_name, &denial.reason);
        Err(Failure::refused(format!("{file} is denied: {reason}"))
            .detail(format!("by {}, in {}", said.signers(), said.place))
            .detail("rule: denial")
            .hint("no vouch outweighs a denial: take that line out first, if it is wrong"))
    }

    /// Whether this key said the same before, and it still counts.
    pub fn has(&self, by: &Label, statement: &Statement) -> bool {
        self.counting().any(|said| {
            let before = said.verified.statement();
            said.verified.signers().contains(&by)
                && before.subjects() == statement.subjects()
                && before.predicate() == statement.predicate()
                && before.times().expires == statement.times().expires
        })
    }

    /// What did not expire.
    fn counting(&self) -> impl Iterator<Item = &Said<'a>> {
        let counts = |it: &&Said<'_>| !it.verified.statement().times().are_over(self.now);
        self.said.iter().filter(counts)
    }
}

impl<'a> Said<'a> {
    fn vouch(&self) -> Option<Vouched<'a>> {
        let statement: &'a Statement = self.verified.statement();
        match (statement.predicate(), statement.subjects()) {
            (Predicate::Vouches(said), [file]) => Some(Vouched { file, said }),
            _ => None,
        }
    }
}

impl Vouched<'_> {
    /// Whether nobody looked at it.
    pub fn is_exemption(&self) -> bool {
        self.said.criteria.contains(EXEMPT)
    }

    /// As what it is a base of others.
    pub fn base(&self) -> Base {
        Base {
            version: self.said.version.clone(),
            sha256: self.file.sha256,
        }
    }
}
