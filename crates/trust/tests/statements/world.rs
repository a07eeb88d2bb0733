//! A user who listens to some, and a file.

use std::sync::Arc;

use assay_trust::{
    Artifact, Author, Claim, Cooldown, Expression, Heard, Mode, Moment, Policy, ProjectPattern,
    Required, Rule, Source, Stated, TrustedKey, Word, sha256,
    signature::{self, Key, KeyKind, RawKey},
    statement::{
        Against, Base, Bundle, Envelope, Installed, Misheard, Release, Shown, Statement, Subject,
        Times, Vouch, denials, hear, key_id, pae,
    },
};
use assay_types::{Sha256, Timestamp, listing::Origin};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

pub const NOW: &str = "2026-11-20T12:00:00Z";
pub const NAME: &str = "demo-1.0-py3-none-any.whl";
pub const BYTES: &[u8] = b"the bytes of a wheel";

/// Somebody with an Ed25519 key: the same for the same name.
pub struct Person {
    pair: Ed25519KeyPair,
}

pub fn person(name: &str) -> Person {
    let pair = Ed25519KeyPair::from_seed_unchecked(&sha256(name.as_bytes()).0).unwrap();
    Person { pair }
}

impl Person {
    pub fn raw(&self) -> RawKey {
        RawKey::Ed25519(self.pair.public_key().as_ref().try_into().unwrap())
    }

    pub fn sign(&self, statement: &Statement) -> String {
        self.sign_payload(statement.payload())
    }

    pub fn sign_payload(&self, payload: impl Into<Vec<u8>>) -> String {
        let payload = payload.into();
        let signature = self.pair.sign(&pae(&payload)).as_ref().to_vec();
        Envelope::new(payload, key_id(&self.raw()), signature).to_line()
    }
}

/// The key of [`person`] by that name, as a policy file has it.
pub fn trusted(name: &str) -> TrustedKey {
    let spki = BASE64_STANDARD.encode(person(name).raw().spki());
    TrustedKey {
        label: name.parse().unwrap(),
        key: Key::parse(KeyKind::Ed25519, spki.as_bytes()).unwrap(),
        projects: None,
        place: "assay.toml:2:1".to_owned(),
    }
}

pub fn only(patterns: &[&str]) -> Option<Vec<ProjectPattern>> {
    let patterns = patterns.iter();
    Some(
        patterns
            .map(|it| ProjectPattern::parse(it).unwrap())
            .collect(),
    )
}

/// What lies where, and who is asked about what.
pub struct World {
    pub policy: Policy,
    pub artifact: Artifact,
    pub sha256: Sha256,
    pub moment: Moment,
    pub beside: Vec<String>,
    pub sets: Vec<(&'static str, Vec<String>)>,
}

/// The key `release` publishes; `team` are `alice` and `bob`, `others` is `carol`.
pub fn world() -> World {
    let mut policy = Policy::new(Cooldown::none());
    policy.keys = ["release", "alice", "bob", "carol"].map(trusted).to_vec();
    policy.sources = vec![
        source("team", &["alice", "bob"]),
        source("others", &["carol"]),
    ];
    let required = Required {
        expression: Expression::Word(Word::Key("release".parse().unwrap())),
        mode: Mode::Require,
    };
    let mut rule = Rule::new(Author::User, None);
    rule.evidence = Some(Stated {
        value: required,
        place: "assay.toml:9:1".to_owned(),
    });
    policy.add(rule).unwrap();
    World {
        policy,
        artifact: Artifact {
            project: "demo".parse().unwrap(),
            version: "1.0".parse().unwrap(),
            file_name: NAME.to_owned(),
            origin: Origin::Index(Arc::new("https://index.example/simple/".parse().unwrap())),
            size: None,
        },
        sha256: sha256(BYTES),
        moment: at(NOW).into(),
        beside: Vec::new(),
        sets: Vec::new(),
    }
}

pub fn source(label: &str, keys: &[&str]) -> Source {
    Source {
        label: label.parse().unwrap(),
        keys: keys.iter().map(|it| it.parse().unwrap()).collect(),
        projects: None,
        criteria: ["looked-at".to_owned()].into(),
        place: "assay.toml:5:1".to_owned(),
    }
}

impl World {
    pub fn beside(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.beside.extend(lines);
        self
    }

    pub fn set(mut self, source: &'static str, lines: impl IntoIterator<Item = String>) -> Self {
        self.sets.push((source, lines.into_iter().collect()));
        self
    }

    pub fn key(&mut self, label: &str) -> &mut TrustedKey {
        let label = label.parse().unwrap();
        let mut keys = self.policy.keys.iter_mut();
        keys.find(|it| it.label == label).unwrap()
    }

    pub fn hear(&self) -> Result<Heard, Misheard> {
        let (artifact, policy) = (&self.artifact, &self.policy);
        self.showing(|shown| hear(shown, artifact, self.sha256, policy, self.moment))
    }

    /// Who denies demo 1.0, where it is installed from these bytes.
    pub fn denials(&self, sha256: Option<Sha256>) -> Result<Vec<String>, signature::Rule> {
        let installed = Installed {
            project: &self.artifact.project,
            version: &self.artifact.version,
            sha256,
        };
        let denials = self.showing(|shown| denials(shown, installed, &self.policy, self.moment));
        let line = |it: Against| format!("no: {} ({})", it.reason, it.by);
        match denials {
            Ok(all) => Ok(all.into_iter().map(line).collect()),
            Err(misheard) => Err(misheard.rejection.rule),
        }
    }

    fn showing<T>(&self, ask: impl FnOnce(&[Shown<'_>]) -> T) -> T {
        let bundle = |lines: &[String]| Bundle::parse(lines.join("\n").as_bytes()).unwrap();
        let beside = bundle(&self.beside);
        let sets = self.sets.iter();
        let sets: Vec<_> = sets
            .map(|(source, lines)| (source.parse().unwrap(), bundle(lines)))
            .collect();
        let mut shown = vec![Shown {
            document: "demo-1.0-py3-none-any.whl.assay",
            source: None,
            bundle: &beside,
        }];
        shown.extend(sets.iter().map(|(source, bundle)| Shown {
            document: "the set",
            source: Some(source),
            bundle,
        }));
        ask(&shown)
    }

    /// The words that are met, and who denies; or the rule that is broken.
    pub fn words(&self) -> Result<Vec<String>, signature::Rule> {
        let heard = self.hear().map_err(|it| {
            println!("{}: {}", it.document, it.rejection);
            it.rejection.rule
        })?;
        let words = heard.testimonies.iter().map(|it| {
            assert_eq!(it.sha256(), self.sha256);
            match it.claim() {
                Claim::Supports(word) => word.to_string(),
                Claim::Denies { by, reason } => format!("no: {reason} ({by})"),
                Claim::Abstains => panic!("a statement says something"),
            }
        });
        Ok(words.collect())
    }

    /// That nothing is heard, and why not.
    pub fn silence(&self) -> String {
        let heard = self.hear().unwrap();
        assert_eq!(heard.testimonies, []);
        [heard.trouble, heard.absent].concat().join("\n")
    }
}

pub fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub fn since(issued: &str) -> Times {
    Times {
        issued: at(issued),
        expires: None,
    }
}

pub fn recently() -> Times {
    since("2026-11-19T00:00:00Z")
}

pub fn until(expires: &str) -> Times {
    Times {
        expires: Some(at(expires)),
        ..recently()
    }
}

pub fn file() -> Subject {
    named(NAME, sha256(BYTES))
}

pub fn named(name: &str, sha256: Sha256) -> Subject {
    let name = name.to_owned();
    Subject { name, sha256 }
}

pub fn release(version: &str) -> Release {
    Release {
        project: "demo".parse().unwrap(),
        version: version.parse().unwrap(),
    }
}

pub fn published() -> Statement {
    Statement::publishes(file(), release("1.0"), recently()).unwrap()
}

/// That somebody looked at demo of that version.
pub fn looked(version: &str) -> Vouch {
    Vouch {
        project: "demo".parse().unwrap(),
        version: version.parse().unwrap(),
        criteria: ["looked-at".to_owned()].into(),
        notes: None,
        from: None,
    }
}

/// That somebody looked at what differs from another file.
pub fn compared(version: &str, from: &str, bytes: Sha256) -> Vouch {
    let from = Base {
        version: from.parse().unwrap(),
        sha256: bytes,
    };
    Vouch {
        from: Some(from),
        ..looked(version)
    }
}

pub fn vouched() -> Statement {
    Statement::vouches(file(), looked("1.0"), recently()).unwrap()
}
