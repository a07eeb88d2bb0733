//! Who published a file: attestations gathered and verified, beside who published its project before.

use std::sync::Arc;

use assay_trust::{
    Background, Publishers,
    attestation::{self, Attested, Provenance},
};
use assay_types::{
    Sha256, Url,
    listing::{File, Listing, Origin},
};

use super::{signers::Root, world::World};
use crate::failure::{Failure, Result};

/// Of a mirror or proxy, say, that passes on less than it gets.
pub(super) const SILENT: &str =
    "its index cannot announce attestations (simple API before 1.3), and shows none";

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
}

/// One file's question.
pub(super) struct Gathering<'a> {
    pub(super) world: &'a World<'a>,
    index: &'a Url,
    pub(super) listing: &'a Listing,
    pub(super) file: &'a File,
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
    pub(super) fn attested(
        &self,
        file: &File,
        sha256: Sha256,
        ask: bool,
    ) -> Result<Vec<Attested>, Trouble> {
        let signers = self.world.places.signers;
        let client = self.world.places.client;
        if file.provenance.is_none() && !ask {
            return Ok(Vec::new());
        }
        let root = signers.root(self.index, client, self.world.now);
        let root = root.map_err(Trouble::Refused)?;
        root.damage
            .iter()
            .for_each(|it| self.world.warn(it.clone()));
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
        root.not_renewed
            .iter()
            .for_each(|it| world.warn(it.clone()));
        Err(Trouble::Refused(rejection.refusal(&file.name).into()))
    }
}

pub(super) fn out_of_reach(failure: &Failure) -> String {
    format!(
        "who published it could not be found out: {}",
        failure.fact()
    )
}

/// Why attestations are not there.
pub(super) enum Trouble {
    /// They do not hold.
    Refused(Failure),
    /// The index does not answer, or without them.
    OutOfReach(Failure),
}

/// Whether the page says nothing because it could not.
fn file_is_silent(listing: &Listing, file: &File) -> bool {
    file.provenance.is_none() && !listing.could_announce(file)
}
