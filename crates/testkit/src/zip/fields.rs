//! Parts of entries: deflated data, extra fields, data descriptors.

use std::io::Write as _;

use flate2::{Compression, write::DeflateEncoder};

use super::write::{low16, put16, put32, put64};

/// Raw deflate at the default level.
pub fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .expect("a vector takes everything")
}

/// One extra field: identifier, length, value.
pub fn extra_field(id: u16, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put16(&mut out, &[id, low16(value.len())]);
    out.extend(value);
    out
}

/// A data descriptor (APPNOTE 4.3.9), with or without its signature, in 32 or 64 bits.
pub fn descriptor(crc: u32, compressed: u64, size: u64, signature: bool, wide: bool) -> Vec<u8> {
    let mut out = Vec::new();
    if signature {
        out.extend(b"PK\x07\x08");
    }
    put32(&mut out, &[crc]);
    if wide {
        put64(&mut out, &[compressed, size]);
    } else {
        put32(&mut out, &[compressed as u32, size as u32]);
    }
    out
}
