//! Denials by keys that speak beside a file: they count whether or not they are shown again.

use assay_trust::{
    Claim, Heard, Label, Source, Testimony,
    signature::RawKey,
    statement::{Bundle, Shown, certified_keys},
};
use assay_types::Sha256;

use super::Hearing;
use crate::{
    failure::Result,
    known::KnownDenials,
    pipeline::sets::{broken, keys_of, read_denials},
};

/// What a key denied before, of the project of one file.
pub(super) struct KeptDenials<'a> {
    document: String,
    /// The source for which the key speaks, where it is none of the rules.
    source: Option<&'a Label>,
    bundle: Bundle,
}

impl KeptDenials<'_> {
    pub(super) fn shown(&self) -> Shown<'_> {
        Shown {
            document: &self.document,
            source: self.source,
            bundle: &self.bundle,
        }
    }
}

impl Hearing<'_> {
    /// Remembers what lies beside the file of denials by keys of the policy.
    pub(super) fn remember_denials(
        &self,
        document: &str,
        bundle: &Bundle,
        sources: &[&Source],
    ) -> Result<()> {
        let policy = self.ears.policy;
        let mut keys = policy.keys_asked(&self.artifact.project);
        keys.extend(sources.iter().flat_map(|it| keys_of(it, policy)));
        let denials = bundle.denials(&keys).map_err(|it| broken(document, &it))?;
        self.ears.signers.sets().known_denials().add(&denials)
    }

    /// What keys of the rules denied before, and keys that sources certify: what the latter deny now is
    /// remembered, too. What the sources themselves denied is in their sets.
    pub(super) fn kept_denials<'a>(
        &self,
        shown: &[Shown<'_>],
        sources: &[&'a Source],
        sha256: Sha256,
    ) -> Result<Vec<KeptDenials<'a>>> {
        let policy = self.ears.policy;
        let known = self.ears.signers.sets().known_denials();
        let mut all = Vec::new();
        let asked = policy.keys_asked(&self.artifact.project);
        for key in asked.iter().filter_map(|it| it.key.raw()) {
            all.extend(self.kept_of(&known, &key, None, sha256)?);
        }
        for source in sources {
            let (project, now) = (&self.artifact.project, self.ears.now);
            let certified = certified_keys(shown, project, source, policy, now);
            let keys = certified.map_err(|it| it.refusal(&self.artifact))?;
            let label = &source.label;
            for it in shown
                .iter()
                .filter(|it| it.source.is_none_or(|it| it == label))
            {
                let denials = it.bundle.denials_of(&keys);
                known.add(&denials.map_err(|why| broken(it.document, &why))?)?;
            }
            for key in &keys {
                all.extend(self.kept_of(&known, key, Some(label), sha256)?);
            }
        }
        Ok(all)
    }

    fn kept_of<'a>(
        &self,
        known: &KnownDenials,
        key: &RawKey,
        source: Option<&'a Label>,
        sha256: Sha256,
    ) -> Result<Option<KeptDenials<'a>>> {
        let lines = known.read(key)?;
        let document = known.path(key).display().to_string();
        let bundle = read_denials(&document, &lines)?.denying(&self.artifact.project, sha256);
        let kept = KeptDenials {
            document,
            source,
            bundle,
        };
        Ok((!kept.bundle.is_empty()).then_some(kept))
    }

    /// How a denial is taken back that nobody shows any more.
    pub(super) fn tell_kept(&self, kept: &[KeptDenials<'_>], heard: &Heard) {
        let denies = |it: &Testimony| matches!(it.claim(), Claim::Denies { .. });
        if !heard.testimonies.iter().any(denies) {
            return;
        }
        for KeptDenials { document, .. } in kept {
            (self.ears.warn)(format!(
                "{document} has denials that were seen; they count whether or not they are shown again. If \
                 one was taken back, remove its line there"
            ));
        }
    }
}
