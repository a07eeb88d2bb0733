//! Reading the files of a metadata folder.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
};

/// Far above any RECORD or METADATA.
const LARGEST: u64 = 256 * 1024 * 1024;

/// All of a file. One that is longer than [`LARGEST`] is an error: the rest of a RECORD would be
/// files that nobody owns.
pub(super) fn whole(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(file.metadata()?.len().min(LARGEST) as usize + 1);
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Everything up to the first empty line. Descriptions are ten times as long as the rest.
pub(super) fn headers(file: File) -> io::Result<Vec<u8>> {
    let mut lines = BufReader::new(file.take(LARGEST));
    let mut bytes = Vec::new();
    loop {
        let start = bytes.len();
        let count = lines.read_until(b'\n', &mut bytes)?;
        if count == 0 || matches!(&bytes[start..], b"\n" | b"\r\n") {
            return Ok(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_up_to_the_first_empty_line_wherever_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("METADATA");
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            headers(File::open(&path).unwrap()).unwrap()
        };
        // Around the end of a buffer, too.
        for length in [3, 100, 8189, 8190, 8191, 8192, 16383, 16384] {
            for end in ["\n\n", "\n\r\n"] {
                let head = format!("Name: {}", "a".repeat(length));
                let text = format!("{head}{end}{}", "b".repeat(40_000));
                assert_eq!(read(text.as_bytes()), format!("{head}{end}").as_bytes());
            }
            let whole = "x\n".repeat(length);
            assert_eq!(read(whole.as_bytes()), whole.as_bytes());
        }
    }
}
