//! What the policy in force would say today, by what a receipt records.

use assay_trust::{IndexPins, Mode, Policy, Unmet, Word};
use assay_types::{ProjectName, requirement::redacted};
use serde::Serialize;

use super::receipt::Receipt;

/// A judgement on recorded evidence: no byte is measured and no signature verified for it. Rules of
/// ages are left out, because time only passes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Today {
    pub accepted: bool,
    /// What stands against it, and what rules of mode `warn` or `report` miss.
    pub remarks: Vec<String>,
}

/// The rules that files and settings state.
pub struct Rules {
    pub policy: Policy,
    pub pins: IndexPins,
}

impl Rules {
    /// Judges what a receipt says of a project.
    pub fn judge(&self, project: &ProjectName, receipt: &Receipt) -> Today {
        let mut today = Today {
            accepted: true,
            remarks: Vec::new(),
        };
        if let Some(denial) = self.policy.denial(project) {
            let (why, place) = (&denial.value, &denial.place);
            today.refuse(format!("{place} denies it: {why}"));
        }
        if let Some(pin) = self.pins.of(project) {
            let index = redacted(&pin.index).to_string();
            if index != receipt.origin {
                let place = &pin.stated_in;
                today.refuse(format!("{place} wants it from {index} alone"));
            }
        }
        // A word that nobody knows speaks for nothing.
        let words: Vec<_> = receipt
            .words
            .iter()
            .filter_map(|it| Word::parse(it).ok())
            .collect();
        if !self.policy.evidence.is_met(&words) {
            today.refuse(format!("{} is not met", self.policy.evidence));
        }
        for stated in self.policy.required(project) {
            let asked = &stated.value;
            if asked.expression.is_met(&words) {
                continue;
            }
            let unmet = Unmet {
                expression: asked.expression.clone(),
                mode: asked.mode,
                place: Some(stated.place.clone()),
            };
            match asked.mode {
                Mode::Require => today.refuse(format!("{unmet}")),
                Mode::Warn | Mode::Report => {
                    today.remarks.push(format!("{unmet} ({})", asked.mode))
                }
            }
        }
        today
    }
}

impl Today {
    fn refuse(&mut self, why: String) {
        self.accepted = false;
        self.remarks.push(why);
    }
}
