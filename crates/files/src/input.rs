//! Files that somebody names: never waited for, and never read without an end.
//!
//! A name may come from a clone, and lead to a FIFO that nobody writes to or to `/dev/zero`.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read as _},
    os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::Path,
};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// Reads a regular file of at most `limit` bytes, and what is known of it; the null device is an empty
/// one. Whatever else the path
/// leads to is an error that says so, [`io::ErrorKind::InvalidInput`]; a file that is longer is
/// [`io::ErrorKind::FileTooLarge`].
pub fn read_file(path: &Path, limit: u64) -> io::Result<(Vec<u8>, Metadata)> {
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(at_once())
        .open(path)?;
    let stat = file.metadata()?;
    if !stat.is_file() && !is_null(&stat) {
        return Err(not_regular());
    }
    Ok((limited(file, limit)?, stat))
}

/// The same, and what this process was handed: `/dev/stdin`, and `/dev/fd/63` as a shell writes it
/// for `<(…)`. These are read to their end or to the limit.
pub fn read_input(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if !is_handed(path) {
        return read_file(path, limit).map(|(bytes, _)| bytes);
    }
    limited(File::open(path)?, limit)
}

/// Opens a file to append to it, or to write it anew; makes it where it is missing. A device such as
/// `/dev/null` will do; of pipes only those that this process was handed (`/dev/stdout`, `>(…)`).
pub fn open_output(path: &Path, append: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    match append {
        true => options.append(true),
        false => options.write(true).truncate(true),
    };
    options.create(true);
    if is_handed(path) {
        return options.open(path);
    }
    let file = options.custom_flags(at_once()).open(path);
    // Nobody reads from that FIFO.
    let no_reader = |error: &io::Error| error.raw_os_error() == Some(NO_READER);
    let file = file.map_err(|it| if no_reader(&it) { not_regular() } else { it })?;
    if file.metadata()?.file_type().is_fifo() {
        return Err(not_regular());
    }
    // From here on a slow device is waited for.
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file)
}

const NO_READER: i32 = rustix::io::Errno::NXIO.raw_os_error();

/// Does not wait for the other end, and makes no terminal ours.
fn at_once() -> i32 {
    (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed()
}

/// Whether the path names one of the process's own open files. Judged by its words: a link in a
/// clone can lead there, too.
fn is_handed(path: &Path) -> bool {
    let streams = ["/dev/stdin", "/dev/stdout", "/dev/stderr"];
    let folders = ["/dev/fd", "/proc/self/fd"];
    streams.iter().any(|it| path == Path::new(it))
        || path
            .parent()
            .is_some_and(|above| folders.iter().any(|it| above == Path::new(it)))
}

fn is_null(stat: &Metadata) -> bool {
    let null = || std::fs::metadata("/dev/null");
    stat.file_type().is_char_device() && null().is_ok_and(|it| it.rdev() == stat.rdev())
}

fn limited(file: File, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let fact = format!("it has more than {limit} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, fact));
    }
    Ok(bytes)
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::Write as _,
        os::{fd::AsRawFd as _, unix::fs::symlink},
    };

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    fn fifo(path: &Path) {
        mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    }

    #[test]
    fn regular_files_are_read_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_file(&path, 5).unwrap().0, b"12345");
        let error = read_file(&path, 4).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(error.to_string(), "it has more than 4 bytes");
    }

    #[test]
    fn what_has_no_end_or_no_other_end_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fifo(&path("fifo"));
        symlink("/dev/zero", path("zero")).unwrap();
        symlink("/dev/stdin", path("stdin")).unwrap();
        for name in ["fifo", "zero", "."] {
            for read in [
                read_file(&path(name), 9).map(|it| it.0),
                read_input(&path(name), 9),
            ] {
                assert_eq!(
                    read.unwrap_err().kind(),
                    io::ErrorKind::InvalidInput,
                    "{name}"
                );
            }
        }
        let written = open_output(&path("fifo"), true).unwrap_err();
        assert_eq!(written.kind(), io::ErrorKind::InvalidInput);
        // Nor with a reader.
        let _reader = File::options()
            .read(true)
            .write(true)
            .open(path("fifo"))
            .unwrap();
        assert!(open_output(&path("fifo"), true).is_err());
        // The null device ends at once.
        assert!(open_output(Path::new("/dev/null"), false).is_ok());
        assert_eq!(read_file(Path::new("/dev/null"), 9).unwrap().0, b"");
    }

    #[test]
    fn a_pipe_that_the_process_was_handed_is_read_to_its_end() {
        let (reader, mut writer) = io::pipe().unwrap();
        let path = format!("/dev/fd/{}", reader.as_raw_fd());
        let writing = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(20));
            writer.write_all(b"demo").unwrap();
        });
        assert_eq!(read_input(Path::new(&path), 9).unwrap(), b"demo");
        writing.join().unwrap();
        assert!(read_file(Path::new(&path), 9).is_err());
    }

    #[test]
    fn output_is_appended_or_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for (append, expected) in [(true, "a"), (true, "aa"), (false, "a")] {
            open_output(&path, append).unwrap().write_all(b"a").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), expected);
        }
    }
}
