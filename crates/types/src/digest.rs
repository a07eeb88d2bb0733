//! Digests as indexes, requirements and RECORD write them.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// A digest algorithm that this project accepts as proof of identity.
///
/// md5 and sha1 are deliberately absent: a page or requirement that offers only those offers
/// nothing (see [`Digests::weak`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-384, 48 bytes.
    Sha384,
    /// SHA-512, 64 bytes.
    Sha512,
}

impl Algorithm {
    /// All of them, weakest first.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// The name in lower case, as in `sha256=…`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// Length of the digest in bytes.
    pub fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Finds an algorithm by its lower-case name; `None` for weak or unknown ones.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// A SHA-256 value: the identity of an artifact everywhere inside this program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256(pub [u8; 32]);

impl Sha256 {
    /// Parses 64 hexadecimal characters.
    pub fn from_hex(text: &str) -> Option<Self> {
        Some(Self(unhex(text)?.try_into().ok()?))
    }

    /// As RECORD writes it behind `sha256=`: URL-safe base64 without padding, 43 characters.
    pub fn to_record(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The same the other way round.
    pub fn from_record(text: &str) -> Option<Self> {
        Some(Self(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

/// One digest with its algorithm.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

/// Why a text is not a [`Digest`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// Not of the form `algorithm=hex` or `algorithm:hex`.
    #[error("expected algorithm=hexadecimal, as in sha256=…")]
    Form,
    /// md5, sha1 or something unknown.
    #[error("{0} is not accepted; use sha256, sha384 or sha512")]
    Algorithm(String),
    /// The right algorithm, the wrong number or kind of characters.
    #[error("a {name} digest has {expected} hexadecimal characters")]
    Value {
        /// The algorithm's name.
        name: &'static str,
        /// How many characters it takes.
        expected: usize,
    },
}

impl Digest {
    /// Makes a digest from raw bytes; `None` when the length is not the algorithm's.
    pub fn new(algorithm: Algorithm, bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() == algorithm.length()).then_some(Self { algorithm, bytes })
    }

    /// Parses `sha256=…` (URL fragments) or `sha256:…` (pip's `--hash`), hexadecimal in any case.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let (name, hex) = text.split_once(['=', ':']).ok_or(DigestError::Form)?;
        Self::from_parts(name, hex)
    }

    /// Makes a digest from an algorithm's name and hexadecimal text.
    pub fn from_parts(name: &str, hex: &str) -> Result<Self, DigestError> {
        let name = name.to_ascii_lowercase();
        let algorithm = Algorithm::from_name(&name).ok_or(DigestError::Algorithm(name))?;
        unhex(hex)
            .and_then(|bytes| Self::new(algorithm, bytes))
            .ok_or(DigestError::Value {
                name: algorithm.name(),
                expected: algorithm.length() * 2,
            })
    }

    /// Which algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The raw bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Sha256> for Digest {
    fn from(value: Sha256) -> Self {
        Self {
            algorithm: Algorithm::Sha256,
            bytes: value.0.to_vec(),
        }
    }
}

/// Written as pip's `--hash` takes it: `sha256:…`.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.algorithm.name())?;
        write_hex(f, &self.bytes)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// The digests that one source gives for one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digests {
    strong: Vec<Digest>,
    weak: Vec<String>,
}

impl Digests {
    /// No digest at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a digest by name and hexadecimal text. Weak or unknown algorithms are only noted;
    /// a malformed value of a strong one is an error.
    pub fn insert(&mut self, name: &str, hex: &str) -> Result<(), DigestError> {
        match Digest::from_parts(name, hex) {
            Ok(digest) => self.strong.push(digest),
            Err(DigestError::Algorithm(name)) => self.weak.push(name),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The accepted digests. Where one algorithm occurs twice with two values, both must match.
    pub fn strong(&self) -> &[Digest] {
        &self.strong
    }

    /// Names of algorithms that were given but prove nothing (md5, sha1, …).
    pub fn weak(&self) -> &[String] {
        &self.weak
    }

    /// The SHA-256 among them.
    pub fn sha256(&self) -> Option<Sha256> {
        let digest = self
            .strong
            .iter()
            .find(|it| it.algorithm == Algorithm::Sha256)?;
        digest.bytes.as_slice().try_into().ok().map(Sha256)
    }

    /// Whether nothing here can prove an identity.
    pub fn is_empty(&self) -> bool {
        self.strong.is_empty()
    }
}

impl FromIterator<Digest> for Digests {
    fn from_iter<T: IntoIterator<Item = Digest>>(digests: T) -> Self {
        Self {
            strong: digests.into_iter().collect(),
            weak: Vec::new(),
        }
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let nibble = |c: u8| (c as char).to_digit(16).map(|n| n as u8);
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs
        .map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?))
        .collect()
}

fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_digests_parse_and_weak_ones_do_not() {
        let hex = "ab".repeat(32);
        assert_eq!(
            Digest::parse(&format!("sha256={hex}")).unwrap().to_string(),
            format!("sha256:{hex}")
        );
        assert_eq!(
            Digest::parse(&format!("SHA256:{}", hex.to_uppercase()))
                .unwrap()
                .bytes(),
            [0xab; 32]
        );
        assert!(matches!(
            Digest::parse("md5=d41d8cd98f00b204e9800998ecf8427e"),
            Err(DigestError::Algorithm(_))
        ));
        assert!(matches!(
            Digest::parse(&format!("sha256={hex}00")),
            Err(DigestError::Value { .. })
        ));
        assert!(matches!(
            Digest::parse(&format!("sha256={}g", &hex[1..])),
            Err(DigestError::Value { .. })
        ));
        assert_eq!(Digest::parse(&hex), Err(DigestError::Form));
    }

    #[test]
    fn records_form_is_read_back_and_nothing_else() {
        let digest = Sha256([0xfe; 32]);
        let text = digest.to_record();
        assert_eq!(Sha256::from_record(&text), Some(digest));
        for other in [&text[1..], &format!("{text}="), &text.replace('_', "/"), ""] {
            assert_eq!(Sha256::from_record(other), None, "{other}");
        }
    }

    #[test]
    fn a_page_with_only_weak_digests_proves_nothing() {
        let mut digests = Digests::none();
        digests
            .insert("md5", "d41d8cd98f00b204e9800998ecf8427e")
            .unwrap();
        assert!(digests.is_empty());
        assert_eq!(digests.weak(), ["md5"]);
        digests.insert("sha256", &"00".repeat(32)).unwrap();
        assert!(!digests.is_empty());
        assert!(digests.insert("sha512", "00").is_err());
    }
}
