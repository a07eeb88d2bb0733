//! The rules in force: what options and defaults say, and what policy files add.

mod builds;
mod recorded;
mod voices;

use std::{collections::BTreeSet, fmt};

use assay_types::{
    Printable, ProjectName,
    listing::{Listing, Status},
};

use crate::{
    CommittedPin, Cooldown, Expression, Found, Grant, Label, Loosening, Mode, Refusal, RefusalKind,
    Required, Rule, Source, Stated, TrustedKey, Word,
};
pub use builds::NotBuilt;
pub use recorded::{Hindsight, Recorded};
pub use voices::OneVoice;

/// Everything that decides whether bytes are accepted.
#[derive(Debug, Clone)]
pub struct Policy {
    /// What every artifact needs, whatever the rules say.
    pub evidence: Expression,
    /// How old an upload must be.
    pub cooldown: Cooldown,
    /// Projects whose start-up code the user allowed (`--allow-startup`).
    pub startup: BTreeSet<ProjectName>,
    /// Pairs (writer, owner): the writer may replace the owner's files (`--allow-overwrite A:B`).
    pub overwrite: BTreeSet<(ProjectName, ProjectName)>,
    /// Projects whose own RECORD may be wrong (`--allow-bad-record NAME`).
    pub bad_record: BTreeSet<ProjectName>,
    /// Projects that may be built although a rule asks for their names (`--allow-build NAME`).
    pub builds: BTreeSet<ProjectName>,
    /// Whom policy files name as publishers of projects.
    pub publishers: Vec<CommittedPin>,
    /// The keys that policy files name.
    pub keys: Vec<TrustedKey>,
    /// Whose statements they listen to.
    pub sources: Vec<Source>,
    is_review: bool,
    /// Private, so that whatever a project's file says went through [`Self::add`].
    rules: Vec<Rule>,
}

impl Policy {
    /// The defaults: listed by an index with a strong digest, named by the user, or hashed by them.
    pub fn new(cooldown: Cooldown) -> Self {
        let words = [Word::Index, Word::Local, Word::Hash].map(Expression::Word);
        Self {
            evidence: Expression::Any(words.to_vec()),
            cooldown,
            startup: BTreeSet::new(),
            overwrite: BTreeSet::new(),
            bad_record: BTreeSet::new(),
            builds: BTreeSet::new(),
            publishers: Vec::new(),
            keys: Vec::new(),
            sources: Vec::new(),
            is_review: false,
            rules: Vec::new(),
        }
    }

    /// The rules for whoever looks at a file in order to vouch for it, and installs nothing: nobody has
    /// to vouch for it yet. All else is asked of it, and a denial refuses it.
    pub fn for_review(mut self) -> Self {
        self.is_review = true;
        self
    }

    /// `--require-hashes`: nothing but a digest that the user gave suffices.
    pub fn require_hashes(mut self) -> Self {
        self.evidence = Expression::All(vec![Expression::Word(Word::Hash)]);
        self
    }

    /// Adds a rule of a policy file. The order does not matter: all that cover a project count.
    pub fn add(&mut self, rule: Rule) -> Result<(), Loosening> {
        if let Some(loosening) = rule.loosening() {
            return Err(loosening);
        }
        for grant in &rule.grants {
            match grant.value.clone() {
                Grant::Startup(project) => drop(self.startup.insert(project)),
                Grant::BadRecord(project) => drop(self.bad_record.insert(project)),
                Grant::Build(project) => drop(self.builds.insert(project)),
                Grant::Overwrite { writer, owner } => drop(self.overwrite.insert((writer, owner))),
            }
        }
        self.rules.push(rule);
        Ok(())
    }

    /// All rules, as they were added.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// What the rules ask for besides [`Self::evidence`]: all of it.
    pub fn required(&self, project: &ProjectName) -> impl Iterator<Item = &Stated<Required>> {
        let covering = self.rules.iter().filter(|it| it.covers(project));
        covering.filter_map(|it| it.evidence.as_ref())
    }

    /// Whom policy files name as a project's publishers.
    pub fn committed(&self, project: &ProjectName) -> impl Iterator<Item = &CommittedPin> {
        self.publishers.iter().filter(|it| it.project == *project)
    }

    /// Every word that has a say in a project's files, in any mode.
    pub fn words_asked(&self, project: &ProjectName) -> BTreeSet<Word> {
        let required = self.required(project).map(|it| &it.value.expression);
        let all = [&self.evidence].into_iter().chain(required);
        all.flat_map(Expression::words).cloned().collect()
    }

    /// The words that a file of the project may be refused for.
    pub fn words_needed(&self, project: &ProjectName) -> BTreeSet<Word> {
        let required = self.required(project).map(|it| &it.value);
        let required = required.filter(|it| it.mode == Mode::Require);
        let all = [&self.evidence].into_iter();
        let all = all.chain(required.map(|it| &it.expression));
        all.flat_map(Expression::words).cloned().collect()
    }

    /// The keys whose word counts for a project: the rules for it name them, and they may speak
    /// for it.
    pub fn keys_asked(&self, project: &ProjectName) -> Vec<&TrustedKey> {
        let asked = self.words_asked(project);
        let keys = self.keys.iter().filter(|it| it.covers(project));
        keys.filter(|it| asked.contains(&Word::Key(it.label.clone())))
            .collect()
    }

    /// The sources that may speak about a project, by one of their keys at least. All of them are heard,
    /// because any may deny it.
    pub fn sources_of(&self, project: &ProjectName) -> Vec<&Source> {
        let may_speak = |it: &Label| self.key(it).is_none_or(|it| it.covers(project));
        let sources = self.sources.iter();
        let sources = sources.filter(|it| it.covers(project));
        sources.filter(|it| it.keys.iter().any(may_speak)).collect()
    }

    /// A key by its name.
    pub fn key(&self, label: &Label) -> Option<&TrustedKey> {
        self.keys.iter().find(|it| it.label == *label)
    }

    /// Whether a file of the project is refused unless somebody attested it, or might be: then an
    /// index that does not answer stops, and only known workflows will do.
    pub fn needs_publisher(&self, project: &ProjectName) -> bool {
        let mut required = self.required(project).map(|it| &it.value);
        self.evidence.asks_for_publisher()
            || self.committed(project).next().is_some()
            || required.any(|it| it.mode == Mode::Require && it.expression.asks_for_publisher())
    }

    /// Pass 1: what a file lacks, whatever its bytes are, if nobody attested it.
    pub fn judge_unattested(&self, project: &ProjectName) -> Option<Unmet> {
        let required = self.required(project);
        let mut required = required.filter(|it| it.value.mode == Mode::Require);
        let stated = required.find(|it| !it.value.expression.can_be_met(false));
        stated.map(|it| Unmet {
            expression: it.value.expression.clone(),
            mode: Mode::Require,
            place: Some(it.place.clone()),
        })
    }

    /// Which rules ask that a wheel of the project is signed inside of itself, and by whom: one of the
    /// keys of each.
    pub fn wheel_signatures(&self, project: &ProjectName) -> Vec<&Stated<Vec<Label>>> {
        let covering = self.rules.iter().filter(|it| it.covers(project));
        covering
            .filter_map(|it| it.wheel_signatures.as_ref())
            .collect()
    }

    /// The denial of a project. Where there are several, the one whose author binds the most.
    pub fn denial(&self, project: &ProjectName) -> Option<&Stated<String>> {
        let covering = self.rules.iter().filter(|it| it.covers(project));
        let denials = covering.filter_map(|it| Some((it.author, it.deny.as_ref()?)));
        denials.min_by_key(|it| it.0).map(|it| it.1)
    }

    /// Before anybody is asked: whether the project may be installed at all.
    pub fn judge_project(&self, project: &ProjectName) -> Result<(), Refusal> {
        let Some(Stated { value, place }) = self.denial(project) else {
            return Ok(());
        };
        Err(Refusal {
            kind: RefusalKind::Denied,
            project: Some(project.clone()),
            file_name: project.to_string(),
            rule: format!("deny ({place})"),
            fact: format!("it is never to be installed: {value}"),
            found: Vec::new(),
            missing: Vec::new(),
            hint: Some("no option lifts this: choose another project, or change that rule".into()),
        })
    }

    /// Pass 1: what the listing alone decides about the whole project (PEP 792).
    pub fn judge_listing(&self, listing: &Listing) -> Option<Quarantine> {
        (listing.status == Status::Quarantined).then(|| Quarantine {
            reason: listing.status_reason.clone(),
        })
    }

    /// What is missing where these words were found, by what it does.
    pub(crate) fn judge_words(&self, project: &ProjectName, found: &Found) -> Shortfall {
        let is_spared = |it: &Word| self.is_review && matches!(it, Word::Vouch(_));
        let spared = self.words_asked(project).into_iter().filter(is_spared);
        let mut with_spared = found.clone();
        spared.for_each(|it| with_spared.add(it));
        let found = &with_spared;
        let mut shortfall = Shortfall::default();
        if !self.evidence.is_met(found) {
            shortfall.refusing.push(Unmet {
                expression: self.evidence.clone(),
                mode: Mode::Require,
                place: None,
            });
        }
        for Stated { value, place } in self.required(project) {
            if value.expression.is_met(found) {
                continue;
            }
            let unmet = Unmet {
                expression: value.expression.clone(),
                mode: value.mode,
                place: Some(place.clone()),
            };
            match value.mode {
                Mode::Require => shortfall.refusing.push(unmet),
                Mode::Warn | Mode::Report => shortfall.remarks.push(unmet),
            }
        }
        shortfall
    }

    /// Everything that a project's files need, in words.
    pub(crate) fn rule_text(&self, project: &ProjectName) -> String {
        let stated = self.required(project).map(|it| {
            let Required { expression, mode } = &it.value;
            match mode {
                Mode::Require => format!("{expression} ({})", it.place),
                other => format!("{other}: {expression} ({})", it.place),
            }
        });
        let all: Vec<_> = [self.evidence.to_string()]
            .into_iter()
            .chain(stated)
            .collect();
        all.join("; ")
    }
}

/// What is missing.
#[derive(Debug, Default)]
pub(crate) struct Shortfall {
    /// Refuses.
    pub refusing: Vec<Unmet>,
    /// Is said, or written down.
    pub remarks: Vec<Unmet>,
}

/// An expression that the evidence does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// What would have met it.
    pub expression: Expression,
    /// What happens.
    pub mode: Mode,
    /// The rule that asks for it, unescaped; `None` for an option or the default.
    pub place: Option<String>,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.expression)?;
        match &self.place {
            None => Ok(()),
            Some(place) => write!(f, ", which {} asks for", Printable(place)),
        }
    }
}

/// PEP 792: the index put the whole project in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantine {
    /// The index's reason, unescaped; `Display` escapes it.
    pub reason: Option<String>,
}

impl fmt::Display for Quarantine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the index has quarantined the project")?;
        match &self.reason {
            None => Ok(()),
            Some(reason) => write!(f, ": {}", Printable(reason)),
        }
    }
}
