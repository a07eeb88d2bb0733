//! What the target has.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{Arc, OnceLock},
};

use assay_install::Result;
use assay_resolve::Candidate;
use assay_trust::IndexPins;
use assay_types::{ProjectName, metadata::Metadata};

/// Distributions by project. METADATA is read when somebody asks for it, and once.
#[derive(Debug, Default)]
pub struct Installed(HashMap<ProjectName, Distribution>);

#[derive(Debug)]
struct Distribution {
    candidate: Candidate,
    source: assay_install::Distribution,
    metadata: OnceLock<Result<Arc<Metadata>>>,
}

impl Installed {
    /// What an environment's interpreter sees; nothing is read yet.
    pub fn new(distributions: Vec<assay_install::Distribution>) -> Self {
        let distributions = distributions.into_iter().map(|source| {
            let candidate = Candidate {
                version: source.version().clone(),
                id: usize::MAX,
                yanked: None,
                installed: true,
                source: false,
            };
            let distribution = Distribution {
                candidate,
                source,
                metadata: OnceLock::new(),
            };
            (distribution.source.name().clone(), distribution)
        });
        Self(distributions.collect())
    }

    /// Whether a project is installed.
    pub fn contains(&self, name: &ProjectName) -> bool {
        self.0.contains_key(name)
    }

    /// The installed version of a project.
    pub fn candidate(&self, name: &ProjectName) -> Option<&Candidate> {
        self.0.get(name).map(|it| &it.candidate)
    }

    /// These, as far as they are installed.
    pub fn distributions<'a>(
        &'a self,
        names: impl Iterator<Item = &'a ProjectName>,
    ) -> impl Iterator<Item = &'a assay_install::Distribution> {
        names.filter_map(|it| self.0.get(it)).map(|it| &it.source)
    }

    /// The folder that holds it.
    pub fn site(&self, name: &ProjectName) -> Option<&Path> {
        self.0.get(name).map(|it| it.source.site())
    }

    /// `Name-1.0`, with the name as its metadata spells it.
    pub fn spelling(&self, name: &str) -> Option<String> {
        let (project, it) = self.0.iter().find(|it| it.0.as_ref() == name)?;
        let metadata = it.metadata().as_ref().ok();
        let name = metadata.map_or_else(|| project.to_string(), |it| it.display_name.clone());
        Some(format!("{name}-{}", it.candidate.version))
    }

    /// What came from another index than the one that a pin lets it come from, as its receipt has it,
    /// each as a sentence. It was installed before the pin was stated or from another folder; what
    /// says nothing of an index, such as a file that somebody named, is none of this.
    pub fn foreign_to(&self, pins: &IndexPins) -> BTreeMap<ProjectName, String> {
        let told = self.0.iter().filter_map(|(name, it)| {
            let pin = pins.of(name)?;
            let receipt = it.source.receipt().ok()??;
            let origin = receipt.get("origin")?.as_str()?;
            let is_web = origin.starts_with("https://") || origin.starts_with("http://");
            let is_index = is_web && origin.ends_with('/');
            let fact = format!(
                "{name} {} was installed from {origin}, and {} lets it come from {} alone; \
                 install it again with --force-reinstall, or uninstall it",
                it.candidate.version, pin.stated_in, pin.index
            );
            (is_index && origin != pin.index.as_str()).then(|| (name.clone(), fact))
        });
        told.collect()
    }

    /// What was installed from elsewhere than an index, as PEP 610 has it; `None` where nothing says so.
    pub fn direct_url(&self, name: &ProjectName) -> Option<serde_json::Value> {
        self.0.get(name)?.source.direct_url().ok()?
    }

    /// Its metadata; `None` where it is not installed or cannot be read.
    pub fn metadata(&self, name: &ProjectName) -> Option<&Arc<Metadata>> {
        self.0.get(name)?.metadata().as_ref().ok()
    }

    /// Every installed version, for the resolver.
    pub fn candidates(&self) -> HashMap<ProjectName, Candidate> {
        let all = self.0.iter();
        all.map(|(name, it)| (name.clone(), it.candidate.clone()))
            .collect()
    }

    /// Leaves out what cannot be read: it counts as not installed. Gives the reasons.
    pub fn leave_out_unreadable(&mut self) -> Vec<String> {
        let mut reasons = Vec::new();
        self.0.retain(|_, it| match it.metadata() {
            Ok(_) => true,
            Err(error) => {
                reasons.push(error.to_string());
                false
            }
        });
        reasons.sort();
        reasons
    }
}

impl Distribution {
    fn metadata(&self) -> &Result<Arc<Metadata>> {
        self.metadata
            .get_or_init(|| self.source.metadata().map(Arc::new))
    }
}
