//! `FILE.sshsig`: the signature that OpenSSH makes of a file.

use assay_files::read_file;
use assay_trust::signature::Scheme;

use super::{Measured, Signed};
use crate::{
    args::SignArgs,
    commands::Context,
    failure::{Failure, Result},
    signing::{Passphrases, SshSigner, lines},
};

/// Writes a signature beside each file, where there is none.
pub fn sign(files: &[Measured], args: &SignArgs, context: &Context<'_>) -> Result<Vec<Signed>> {
    if args.release.is_some() {
        return Err(Failure::usage(
            "--as: an .sshsig says nothing but that the key signed the file",
        )
        .hint("leave out --format sshsig to say of which release it is"));
    }
    let there = files.iter().map(|it| it.beside(Scheme::Ssh.ending()));
    let mut there = there.filter(|it| it.symlink_metadata().is_ok());
    if let Some(path) = there.find(|_| !args.force) {
        return Err(
            Failure::usage(format!("{} is there already", path.display()))
                .hint("write over it: --force"),
        );
    }
    let passphrases = Passphrases::new(&args.signing.passphrase, context);
    let signer = SshSigner::named(&args.signing.with, &passphrases, context)?;
    files.iter().map(|it| sign_one(it, &signer)).collect()
}

fn sign_one(file: &Measured, signer: &SshSigner) -> Result<Signed> {
    let path = file.beside(Scheme::Ssh.ending());
    lines::write(&path, signer.sign(file.sha512)?.as_bytes())?;
    let reading = |error| Failure::could_not(format!("reading {}: {error}", path.display()));
    let (written, _) = read_file(&path, Scheme::LARGEST as u64).map_err(reading)?;
    signer.expect_signed(file.sha512, &written)?;
    Ok(Signed {
        file: file.path.display().to_string(),
        sha256: file.sha256.to_string(),
        signature: path.display().to_string(),
        said: "signed as OpenSSH does".to_owned(),
        fingerprint: signer.fingerprint(),
    })
}
