//! Who signed a file, as reports and receipts tell it.

use assay_trust::attestation::Attested;
use serde::{Deserialize, Serialize};

/// One attestation that held. What its kind of publisher does not have is null. Texts are
/// unescaped.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Attestation {
    predicate: String,
    /// As pins and policies write it.
    identity: String,
    kind: String,
    issuer: String,
    repository: Option<String>,
    repository_id: Option<String>,
    owner_id: Option<String>,
    workflow: Option<String>,
    email: Option<String>,
    environment: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    commit: Option<String>,
    logged: String,
}

impl Attestation {
    /// What was verified.
    pub fn new(attested: &Attested) -> Self {
        let publisher = attested.publisher();
        let text = |it: Option<&str>| it.map(str::to_owned);
        Self {
            predicate: attested.predicate().name().to_owned(),
            identity: publisher.identity().to_string(),
            kind: publisher.kind().name().to_owned(),
            issuer: publisher.issuer().to_owned(),
            repository: text(publisher.repository()),
            repository_id: text(publisher.repository_id()),
            owner_id: text(publisher.owner_id()),
            workflow: text(publisher.workflow()),
            email: text(publisher.email()),
            environment: text(publisher.environment()),
            reference: text(publisher.reference()),
            commit: text(publisher.commit()),
            logged: attested.logged().to_string(),
        }
    }

    /// The same in a few lines.
    pub fn lines(&self) -> Vec<String> {
        let told = |facts: &[(&str, &Option<String>)]| {
            let told = facts.iter();
            let told = told.filter_map(|(what, it)| Some(format!("{what}{}", it.as_deref()?)));
            told.collect::<Vec<_>>().join(", ")
        };
        let who = told(&[
            ("", &self.repository),
            ("", &self.email),
            ("", &self.workflow),
            ("environment ", &self.environment),
        ]);
        let built = told(&[
            ("repository id ", &self.repository_id),
            ("owner id ", &self.owner_id),
            ("ref ", &self.reference),
            ("commit ", &self.commit),
        ]);
        let lines = [
            format!("{} by {}: {who}", self.predicate, self.kind),
            built,
            format!("logged {}, by the word of {}", self.logged, self.issuer),
        ];
        lines.into_iter().filter(|it| !it.is_empty()).collect()
    }

    /// Every fact that it has, by what it is.
    pub fn facts(&self) -> Vec<(&'static str, &str)> {
        let optional = [
            ("repository", &self.repository),
            ("repository id", &self.repository_id),
            ("owner id", &self.owner_id),
            ("workflow", &self.workflow),
            ("e-mail", &self.email),
            ("environment", &self.environment),
            ("ref", &self.reference),
            ("commit", &self.commit),
        ];
        let mut facts: Vec<(&'static str, &str)> = vec![
            ("attestation", &self.predicate),
            ("publisher", &self.kind),
            ("identity", &self.identity),
            ("issuer", &self.issuer),
        ];
        let told = optional.iter();
        facts.extend(told.filter_map(|(what, value)| Some((*what, value.as_deref()?))));
        facts.push(("logged", &self.logged));
        facts
    }
}
