//! A transparency log: a Merkle tree (RFC 6962, 2.1) with signed promises and checkpoints, as Rekor's
//! first version answers.

use std::sync::Mutex;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{KeyPair, PublicKeyData as _, SigningKey as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::wheel::hex;

/// Since when the keys of a test instance are valid.
pub(super) const BEGIN: &str = "2020-01-01T00:00:00Z";

/// Entries of others, so that a proof of inclusion is never empty.
const FOREIGN: usize = 5;

type Hash = [u8; 32];

pub(super) struct Log {
    key: KeyPair,
    leaves: Mutex<Vec<Hash>>,
}

impl Log {
    pub(super) fn new() -> Self {
        let foreign = (0..FOREIGN).map(|it| leaf(format!("entry {it} of others").as_bytes()));
        Self {
            key: KeyPair::generate().expect("a key"),
            leaves: Mutex::new(foreign.collect()),
        }
    }

    /// For `tlogs` of a trusted root.
    pub(super) fn trusted(&self) -> Value {
        trusted_key("https://rekor.example.com", &self.key)
    }

    /// Takes an entry of kind `dsse` at a moment, in seconds since 1970, and gives the proof of it.
    pub(super) fn append(&self, body: &[u8], seconds: u64) -> Value {
        let mut leaves = self.leaves.lock().expect("another test panicked");
        let index = leaves.len();
        leaves.push(leaf(body));
        let root = root(&leaves);
        json!({
            "logIndex": index.to_string(),
            "logId": { "keyId": base64(&self.id()) },
            "kindVersion": { "kind": "dsse", "version": "0.0.1" },
            "integratedTime": seconds.to_string(),
            "inclusionPromise": {
                "signedEntryTimestamp": base64(&self.promise(body, index, seconds)),
            },
            "inclusionProof": {
                "logIndex": index.to_string(),
                "rootHash": base64(&root),
                "treeSize": leaves.len().to_string(),
                "hashes": path(index, &leaves).iter().map(|it| base64(it)).collect::<Vec<_>>(),
                "checkpoint": { "envelope": self.checkpoint(leaves.len(), &root) },
            },
            "canonicalizedBody": base64(body),
        })
    }

    fn id(&self) -> Hash {
        Sha256::digest(self.key.subject_public_key_info()).into()
    }

    /// The signed entry timestamp: over canonical JSON, which is why the keys are in this order.
    fn promise(&self, body: &[u8], index: usize, seconds: u64) -> Vec<u8> {
        let (body, id) = (base64(body), hex(&self.id()));
        let text = format!(
            r#"{{"body":"{body}","integratedTime":{seconds},"logID":"{id}","logIndex":{index}}}"#
        );
        sign(&self.key, text.as_bytes())
    }

    /// A signed note: the tree's head, and a signature after the first bytes of the key's id.
    fn checkpoint(&self, size: usize, root: &Hash) -> String {
        let head = format!("rekor.example.com - 1\n{size}\n{}\n", base64(root));
        let signature = sign(&self.key, head.as_bytes());
        let signature = base64(&[&self.id()[..4], &signature].concat());
        format!("{head}\n\u{2014} rekor.example.com {signature}\n")
    }
}

/// A log's key for a trusted root.
pub(super) fn trusted_key(url: &str, key: &KeyPair) -> Value {
    let der = key.subject_public_key_info();
    json!({
        "baseUrl": url,
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": base64(&der),
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
            "validFor": { "start": BEGIN },
        },
        "logId": { "keyId": base64(&Sha256::digest(&der)) },
    })
}

pub(super) fn sign(key: &KeyPair, message: &[u8]) -> Vec<u8> {
    key.sign(message).expect("a key that signs")
}

pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn leaf(body: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(body)
        .finalize()
        .into()
}

fn node(left: Hash, right: Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The head of a tree with at least one leaf.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(root(left), root(right))
        }
    }
}

/// The nodes beside the way from a leaf to the head, nearest first.
fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let split = split(leaves.len());
    let (left, right) = leaves.split_at(split);
    let (mut path, beside) = if index < split {
        (path(index, left), root(right))
    } else {
        (path(index - split, right), root(left))
    };
    path.push(beside);
    path
}

/// The largest power of two below the number of leaves.
fn split(count: usize) -> usize {
    count.next_power_of_two() / 2
}
