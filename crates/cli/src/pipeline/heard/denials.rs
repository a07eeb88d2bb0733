//! Denials by keys that speak beside a file: they count whether or not they are shown again.

use std::collections::BTreeSet;

use assay_trust::{
    Claim, Heard, Label, Source, Testimony,
    signature::RawKey,
    statement::{Bundle, Denials, Shown, certified_keys},
};
use assay_types::Sha256;

use super::Hearing;
use crate::{
    failure::Result,
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
        let asked = policy.keys_asked(&self.artifact.project);
        let asked = asked.iter().filter_map(|it| it.key.raw()).collect();
        let mut all = self.withheld(shown, &asked, None, sha256)?;
        for source in sources {
            let project = &self.artifact.project;
            let moment = self.ears.signers.moment();
            let certified = certified_keys(shown, project, source, policy, moment);
            let certified = certified.map_err(|it| it.refusal(&self.artifact))?;
            all.extend(self.withheld(shown, &certified, Some(&source.label), sha256)?);
        }
        Ok(all)
    }

    /// What these keys denied before and do not deny now.
    fn withheld<'a>(
        &self,
        shown: &[Shown<'_>],
        keys: &BTreeSet<RawKey>,
        source: Option<&'a Label>,
        sha256: Sha256,
    ) -> Result<Vec<KeptDenials<'a>>> {
        let known = self.ears.signers.sets().known_denials();
        let mut denied = Denials::new();
        let speak = |it: &&Shown<'_>| it.source.is_none() || it.source == source;
        for it in shown.iter().filter(speak) {
            let denials = it.bundle.denials_of(keys);
            for (key, lines) in denials.map_err(|why| broken(it.document, &why))? {
                denied.entry(key).or_default().extend(lines);
            }
        }
        known.add(&denied)?;
        let mut all = Vec::new();
        for key in keys {
            let document = known.path(key).display().to_string();
            let mut lines = known.read(key)?;
            lines.retain(|it| !denied.get(key).is_some_and(|shown| shown.contains(it)));
            let bundle = read_denials(&document, &lines)?;
            let bundle = bundle.denying(&self.artifact.project, sha256);
            if !bundle.is_empty() {
                all.push(KeptDenials {
                    document,
                    source,
                    bundle,
                });
            }
        }
        Ok(all)
    }

    /// How a denial of the file is taken back that nobody shows any more.
    pub(super) fn tell_kept(&self, kept: &[KeptDenials<'_>], heard: &Heard, sha256: Sha256) {
        let denies = |it: &Testimony| matches!(it.claim(), Claim::Denies { .. });
        if !heard.testimonies.iter().any(denies) {
            return;
        }
        let (project, version) = (&self.artifact.project, &self.artifact.version);
        let of_it = kept
            .iter()
            .filter(|it| it.bundle.denies(project, version, sha256));
        for KeptDenials { document, .. } in of_it {
            (self.ears.warn)(format!(
                "{document} has denials that were seen; they count although they are not shown \
                 any more. If one was taken back, remove its line there"
            ));
        }
    }
}
