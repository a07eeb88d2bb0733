//! Local headers (APPNOTE 4.3.7), compared with the central ones.

use assay_trust::ReadAt;

use super::{
    bytes::Fields,
    central::{Common, DESCRIPTOR, Header},
    extra,
};
use crate::{
    ArchiveError,
    error::{refused, require},
};

const FIXED: usize = 30;
const SIGNATURE: [u8; 4] = *b"PK\x03\x04";

/// What the walk needs of a local header that agrees with its central one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Local {
    /// Bytes from the signature to the data.
    pub(super) length: u64,
    /// Whether it has a zip64 field, which makes a data descriptor a wide one.
    pub(super) zip64: bool,
}

/// Reads the local header of `central` into `buffer` and compares each field. It must end before
/// `limit`, where the central directory begins.
pub(super) fn read(
    body: &impl ReadAt,
    central: &Header<'_>,
    limit: u64,
    buffer: &mut Vec<u8>,
) -> Result<Local, ArchiveError> {
    let name_end = FIXED + central.name.len();
    fill(body, central, limit, 0..name_end, buffer)?;
    let differs = |what| refused("local header", format!("{}: {what}", central.path));
    let mut fields = Fields(buffer);
    require(fields.array() == Some(SIGNATURE), "local header", || {
        format!("{}: there is none where it should be", central.path)
    })?;
    let common = Common::read(&mut fields).ok_or_else(|| differs("it is cut off"))?;
    let same_name = usize::from(common.name_length) == central.name.len();
    if !same_name || fields.0 != central.name {
        return Err(differs("its name differs from the central one"));
    }
    let end = name_end + usize::from(common.extra_length);
    fill(body, central, limit, name_end..end, buffer)?;
    let extra = extra::parse(&buffer[name_end..], central.name)?;
    compare(&common, central).map_err(differs)?;
    compare_sizes(&common, extra.zip64, central).map_err(differs)?;
    Ok(Local {
        length: end as u64,
        zip64: extra.zip64.is_some(),
    })
}

/// Reads that range of the header into the same range of `buffer`.
fn fill(
    body: &impl ReadAt,
    central: &Header<'_>,
    limit: u64,
    range: std::ops::Range<usize>,
    buffer: &mut Vec<u8>,
) -> Result<(), ArchiveError> {
    let end = central.offset.checked_add(range.end as u64);
    require(end.is_some_and(|it| it <= limit), "local header", || {
        format!("{}: it runs into the central directory", central.path)
    })?;
    buffer.resize(range.end, 0);
    if !range.is_empty() {
        let at = central.offset + range.start as u64;
        body.read_exact_at(&mut buffer[range], at)?;
    }
    Ok(())
}

fn compare(local: &Common, header: &Header<'_>) -> Result<(), &'static str> {
    let central = &header.common;
    let checks = [
        (local.needed == central.needed, "version needed differs"),
        (local.flags == central.flags, "flags differ"),
        (local.method == central.method, "compression method differs"),
        (local.modified == central.modified, "time differs"),
    ];
    match checks.iter().find(|(same, _)| !same) {
        None => Ok(()),
        Some((_, what)) => Err(what),
    }
}

/// CRC-32 and sizes are the central ones, or all three are zero where a data descriptor follows.
/// The zip64 field of a local header always holds both sizes (APPNOTE 4.5.3); CPython also writes
/// one that nothing needs, which is accepted where it says the same.
fn compare_sizes(
    local: &Common,
    zip64: Option<&[u8]>,
    header: &Header<'_>,
) -> Result<(), &'static str> {
    let streamed = header.common.flags & DESCRIPTOR != 0;
    let blank = streamed && (local.crc, local.compressed, local.size) == (0, 0, 0);
    let (compressed, size) = match zip64 {
        None => (local.compressed.into(), local.size.into()),
        Some(value) => {
            let mut fields = Fields(value);
            let (Some(size), Some(compressed)) = (fields.u64(), fields.u64()) else {
                return Err("its zip64 field does not hold both sizes");
            };
            let narrow = |narrow: u32, wide: u64| narrow == u32::MAX || u64::from(narrow) == wide;
            let agrees = narrow(local.size, size) && narrow(local.compressed, compressed);
            if !fields.is_empty() || !agrees {
                return Err("its zip64 field disagrees with its sizes");
            }
            (compressed, size)
        }
    };
    if blank && (compressed, size) == (0, 0) {
        return Ok(());
    }
    if (local.crc, compressed, size) == (header.common.crc, header.compressed, header.size) {
        Ok(())
    } else {
        Err("its CRC-32 or sizes differ from the central ones")
    }
}
