//! What a command needs to build sources, made from what was asked.

use std::{cell::OnceCell, path::Path, sync::Arc};

use assay_index::git::{Checkout, Git};
use assay_install::Store;
use assay_resolve::select;

use assay_types::repository::Address;

use super::{Context, fitting::Fitting, request::Asked};
use crate::{
    failure::{Failure, Result},
    pipeline::{Builder, Builds, Means, Ways, settle},
    settings,
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

    /// Fetches the source trees that the user named, and learns which projects and versions they are.
    pub fn settle(&mut self, fitting: &Fitting, context: &Context<'_>) -> Result<()> {
        let Some(first) = self.inputs.trees.first() else {
            return Ok(());
        };
        if !fitting.is_at_hand() {
            let (from, what) = (&first.from, &first.direct);
            let fact = format!("{from}: {what} is a source tree, and {ANOTHER_PYTHON}");
            return Err(Failure::could_not(fact).hint("name a wheel for that Python"));
        }
        let (store, progress) = (context.folders.store(), context.ui.progress());
        let builder = self.builder(fitting, &store, &progress, context);
        let git = OnceCell::new();
        let check_out = |address: &Address, into: &Path| -> Result<Checkout> {
            progress.fetching(&address.to_string());
            let found = git.get_or_init(|| {
                Git::find(settings::git(self.client.config(), context.around))
                    .map_err(Failure::from)
            });
            Ok(found
                .as_ref()
                .map_err(Failure::clone)?
                .checkout(address, into)?)
        };
        let ways = Ways {
            check_out: &check_out,
            describe: &|tree, name| builder.describe(tree, name),
            note: &|text| {
                progress.pause();
                context.ui.note(text);
            },
        };
        let settled = settle(&self.inputs, &ways);
        progress.pause();
        self.inputs.settle(settled?);
        self.builds.name(&self.inputs);
        Ok(())
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
