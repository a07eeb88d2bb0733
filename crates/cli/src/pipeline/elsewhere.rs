//! Files from elsewhere than where a project's publishers are known.

use assay_trust::{
    Admission, Artifact, Identity, PublisherPin, Relation, Standing, attestation::Attested,
};
use assay_types::{Url, listing::Origin, requirement::redacted};

use super::world::World;
use crate::failure::Result;

impl World<'_> {
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
            Origin::Direct(_) | Origin::Local(_) | Origin::Repository(_) => return Ok(None),
        };
        if matches!(admission.standing(), Standing::Known | Standing::Committed) {
            return Ok(None);
        }
        for index in self.indexes_of_the_user().filter(|it| own != Some(it)) {
            let pin = self.places.signers.pin(index, project)?;
            let Some(identity) = pin.and_then(|it| another(it, admission.attested())) else {
                continue;
            };
            let index = redacted(index);
            return Ok(Some(format!(
                "{file_name} comes from {origin}, where nothing is known of who publishes {project}; \
                 on {index} it is {identity}"
            )));
        }
        Ok(None)
    }

    /// Those that are asked, and the user's own main one where a requirements file names another in its
    /// place.
    fn indexes_of_the_user(&self) -> impl Iterator<Item = &Url> {
        let asked = self.places.indexes.in_order().map(|it| it.url());
        let is_written = self.places.inputs.options.index_url.is_some();
        asked.chain(self.places.signers.main().filter(|_| is_written))
    }
}

/// A publisher that is known, unless all who signed are.
fn another<'a>(pin: &'a PublisherPin, attested: &[Attested]) -> Option<&'a Identity> {
    let is_theirs = |it: &Attested| {
        Relation::to_any(pin.identities.keys(), it.publisher().identity()).is_known()
    };
    let are_theirs = !attested.is_empty() && attested.iter().all(is_theirs);
    pin.identities.keys().next().filter(|_| !are_theirs)
}
