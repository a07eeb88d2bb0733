//! What is judged once the versions are known.

use assay_resolve::Resolution;
use assay_types::{FileName, ProjectName};

use super::world::World;
use crate::failure::{Failure, Result};

impl World<'_> {
    /// The default cooldown lets a version pass that the user pinned; they should know.
    pub(super) fn report_fresh_pins(&self, resolution: &Resolution) -> Result<()> {
        for pin in resolution
            .pins
            .iter()
            .filter(|pin| !pin.candidate.installed)
        {
            let file = self.file(&pin.name, pin.candidate.id)?;
            if let Some(fresh) = self.policy.judge_file(&file, false) {
                let what = file.name.as_str();
                self.warn(format!(
                    "{what} was taken because it is pinned, although {fresh}"
                ));
            }
        }
        Ok(())
    }

    /// `--require-hashes`: every pin needs a digest that the user gave, before anything else is
    /// fetched.
    pub(super) fn check_hashes_given(&self, resolution: &Resolution) -> Result<()> {
        if !self.places.inputs.require_hashes {
            return Ok(());
        }
        let new = resolution
            .pins
            .iter()
            .filter(|pin| !pin.candidate.installed);
        let inputs = self.places.inputs;
        // A tree is named by its commit, or was refused when it was settled.
        let is_tree = |it: &ProjectName| {
            let named = inputs.named.get(it).map(|it| &it.name);
            matches!(named, Some(FileName::Tree(_)))
        };
        let missing: Vec<_> = new
            .filter(|pin| !inputs.hashes.contains_key(&pin.name) && !is_tree(&pin.name))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = missing
            .iter()
            .map(|pin| format!("{}=={}", pin.name, pin.candidate.version))
            .collect();
        Err(
            Failure::refused(format!("no --hash is given for {}", names.join(", ")))
                .detail("rule: --require-hashes, which one --hash switches on for all")
                .hint(
                    "download the wheels, check them, and add the lines that `assay hash` prints",
                ),
        )
    }
}
