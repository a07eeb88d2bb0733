//! What an index had before: who published a project at first sight, and since when it is attested.

use std::{cmp, collections::HashMap};

use assay_trust::{Earlier, Publishers};
use assay_types::{
    Timestamp, Version,
    listing::{File, Listing, Origin},
};
use jiff::SignedDuration;

use super::{
    publishers::{Gathering, Trouble, out_of_reach},
    world::World,
};
use crate::failure::{Failure, Result};

/// At first sight an upload counts as known only after people had the time to notice it.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

impl World<'_> {
    /// The earliest upload of a file's project that its index says was attested, and the highest version
    /// with a file that was uploaded before and not attested.
    pub(super) fn beginning_of(&self, file: &File) -> Result<(Option<Timestamp>, Option<Version>)> {
        let listing = self.page(file.name.project())?.listing;
        let files = listing.iter().flat_map(|it| &it.files);
        let files = files.filter(|it| it.origin == file.origin);
        let attested = files.clone().filter(|it| it.provenance.is_some());
        let since = attested.filter_map(|it| it.upload_time).min();
        let is_older =
            |it: &&File| matches!((it.upload_time, since), (Some(at), Some(since)) if at < since);
        let unattested = files.filter(|it| it.provenance.is_none()).filter(is_older);
        let up_to = unattested.map(File::version).max().cloned();
        Ok((since, up_to))
    }
}

impl Gathering<'_> {
    /// First sight: an earlier attested file shows who published before. Its bytes are not fetched:
    /// the digest that the index lists is what was signed, or the attestation does not hold.
    pub(super) fn look_back(&self, publishers: &mut Publishers) -> Result<()> {
        let is_attested = !publishers.attested.is_empty();
        let Some(earlier) = self.earlier(is_attested) else {
            return Ok(());
        };
        let attested = match earlier.digests.sha256() {
            Some(sha256) => self.attested(earlier, sha256, false),
            None => Err(Trouble::OutOfReach(Failure::could_not(format!(
                "the index lists no SHA-256 of {}, which was attested before",
                earlier.name.as_str()
            )))),
        };
        let attested = match attested {
            Ok(attested) => attested,
            // Of a file that nobody attested the page's word about the earlier one is enough.
            Err(_) if !is_attested => Vec::new(),
            Err(Trouble::Refused(failure)) => return Err(failure),
            Err(Trouble::OutOfReach(failure)) => {
                publishers.trouble = Some(out_of_reach(&failure));
                return Ok(());
            }
        };
        publishers.background.earlier = Some(Earlier {
            file_name: earlier.name.as_str().to_owned(),
            uploaded: earlier.upload_time,
            attested,
        });
        Ok(())
    }

    /// The newest attested file that was there before this one. To compare publishers with, it has to
    /// be older than a week. Where there are such it is one that is offered, for a yanked file or a
    /// pre-release can lie there unseen, and one of another version: files of one release may have been
    /// uploaded by the same stranger.
    fn earlier(&self, to_compare: bool) -> Option<&File> {
        let files = self
            .listing
            .files
            .iter()
            .filter(|it| it.origin == self.file.origin);
        let attested = files.filter(|it| it.provenance.is_some());
        let others = attested.filter(|it| it.name != self.file.name);
        let before = others.filter(|it| is_before(it, self.file));
        let usable = before.filter(|it| !to_compare || self.is_settled(it));
        let rank = |it: &File| {
            let is_offered = it.yanked.is_none() && !it.version().any_prerelease();
            let is_other = it.version() != self.file.version();
            (to_compare && is_offered, to_compare && is_other)
        };
        usable.max_by(|a, b| (rank(a), order(a)).cmp(&(rank(b), order(b))))
    }

    /// By the earlier of two clocks: one that is ahead must not make a fresh upload look old.
    fn is_settled(&self, file: &File) -> bool {
        let (ours, theirs) = (self.world.now, self.world.places.client.index_time());
        let now = theirs.map_or(ours, |it| it.min(ours));
        let is_old = |time: Timestamp| now.duration_since(time) > WEEK;
        file.upload_time.is_none_or(is_old)
    }
}

/// The first attested files of each place whose files a page lists, found once: a page may list
/// hundreds of thousands.
#[derive(Default)]
pub(super) struct FirstAttested<'a>(HashMap<&'a Origin, First<'a>>);

/// The earliest of one place, as [`is_before`] compares them.
#[derive(Default)]
struct First<'a> {
    time: Option<Timestamp>,
    /// Of those without an upload time.
    timeless: Option<&'a Version>,
    version: Option<&'a Version>,
}

impl<'a> FirstAttested<'a> {
    /// Of a page.
    pub(super) fn of(listing: &'a Listing) -> Self {
        let mut all = Self::default();
        let attested = listing.files.iter().filter(|it| it.provenance.is_some());
        for file in attested {
            let (first, version) = (all.0.entry(&file.origin).or_default(), file.version());
            let lower =
                |than: Option<&'a Version>| than.map_or(version, |it| cmp::min(it, version));
            first.version = Some(lower(first.version));
            match file.upload_time {
                Some(time) => first.time = Some(first.time.map_or(time, |it| it.min(time))),
                None => first.timeless = Some(lower(first.timeless)),
            }
        }
        all
    }

    /// Whether one of them was there before the file.
    pub(super) fn is_before(&self, file: &File) -> bool {
        let Some(first) = self.0.get(&file.origin) else {
            return false;
        };
        let is_lower = |it: Option<&Version>| it.is_some_and(|it| it <= file.version());
        match file.upload_time {
            Some(time) => first.time.is_some_and(|it| it <= time) || is_lower(first.timeless),
            None => is_lower(first.version),
        }
    }
}

/// By upload time, which no version number stands for; by version where the index gives no times. Of
/// two files of one moment each was there before the other: neither excuses the other.
fn is_before(file: &File, other: &File) -> bool {
    match (file.upload_time, other.upload_time) {
        (Some(file), Some(other)) => file <= other,
        _ => file.version() <= other.version(),
    }
}

fn order(file: &File) -> (Option<Timestamp>, &Version, &str) {
    (file.upload_time, file.version(), file.name.as_str())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use assay_types::{FileName, Url, listing::Location, names};

    use super::*;

    /// Of this version and day in January 2026, if any; attested by the page's word.
    fn file(version: &str, day: Option<u32>) -> File {
        let name = format!("demo-{version}-py3-none-any.whl");
        let name = FileName::parse(&name, &names::project("demo").unwrap()).unwrap();
        let index: Url = "https://index.example/simple/".parse().unwrap();
        let origin = Origin::Index(Arc::new(index.clone()));
        let time = day.map(|it| format!("2026-01-{it:02}T00:00:00Z").parse().unwrap());
        File {
            upload_time: time,
            provenance: Some(index.clone()),
            ..File::new(name, Location::Url(index), origin)
        }
    }

    #[test]
    fn the_first_attested_files_stand_for_all_of_them() {
        let kinds = ["1.0", "2.0", "3.0"].into_iter();
        let kinds = kinds.flat_map(|it| [None, Some(1), Some(2)].map(|day| file(it, day)));
        let kinds: Vec<_> = kinds.collect();
        for first in &kinds {
            for second in &kinds {
                let attested = vec![first.clone(), second.clone()];
                let project = first.name.project().clone();
                let listing = Listing::new(project, first.origin.clone(), attested);
                let found = FirstAttested::of(&listing);
                for file in &kinds {
                    let expected = listing.files.iter().any(|it| is_before(it, file));
                    assert_eq!(found.is_before(file), expected);
                }
            }
        }
        let project = names::project("demo").unwrap();
        let origin = kinds[0].origin.clone();
        let nothing = Listing::new(project, origin, Vec::new());
        assert!(!FirstAttested::of(&nothing).is_before(&kinds[0]));
    }
}
