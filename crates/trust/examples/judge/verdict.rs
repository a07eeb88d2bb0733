//! A request, judged.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_trust::{
    Artifact, Author, Cooldown, Evidence, Expression, Heard, Measuring, Mode, Policy, Refusal,
    Required, Rule, Source, Staged, Stated, TrustedKey, Word, admit, authenticate,
    signature::{self, Key, KeyKind},
    statement::{self, Bundle, Shown},
};
use assay_types::{Digests, Sha256, Timestamp, listing::Origin};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    file: PathBuf,
    project: String,
    version: String,
    now: Timestamp,
    sha256: Option<String>,
    #[serde(default)]
    keys: BTreeMap<String, PublicKey>,
    #[serde(default)]
    vouchers: BTreeMap<String, Vec<String>>,
    evidence: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicKey {
    kind: String,
    text: String,
}

type Error = Box<dyn std::error::Error>;

/// One request, one answer; `Err` where the request cannot be understood or the file not be read.
pub fn judge(request: &str) -> Result<Value, Error> {
    let request: Request = serde_json::from_str(request)?;
    let policy = policy(&request)?;
    let artifact = Artifact {
        project: request.project.parse()?,
        version: request.version.parse()?,
        file_name: name(&request.file)?,
        origin: Origin::Local(Arc::from(request.file.as_path())),
        size: None,
    };
    let digests = request.sha256.as_deref().map(|hex| {
        let digest = Sha256::from_hex(hex).ok_or("sha256 is 64 hexadecimal digits");
        digest.map(|it| Digests::from_iter([it.into()]))
    });
    // A digest that is known from elsewhere, or the word of whoever names the file.
    let known = match digests.transpose()? {
        Some(digests) => Evidence::Hash {
            digests,
            given_in: "the request".to_owned(),
        },
        None => Evidence::Local {
            named_in: "the request".to_owned(),
        },
    };
    let mut measuring = Measuring::new(Vec::new(), []);
    io::copy(&mut fs::File::open(&request.file)?, &mut measuring)?;
    let staged = measuring.finish();
    let verdict = heard(&staged, &artifact, &known, &policy, &request).and_then(|heard| {
        let evidence = [known, Evidence::Heard(Box::new(heard))];
        let admitted = admit(staged, &artifact, &evidence, &policy, request.now);
        admitted.map_err(Into::into)
    });
    match verdict {
        Ok(admitted) => Ok(json!({
            "verdict": "accepted",
            "sha256": admitted.admission().sha256().to_string(),
            "found": admitted.admission().found(),
        })),
        Err(error) => match error.downcast::<Refusal>() {
            Ok(refusal) => Ok(json!({
                "verdict": "refused",
                "rule": refusal.rule,
                "fact": refusal.fact,
                "found": refusal.found,
                "missing": refusal.missing,
            })),
            Err(error) => Err(error),
        },
    }
}

/// What lies beside the file and holds. What does not hold is a refusal.
fn heard(
    staged: &Staged<Vec<u8>>,
    artifact: &Artifact,
    known: &Evidence,
    policy: &Policy,
    request: &Request,
) -> Result<Heard, Error> {
    let bytes = authenticate(staged, artifact, std::slice::from_ref(known))?;
    let mut heard = Heard::default();
    if let Some(document) = beside(&request.file, Bundle::ENDING)? {
        let name = format!("{}{}", artifact.file_name, Bundle::ENDING);
        let refused = |it: signature::Rejection| it.refusal(artifact, &name);
        let bundle = Bundle::parse(&document).map_err(refused)?;
        let shown = Shown {
            document: &name,
            source: None,
            bundle: &bundle,
        };
        let sha256 = bytes.measured().sha256();
        heard = statement::hear(&[shown], artifact, sha256, policy, request.now)
            .map_err(|it| it.refusal(artifact))?;
    }
    for key in &policy.keys {
        for scheme in key.key.schemes() {
            let Some(document) = beside(&request.file, scheme.ending())? else {
                continue;
            };
            let said = signature::verify(&bytes, artifact, *scheme, &document, key, request.now);
            let name = format!("{}{}", artifact.file_name, scheme.ending());
            let said = said.map_err(|it| it.refusal(artifact, &name))?;
            heard.testimonies.extend(said);
        }
    }
    Ok(heard)
}

fn policy(request: &Request) -> Result<Policy, Error> {
    let mut policy = Policy::new(Cooldown::none());
    for (label, PublicKey { kind, text }) in &request.keys {
        let kind = KeyKind::ALL.into_iter().find(|it| it.name() == kind);
        let kind = kind.ok_or_else(|| format!("{label}: no kind of key that is known"))?;
        policy.keys.push(TrustedKey {
            label: label.parse()?,
            key: Key::parse(kind, text.as_bytes())?,
            projects: None,
            place: "the request".to_owned(),
        });
    }
    for (label, keys) in &request.vouchers {
        let keys = keys.iter().map(|it| it.parse());
        policy.sources.push(Source {
            label: label.parse()?,
            keys: keys.collect::<Result<_, _>>()?,
            projects: None,
            criteria: ["looked-at".to_owned()].into(),
            place: "the request".to_owned(),
        });
    }
    let words = request.evidence.iter();
    let words = words.map(|it| Word::parse(it).map(Expression::Word));
    let mut rule = Rule::new(Author::User, None);
    rule.evidence = Some(Stated {
        value: Required {
            expression: Expression::All(words.collect::<Result<_, _>>()?),
            mode: Mode::Require,
        },
        place: "the request".to_owned(),
    });
    policy.add(rule)?;
    Ok(policy)
}

fn beside(file: &Path, ending: &str) -> io::Result<Option<Vec<u8>>> {
    let mut path = file.as_os_str().to_owned();
    path.push(ending);
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

fn name(file: &Path) -> Result<String, Error> {
    let name = file.file_name().and_then(|it| it.to_str());
    Ok(name.ok_or("file has no name in UTF-8")?.to_owned())
}
