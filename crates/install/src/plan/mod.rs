//! The final state, decided before the first write.
//!
//! A plan is made from what is installed, what shall go and what shall come. Every rule about
//! collisions, start-up code, scripts and protected files is applied here, so that a refusal
//! leaves nothing behind; [`Plan::commit`] only carries out.

mod between;
mod editable;
mod existing;
mod generated;
mod incoming;
mod leads;
mod modules;
mod notice;
mod owners;
mod places;
mod protected;
mod reference;
mod removal;
mod rules;
mod script;
mod shadows;
mod spelling;
mod startup;
mod tree;
mod warnings;

use std::{collections::HashSet, path::Path};

use assay_trust::Policy;
use assay_types::{ProjectName, Version};

use crate::{
    Approved, Environment, Error, Installed, Interpreter, Inventory, Result, environment::Place,
};
pub(crate) use incoming::Incoming;
use incoming::Text;
pub use notice::{Notice, WhyKept};
use owners::Owners;
pub(crate) use owners::place_of_row;
pub(crate) use protected::is_protected;
pub use reference::Reference;
pub(crate) use removal::Removal;
pub(crate) use tree::{Item, Source, Tree};

/// A wheel that shall be installed.
#[derive(Debug, Clone)]
pub struct Addition {
    /// The wheel and its verdict.
    pub approved: Approved,
    /// Whether the user asked for it by name (REQUESTED).
    pub requested: bool,
    /// Where it came from, if not from an index (PEP 610). Credentials in it are not recorded.
    pub reference: Option<Reference>,
}

/// What a plan does to one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which project.
    pub project: ProjectName,
    /// The version that goes.
    pub from: Option<Version>,
    /// The version that comes.
    pub to: Option<Version>,
}

/// The final state of an environment, and the way there.
#[derive(Debug)]
pub struct Plan<'e> {
    pub(crate) environment: &'e Environment,
    pub(crate) wheels: Vec<Incoming>,
    pub(crate) removals: Vec<Removal>,
    pub(crate) tree: Tree,
    /// What goes beside the removals' files: files that something new replaces, and folders that
    /// are empty by then and in the way of a file.
    pub(crate) replaced: Vec<Place>,
    /// What is installed and neither goes nor is replaced.
    pub(crate) staying: Vec<Installed>,
    notices: Vec<Notice>,
}

impl<'e> Plan<'e> {
    /// Decides the final state. A distribution of a project among `additions` is replaced;
    /// `removals` go without replacement. Nothing is written.
    pub fn build(
        environment: &'e Environment,
        inventory: &Inventory,
        removals: &[Installed],
        mut additions: Vec<Addition>,
        policy: &Policy,
    ) -> Result<Self> {
        // Who comes first in a collision must not depend on the order of downloads.
        additions.sort_by(|a, b| {
            let name = |it: &Addition| it.approved.stored().project().to_string();
            name(a).cmp(&name(b))
        });
        let coming = projects(&additions)?;
        let goes = |it: &Installed| coming.contains(it.name()) || removals.contains(it);
        let (going, staying): (Vec<_>, Vec<_>) =
            inventory.distributions.iter().cloned().partition(goes);
        let mut owners = Owners::new(environment, &staying);
        let mut plan = Self {
            environment,
            wheels: Vec::new(),
            removals: Vec::new(),
            tree: Tree::default(),
            replaced: Vec::new(),
            staying: Vec::new(),
            notices: Vec::new(),
        };
        for installed in &going {
            plan.removals
                .push(Removal::prepare(environment, installed, &mut owners)?);
        }
        for addition in additions {
            let index = plan.wheels.len();
            let incoming = Incoming::map(addition, index, environment, &mut plan.tree)?;
            plan.wheels.push(incoming);
        }
        plan.judge(policy, &mut owners)?;
        plan.staying = staying;
        Ok(plan)
    }

    /// What happens to which project, sorted by name.
    pub fn changes(&self) -> Vec<Change> {
        let version_of = |name: &ProjectName| {
            let mut removals = self.removals.iter();
            removals
                .find(|it| it.installed.name() == name)
                .map(|it| it.installed.version().clone())
        };
        let mut changes: Vec<_> = self
            .wheels
            .iter()
            .map(|wheel| Change {
                project: wheel.project().clone(),
                from: version_of(wheel.project()),
                to: Some(wheel.stored().version().clone()),
            })
            .collect();
        for removal in &self.removals {
            let project = removal.installed.name();
            if !changes.iter().any(|it| it.project == *project) {
                changes.push(Change {
                    project: project.clone(),
                    from: Some(removal.installed.version().clone()),
                    to: None,
                });
            }
        }
        changes.sort_by(|a, b| a.project.cmp(&b.project));
        changes
    }

    /// The interpreter that the plan is for.
    pub fn interpreter(&self) -> &Interpreter {
        self.environment.interpreter()
    }

    /// The names of the commands that come with entry points, and the folder they go to.
    pub fn commands(&self) -> (Vec<&str>, &Path) {
        let wheels = self.wheels.iter();
        let entries = wheels.flat_map(|it| &it.stored().manifest().head.entry_points);
        let names = entries.map(|it| it.name.as_str()).collect();
        (names, &self.environment.paths().scripts)
    }

    /// What the user should know: warnings, and files that stay.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// How many files of installed distributions go.
    pub(crate) fn removed_files(&self) -> usize {
        self.removals.iter().map(|it| it.files.len()).sum()
    }

    fn judge(&mut self, policy: &Policy, owners: &mut Owners<'_>) -> Result<()> {
        rules::check_records(self, policy)?;
        places::check(self)?;
        protected::check(self)?;
        startup::check(self, policy)?;
        editable::check(self, policy)?;
        leads::check(self, policy, owners)?;
        modules::check(self, policy)?;
        spelling::check(self, policy)?;
        between::resolve(self, policy)?;
        existing::resolve(self, policy, owners)?;
        shadows::check_commands(self, policy, owners)?;
        shadows::check_leads(self, policy, owners)?;
        for removal in &self.removals {
            self.notices.extend(removal.notices(&self.replaced));
        }
        self.notices.extend(warnings::of(self));
        Ok(())
    }

    /// A file in a folder or below it; `None` where all of them yielded.
    fn first_below(&self, folder: usize) -> Option<Item> {
        let folder = &self.tree.folders[folder];
        let mut children = folder.children.iter();
        let below = || children.find_map(|it| self.first_below(*it));
        folder.items.first().copied().or_else(below)
    }

    /// All files in a folder and below it.
    fn items_below(&self, folder: usize) -> Vec<Item> {
        let folder = &self.tree.folders[folder];
        let mut items = folder.items.clone();
        for &child in &folder.children {
            items.extend(self.items_below(child));
        }
        items
    }

    /// Whether a file of the environment is among those that are removed.
    fn goes(&self, place: &Place) -> bool {
        self.removals.iter().any(|it| it.files.contains(place))
    }

    /// Whose it is.
    fn project_below(&self, folder: usize) -> Option<&ProjectName> {
        Some(self.wheel(self.first_below(folder)?).project())
    }

    /// The wheel that an item belongs to.
    pub(crate) fn wheel(&self, item: Item) -> &Incoming {
        &self.wheels[item.wheel as usize]
    }
}

/// The projects that come, each once.
fn projects(additions: &[Addition]) -> Result<HashSet<ProjectName>> {
    let mut projects = HashSet::new();
    for addition in additions {
        let stored = addition.approved.stored();
        if !projects.insert(stored.project().clone()) {
            return Err(Error::Distribution {
                name: stored.name().as_str().to_owned(),
                why: "another wheel of this project shall be installed, too".to_owned(),
            });
        }
    }
    Ok(projects)
}
