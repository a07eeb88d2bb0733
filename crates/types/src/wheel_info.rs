//! The WHEEL file.

use crate::headers::Headers;

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
        let text = std::str::from_utf8(bytes).map_err(|_| error("it is not UTF-8"))?;
        let headers = Headers::parse(text).map_err(|it| error(&it.to_string()))?;
        let one = |name: &str| {
            headers
                .one(name)
                .map_err(|why| error(&format!("{name}: {why}")))
        };
        let build = headers
            .at_most_one("Build")
            .map_err(|why| error(&format!("Build: {why}")))?;
        Ok(Self {
            version: version(one("Wheel-Version")?)?,
            root_is_purelib: root_is_purelib(one("Root-Is-Purelib")?)?,
            tags: headers.all("Tag").map(str::to_owned).collect(),
            build: build.map(str::to_owned),
        })
    }
}

/// The `Tag` rows alone, whatever else is wrong: for what is installed already.
pub fn tags(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let (headers, _) = Headers::lenient(&text);
    let rows = headers.all("Tag").map(|it| it.trim().to_owned());
    rows.collect()
}

fn error(why: &str) -> WheelInfoError {
    WheelInfoError(why.to_owned())
}

/// The binary distribution format: a greater minor version is read, a greater major one is not.
fn version(text: &str) -> Result<(u32, u32), WheelInfoError> {
    let number = |it: &str| it.parse::<u32>().ok().filter(|_| !it.starts_with('+'));
    let parts = text.split_once('.');
    match parts.and_then(|(major, minor)| Some((number(major)?, number(minor)?))) {
        Some(version @ (0 | 1, _)) => Ok(version),
        Some(_) => Err(error(&format!(
            "Wheel-Version {text} is not known; 1.x and older are"
        ))),
        None => Err(error(&format!("Wheel-Version {text:?} is not MAJOR.MINOR"))),
    }
}

fn root_is_purelib(text: &str) -> Result<bool, WheelInfoError> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(error(&format!(
            "Root-Is-Purelib {text:?} is neither true nor false"
        ))),
    }
}
