//! Envelopes, one JSON document a line.

use std::collections::{BTreeMap, BTreeSet};

use assay_types::{ProjectName, Sha256, Version};

use super::{
    content::Content,
    draft::Statement,
    envelope::Envelope,
    signers::{Signatory, Tried, signers},
};
use crate::{
    Label, TrustedKey,
    signature::{RawKey, Rejection, Rule},
};

/// Longest line, in bytes. OSS Rebuild's have the build's steps in them.
const LONGEST_LINE: usize = 512 << 10;
/// Most envelopes.
const MOST_ENVELOPES: usize = 100_000;
/// Most files, versions, projects and criteria in all of its lists. Whoever serves a set signs nothing of
/// it, and each of them takes some hundred bytes.
const MOST_LISTED: usize = 500_000;
/// Most envelopes whose inside cannot be read. Honest sets have none, and each has to be asked who
/// signed it.
const MOST_MALFORMED: usize = 16;

/// Envelopes, one JSON document a line: `<file>.assay`, or a file of a set of statements. Nothing in
/// it is verified.
#[derive(Debug, Clone, Default)]
pub struct Bundle {
    pub(super) lines: Vec<Line>,
}

/// Denials by who signed them, each a line of its own.
pub type Denials = BTreeMap<RawKey, BTreeSet<String>>;

/// One line that was read.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Counted from one.
    pub number: usize,
    pub envelope: Envelope,
    pub content: Content,
    /// What is known of its signatures.
    tried: Tried,
}

/// A statement of ours that somebody signed.
#[derive(Debug, Clone)]
pub struct Verified<'a> {
    statement: &'a Statement,
    signers: Vec<&'a Label>,
}

impl<'a> Verified<'a> {
    /// What was signed.
    pub fn statement(&self) -> &'a Statement {
        self.statement
    }

    /// By which of the keys that were asked for: one at least.
    pub fn signers(&self) -> &[&'a Label] {
        &self.signers
    }
}

impl Bundle {
    /// What stands behind a file's name, and behind the names of a set's files.
    pub const ENDING: &str = ".assay";
    /// The longest file beside a file, in bytes.
    pub const LARGEST: usize = 1 << 20;
    /// The longest set, in bytes: of all its files.
    pub const LARGEST_SET: usize = 64 << 20;

    /// Reads the envelopes. An empty document holds none.
    pub fn parse(document: &[u8]) -> Result<Self, Rejection> {
        if document.len() > Self::LARGEST_SET {
            let fact = format!("is longer than {} bytes", Self::LARGEST_SET);
            return Err(Rejection::new(Rule::Size, fact));
        }
        let document = document.strip_suffix(b"\n").unwrap_or(document);
        if document.is_empty() {
            return Ok(Self::default());
        }
        let lines = document.split(|it| *it == b'\n');
        if lines.clone().count() > MOST_ENVELOPES {
            let fact = format!("has more than {MOST_ENVELOPES} lines");
            return Err(Rejection::new(Rule::Size, fact));
        }
        let lines = lines.zip(1..);
        let lines = lines.map(|(it, number)| Line::parse(number, it).map_err(|it| at(number, it)));
        let lines = within_limits(lines)?;
        let malformed = lines.iter().filter(|it| it.content.is_malformed()).count();
        if malformed > MOST_MALFORMED {
            let fact = format!("has {malformed} lines that hold no statement");
            return Err(Rejection::new(Rule::Form, fact));
        }
        Ok(Self { lines })
    }

    /// The statements that these keys signed. Whether a key may speak about a project, and whether the
    /// statement expired, is the caller's to ask.
    pub fn statements<'a>(
        &'a self,
        keys: &[&'a TrustedKey],
    ) -> Result<Vec<Verified<'a>>, Rejection> {
        let (keys, signatories) = able(keys);
        let mut all = Vec::new();
        for line in &self.lines {
            let signers = line.signers(&signatories)?;
            if let (Some(statement), false) = (line.content.statement(), signers.is_empty()) {
                let signers = signers.into_iter().map(|it| &keys[it].label).collect();
                all.push(Verified { statement, signers });
            }
        }
        Ok(all)
    }

    /// The denials that these keys signed, by key, each a line that [`parse`](Self::parse) reads again: to
    /// be kept, because whoever serves a set can leave lines out. A line has one signature, which holds:
    /// with others, whoever serves a denial could have it kept in any number of forms, or in somebody
    /// else's name.
    pub fn denials(&self, keys: &[&TrustedKey]) -> Result<Denials, Rejection> {
        self.denials_among(&able(keys).1)
    }

    /// The same of keys that somebody certified.
    pub fn denials_of(&self, keys: &BTreeSet<RawKey>) -> Result<Denials, Rejection> {
        let name = |it: &RawKey| format!("the key {}", it.fingerprint());
        let signatories = keys.iter().map(|it| Signatory::new(name(it), it.clone()));
        self.denials_among(&signatories.collect::<Vec<_>>())
    }

    fn denials_among(&self, signatories: &[Signatory]) -> Result<Denials, Rejection> {
        let mut all = Denials::new();
        let denials = self.lines.iter().filter(|it| it.content.is_denial());
        for line in denials {
            for who in line.signers(signatories)? {
                let who = &signatories[who];
                let alone = who
                    .alone(&line.envelope, &line.tried)
                    .map(|it| it.to_line());
                all.entry(who.raw().clone()).or_default().extend(alone);
            }
        }
        Ok(all)
    }

    /// The denials of the project, or of these bytes.
    #[must_use]
    pub fn denying(&self, project: &ProjectName, sha256: Sha256) -> Self {
        let is_of_it = |it: &&Line| {
            let Some(statement) = it.content.statement().filter(|_| it.content.is_denial()) else {
                return false;
            };
            let mut subjects = statement.subjects().iter();
            statement.project() == Some(project) || subjects.any(|it| it.sha256 == sha256)
        };
        Self {
            lines: self.lines.iter().filter(is_of_it).cloned().collect(),
        }
    }

    /// Whether a line of it, whoever signed it, denies this version or these bytes.
    pub fn denies(&self, project: &ProjectName, version: &Version, sha256: Sha256) -> bool {
        let mut statements = self.lines.iter().filter_map(|it| it.content.statement());
        statements.any(|it| it.denial_of(project, version, sha256).is_some())
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl Line {
    fn parse(number: usize, line: &[u8]) -> Result<Self, Rejection> {
        if line.len() > LONGEST_LINE {
            let fact = format!("is longer than {LONGEST_LINE} bytes");
            return Err(Rejection::new(Rule::Size, fact));
        }
        let envelope = Envelope::parse(line)?;
        let content = Content::of(&envelope);
        Ok(Self {
            number,
            envelope,
            content,
            tried: Tried::default(),
        })
    }

    /// Which of these signed it, each by its place. A signature that claims to be by one of them and
    /// does not hold is a rejection, and so is a statement of one of them that cannot be read.
    pub fn signers(&self, among: &[Signatory]) -> Result<Vec<usize>, Rejection> {
        let signers =
            signers(&self.envelope, among, &self.tried).map_err(|it| at(self.number, it))?;
        match (&self.content, signers.first()) {
            (Content::Malformed(rejection), Some(signer)) => {
                let fact = format!("{} ({} signed it)", rejection.fact, among[*signer].name);
                Err(at(self.number, Rejection::new(rejection.rule, fact)))
            }
            _ => Ok(signers),
        }
    }
}

/// The lines, as long as their lists take no more memory than they may.
fn within_limits(
    lines: impl Iterator<Item = Result<Line, Rejection>>,
) -> Result<Vec<Line>, Rejection> {
    let mut all = Vec::new();
    let mut listed = 0;
    for line in lines {
        let line = line?;
        listed += line.content.listed();
        if listed > MOST_LISTED {
            let fact = format!("lists more than {MOST_LISTED} files, versions and the like");
            return Err(Rejection::new(Rule::Size, fact));
        }
        all.push(line);
    }
    Ok(all)
}

/// The keys that sign statements, and what to look for.
pub(super) fn able<'a>(keys: &[&'a TrustedKey]) -> (Vec<&'a TrustedKey>, Vec<Signatory>) {
    let able = keys.iter().filter_map(|it| Some((*it, Signatory::of(it)?)));
    able.unzip()
}

/// The same fact about a line.
pub(super) fn at(number: usize, rejection: Rejection) -> Rejection {
    Rejection::new(rejection.rule, format!("line {number} {}", rejection.fact))
}
