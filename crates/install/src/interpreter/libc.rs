//! Which musl an interpreter runs on (PEP 656): its ELF header names the dynamic loader, and
//! musl's loader prints its version when it is run without arguments.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
    process::{Command, Stdio},
};

/// `musl 1.2.5`, or nothing where the executable does not run on musl.
pub(super) fn musl_of(executable: &Path) -> String {
    loader_of(executable)
        .filter(|loader| loader.contains("musl"))
        .and_then(|loader| version_of(&loader))
        .map_or_else(String::new, |version| format!("musl {version}"))
}

fn version_of(loader: &str) -> Option<String> {
    let output = Command::new(loader).stdin(Stdio::null()).output().ok()?;
    version_in(&String::from_utf8_lossy(&output.stderr))
}

fn version_in(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().filter(|line| line.starts_with("musl"))?;
    lines.next()?.strip_prefix("Version ").map(str::to_owned)
}

/// The path in the `PT_INTERP` segment of a little-endian ELF file.
fn loader_of(executable: &Path) -> Option<String> {
    const PT_INTERP: u64 = 3;
    const LONGEST: u64 = 4096;
    let mut file = File::open(executable).ok()?;
    let mut header = [0; 64];
    file.read_exact(&mut header).ok()?;
    // ELF header: class at 4 (1 or 2), byte order at 5 (1 is little).
    if &header[..4] != b"\x7fELF" || header[5] != 1 {
        return None;
    }
    let wide = header[4] == 2;
    let (table, entry_size, count) = if wide {
        (
            number(&header[32..40]),
            number(&header[54..56]),
            number(&header[56..58]),
        )
    } else {
        (
            number(&header[28..32]),
            number(&header[42..44]),
            number(&header[44..46]),
        )
    };
    for index in 0..count {
        let mut entry = [0; 56];
        let length = if wide { 56 } else { 32 };
        let at = table.checked_add(index.checked_mul(entry_size)?)?;
        read_at(&mut file, &mut entry[..length], at)?;
        if number(&entry[..4]) != PT_INTERP {
            continue;
        }
        let (offset, size) = if wide {
            (number(&entry[8..16]), number(&entry[32..40]))
        } else {
            (number(&entry[4..8]), number(&entry[16..20]))
        };
        let mut path = vec![0; usize::try_from(size.min(LONGEST)).ok()?];
        read_at(&mut file, &mut path, offset)?;
        let text = path.split(|byte| *byte == 0).next()?;
        return String::from_utf8(text.to_vec()).ok();
    }
    None
}

fn read_at(file: &mut File, buffer: &mut [u8], offset: u64) -> Option<()> {
    file.seek(SeekFrom::Start(offset)).ok()?;
    file.read_exact(buffer).ok()
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_of_a_running_program_is_found() {
        let own = std::env::current_exe().unwrap();
        let loader = loader_of(&own).unwrap();
        assert!(loader.starts_with("/lib"), "{loader}");
        assert_eq!(loader_of(Path::new("/etc/passwd")), None);
    }

    #[test]
    fn the_version_is_read_from_what_the_loader_says() {
        let said = "musl libc (x86_64)\nVersion 1.2.5\nDynamic Program Loader\n";
        assert_eq!(version_in(said).as_deref(), Some("1.2.5"));
        assert_eq!(version_in("ld.so: usage\nVersion 2.0\n"), None);
    }
}
