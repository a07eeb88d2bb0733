//! Built wheels are found again by everything that went into them: the source, what its build required,
//! the Python, the user's settings, and what held the build.

use assay_build::{ConfigSettings, NativeModule};
use assay_trust::{How, Measured, Memo as MeasuredBefore, sha256};
use assay_types::{Digest, ProjectName, Sha256, WheelName};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Builder, in_place, opened::Source, run::Made};
use crate::failure::{Failure, Result};

/// Raised where a build of the same inputs would come to something else.
const FORMAT: u32 = 1;

/// What is remembered of one build. It lies in the state: nobody but the user says what a wheel was
/// built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Memo {
    /// The source's SHA-256 in hexadecimal, its size, and other digests.
    source: String,
    size: u64,
    others: Vec<String>,
    /// What its backend asked for, static and dynamic.
    pub requires: Vec<String>,
    /// The wheels that it was built with.
    pub with: Vec<String>,
    /// The wheel that it came to.
    wheel: String,
    sha256: String,
    pub tier: String,
    network: Vec<String>,
    editable: bool,
    /// What an editable build had put into the user's folder: paths in it, and their SHA-256.
    pub in_place: Vec<(String, String)>,
}

impl Memo {
    pub fn new(
        source: &Measured,
        made: &Made,
        (wheel, sha256): (&WheelName, Sha256),
        how: &How,
        in_place: &[NativeModule],
    ) -> Self {
        Self {
            source: source.sha256().to_string(),
            size: source.size(),
            others: source.others().iter().map(ToString::to_string).collect(),
            requires: made.given.clone(),
            with: how.with.clone(),
            wheel: wheel.as_str().to_owned(),
            sha256: sha256.to_string(),
            tier: how.tier.clone(),
            network: how.network.clone(),
            editable: how.editable,
            in_place: in_place::texts(in_place),
        }
    }

    /// What was measured of the source.
    pub fn source(&self) -> Option<MeasuredBefore> {
        let others = self.others.iter().map(|it| Digest::parse(it).ok());
        let others = others.collect::<Option<Vec<_>>>()?;
        let sha256 = Sha256::from_hex(&self.source)?;
        Some(MeasuredBefore::from_state(sha256, others, self.size))
    }

    /// The wheel, by its name and digest.
    pub fn wheel(&self) -> Option<(WheelName, Sha256)> {
        let name = WheelName::parse(&self.wheel).ok()?;
        Some((name, Sha256::from_hex(&self.sha256)?))
    }

    /// How it was built.
    pub fn how(&self) -> How {
        How {
            tier: self.tier.clone(),
            network: self.network.clone(),
            with: self.with.clone(),
            editable: self.editable,
        }
    }
}

impl Builder<'_> {
    /// The name under which a build of this source, by these settings and this Python, is remembered.
    fn memo_name(
        &self,
        source: Sha256,
        project: Option<&ProjectName>,
        editable: Option<&std::path::Path>,
    ) -> String {
        let settings = self.means.settings;
        let python = self.means.interpreter;
        let config: ConfigSettings = settings.config_for(project, false);
        let variables = settings.variables.iter();
        let variables: Vec<_> = variables
            .map(|(name, value)| json!([name, value.as_encoded_bytes()]))
            .collect();
        let inputs = json!({
            "format": FORMAT,
            "source": source.to_string(),
            "python": [
                python.base_executable().as_os_str().as_encoded_bytes(),
                python.python().version.to_string(),
                self.means.target.tags.names().first(),
            ],
            "config": config.json(),
            "variables": variables,
            "network": settings.network_for(project).iter().map(ToString::to_string).collect::<Vec<_>>(),
            "editable": editable.map(|it| it.as_os_str().as_encoded_bytes()),
        });
        format!("{}.json", sha256(inputs.to_string().as_bytes()))
    }

    /// What is remembered; a memo that is damaged is none.
    pub(super) fn memo(
        &self,
        source: Sha256,
        project: Option<&ProjectName>,
        editable: Option<&std::path::Path>,
    ) -> Result<Option<Memo>> {
        let Some(memos) = self.means.folders.built() else {
            return Ok(None);
        };
        let name = self.memo_name(source, project, editable);
        let bytes = match memos.check() {
            Ok(false) => return Ok(None),
            Ok(true) => memos.read(&name),
            Err(error) => Err(error),
        };
        let bytes = bytes.map_err(|error| Failure::refused(error.to_string()))?;
        let memo: Option<Memo> = bytes.and_then(|it| serde_json::from_slice(&it).ok());
        Ok(memo.filter(|it| it.source == source.to_string()))
    }

    /// Remembers a build. One that cannot be remembered is made again.
    pub(super) fn remember(&self, source: &Source, measured: Sha256, memo: &Memo) {
        let Some(memos) = self.means.folders.built() else {
            return;
        };
        let name = self.memo_name(
            measured,
            source.project.as_ref(),
            source.editable.as_deref(),
        );
        let written = serde_json::to_vec(memo)
            .map_err(|error| error.to_string())
            .and_then(|it| memos.write(&name, &it).map_err(|error| error.to_string()));
        if let Err(why) = written {
            self.warn(format!(
                "the build of {} is not remembered: {why}",
                source.of
            ));
        }
    }
}
