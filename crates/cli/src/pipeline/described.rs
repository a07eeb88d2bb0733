//! Everything that METADATA says of a pin, for reports.

use assay_install::Approved;
use assay_types::{ProjectName, Sha256};

use super::world::{Unusable, World};
use crate::failure::{Failure, Result};

/// METADATA as it was authenticated.
#[derive(Debug)]
pub struct Described {
    /// The file's bytes.
    pub metadata: Vec<u8>,
    /// The wheel's digest, where the wheel was fetched.
    pub sha256: Option<Sha256>,
}

impl World<'_> {
    /// From the sidecar where the index lists a hashed one, else from the admitted wheel.
    pub(super) fn described(
        &self,
        name: &ProjectName,
        id: usize,
        approved: Option<&Approved>,
    ) -> Result<Described> {
        let sidecar = match approved {
            Some(_) => None,
            None => self.sidecar(name, id)?,
        };
        if let Some(metadata) = sidecar {
            let sha256 = None;
            return Ok(Described { metadata, sha256 });
        }
        let wheel = match approved {
            Some(approved) => approved.clone(),
            None => self.wheel(name, id)?,
        };
        Ok(Described {
            metadata: wheel.stored().metadata_bytes()?,
            sha256: Some(wheel.admission().sha256()),
        })
    }

    fn sidecar(&self, name: &ProjectName, id: usize) -> Result<Option<Vec<u8>>> {
        match self.known(name, id) {
            Ok(known) => Ok(known.sidecar.clone()),
            Err(Unusable::Stop(failure)) => Err(failure),
            Err(Unusable::This(why)) => Err(Failure::could_not(format!("{name}: {why}"))),
        }
    }
}
