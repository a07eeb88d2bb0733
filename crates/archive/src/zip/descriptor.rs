//! Data descriptors (APPNOTE 4.3.9): sizes that follow the data.

use assay_trust::ReadAt;

use super::{
    bytes::Fields,
    central::{DEFLATED, Header},
};
use crate::{ArchiveError, error::require};

const SIGNATURE: u32 = 0x0807_4b50;
const LONGEST: usize = 24;

/// Checks that the bytes from `start` to `end` are the descriptor of `header` and nothing else.
///
/// Its length tells which of the four forms it is: with or without signature, 32 or 64 bits. A
/// reader that streams goes by other signs, so they have to point the same way: wide sizes exactly
/// where the local header has a zip64 field; no signature only where the CRC-32 does not look like
/// one; and only after deflated data, which marks its own end.
pub(super) fn check(
    body: &impl ReadAt,
    header: &Header<'_>,
    wide: bool,
    start: u64,
    end: u64,
) -> Result<(), ArchiveError> {
    let rule = "data descriptor";
    require(header.common.method == DEFLATED, rule, || {
        format!("{}: it follows stored data", header.path)
    })?;
    let narrow_length = if wide { 20 } else { 12 };
    let length = end
        .checked_sub(start)
        .and_then(|it| usize::try_from(it).ok());
    let signed = length == Some(narrow_length + 4);
    require(signed || length == Some(narrow_length), rule, || {
        format!("{}: it is missing or something lies beside it", header.path)
    })?;
    let mut buffer = [0; LONGEST];
    let bytes = &mut buffer[..narrow_length + if signed { 4 } else { 0 }];
    body.read_exact_at(bytes, start)?;
    let mut fields = Fields(bytes);
    let signature = signed.then(|| fields.u32()).flatten();
    let crc = fields.u32();
    let (compressed, size) = if wide {
        (fields.u64(), fields.u64())
    } else {
        (fields.u32().map(u64::from), fields.u32().map(u64::from))
    };
    let looks_signed = !signed && crc == Some(SIGNATURE);
    let agrees = (!signed || signature == Some(SIGNATURE))
        && crc == Some(header.common.crc)
        && compressed == Some(header.compressed)
        && size == Some(header.size);
    require(agrees && !looks_signed, rule, || {
        format!("{}: it disagrees with the central header", header.path)
    })
}
