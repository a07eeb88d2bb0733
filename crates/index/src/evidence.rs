//! What a listing alone says for a file.

use assay_trust::Evidence;
use assay_types::listing::{File, Location, Origin};

/// The evidence that comes with a listed file. A direct URL has none of its own: its fragment is a
/// digest that the user gave, which the caller adds as [`Evidence::Hash`].
pub fn evidence(file: &File) -> Vec<Evidence> {
    let listed = Evidence::Index {
        origin: file.origin.clone(),
        digests: file.digests.clone(),
    };
    match (&file.location, &file.origin) {
        (Location::Path(_), _) if file.digests.is_empty() => vec![Evidence::Local],
        (Location::Path(_), _) => vec![Evidence::Local, listed],
        (Location::Url(_), Origin::Index(_) | Origin::FindLinks(_)) => vec![listed],
        (Location::Url(_), Origin::Direct(_) | Origin::Local(_)) => Vec::new(),
    }
}
