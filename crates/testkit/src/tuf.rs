//! A TUF repository that lists a `trusted_root.json`, as Sigstore's does; honest, and as old or as new
//! as a test wants it. Keys are made anew each time, and signatures are rcgen's (ring's) work.

use std::collections::BTreeMap;

use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData as _, SigningKey as _};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Long after any test's now.
const NEVER: &str = "2100-01-01T00:00:00Z";
/// What stands for a key in the metadata; TUF lets whoever signs choose that.
const ONLINE: &str = "online";

/// What the repository says, with the keys to sign it.
pub struct TufRepository {
    /// The key of each root; the first is version 1.
    roots: Vec<KeyPair>,
    online: KeyPair,
    /// Version of timestamp, snapshot and targets.
    pub version: u64,
    /// When a role expires; those that are not named never do.
    pub expires: BTreeMap<&'static str, String>,
    /// The text of `trusted_root.json`.
    pub target: String,
}

impl TufRepository {
    /// Version 1 of everything.
    pub fn new(target: &str) -> Self {
        Self {
            roots: vec![new_key()],
            online: new_key(),
            version: 1,
            expires: BTreeMap::new(),
            target: target.to_owned(),
        }
    }

    /// A next root with another key, signed by the one before as well.
    pub fn rotate(&mut self) {
        self.roots.push(new_key());
    }

    /// The root to start from.
    pub fn first_root(&self) -> Vec<u8> {
        self.root(0)
    }

    /// Everything that is served, by path below the base.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let version = self.version;
        let target = self.target.as_bytes();
        let listed = json!({ "length": target.len(), "hashes": { "sha256": sha256(target) } });
        let targets = self.role(
            "targets",
            json!({ "targets": { "trusted_root.json": listed } }),
        );
        let snapshot = self.role("snapshot", meta("targets.json", version, &targets));
        let timestamp = self.role("timestamp", meta("snapshot.json", version, &snapshot));
        let roots = self.roots.iter().enumerate();
        let mut files: BTreeMap<_, _> = roots
            .map(|(index, _)| (format!("{}.root.json", index + 1), self.root(index)))
            .collect();
        files.insert("timestamp.json".to_owned(), timestamp);
        files.insert(format!("{version}.snapshot.json"), snapshot);
        files.insert(format!("{version}.targets.json"), targets);
        let name = format!("targets/{}.trusted_root.json", sha256(target));
        files.insert(name, target.to_owned());
        files
    }

    fn root(&self, index: usize) -> Vec<u8> {
        let id = format!("root {index}");
        let role = |id: &str| json!({ "keyids": [id], "threshold": 1 });
        let content = json!({
            "version": index + 1,
            "consistent_snapshot": true,
            "keys": { ONLINE: public(&self.online), &id: public(&self.roots[index]) },
            "roles": {
                "root": role(&id),
                "timestamp": role(ONLINE),
                "snapshot": role(ONLINE),
                "targets": role(ONLINE),
            },
        });
        let before = index.checked_sub(1).map(|it| (format!("root {it}"), it));
        let signers = [(id, index)].into_iter().chain(before);
        let signers: Vec<_> = signers.map(|(id, it)| (id, &self.roots[it])).collect();
        self.signed("root", content, &signers)
    }

    fn role(&self, name: &'static str, mut content: Value) -> Vec<u8> {
        content["version"] = self.version.into();
        self.signed(name, content, &[(ONLINE.to_owned(), &self.online)])
    }

    fn signed(&self, name: &str, mut content: Value, signers: &[(String, &KeyPair)]) -> Vec<u8> {
        content["_type"] = name.into();
        content["spec_version"] = "1.0.31".into();
        let expires = self.expires.get(name).map_or(NEVER, String::as_str);
        content["expires"] = expires.into();
        // Sorted keys, no spaces and nothing to escape: TUF's canonical form.
        let text = content.to_string();
        let signatures: Vec<Value> = signers
            .iter()
            .map(|(id, key)| json!({ "keyid": id, "sig": hex(&sign(key, text.as_bytes())) }))
            .collect();
        let whole = json!({ "signed": content, "signatures": signatures });
        whole.to_string().into_bytes()
    }
}

fn new_key() -> KeyPair {
    KeyPair::generate_for(&PKCS_ED25519).expect("a key")
}

fn sign(key: &KeyPair, bytes: &[u8]) -> Vec<u8> {
    key.sign(bytes).expect("a signature")
}

fn public(key: &KeyPair) -> Value {
    let value = json!({ "public": hex(key.der_bytes()) });
    json!({ "keytype": "ed25519", "scheme": "ed25519", "keyval": value })
}

fn meta(name: &str, version: u64, file: &[u8]) -> Value {
    let hashes = json!({ "sha256": sha256(file) });
    json!({ "meta": { name: { "version": version, "length": file.len(), "hashes": hashes } } })
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
