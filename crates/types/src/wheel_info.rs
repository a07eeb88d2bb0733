//! The WHEEL file.

/// What WHEEL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelInfo {
    /// `Wheel-Version`: major (must be 1) and minor.
    pub version: (u32, u32),
    /// `Root-Is-Purelib`.
    pub root_is_purelib: bool,
    /// `Tag` rows, as written.
    pub tags: Vec<String>,
    /// `Build`.
    pub build: Option<String>,
}

/// Why WHEEL is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("WHEEL: {0}")]
pub struct WheelInfoError(pub String);

impl WheelInfo {
    /// Parses WHEEL; a major version other than 1 is refused (the specification demands it).
    pub fn parse(bytes: &[u8]) -> Result<Self, WheelInfoError> {
        let _ = bytes;
        todo!()
    }
}
