//! One value about each distribution, for a tree, data and a page.

use assay_install::Distribution;
use assay_types::{ProjectName, Timestamp};
use serde::Serialize;

use super::{
    THREADS,
    graph::Graph,
    kind::Kind,
    known::Known,
    receipt::Receipt,
    today::{Rules, Today},
};
use crate::{
    commands::{Context, look::View},
    failure::Result,
};

/// What is said where nothing outside of the environment knows a receipt.
pub const UNVOUCHED: &str = "not vouched for";

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
    /// Whether the receipt is the one that was written: `standing`, and why.
    #[serde(flatten)]
    pub known: Known,
    pub receipt: Option<Receipt>,
    /// Why the receipt that is there cannot be read.
    pub receipt_unreadable: Option<String>,
    /// The policy in force; `None` where nothing is recorded that it could judge, and nobody denies it.
    pub today: Option<Today>,
    /// Whether somebody asked for it by name; `None` where that is not recorded.
    pub requested: Option<bool>,
    /// Who requires it.
    pub required_by: Vec<ProjectName>,
    /// Whom it requires, of what is installed.
    pub requires: Vec<ProjectName>,
}

/// Everything that the environment's Python sees, sorted by name.
pub fn all(view: &View, now: Timestamp, context: &Context<'_>) -> Result<Vec<Explained>> {
    let mut rules = Rules::in_force(&view.distributions, now, context)?;
    let standings = view
        .environment
        .standings(context.folders.state(), THREADS)?;
    let markers = &view.environment.interpreter().python().markers;
    let graph = Graph::of(&view.distributions, markers);
    let name = |at: usize| view.distributions[at].name().clone();
    let all = view.distributions.iter().enumerate();
    let all = all.map(|(at, distribution)| {
        let known = Known::of(distribution, &standings);
        Ok(Explained {
            required_by: graph.required_by(at).map(name).collect(),
            requires: graph.requires(at).map(name).collect(),
            ..Explained::new(distribution, known, &mut rules)?
        })
    });
    let all = all.collect::<Result<_>>()?;
    rules.remarks().for_each(|it| context.ui.warn(it));
    Ok(all)
}

impl Explained {
    fn new(distribution: &Distribution, known: Known, rules: &mut Rules) -> Result<Self> {
        let (receipt, unreadable) = match Receipt::of(distribution) {
            Ok(receipt) => (receipt, None),
            Err(why) => (None, Some(why)),
        };
        let readable = match &unreadable {
            None => Ok(receipt.as_ref()),
            Some(_) => Err(()),
        };
        let kind = Kind::of(known.0.as_ref(), readable);
        let today = receipt.as_ref().filter(|_| kind != Kind::Changed);
        Ok(Self {
            project: distribution.name().clone(),
            spelling: distribution.spelling(),
            version: distribution.version().to_string(),
            location: distribution.site().display().to_string(),
            kind,
            known,
            today: rules.judge(distribution, today),
            receipt,
            receipt_unreadable: unreadable,
            requested: distribution.requested()?,
            required_by: Vec::new(),
            requires: Vec::new(),
        })
    }

    /// What speaks for it, and whether that is more than a receipt says of itself.
    pub fn evidence(&self) -> String {
        let words = self.kind.words();
        match self.is_unvouched() {
            true => format!("{words}, {UNVOUCHED}"),
            false => words.to_owned(),
        }
    }

    /// What is to be said whatever the evidence.
    pub fn marks(&self) -> impl Iterator<Item = &'static str> {
        let marks = [
            (self.is_unvouched(), UNVOUCHED),
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

    /// Whether there is a receipt, and only the environment's own word for it.
    pub fn is_unvouched(&self) -> bool {
        self.receipt.is_some() && self.known.is_unvouched()
    }

    /// Whether receipt or RECORD is not what was written.
    pub fn is_changed(&self) -> bool {
        self.kind == Kind::Changed
    }

    fn is_refused(&self) -> bool {
        self.today.as_ref().is_some_and(|it| !it.accepted)
    }
}

#[cfg(test)]
pub mod tests {
    use assay_install::{Standing, Unknown};

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
            known: Known(Some(Standing::SelfConsistent(Unknown::OtherInstaller(
                "pip".to_owned(),
            )))),
            receipt: None,
            receipt_unreadable: None,
            today: None,
            requested: Some(requested),
            required_by: names(by),
            requires: names(requires),
        }
    }
}
