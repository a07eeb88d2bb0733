//! METADATA out of a well-formed wheel, for the sidecars of a served folder.

use std::io::Read;

use flate2::read::DeflateDecoder;

/// Finds `<one folder>.dist-info/METADATA` by the central directory; `None` where the archive is
/// not simple enough.
pub(super) fn of_wheel(bytes: &[u8]) -> Option<Vec<u8>> {
    let end = bytes.windows(4).rposition(|it| it == b"PK\x05\x06")?;
    let count = u16_at(bytes, end + 10)?;
    let mut at = u32_at(bytes, end + 16)? as usize;
    for _ in 0..count {
        let name_length = usize::from(u16_at(bytes, at + 28)?);
        let name = bytes.get(at + 46..at + 46 + name_length)?;
        if is_metadata(name) {
            return content(bytes, at);
        }
        let extra = usize::from(u16_at(bytes, at + 30)?) + usize::from(u16_at(bytes, at + 32)?);
        at += 46 + name_length + extra;
    }
    None
}

fn is_metadata(name: &[u8]) -> bool {
    let name = String::from_utf8_lossy(name);
    name.split_once('/')
        .is_some_and(|(folder, rest)| folder.ends_with(".dist-info") && rest == "METADATA")
}

fn content(bytes: &[u8], central: usize) -> Option<Vec<u8>> {
    let method = u16_at(bytes, central + 10)?;
    let packed = u32_at(bytes, central + 20)? as usize;
    let local = u32_at(bytes, central + 42)? as usize;
    let skipped = usize::from(u16_at(bytes, local + 26)?) + usize::from(u16_at(bytes, local + 28)?);
    let data = bytes.get(local + 30 + skipped..)?.get(..packed)?;
    if method == 0 {
        return Some(data.to_vec());
    }
    let mut out = Vec::new();
    DeflateDecoder::new(data).read_to_end(&mut out).ok()?;
    Some(out)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use crate::wheel::WheelBuilder;

    #[test]
    fn metadata_of_a_built_wheel() {
        let wheel = WheelBuilder::new("demo", "1.0")
            .requires("other>=1")
            .build();
        let metadata = String::from_utf8(super::of_wheel(&wheel.bytes).unwrap()).unwrap();
        assert!(metadata.contains("Requires-Dist: other>=1"), "{metadata}");
    }
}
