//! Every file of a version: fetched and admitted, and not opened.

use assay_trust::Admission;
use assay_types::{ProjectName, Version};

use super::world::World;
use crate::failure::Result;

/// All that the index has of a version, source distributions and wheels for other Pythons too, in the
/// index's order. The first refusal is the error.
pub fn every_file(
    world: &World<'_>,
    project: &ProjectName,
    version: &Version,
) -> Result<Vec<Admission>> {
    let page = world.page(project)?;
    let files = page.listing.iter().flat_map(|it| &it.files);
    let files = files.filter(|it| it.version() == version);
    files
        .map(|it| Ok(world.admitted(it)?.admission().clone()))
        .collect()
}
