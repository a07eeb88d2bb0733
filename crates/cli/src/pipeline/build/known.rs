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
        let metadata = match &source.fixed {
            Some(fixed) => Arc::clone(fixed),
            None => Arc::new(self.ask_metadata(source)?.ok_or_else(|| {
                let of = &source.of;
                Failure::could_not(format!("{of}: its backend does not say what it is"))
                    .hint("use a backend with prepare_metadata_for_build_wheel")
            })?),
        };
        self.check_allowed(source, Some(&metadata.name))?;
        let _ = source.promised.set(Arc::clone(&metadata));
        Ok(metadata)
    }

    /// Whether the rules let a tree be built, as far as its name is known.
    pub(super) fn check_allowed(&self, source: &Source, project: Option<&ProjectName>) -> Result<()> {
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
