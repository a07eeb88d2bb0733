//! `FILE.assay`: a statement that the key publishes this file.

use assay_trust::statement::{Bundle, Predicate, Statement, Subject, Times};
use assay_types::{Timestamp, shell_word};

use super::{Measured, Signed};
use crate::{
    args::SignArgs,
    commands::{Context, release::release},
    failure::{Failure, Result},
    signing::{BundleFile, Passphrases, Signer, seconds},
};

/// Appends a statement to each file's bundle, once it is known that all of them take one.
pub fn sign(files: &[Measured], args: &SignArgs, context: &Context<'_>) -> Result<Vec<Signed>> {
    let issued = seconds(Timestamp::now())?;
    let drafts = files.iter().map(|it| Draft::new(it, issued, args));
    let drafts = drafts.collect::<Result<Vec<_>>>()?;
    let passphrases = Passphrases::new(&args.signing.passphrase, context);
    let signer = Signer::named(&args.signing.with, &passphrases, context)?;
    let signed = drafts.into_iter().map(|it| it.sign(&signer));
    signed.collect()
}

struct Draft<'a> {
    file: &'a Measured,
    statement: Statement,
    bundle: BundleFile,
    said: String,
}

impl<'a> Draft<'a> {
    fn new(file: &'a Measured, issued: Timestamp, args: &SignArgs) -> Result<Self> {
        let release = release(&file.name, args.release.as_deref())?;
        let said = format!("publishes {}=={}", release.project, release.version);
        let subject = Subject {
            name: file.name.clone(),
            sha256: file.sha256,
        };
        let times = Times {
            issued,
            expires: None,
        };
        let statement = Statement::publishes(subject, release, times)
            .map_err(|error| Failure::usage(format!("{}: {error}", file.path.display())))?;
        let mut bundle = BundleFile::read(&file.beside(Bundle::ENDING), Bundle::LARGEST)?;
        let is_stale = |it: &Statement| is_about_other_bytes(it, file);
        if args.force {
            bundle.leave_out(is_stale);
        } else if bundle.claims().any(|it| is_stale(&it)) {
            return Err(stale(&bundle));
        }
        Ok(Self {
            file,
            statement,
            bundle,
            said,
        })
    }

    fn sign(mut self, signer: &Signer) -> Result<Signed> {
        if self.bundle.says(signer, &self.statement)? {
            self.said += " already";
        } else {
            self.bundle.add(signer, &self.statement)?;
            self.bundle.write(signer, &self.statement)?;
        }
        Ok(Signed {
            file: self.file.path.display().to_string(),
            sha256: self.file.sha256.to_string(),
            signature: self.bundle.path().display().to_string(),
            said: self.said,
            fingerprint: signer.public().fingerprint(),
        })
    }
}

/// Statements about keys and denials of other files may lie there, too.
fn is_about_other_bytes(statement: &Statement, file: &Measured) -> bool {
    let is_of_a_file = !matches!(
        statement.predicate(),
        Predicate::Certifies(_) | Predicate::Denies(_)
    );
    is_of_a_file
        && statement
            .subjects()
            .iter()
            .any(|it| it.sha256 != file.sha256)
}

fn stale(bundle: &BundleFile) -> Failure {
    let path = bundle.path().display().to_string();
    Failure::refused(format!("{path} holds a statement about other bytes"))
        .detail("rule: what was said of one file is not left beside another")
        .hint(format!(
            "if the file was built anew and never published: --force, or rm {}",
            shell_word(&path)
        ))
}
