//! What is installed although somebody denies it to whom the policy listens.

use assay_install::Environment;
use assay_trust::{Cooldown, Policy};
use assay_types::{Printable, Timestamp};
use serde_json::{Value, json};

use crate::{
    commands::Context,
    failure::{Failure, Result},
    pipeline::{Denied, Sets},
    settings::PolicyFiles,
};

/// What the sources deny of an environment, as far as they are at hand.
#[derive(Default)]
pub struct Denials {
    denied: Vec<Denied>,
    unheard: Vec<Failure>,
    remarks: Vec<String>,
}

impl Denials {
    /// By the policy files in force.
    pub fn of(environment: &Environment, context: &Context<'_>) -> Result<Self> {
        let now = Timestamp::now();
        let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
        let mut policy = Policy::new(Cooldown::none());
        files.add_principals(&mut policy)?;
        if policy.sources.is_empty() {
            return Ok(Self::default());
        }
        let installed = environment.installed()?.distributions;
        let sets = Sets::new(files.statements(), context.folders.state().to_owned());
        let mut heard = sets.at_hand(installed.iter().map(|it| it.name()), &policy, now);
        let distributions = installed.iter().map(|it| &**it);
        Ok(Self {
            denied: heard.denied(distributions, &policy, now),
            remarks: heard.remarks().cloned().collect(),
            unheard: heard.unheard,
        })
    }

    /// Whether something is denied, or a set may hide that it is.
    pub fn is_refusal(&self) -> bool {
        !self.denied.is_empty() || self.unheard.iter().any(Failure::is_refusal)
    }

    /// Says what could not be heard.
    pub fn warn(&self, context: &Context<'_>) {
        let unheard = self.unheard.iter().map(Failure::fact);
        let remarks = self.remarks.iter().map(String::as_str);
        unheard.chain(remarks).for_each(|it| context.ui.warn(it));
    }

    /// A line for each denial.
    pub fn lines(&self) -> Vec<String> {
        let denied = self.denied.iter().map(|it| {
            let (reason, said) = (&it.against.reason, &it.against.said);
            let (reason, said) = (Printable(reason), Printable(said));
            format!("{} {}: {reason}; {said}", it.project, it.version)
        });
        denied.collect()
    }

    /// The denials, as data.
    pub fn denied_json(&self) -> Vec<Value> {
        let denied = self.denied.iter().map(|it| {
            json!({
                "name": it.project.to_string(), "version": it.version.to_string(),
                "by": it.against.by.to_string(), "reason": it.against.reason,
                "said": it.against.said,
            })
        });
        denied.collect()
    }

    /// Why something could not be heard, as data.
    pub fn unheard_json(&self) -> Vec<&str> {
        self.unheard.iter().map(Failure::fact).collect()
    }
}
