//! Whether a receipt is the one that was written, as this user's state has it.

use assay_install::{Audited, Contradiction, Distribution, Standing};
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

/// How what is seen stands to this user's state; `None` for what another installation has, of which
/// the state's list for this environment could know nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known(pub Option<Standing>);

impl Known {
    /// Finds a distribution among those of the environment.
    pub fn of(distribution: &Distribution, all: &[Audited]) -> Self {
        let found = all.iter().find(|it| it.project == *distribution.name());
        let standing = found.map(|it| &it.standing);
        // What is gone from here is not the one that is seen.
        let is_gone = |it: &&Standing| matches!(it, Standing::Contradicted(Contradiction::Gone));
        Self(standing.filter(|it| !is_gone(it)).cloned())
    }

    /// In a word.
    pub fn word(&self) -> &'static str {
        self.0.as_ref().map_or("outside", Standing::kind)
    }

    /// In a sentence.
    pub fn why(&self) -> String {
        match &self.0 {
            Some(it) => it.to_string(),
            None => "it lies outside of this environment".to_owned(),
        }
    }

    /// Whether another installation has it.
    pub fn is_outside(&self) -> bool {
        self.0.is_none()
    }

    /// Whether nothing outside of the environment knows the receipt, if there is one.
    pub fn is_unvouched(&self) -> bool {
        match &self.0 {
            None | Some(Standing::SelfConsistent(_)) => true,
            Some(Standing::Vouched | Standing::ReceiptOnly | Standing::Contradicted(_)) => false,
        }
    }
}

/// The word and the sentence.
impl Serialize for Known {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut data = serializer.serialize_struct("Known", 2)?;
        data.serialize_field("standing", self.word())?;
        data.serialize_field("standing-why", &self.why())?;
        data.end()
    }
}
