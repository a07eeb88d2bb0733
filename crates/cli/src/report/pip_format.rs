//! What pip's two JSON reports have in common: `inspect` and `install --report`, version "1".

use assay_types::{MarkerEnvironment, Url, metadata::FieldValue, requirement::without_credentials};
use serde_json::{Map, Value, json};

use crate::failure::{Failure, Result};

/// The pip whose format is followed. pip's documentation demands the key, and readers compare it
/// with the version in which a field came; that it was not pip stands in `assay_version`.
pub const PIP: &str = "26.3";

/// A whole report.
pub fn document(key: &str, packages: Vec<Value>, markers: &MarkerEnvironment) -> Result<Value> {
    let environment = serde_json::to_value(markers)
        .map_err(|error| Failure::could_not(format!("writing the report: {error}")))?;
    Ok(json!({
        "version": "1",
        "pip_version": PIP,
        "assay_version": env!("CARGO_PKG_VERSION"),
        key: packages,
        "environment": environment,
    }))
}

/// METADATA's fields as the core metadata specification has them in JSON.
pub fn metadata(fields: Vec<(String, FieldValue)>) -> Value {
    let fields = fields.into_iter().map(|(name, value)| {
        let value = match value {
            FieldValue::One(text) => Value::from(text),
            FieldValue::Many(texts) => Value::from(texts),
        };
        (name, value)
    });
    Value::Object(fields.collect())
}

/// What PEP 610 knows of a `direct_url.json`: without credentials, and with both forms of a digest.
pub fn direct_url(json: Value) -> Value {
    const KEYS: [&str; 5] = [
        "url",
        "archive_info",
        "vcs_info",
        "dir_info",
        "subdirectory",
    ];
    let Value::Object(mut json) = json else {
        return json;
    };
    json.retain(|key, value| KEYS.contains(&key.as_str()) && !value.is_null());
    if let Some(Value::String(url)) = json.get_mut("url")
        && let Ok(parsed) = Url::parse(url)
        && parsed.username() != "git"
    {
        *url = without_credentials(&parsed).to_string();
    }
    if let Some(Value::Object(archive)) = json.get_mut("archive_info") {
        both_forms(archive);
    }
    Value::Object(json)
}

/// `hash` is the older form of `hashes`; where one stands, so does the other.
pub fn both_forms(archive: &mut Map<String, Value>) {
    if let Some(Value::Object(hashes)) = archive.get("hashes")
        && let Some((algorithm, Value::String(digest))) = hashes.iter().next()
    {
        let hash = format!("{algorithm}={digest}");
        archive.insert("hash".to_owned(), Value::from(hash));
    } else if let Some(Value::String(hash)) = archive.get("hash")
        && let Some((algorithm, digest)) = hash.split_once('=')
    {
        let hashes = json!({ algorithm: digest });
        archive.insert("hashes".to_owned(), hashes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direct_url_has_both_forms_of_its_digest_and_no_password() {
        let hashes = json!({ "sha256": "00" });
        let both = json!({ "hash": "sha256=00", "hashes": hashes });
        let read = |archive: Value| {
            let json =
                json!({ "url": "https://u:p@a.example/b.whl", "archive_info": archive, "x": 1 });
            direct_url(json)
        };
        let expected = json!({ "url": "https://a.example/b.whl", "archive_info": both });
        assert_eq!(read(json!({ "hashes": hashes })), expected);
        assert_eq!(read(json!({ "hash": "sha256=00" })), expected);
        assert_eq!(read(json!({}))["archive_info"], json!({}));
        let editable = json!({ "url": "file:///a", "dir_info": { "editable": true } });
        assert_eq!(direct_url(editable.clone()), editable);
    }
}
