//! What a tree is, which nobody knows before it is asked.

use std::sync::Arc;

use assay_types::{ProjectName, listing::Tree, metadata::Metadata};

use super::{Builder, opened::Source};
use crate::failure::{Failure, Result};

impl Builder<'_> {
    /// The metadata of a tree that the user named: by its own word where that is final (PEP 621), else by
    /// its backend's, in the sandbox. `name`, where the user wrote one.
    pub fn describe(&self, tree: &Tree, name: Option<&ProjectName>) -> Result<Arc<Metadata>> {
        let copied = self.tree(tree, name)?;
        let source = &copied.source;
        if let Some(metadata) = source.promised.get() {
            return Ok(Arc::clone(metadata));
        }
        // Nothing was resolved that would have asked the rules.
        self.check_allowed(source, source.project.as_ref())?;
        let metadata = self.metadata_of(source)?.ok_or_else(|| {
            let of = &source.of;
            Failure::could_not(format!("{of}: its backend does not say what it is"))
                .hint("use a backend with prepare_metadata_for_build_wheel")
        })?;
        self.check_allowed(source, Some(&metadata.name))?;
        let _ = source.promised.set(Arc::clone(&metadata));
        Ok(metadata)
    }

    /// What was said of a source before its wheel is there; `None` where the backend says it with the
    /// wheel alone. What an editable wheel needs besides (PEP 660) only its backend knows.
    pub(super) fn metadata_of(&self, source: &Source) -> Result<Option<Arc<Metadata>>> {
        let own = source.fixed.as_ref().filter(|_| source.editable.is_none());
        if let Some(said) = source.promised.get().or(own) {
            return Ok(Some(Arc::clone(said)));
        }
        let asked = self.ask_metadata(source)?.map(Arc::new);
        Ok(asked.or_else(|| source.fixed.clone()))
    }

    /// Whether the rules let a tree be built, as far as its name is known.
    pub(super) fn check_allowed(
        &self,
        source: &Source,
        project: Option<&ProjectName>,
    ) -> Result<()> {
        let policy = self.means.policy;
        let allowed = match project {
            Some(project) => {
                policy.judge_project(project)?;
                policy.may_build(project)
            }
            None => policy.may_build_nameless(),
        };
        allowed.map_err(|rule| {
            let way_out = rule.way_out();
            Failure::refused(format!("{}: {rule}", source.of)).hint(way_out)
        })
    }
}
