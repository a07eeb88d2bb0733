//! A statement as JSON: in-toto's Statement v1.
//!
//! in-toto lets members that are not known pass. Here they make another statement: what a later kind
//! might limit or take back is not read past.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use assay_types::{Sha256, Timestamp};

use super::{
    draft::Statement,
    kinds::{CERTIFIES, DENIES, OBSERVES, PUBLISHES, Predicate, REBUILT, Subject, Times, VOUCHES},
    strict, text,
};
use crate::signature::{Rejection, Rule, object::Object};

pub(super) const TYPE: &str = "https://in-toto.io/Statement/v1";

impl Statement {
    /// Its JSON: what an envelope carries. The same statement has the same bytes.
    ///
    /// # Panics
    /// Never: what it holds can be written as JSON.
    pub fn payload(&self) -> Vec<u8> {
        let times = self.times();
        match self.predicate() {
            Predicate::Publishes(it) => self.written(it, times),
            Predicate::Vouches(it) => self.written(it, times),
            Predicate::Observes(it) => self.written(it, times),
            Predicate::Rebuilt(it) => self.written(it, times),
            Predicate::Certifies(it) => self.written(it, times),
            Predicate::Denies(it) => self.written(it, times),
        }
    }

    fn written<P: Serialize>(&self, predicate: &P, times: Times) -> Vec<u8> {
        let subjects = self.subjects().iter().map(|it| {
            Object(SubjectWire {
                name: it.name.clone(),
                digest: Object(DigestWire { sha256: it.sha256 }),
            })
        });
        let wire = Wire {
            kind: TYPE.to_owned(),
            subject: subjects.collect(),
            predicate_type: self.predicate().uri().to_owned(),
            predicate: Timed {
                predicate,
                issued: times.issued.to_string(),
                expires: times.expires.map(|it| it.to_string()),
            },
        };
        serde_json::to_vec(&wire).expect("texts in lists have a JSON form")
    }

    /// Reads what [`Self::payload`] writes; other JSON of the same meaning too.
    pub fn parse(payload: &[u8]) -> Result<Self, Rejection> {
        Self::of_value(strict::value(payload).map_err(malformed)?)
    }

    pub(super) fn of_value(statement: Value) -> Result<Self, Rejection> {
        let Object(wire): Object<Wire<Value>> =
            serde_json::from_value(statement).map_err(malformed)?;
        if wire.kind != TYPE {
            return Err(malformed(format!("its type is {}, not {TYPE}", wire.kind)));
        }
        let subjects = wire.subject.into_iter().map(|Object(it)| Subject {
            name: it.name,
            sha256: it.digest.0.sha256,
        });
        let mut said = wire.predicate;
        let times = take_times(&mut said)?;
        let predicate = match wire.predicate_type.as_str() {
            PUBLISHES => read(said).map(Predicate::Publishes),
            VOUCHES => read(said).map(Predicate::Vouches),
            OBSERVES => read(said).map(Predicate::Observes),
            REBUILT => read(said).map(Predicate::Rebuilt),
            CERTIFIES => read(said).map(Predicate::Certifies),
            DENIES => read(said).map(Predicate::Denies),
            other => Err(malformed(format!("its kind {other} is not known"))),
        }?;
        Self::new(subjects.collect(), predicate, times)
    }
}

fn read<T: DeserializeOwned>(predicate: Value) -> Result<T, Rejection> {
    serde_json::from_value(predicate).map_err(malformed)
}

/// Every predicate has them.
fn take_times(predicate: &mut Value) -> Result<Times, Rejection> {
    let mut take = |name: &str| predicate.as_object_mut().and_then(|it| it.remove(name));
    let read = |it: Value| text::deserialize::<Timestamp, _>(it).map_err(malformed);
    let issued = take("issued").ok_or_else(|| malformed("it does not say when it was issued"))?;
    let expires = take("expires").map(read).transpose()?;
    Ok(Times {
        issued: read(issued)?,
        expires,
    })
}

fn malformed(error: impl std::fmt::Display) -> Rejection {
    Rejection::new(Rule::Statement, format!("is no statement: {error}"))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<P> {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Object<SubjectWire>>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: P,
}

#[derive(Serialize)]
struct Timed<'a, P> {
    #[serde(flatten)]
    predicate: &'a P,
    issued: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectWire {
    name: String,
    digest: Object<DigestWire>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DigestWire {
    #[serde(with = "text")]
    sha256: Sha256,
}
