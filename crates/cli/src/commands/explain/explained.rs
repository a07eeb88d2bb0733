//! One value about each distribution, for a tree, data and a page.

use assay_install::{Audited, Distribution, Standing};
use assay_trust::Policy;
use assay_types::{ProjectName, Timestamp};
use serde::Serialize;

use super::{
    THREADS,
    graph::Graph,
    receipt::Receipt,
    today::{Rules, Today},
};
use crate::{
    args::PolicyArgs,
    commands::{Context, look::View},
    failure::Result,
    settings::{self, PolicyFiles, index},
};

/// What is known of one installed distribution. Texts are unescaped.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Explained {
    #[serde(rename = "name")]
    pub project: ProjectName,
    /// The name as its METADATA spells it.
    #[serde(skip)]
    pub spelling: String,
    pub version: String,
    pub location: String,
    /// What speaks for it, in a word.
    #[serde(rename = "evidence-kind")]
    pub kind: Kind,
    /// Whether the receipt is the one that was written, in a word.
    pub standing: &'static str,
    /// The same in a sentence.
    pub standing_why: String,
    pub receipt: Option<Receipt>,
    /// Why the receipt that is there cannot be read.
    pub receipt_unreadable: Option<String>,
    /// The policy in force; `None` where nothing is recorded that it could judge.
    pub today: Option<Today>,
    /// Whether somebody asked for it by name; `None` where that is not recorded.
    pub requested: Option<bool>,
    /// Who requires it.
    pub required_by: Vec<ProjectName>,
    /// Whom it requires, of what is installed.
    pub requires: Vec<ProjectName>,
}

/// What speaks for a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Receipt or RECORD is not what was written: nothing that they say counts.
    Changed,
    /// Nothing of assay's is there.
    Foreign,
    /// A receipt that cannot be read, or that has no evidence that is known.
    Unknown,
    /// The user named the file.
    Local,
    /// The index lists the bytes' digest.
    Index,
    /// The user gave the bytes' digest.
    Hash,
    /// Its publisher signed it.
    Publisher,
}

impl Kind {
    /// All of them, the strongest first.
    pub const ALL: [Self; 7] = [
        Self::Publisher,
        Self::Hash,
        Self::Index,
        Self::Local,
        Self::Unknown,
        Self::Foreign,
        Self::Changed,
    ];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Publisher => "signed by its publisher",
            Self::Hash => "digest given by you",
            Self::Index => "digest on the index",
            Self::Local => "local file",
            Self::Unknown => "no evidence that is known",
            Self::Foreign => "not installed by assay",
            Self::Changed => "changed since",
        }
    }

    fn of(standing: Option<&Standing>, receipt: Result<Option<&Receipt>, ()>) -> Self {
        if let Some(Standing::Contradicted(_)) = standing {
            return Self::Changed;
        }
        let receipt = match receipt {
            Ok(Some(receipt)) => receipt,
            Ok(None) => return Self::Foreign,
            Err(()) => return Self::Unknown,
        };
        let has = |word: &str| receipt.words.iter().any(|it| it == word);
        match () {
            () if !receipt.publishers.is_empty() => Self::Publisher,
            () if has("hash") => Self::Hash,
            () if has("index") => Self::Index,
            () if has("local") => Self::Local,
            () => Self::Unknown,
        }
    }
}

/// Everything that the environment's Python sees, sorted by name.
pub fn all(view: &View, now: Timestamp, context: &Context<'_>) -> Result<Vec<Explained>> {
    let rules = rules(now, context)?;
    let standings = view
        .environment
        .standings(context.folders.state(), THREADS)?;
    let markers = &view.environment.interpreter().python().markers;
    let graph = Graph::of(&view.distributions, markers);
    let name = |at: usize| view.distributions[at].name().clone();
    let all = view.distributions.iter().enumerate();
    all.map(|(at, distribution)| {
        let standing = standing_of(distribution, &standings);
        Ok(Explained {
            required_by: graph.required_by(at).map(name).collect(),
            requires: graph.requires(at).map(name).collect(),
            ..Explained::new(distribution, standing, &rules)?
        })
    })
    .collect()
}

/// The policy in force, without options: nothing is being installed.
fn rules(now: Timestamp, context: &Context<'_>) -> Result<Rules> {
    let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
    let set = &context.around.pip;
    let (args, pypi) = (PolicyArgs::default(), index::pypi()?);
    let policy: Policy = settings::policy(&args, set, set.require_hashes, &files, &pypi, now)?;
    let pins = files.pins(&assay_index::Indexes::default())?;
    Ok(Rules { policy, pins })
}

/// What the environment beneath has is nothing that this one's list could know.
fn standing_of<'a>(distribution: &Distribution, all: &'a [Audited]) -> Option<&'a Standing> {
    let found = all.iter().find(|it| it.project == *distribution.name());
    found.map(|it| &it.standing)
}

impl Explained {
    fn new(
        distribution: &Distribution,
        standing: Option<&Standing>,
        rules: &Rules,
    ) -> Result<Self> {
        let (receipt, unreadable) = match Receipt::of(distribution) {
            Ok(receipt) => (receipt, None),
            Err(why) => (None, Some(why)),
        };
        let readable = match &unreadable {
            None => Ok(receipt.as_ref()),
            Some(_) => Err(()),
        };
        let kind = Kind::of(standing, readable);
        let today = receipt.as_ref().filter(|_| kind != Kind::Changed);
        Ok(Self {
            project: distribution.name().clone(),
            spelling: distribution.spelling(),
            version: distribution.version().to_string(),
            location: distribution.site().display().to_string(),
            kind,
            standing: standing.map_or("outside", Standing::kind),
            standing_why: match standing {
                Some(it) => it.to_string(),
                None => "it lies outside of this environment".to_owned(),
            },
            today: today.map(|it| rules.judge(distribution.name(), it)),
            receipt,
            receipt_unreadable: unreadable,
            requested: distribution.requested()?,
            required_by: Vec::new(),
            requires: Vec::new(),
        })
    }

    /// Why it is there, in a sentence.
    pub fn reason(&self) -> String {
        let names = joined(&self.required_by);
        match (self.requested, self.required_by.is_empty()) {
            (Some(true), true) => "somebody asked for it by name".to_owned(),
            (Some(true), false) => format!("somebody asked for it by name, and {names} need it"),
            (_, false) => format!("{names} need it"),
            (_, true) => {
                "nothing here needs it, and nobody is known to have asked for it".to_owned()
            }
        }
    }

    /// Everything that is known, by what it is, for whoever lists it.
    pub fn facts(&self) -> Vec<Fact<'_>> {
        let mut facts = Vec::new();
        if let Some(receipt) = &self.receipt {
            receipt_facts(receipt, &mut facts);
        }
        if let Some(why) = &self.receipt_unreadable {
            facts.push(Fact::one("receipt cannot be read", why.clone()));
        }
        facts.push(Fact::one(
            "receipt",
            format!("{}: {}", self.standing, self.standing_why),
        ));
        facts.push(self.today_fact());
        facts.push(Fact::one("lies in", self.location.clone()));
        facts.retain(|it| it.lines.iter().any(|it| !it.is_empty()));
        facts
    }

    fn today_fact(&self) -> Fact<'_> {
        let lines = match &self.today {
            None => vec!["nothing is recorded that could be judged".to_owned()],
            Some(today) => {
                let verdict = match today.accepted {
                    true => "would accept what the receipt says",
                    false => "would refuse it, by what the receipt says",
                };
                std::iter::once(verdict.to_owned())
                    .chain(today.remarks.iter().cloned())
                    .collect()
            }
        };
        Fact {
            what: "policy of today",
            lines,
        }
    }
}

fn receipt_facts<'a>(receipt: &'a Receipt, facts: &mut Vec<Fact<'a>>) {
    facts.push(Fact::one("file", receipt.file.clone()));
    facts.push(Fact::one("from", receipt.origin.clone()));
    facts.push(Fact::one("sha256", receipt.sha256.clone()));
    facts.push(Fact::one("asked for", receipt.rule.clone()));
    facts.push(Fact {
        what: "found",
        lines: receipt.evidence.clone(),
    });
    facts.push(Fact {
        what: "missing",
        lines: receipt.missing.clone(),
    });
    for signed in &receipt.publishers {
        let lines = signed
            .facts()
            .into_iter()
            .map(|(what, it)| format!("{what}: {it}"));
        facts.push(Fact {
            what: "signed",
            lines: lines.collect(),
        });
    }
    facts.push(Fact::one(
        "publisher's pin",
        receipt.pin.clone().unwrap_or_default(),
    ));
    facts.push(Fact::one(
        "judged",
        format!("{} by assay {}", receipt.judged, receipt.assay),
    ));
}

/// One thing that is known; its lines are unescaped.
#[derive(Debug)]
pub struct Fact<'a> {
    pub what: &'a str,
    pub lines: Vec<String>,
}

impl<'a> Fact<'a> {
    /// With a line of its own.
    pub fn one(what: &'a str, line: String) -> Self {
        Self {
            what,
            lines: vec![line],
        }
    }
}

/// The names, for a sentence.
pub fn joined(names: &[ProjectName]) -> String {
    let names = names.iter().map(ToString::to_string);
    names.collect::<Vec<_>>().join(", ")
}
