use serde_json::{Value, json};

use super::*;

/// The form alone: nothing in it would verify.
fn attestation() -> Value {
    let entry = json!({
        "logIndex": "1", "logId": { "keyId": "AAAA" },
        "kindVersion": { "kind": "dsse", "version": "0.0.1" },
        "integratedTime": "1", "canonicalizedBody": "AAAA",
    });
    json!({
        "version": 1,
        "verification_material": { "certificate": "AAAA", "transparency_entries": [entry] },
        "envelope": { "statement": "AAAA", "signature": "AAAA" },
    })
}

fn provenance() -> Value {
    let publisher = json!({ "kind": "Google", "email": "a@example.com", "claims": null });
    json!({
        "version": 1,
        "attestation_bundles": [{ "publisher": publisher, "attestations": [attestation()] }],
    })
}

fn rule(document: &Value) -> Result<usize, Rule> {
    read_text(&document.to_string())
}

fn read_text(text: &str) -> Result<usize, Rule> {
    let read = Provenance::parse(text.as_bytes());
    read.map(|it| it.attestations.len()).map_err(|it| it.rule)
}

fn changed(mut document: Value, pointer: &str, value: Value) -> Result<usize, Rule> {
    *document.pointer_mut(pointer).unwrap() = value;
    rule(&document)
}

#[test]
fn either_document_is_read_and_nothing_else() {
    assert_eq!(rule(&provenance()), Ok(1));
    assert_eq!(rule(&attestation()), Ok(1));
    for text in ["", "{}", "[]", "null", "{\"version\": 1}"] {
        assert_eq!(read_text(text), Err(Rule::Form), "{text}");
    }
    let whole = provenance().to_string();
    assert_eq!(read_text(&whole[..whole.len() - 1]), Err(Rule::Form));
}

#[test]
fn version_is_1_everywhere() {
    for other in [json!(2), json!("1"), json!(1.5), Value::Null] {
        assert_eq!(
            changed(provenance(), "/version", other.clone()),
            Err(Rule::Version)
        );
        let inner = "/attestation_bundles/0/attestations/0/version";
        assert_eq!(
            changed(provenance(), inner, other.clone()),
            Err(Rule::Version)
        );
        assert_eq!(
            changed(attestation(), "/version", other),
            Err(Rule::Version)
        );
    }
}

#[test]
fn lists_hold_something_and_not_too_much() {
    let entries = "/verification_material/transparency_entries";
    let entry = attestation().pointer(entries).unwrap()[0].clone();
    let times = |count| json!(vec![entry.clone(); count]);
    assert_eq!(changed(attestation(), entries, times(0)), Err(Rule::Size));
    assert_eq!(changed(attestation(), entries, times(4)), Ok(1));
    assert_eq!(changed(attestation(), entries, times(5)), Err(Rule::Size));
    let inner = "/attestation_bundles/0/attestations";
    let times = |count| json!(vec![attestation(); count]);
    assert_eq!(changed(provenance(), inner, times(0)), Err(Rule::Size));
    assert_eq!(changed(provenance(), inner, times(2)), Ok(2));
    assert_eq!(changed(provenance(), inner, times(3)), Err(Rule::Size));
    let bundle = provenance()["attestation_bundles"][0].clone();
    let times = |count| json!(vec![bundle.clone(); count]);
    let outer = "/attestation_bundles";
    assert_eq!(changed(provenance(), outer, times(0)), Err(Rule::Size));
    assert_eq!(changed(provenance(), outer, times(2)), Ok(2));
    assert_eq!(changed(provenance(), outer, times(3)), Err(Rule::Size));
}

#[test]
fn a_document_is_no_larger_than_the_limit() {
    let padded = |size: usize| {
        let text = attestation().to_string();
        text.clone() + &" ".repeat(size - text.len())
    };
    assert_eq!(read_text(&padded(Provenance::LARGEST)), Ok(1));
    assert_eq!(read_text(&padded(Provenance::LARGEST + 1)), Err(Rule::Size));
}

#[test]
fn an_attestation_has_the_keys_of_its_version_once() {
    let with = |key: &str, at: &str| {
        let mut document = attestation();
        document.pointer_mut(at).unwrap()[key] = Value::Null;
        rule(&document)
    };
    assert_eq!(with("timestamps", "/verification_material"), Ok(1));
    for at in ["", "/verification_material", "/envelope"] {
        assert_eq!(with("new", at), Err(Rule::Form), "{at}");
    }
    let twice = |key: &str| {
        let text = attestation().to_string();
        text.replacen(
            &format!("\"{key}\":"),
            &format!("\"{key}\":\"AAAA\",\"{key}\":"),
            1,
        )
    };
    for key in ["certificate", "statement", "signature"] {
        assert_eq!(read_text(&twice(key)), Err(Rule::Form), "{key}");
    }
}

#[test]
fn an_index_may_tell_more_but_nothing_twice() {
    let mut more = provenance();
    more["new"] = json!({});
    more["attestation_bundles"][0]["new"] = json!([]);
    assert_eq!(rule(&more), Ok(1));
    let text = provenance().to_string();
    let twice = text.replacen("\"email\":", "\"email\":\"b@example.com\",\"email\":", 1);
    assert_eq!(read_text(&twice), Err(Rule::Form));
}

#[test]
fn bytes_are_standard_base64() {
    let certificate = "/verification_material/certificate";
    for (text, expected) in [
        ("AAA=", Ok(1)),
        ("AAA", Err(Rule::Form)),
        ("A_-A", Err(Rule::Form)),
        ("AA AA", Err(Rule::Form)),
    ] {
        assert_eq!(
            changed(attestation(), certificate, text.into()),
            expected,
            "{text}"
        );
    }
}
