//! The files that words name, admitted: their digests are what is signed.

use assay_index::evidence;
use assay_install::Interpreter;
use assay_trust::{Admission, Artifact, admit};
use assay_types::{ProjectName, Sha256, listing::File};

use super::{every_file, word::Word};
use crate::{
    args::ReviewArgs,
    commands::{
        Context,
        diff::{Side, Wanted},
        request::Asked,
        target,
        verify::{heard, listed},
    },
    failure::{Failure, Result},
};

/// Finds files as an install would, except that nobody has to vouch for them.
pub struct Looker<'a> {
    interpreter: Interpreter,
    review: &'a ReviewArgs,
    context: &'a Context<'a>,
    /// The rules in force, and the way to indexes.
    pub asked: Asked,
}

impl<'a> Looker<'a> {
    /// For the Python that options name.
    pub fn new(review: &'a ReviewArgs, context: &'a Context<'a>) -> Result<Self> {
        let environment = target::inspect(&review.target, context)?;
        let mut asked = Asked::nothing(&review.policy, &review.index, context)?;
        asked.policy = asked.policy.for_review();
        Ok(Self {
            interpreter: environment.interpreter().clone(),
            review,
            context,
            asked,
        })
    }

    /// The file that a word names; with `all` every file of the version.
    pub fn files(&self, word: &Word, all: bool) -> Result<Vec<Admission>> {
        match word {
            Word::File(path) => Ok(vec![self.at_hand(path)?]),
            Word::Version(project, version) if all => {
                let (review, context) = (self.review, self.context);
                every_file::of(project, version, &self.interpreter, review, context)
            }
            Word::Version(project, version) => {
                let wanted = Wanted::Version(version.clone());
                Ok(vec![self.side(project, &wanted)?.admission().clone()])
            }
            Word::Project(project) => Err(Failure::usage(format!("which version of {project}?"))
                .hint(format!("name it: {project}==VERSION"))),
        }
    }

    /// A wheel of a project, whose files can be compared.
    pub fn side(&self, project: &ProjectName, wanted: &Wanted) -> Result<Side> {
        let (interpreter, review) = (&self.interpreter, self.review);
        Side::find(project, wanted, interpreter, review, self.context)
    }

    /// A file that the user named, judged as an install would. Nothing of it is read but its bytes.
    fn at_hand(&self, path: &str) -> Result<Admission> {
        let (asked, listed) = (&self.asked, self.listed(path)?);
        let staged = asked.client.fetch_file(&listed, &[], &|_| {})?;
        let mut evidence = evidence(&listed);
        evidence.extend(heard(&staged, &listed, &evidence, asked, self.context)?);
        let artifact = Artifact::of(&listed);
        let admitted = admit(staged, &artifact, &evidence, &asked.policy, asked.now)?;
        Ok(admitted.admission().clone())
    }

    /// What a file that the user named is, whoever would refuse it.
    pub fn measure(&self, path: &str) -> Result<(Artifact, Sha256)> {
        let listed = self.listed(path)?;
        let staged = self.asked.client.fetch_file(&listed, &[], &|_| {})?;
        Ok((Artifact::of(&listed), staged.measured().sha256()))
    }

    fn listed(&self, path: &str) -> Result<File> {
        listed(&self.context.around.absolute(path.as_ref()))
    }
}
