//! What is known of a distribution, as lines for whoever lists it.

use assay_types::ProjectName;

use super::{built::Built, explained::Explained, receipt::Receipt, today::Today};

const UNJUDGED: &str = "nothing is recorded that could be judged";

impl Explained {
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
    pub fn facts(&self) -> Vec<Fact> {
        // First, because whatever else is told is the receipt's word.
        let standing = format!("{}: {}", self.known.word(), self.known.why());
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
        if self.known.is_outside() {
            facts.push(Fact::one("lies in", self.location.clone()));
        }
        facts.retain(|it| it.lines.iter().any(|it| !it.is_empty()));
        facts
    }
}

fn receipt_facts(receipt: &Receipt, facts: &mut Vec<Fact>) {
    facts.push(Fact::one("file", receipt.file.clone()));
    facts.push(Fact::one("from", receipt.origin.clone()));
    facts.push(Fact::one("sha256", receipt.sha256.clone()));
    facts.push(Fact {
        what: "built here from",
        lines: receipt.built.iter().flat_map(Built::lines).collect(),
    });
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
        format!(
            "{} by assay {}",
            to_the_second(&receipt.judged),
            receipt.assay
        ),
    ));
}

/// One thing that is known; its lines are unescaped.
#[derive(Debug)]
pub struct Fact {
    pub what: &'static str,
    pub lines: Vec<String>,
}

impl Fact {
    /// With a line of its own.
    pub fn one(what: &'static str, line: String) -> Self {
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

/// A time as a person reads it; whatever else stands there, as it is.
fn to_the_second(time: &str) -> String {
    let parsed = time.parse::<assay_types::Timestamp>();
    parsed.map_or_else(|_| time.to_owned(), |it| format!("{it:.0}"))
}

#[cfg(test)]
mod tests {
    use super::super::explained::tests::example;

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
