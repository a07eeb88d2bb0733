//! Who published a file: attestations gathered and verified, beside who published its project before.

use std::{cmp, collections::HashMap, sync::Arc};

use assay_trust::{
    Admission, Artifact, Background, Earlier, Publishers, Relation, Standing,
    attestation::{self, Attested, Provenance},
};
use assay_types::{
    Sha256, Timestamp, Url, Version,
    listing::{File, Listing, Origin},
    requirement::redacted,
};
use jiff::SignedDuration;

use super::{signers::Root, world::World};
use crate::failure::{Failure, Result};

/// Of a mirror or proxy, say, that passes on less than it gets.
const SILENT: &str =
    "its index cannot announce attestations (simple API before 1.3), and shows none";

/// At first sight an upload counts as known only after people had the time to notice it.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

impl World<'_> {
    /// What there is to know about the publishers of a file whose bytes have this digest; `None` for
    /// one that no index lists. Attestations that do not hold are a refusal. Ones that cannot be had
    /// stop where the policy or a pin needs them, and are reported otherwise.
    pub(super) fn publishers(&self, file: &File, sha256: Sha256) -> Result<Option<Publishers>> {
        let Origin::Index(index) = &file.origin else {
            return Ok(None);
        };
        let page = self.page(file.name.project())?;
        let Some(listing) = page.listing else {
            return Ok(None);
        };
        let gathering = Gathering {
            world: self,
            index,
            listing: &listing,
            file,
        };
        gathering.run(sha256).map(Some)
    }

    /// What to say of a file from elsewhere than the index on which the project's publishers are known:
    /// pins are per index, so that nothing is known of this one. Whoever signed it may be a known one.
    pub(super) fn known_elsewhere(&self, admission: &Admission) -> Result<Option<String>> {
        let Artifact {
            project,
            origin,
            file_name,
            ..
        } = admission.artifact();
        let own = match origin {
            Origin::Index(url) => Some(&**url),
            Origin::FindLinks(_) => None,
            // The user named the very file.
            Origin::Direct(_) | Origin::Local(_) => return Ok(None),
        };
        let is_known = matches!(admission.standing(), Standing::Known | Standing::Committed);
        let asked = self.places.indexes.in_order().map(|it| it.url());
        // A requirements file may name another index in the place of the user's own.
        let is_written = self.places.inputs.options.index_url.is_some();
        let replaced = self.places.signers.main().filter(|_| is_written);
        for index in asked.chain(replaced) {
            if is_known || own == Some(index) {
                continue;
            }
            let Some(pin) = self.places.signers.pin(index, project)? else {
                continue;
            };
            let is_theirs = |it: &Attested| {
                let relation = Relation::to_any(pin.identities.keys(), it.publisher().identity());
                relation <= Relation::Moved
            };
            let attested = admission.attested();
            if !attested.is_empty() && attested.iter().all(is_theirs) {
                continue;
            }
            if let Some(identity) = pin.identities.keys().next() {
                return Ok(Some(format!(
                    "{file_name} comes from {origin}, where nothing is known of who publishes {project}; on {} \
                     it is {identity}",
                    redacted(index)
                )));
            }
        }
        Ok(None)
    }

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

/// One file's question.
struct Gathering<'a> {
    world: &'a World<'a>,
    index: &'a Url,
    listing: &'a Listing,
    file: &'a File,
}

impl Gathering<'_> {
    fn run(&self, sha256: Sha256) -> Result<Publishers> {
        let project = self.file.name.project();
        let signers = self.world.places.signers;
        let policy = &self.world.policy;
        let leads = policy.committed(project).any(|it| it.leads());
        let pin = signers.pin(self.index, project)?.filter(|_| !leads);
        let is_pinned = pin.is_some_and(|it| !it.identities.is_empty());
        let is_needed = is_pinned || policy.needs_publisher(project);
        let mut publishers = Publishers {
            background: Background {
                uploaded: self.file.upload_time,
                pin: pin.cloned(),
                latest: signers.latest(),
                earlier: None,
                index: signers.to_be_named(self.index),
            },
            ..Publishers::default()
        };
        match self.attested(self.file, sha256, is_needed) {
            Ok(attested) => publishers.attested = attested,
            Err(Trouble::Refused(failure)) => return Err(failure),
            Err(Trouble::OutOfReach(failure)) if is_needed => return Err(failure),
            Err(Trouble::OutOfReach(failure)) => publishers.trouble = Some(out_of_reach(&failure)),
        }
        let is_silent = file_is_silent(self.listing, self.file);
        if publishers.attested.is_empty() && is_needed && is_silent {
            publishers.trouble = Some(SILENT.to_owned());
        }
        if !leads && !is_pinned && publishers.trouble.is_none() {
            self.look_back(&mut publishers)?;
        }
        Ok(publishers)
    }

    /// The attestations of a file, verified now or before. For a file that needs some the integrity
    /// API is asked where its page could not have announced any.
    fn attested(&self, file: &File, sha256: Sha256, ask: bool) -> Result<Vec<Attested>, Trouble> {
        let signers = self.world.places.signers;
        let client = self.world.places.client;
        if file.provenance.is_none() && !ask {
            return Ok(Vec::new());
        }
        let root = signers.root(self.index, client, self.world.now);
        let root = root.map_err(Trouble::Refused)?;
        if let Some(attested) = signers
            .verified()
            .remembered(&file.name, sha256, &root.keys)
        {
            return Ok(attested);
        }
        let document = match file_is_silent(self.listing, file) {
            true => client.ask_integrity(file),
            false => client.fetch_provenance(file, ask),
        };
        let document = document.map_err(|it| match it.is_too_large() {
            true => Trouble::Refused(it.into()),
            false => Trouble::OutOfReach(it.into()),
        })?;
        let Some(document) = document else {
            return Ok(Vec::new());
        };
        let (attested, root) = self.verified(file, sha256, &document, root)?;
        let kept = signers.verified();
        let kept = kept.remember(&file.name, sha256, &root.keys, &attested);
        if let Err(failure) = kept {
            let said = format!("what was verified is not remembered: {}", failure.fact());
            self.world.warn(said);
        }
        Ok(attested)
    }

    /// Verifies; where that fails once more with newer keys, if there are any.
    fn verified(
        &self,
        file: &File,
        sha256: Sha256,
        document: &[u8],
        root: Arc<Root>,
    ) -> Result<(Vec<Attested>, Arc<Root>), Trouble> {
        let world = self.world;
        let verify = |root: &Root| {
            Provenance::parse(document)
                .and_then(|it| attestation::verify(&file.name, sha256, &it, &root.keys, world.now))
        };
        let rejection = match verify(&root) {
            Ok(attested) => return Ok((attested, root)),
            Err(rejection) => rejection,
        };
        if rejection.rule.depends_on_root() {
            let signers = world.places.signers;
            let newer = signers.newer_root(&root, world.places.client, world.now);
            if let Some(newer) = newer.map_err(Trouble::Refused)?
                && let Ok(attested) = verify(&newer)
            {
                return Ok((attested, newer));
            }
        }
        root.trouble.iter().for_each(|it| world.warn(it.clone()));
        Err(Trouble::Refused(rejection.refusal(&file.name).into()))
    }

    /// First sight: an earlier attested file shows who published before. Its bytes are not fetched:
    /// the digest that the index lists is what was signed, or the attestation does not hold.
    fn look_back(&self, publishers: &mut Publishers) -> Result<()> {
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

fn out_of_reach(failure: &Failure) -> String {
    format!(
        "who published it could not be found out: {}",
        failure.fact()
    )
}

/// Why attestations are not there.
enum Trouble {
    /// They do not hold.
    Refused(Failure),
    /// The index does not answer, or without them.
    OutOfReach(Failure),
}

/// Whether the page says nothing because it could not.
fn file_is_silent(listing: &Listing, file: &File) -> bool {
    file.provenance.is_none() && !listing.could_announce(file)
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
    use assay_types::{FileName, listing::Location, names};

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
