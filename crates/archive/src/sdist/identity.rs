//! Whether the folder at the top and PKG-INFO say what the file name says.

use std::str::FromStr as _;

use assay_types::{SafePath, SdistName, Version, metadata::Metadata, names};

use crate::{
    ArchiveError,
    error::{refused, require},
};

/// The one folder that everything lies in. PEP 625 calls it as the file, so that it names project and
/// version; old tools wrote them with other dashes and case.
pub(super) fn top<'a>(
    mut paths: impl Iterator<Item = &'a SafePath>,
    name: &SdistName,
) -> Result<String, ArchiveError> {
    let first = paths.next().and_then(|it| it.parts().next());
    let top = first.ok_or_else(|| refused("top folder", "the archive is empty"))?;
    let other = paths.find(|it| it.parts().next() != Some(top));
    if let Some(other) = other {
        let fact = format!("{other} lies beside {top}");
        return Err(refused("top folder", fact));
    }
    let is_named = top.rsplit_once('-').is_some_and(|(project, version)| {
        names::project(project).as_ref() == Some(name.project())
            && Version::from_str(version).as_ref() == Ok(name.version())
    });
    require(is_named, "top folder", || {
        format!("{top} is not named for {}", name.as_str())
    })?;
    Ok(top.to_owned())
}

/// PKG-INFO: name and version, compared normalised and by PEP 440.
pub(super) fn metadata(bytes: &[u8], name: &SdistName) -> Result<Metadata, ArchiveError> {
    let metadata = Metadata::parse(bytes).map_err(|it| refused("PKG-INFO", it))?;
    require(&metadata.name == name.project(), "PKG-INFO name", || {
        format!("{} in {}", metadata.display_name, name.as_str())
    })?;
    require(
        &metadata.version == name.version(),
        "PKG-INFO version",
        || format!("{} in {}", metadata.version, name.as_str()),
    )?;
    Ok(metadata)
}
