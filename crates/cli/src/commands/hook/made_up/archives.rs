//! Writes the plainest archives that there are.

use std::io::{self, Write as _};

use flate2::{Compression, write::GzEncoder};

const BLOCK: usize = 512;
/// PKZIP's APPNOTE: 4.3.7, 4.3.12 and 4.3.16.
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
const VERSION: u16 = 20;
/// 1980-01-01.
const FIRST_DAY: u16 = 0x21;

/// A ZIP with these files, stored.
pub fn zip(files: &[(&str, &[u8])]) -> io::Result<Vec<u8>> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let offset = long(out.len())?;
        let common = common(name, content)?;
        out.extend(LOCAL.to_le_bytes());
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(*content);
        central.extend(CENTRAL.to_le_bytes());
        central.extend(VERSION.to_le_bytes());
        central.extend(&common);
        // Comment, disk and attributes.
        central.extend([0; 10]);
        central.extend(offset.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let (count, start) = (short(files.len())?, long(out.len())?);
    out.extend(&central);
    out.extend(END.to_le_bytes());
    out.extend([0; 4]);
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend([long(central.len())?.to_le_bytes(), start.to_le_bytes()].concat());
    out.extend([0; 2]);
    Ok(out)
}

/// What both headers of a file have, from the version that it takes to the length of its extra field.
fn common(name: &str, content: &[u8]) -> io::Result<Vec<u8>> {
    let size = long(content.len())?.to_le_bytes();
    let shorts = [VERSION, UTF8, 0, 0, FIRST_DAY].map(u16::to_le_bytes);
    let crc = crc32fast::hash(content).to_le_bytes();
    let name = short(name.len())?.to_le_bytes();
    Ok([&shorts.concat()[..], &crc, &size, &size, &name, &[0; 2]].concat())
}

/// A compressed tar (POSIX ustar) with these files.
pub fn tar_gz(files: &[(&str, &[u8])]) -> io::Result<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::new(), Compression::none());
    for (name, content) in files {
        out.write_all(&tar_header(name, content.len()))?;
        out.write_all(content)?;
        out.write_all(&vec![
            0;
            content.len().next_multiple_of(BLOCK) - content.len()
        ])?;
    }
    out.write_all(&[0; 2 * BLOCK])?;
    out.finish()
}

fn tar_header(name: &str, size: usize) -> [u8; BLOCK] {
    let mut header = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| header[at..at + text.len()].copy_from_slice(text);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\x000000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        0");
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|it| u32::from(*it)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

fn short(number: usize) -> io::Result<u16> {
    u16::try_from(number).map_err(io::Error::other)
}

fn long(number: usize) -> io::Result<u32> {
    u32::try_from(number).map_err(io::Error::other)
}
