//! What differs from system to system, and nothing else: files without names, positioned reads, the
//! platform's trust store. Written for Unix; a Windows port replaces this module.

use std::{fs, io, os::unix::fs::FileExt, path::Path};

use assay_files::PrivateFolder;
use rustix::fs::{Mode, OFlags};
use rustls_native_certs::CertificateResult;

/// A file that no path leads to, so that nobody else can open it and nothing is left behind.
#[cfg(target_os = "linux")]
pub(crate) fn anonymous_file(folder: &PrivateFolder) -> io::Result<fs::File> {
    use rustix::io::Errno;
    folder.make().map_err(io::Error::other)?;
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::open(folder.path(), flags, Mode::RUSR | Mode::WUSR) {
        Ok(file) => Ok(file.into()),
        // Some file systems have no O_TMPFILE.
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => create_and_unlink(folder),
        Err(error) => Err(error.into()),
    }
}

/// A file that no path leads to, as soon as this returns.
#[cfg(not(target_os = "linux"))]
pub(crate) fn anonymous_file(folder: &PrivateFolder) -> io::Result<fs::File> {
    create_and_unlink(folder)
}

fn create_and_unlink(folder: &PrivateFolder) -> io::Result<fs::File> {
    let (file, path) = folder.create().map_err(io::Error::other)?;
    fs::remove_file(&path)?;
    Ok(file)
}

/// Opens a regular file and gives its size. Does not wait (a FIFO would block), and judges what
/// was opened, not what the path named a moment ago.
pub(crate) fn open_regular(path: &Path) -> io::Result<(fs::File, u64)> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = fs::File::from(rustix::fs::open(path, flags, Mode::empty())?);
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ));
    }
    Ok((file, metadata.len()))
}

/// Reads without a file position, so that several threads may read at once.
pub(crate) fn read_exact_at(file: &fs::File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    FileExt::read_exact_at(file, buffer, offset)
}

/// Single files that hold the whole trust store on the usual systems, most common first. One file
/// is read ten times faster than a folder of hash links, and asking for paths here leaves
/// `SSL_CERT_FILE` to the command line.
#[cfg(not(target_os = "macos"))]
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// The authorities that the platform trusts.
#[cfg(not(target_os = "macos"))]
pub(crate) fn platform_roots() -> CertificateResult {
    use rustls_native_certs::load_certs_from_paths;
    match BUNDLES.iter().map(Path::new).find(|it| it.exists()) {
        Some(bundle) => load_certs_from_paths(Some(bundle), None),
        None => load_certs_from_paths(None, Some(Path::new("/etc/ssl/certs"))),
    }
}

/// The authorities in the keychain.
#[cfg(target_os = "macos")]
pub(crate) fn platform_roots() -> CertificateResult {
    rustls_native_certs::load_native_certs()
}
