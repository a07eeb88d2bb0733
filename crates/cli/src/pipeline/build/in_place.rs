//! What an editable build made in place: the user's folder gets its extension modules, once everything
//! is installed, and nothing else.

use std::{
    path::Path,
    sync::{Arc, PoisonError},
};

use assay_build::{MadeInPlace, NativeModule, Workshop};
use assay_types::{Printable, SafePath, Sha256};

use super::{Builder, opened::Source};
use crate::failure::{Failure, Result};

/// How many files are named.
const SHOWN: usize = 5;

/// An editable build of this run, and what it made.
pub(super) struct InPlace {
    source: Arc<Source>,
    made: MadeInPlace,
}

impl Builder<'_> {
    /// Looks at what a build made; nothing for what is no editable one.
    pub(super) fn made_in_place(
        &self,
        source: &Arc<Source>,
        workshop: &Workshop,
    ) -> Result<Vec<NativeModule>> {
        if source.editable.is_none() {
            return Ok(Vec::new());
        }
        let release = self.means.interpreter.python().version.release();
        let number = |index| release.get(index).copied().unwrap_or(0);
        let made = workshop.made_in_place((number(0), number(1)));
        let made = made.map_err(|error| Failure::could_not(format!("{}: {error}", source.of)))?;
        let modules = made.modules.clone();
        let source = Arc::clone(source);
        let mut all = self
            .bench
            .in_place
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.push(InPlace { source, made });
        Ok(modules)
    }

    /// Puts the extension modules of this run's editable builds into the users' folders; what was done,
    /// and what was not, for the user.
    pub fn bring_back(&self) -> Vec<String> {
        let mut all = self
            .bench
            .in_place
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let all = std::mem::take(&mut *all);
        let said = all.iter().flat_map(|it| {
            let folder = it.source.editable.as_deref();
            folder.map_or(Vec::new(), |folder| self.bring_back_to(folder, it))
        });
        said.collect()
    }

    fn bring_back_to(&self, folder: &Path, built: &InPlace) -> Vec<String> {
        let InPlace { source, made } = built;
        let of = &source.of;
        let mut said = Vec::new();
        for module in &made.modules {
            let brought = source.work(self, |workshop| {
                let brought = workshop.bring_back(module, folder);
                brought.map_err(|error| Failure::could_not(error.to_string()))
            });
            let path = module.path.as_str();
            let shown = folder.display().to_string();
            let shown = Printable(&shown);
            said.push(match brought {
                Ok(()) => format!("{path}, which the build of {of} made, was put into {shown}"),
                Err(failure) => format!(
                    "{path}, which the build of {of} made, is not in {shown}: {}; \
                     build it there with the project's own tools, or install it without -e",
                    failure.fact()
                ),
            });
        }
        said.extend(missing(of, folder, &made.others));
        said
    }
}

/// Modules that an import may ask for: versions that a build writes down, for one.
fn missing(of: &str, folder: &Path, others: &[SafePath]) -> Option<String> {
    let is_missing = |it: &&SafePath| folder.join(it.as_str()).symlink_metadata().is_err();
    let missing: Vec<_> = others.iter().filter(is_missing).collect();
    let first = missing.iter().take(SHOWN).map(|it| it.as_str());
    let first = first.collect::<Vec<_>>().join(", ");
    let more = match missing.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let said = format!(
        "made by the build of {of} and not copied: {first}{more}; make it with the project's own tools \
         where it is imported, or install {of} without -e"
    );
    (!missing.is_empty()).then_some(said)
}

/// Modules as a memo holds them.
pub(super) fn texts(modules: &[NativeModule]) -> Vec<(String, String)> {
    let text = |it: &NativeModule| (it.path.as_str().to_owned(), it.sha256.to_string());
    modules.iter().map(text).collect()
}

/// Whether all of these lie in the user's folder as they were built.
pub(super) fn are_in(folder: &Path, modules: &[(String, String)]) -> bool {
    modules.iter().all(|(path, sha256)| {
        let module = SafePath::parse(path).ok().zip(Sha256::from_hex(sha256));
        module.is_some_and(|(path, sha256)| NativeModule { path, sha256 }.is_in(folder))
    })
}
