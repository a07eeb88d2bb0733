//! What a build made, read as strictly as what was downloaded.

use assay_archive::{Options, Wheel};
use assay_build::Workshop;
use assay_index::Buffer;
use assay_trust::{How, admit_built};
use assay_types::{WheelName, metadata::Metadata};

use super::{
    Builder,
    opened::{Opened, Source},
    run::Made,
};
use crate::{
    failure::{Failure, Result},
    pipeline::judge_signature,
};

impl Builder<'_> {
    /// The wheel that a build left, admitted by the verdict about its source, and opened.
    pub(super) fn read_wheel(
        &self,
        opened: &Opened,
        workshop: &Workshop,
        made: &Made,
    ) -> Result<Wheel<Buffer>> {
        let (means, source) = (&self.means, &opened.source);
        let name = self.check_name(source, &made.name)?;
        let staged = means
            .client
            .stage_from(None, |to| workshop.copy_out(&made.name, to).map(drop));
        let staged =
            staged.map_err(|error| Failure::could_not(format!("{}: {error}", source.of)))?;
        let network = means.settings.network_for(source.project.as_ref());
        let how = How {
            tier: made.tier.clone(),
            network: network.iter().map(ToString::to_string).collect(),
            with: made.required.with.clone(),
            editable: source.editable.is_some(),
        };
        let admitted = admit_built(staged, &name, &opened.admission, how, means.now)?;
        let options = Options {
            bad_record: means.policy.bad_record.contains(name.project()),
        };
        let wheel = Wheel::open(admitted, options)
            .map_err(|error| Failure::archive(name.as_str(), &error))?;
        judge_signature(&wheel, means.policy)?;
        if let Some(promised) = source.promised.get() {
            check_promise(&source.of, promised, wheel.metadata())?;
        }
        Ok(wheel)
    }

    /// A build makes a wheel for the Python that it was made for.
    fn check_name(&self, source: &Source, name: &str) -> Result<WheelName> {
        let wheel = WheelName::parse(name).map_err(|error| {
            Failure::could_not(format!(
                "the build of {} made a file that is no wheel: {error}",
                source.of
            ))
            .hint("tell its authors; a newer build backend may name it as it has to be")
        })?;
        let tags = &self.means.target.tags;
        match tags.rank(&wheel) {
            Some(_) => Ok(wheel),
            None => Err(Failure::could_not(format!(
                "the build of {} made a wheel for something else: {name} is {}",
                source.of,
                tags.mismatch(&wheel)
            ))
            .hint("tell its authors: a build is for the Python that runs it")),
        }
    }
}

/// What decided the resolution is what is installed.
pub(in crate::pipeline) fn check_promise(
    of: &str,
    promised: &Metadata,
    made: &Metadata,
) -> Result<()> {
    let sorted = |it: &Metadata| {
        let mut texts: Vec<_> = it.requires_dist.iter().map(ToString::to_string).collect();
        texts.sort();
        texts.dedup();
        texts
    };
    let (before, after) = (sorted(promised), sorted(made));
    if before == after && promised.requires_python == made.requires_python {
        return Ok(());
    }
    let differs = before.iter().find(|it| !after.contains(it));
    let differs = differs.or_else(|| after.iter().find(|it| !before.contains(it)));
    let what = differs.map_or_else(|| "Requires-Python".to_owned(), ToString::to_string);
    Err(Failure::refused(format!(
        "{of}: the wheel that was built says something else than its source: {what}"
    ))
    .detail("rule: metadata that decided the resolution must be that of the wheel (PEP 643)")
    .hint("tell its authors"))
}
