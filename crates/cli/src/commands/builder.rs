//! What a command needs to build sources, made from what was asked.

use std::sync::Arc;

use assay_install::Store;
use assay_resolve::select;

use super::{Context, fitting::Fitting, request::Asked};
use crate::{
    pipeline::{Builder, Builds, Means},
    ui::Progress,
};

const ANOTHER_PYTHON: &str = "nothing can be built for another Python than the one at hand";

impl Asked {
    /// Builds under the rules of what was asked.
    pub fn builder<'a>(
        &'a self,
        fitting: &'a Fitting,
        store: &'a Store,
        progress: &'a Progress,
        context: &'a Context<'_>,
    ) -> Builder<'a> {
        let means = Means {
            client: &self.client,
            indexes: &self.indexes,
            signers: &self.signers,
            store,
            policy: &self.policy,
            now: self.now,
            interpreter: fitting.interpreter(),
            markers: &fitting.markers,
            target: select::Target {
                tags: Arc::clone(fitting.tags()),
                python: fitting.python.clone(),
                ignore_requires_python: false,
            },
            settings: &self.builds,
            folders: &context.folders,
            progress,
            quiet: context.ui.without_progress().progress(),
        };
        Builder::new(means, &self.bench)
    }
}

impl<'a> Builds<'a> {
    /// What becomes of sources: a build runs the Python that it is for.
    pub fn by(builder: &'a Builder<'a>, fitting: &Fitting) -> Self {
        match fitting.is_at_hand() {
            true => Self::With(builder),
            false => Self::Not(ANOTHER_PYTHON),
        }
    }
}
