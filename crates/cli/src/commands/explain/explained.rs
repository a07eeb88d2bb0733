//! One value about each distribution, for a tree, data and a page.

use assay_install::{Audited, Distribution, Standing};
use assay_trust::Word;
use assay_types::{ProjectName, Timestamp};
use serde::Serialize;

use super::{
    THREADS,
    graph::Graph,
    receipt::Receipt,
    today::{Rules, Today},
};
use crate::{
    commands::{Context, look::View},
    failure::Result,
};

/// How what another installation has, which is seen here, stands to this user's state.
const OUTSIDE: &str = "outside";

const UNJUDGED: &str = "nothing is recorded that could be judged";

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
        let words = receipt.known_words();
        match () {
            () if words.iter().any(|it| matches!(it, Word::Publisher(_))) => Self::Publisher,
            () if words.contains(&Word::Hash) => Self::Hash,
            () if words.contains(&Word::Index) => Self::Index,
            () if words.contains(&Word::Local) => Self::Local,
            () => Self::Unknown,
        }
    }
}

/// Everything that the environment's Python sees, sorted by name.
pub fn all(view: &View, now: Timestamp, context: &Context<'_>) -> Result<Vec<Explained>> {
    let rules = Rules::in_force(now, context)?;
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
            standing: standing.map_or(OUTSIDE, Standing::kind),
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

    /// What is to be said whatever the evidence.
    pub fn marks(&self) -> impl Iterator<Item = &'static str> {
        let marks = [
            (self.is_unvouched(), "not vouched for"),
            (self.receipt_unreadable.is_some(), "receipt cannot be read"),
            (self.is_refused(), "refused by today’s policy"),
        ];
        marks.into_iter().filter(|it| it.0).map(|it| it.1)
    }

    /// Whether somebody should look at it.
    pub fn is_grave(&self) -> bool {
        matches!(self.kind, Kind::Changed | Kind::Unknown) || self.is_refused()
    }

    /// Whether it is strange among others that assay installed and vouches for.
    pub fn is_strange(&self) -> bool {
        self.kind == Kind::Foreign || self.is_unvouched()
    }

    fn is_unvouched(&self) -> bool {
        self.receipt.is_some() && self.standing == "self-consistent"
    }

    fn is_refused(&self) -> bool {
        self.today.as_ref().is_some_and(|it| !it.accepted)
    }

    /// Why it is there, in a sentence.
    pub fn reason(&self) -> String {
        let names = joined(&self.required_by);
        let need = match self.required_by.len() {
            1 => "needs",
            _ => "need",
        };
        match (self.requested, self.required_by.is_empty()) {
            (Some(true), true) => "somebody asked for it by name".to_owned(),
            (Some(true), false) => {
                format!("somebody asked for it by name, and {names} {need} it")
            }
            (_, false) => format!("{names} {need} it"),
            (_, true) => {
                "nothing here needs it, and nobody is known to have asked for it".to_owned()
            }
        }
    }

    /// Everything that is known, by what it is, for whoever lists it.
    pub fn facts(&self) -> Vec<Fact<'_>> {
        // First, because whatever else is told is the receipt's word.
        let standing = format!("{}: {}", self.standing, self.standing_why);
        let mut facts = vec![Fact::one("receipt", standing)];
        if let Some(why) = &self.receipt_unreadable {
            facts.push(Fact::one("receipt cannot be read", why.clone()));
        }
        if let Some(receipt) = &self.receipt {
            receipt_facts(receipt, &mut facts);
        }
        let today = self.today.as_ref().map(Today::lines);
        facts.push(Fact {
            what: "policy of today",
            lines: today.unwrap_or_else(|| vec![UNJUDGED.to_owned()]),
        });
        if self.standing == OUTSIDE {
            facts.push(Fact::one("lies in", self.location.clone()));
        }
        facts.retain(|it| it.lines.iter().any(|it| !it.is_empty()));
        facts
    }
}

fn receipt_facts<'a>(receipt: &'a Receipt, facts: &mut Vec<Fact<'a>>) {
    facts.push(Fact::one("file", receipt.file.clone()));
    facts.push(Fact::one("from", receipt.origin.clone()));
    facts.push(Fact::one("sha256", receipt.sha256.clone()));
    facts.push(Fact::one("rule", receipt.rule.clone()));
    facts.push(Fact {
        what: "found",
        lines: receipt.evidence.clone(),
    });
    facts.push(Fact {
        what: "missing",
        lines: receipt.missing.clone(),
    });
    for signed in &receipt.publishers {
        facts.push(Fact {
            what: "signed",
            lines: signed.lines(),
        });
    }
    facts.push(Fact::one(
        "publishers",
        receipt.standing.clone().unwrap_or_default(),
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

#[cfg(test)]
pub mod tests {
    use super::*;

    /// One that pip installed.
    pub fn example(name: &str, requested: bool, requires: &[&str], by: &[&str]) -> Explained {
        let names = |names: &[&str]| names.iter().map(|it| it.parse().unwrap()).collect();
        Explained {
            project: name.parse().unwrap(),
            spelling: name.to_owned(),
            version: "1.0".to_owned(),
            location: "site-packages".to_owned(),
            kind: Kind::Foreign,
            standing: "self-consistent",
            standing_why: "it was installed by pip".to_owned(),
            receipt: None,
            receipt_unreadable: None,
            today: None,
            requested: Some(requested),
            required_by: names(by),
            requires: names(requires),
        }
    }

    #[test]
    fn a_reason_agrees_with_how_many_need_it() {
        for (requested, by, reason) in [
            (true, &[][..], "somebody asked for it by name"),
            (
                true,
                &["a"],
                "somebody asked for it by name, and a needs it",
            ),
            (false, &["a"], "a needs it"),
            (false, &["a", "b"], "a, b need it"),
            (
                false,
                &[],
                "nothing here needs it, and nobody is known to have asked for it",
            ),
        ] {
            assert_eq!(example("x", requested, &[], by).reason(), reason);
        }
    }
}
