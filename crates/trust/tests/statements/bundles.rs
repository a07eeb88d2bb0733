//! The files that envelopes lie in, one a line.

use assay_trust::{
    signature::Rule,
    statement::{Bundle, Envelope},
};
use serde_json::{Value, json};

use crate::world::{person, published, trusted};

fn parse(document: &[u8]) -> Result<usize, Rule> {
    let release = trusted("release");
    let bundle = Bundle::parse(document).map_err(|it| {
        println!("{it}");
        it.rule
    })?;
    Ok(bundle.statements(&[&release]).unwrap().len())
}

fn line() -> String {
    person("release").sign(&published())
}

#[test]
fn a_line_is_an_envelope() {
    let line = line();
    for (good, count) in [
        (String::new(), 0),
        ("\n".to_owned(), 0),
        (line.clone(), 1),
        (format!("{line}\n"), 1),
        (format!("{line}\r\n{line}\r\n"), 2),
        (format!(" {line}\n{line}"), 2),
    ] {
        assert_eq!(parse(good.as_bytes()), Ok(count), "{good}");
    }
    for bad in [
        format!("{line}\n\n"),
        format!("{line}\n\n{line}"),
        format!("\n{line}"),
        format!("{line}{line}"),
        format!("\u{feff}{line}"),
        format!("[{line}]"),
        line[..line.len() - 1].to_owned(),
        "{}".to_owned(),
        "null".to_owned(),
    ] {
        assert_eq!(parse(bad.as_bytes()), Err(Rule::Form), "{bad}");
    }
    let mut latin = line.into_bytes();
    latin.insert(2, 0xe9);
    assert_eq!(parse(&latin), Err(Rule::Form));
}

#[test]
fn an_envelope_has_these_members_and_others_do_not_matter() {
    let changed = |change: fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&line()).unwrap();
        change(&mut value);
        parse(value.to_string().as_bytes())
    };
    assert_eq!(changed(|_| ()), Ok(1));
    // Nobody signs what stands beside the payload, so DSSE has it passed over.
    assert_eq!(changed(|it| it["more"] = json!({ "a": [1] })), Ok(1));
    assert_eq!(
        changed(|it| it["signatures"][0]["cert"] = "a".into()),
        Ok(1)
    );
    for bad in [
        (|it| it["payloadType"] = "application/json".into()) as fn(&mut Value),
        |it| it["payloadType"] = "application/vnd.in-toto+json ".into(),
        |it| drop(it.as_object_mut().unwrap().remove("payloadType")),
        |it| drop(it.as_object_mut().unwrap().remove("payload")),
        |it| drop(it.as_object_mut().unwrap().remove("signatures")),
        |it| it["payload"] = 1.into(),
        |it| it["signatures"][0]["sig"] = Value::Null,
        |it| it["signatures"][0]["keyid"] = Value::Null,
        |it| {
            it["signatures"][0] = json!([it["signatures"][0]["keyid"], it["signatures"][0]["sig"]])
        },
        |it| *it = json!([it["payloadType"], it["payload"], it["signatures"]]),
    ] {
        assert_eq!(changed(bad), Err(Rule::Form));
    }
    let twice = line().replacen('{', r#"{"payload":"","#, 1);
    assert_eq!(parse(twice.as_bytes()), Err(Rule::Form));
}

#[test]
fn base64_has_one_alphabet_and_one_end() {
    let envelope = |payload: &str| {
        let signatures = [json!({ "sig": "" })];
        let payload_type = "application/vnd.in-toto+json";
        let line = json!({
            "payloadType": payload_type, "payload": payload, "signatures": signatures,
        });
        parse(line.to_string().as_bytes())
    };
    for good in ["", "aGk=", "++//"] {
        assert_eq!(envelope(good), Ok(0), "{good}");
    }
    for bad in ["aGk", "aGk=\n", "a Gk=", "--__", "aGl=", "aGk==", "%"] {
        assert_eq!(envelope(bad), Err(Rule::Form), "{bad}");
    }
}

#[test]
fn files_and_lines_have_an_end() {
    let mallory = |payload: Vec<u8>| Envelope::new(payload, String::new(), vec![0; 64]).to_line();
    let of = |length: usize| mallory(vec![b'a'; length]);
    assert!(of(390_000).len() < 512 << 10 && of(395_000).len() > 512 << 10);
    assert_eq!(parse(of(390_000).as_bytes()), Ok(0));
    assert_eq!(parse(of(395_000).as_bytes()), Err(Rule::Size));
    let large = vec![b'\n'; Bundle::LARGEST_SET + 1];
    let fact = |document| Bundle::parse(document).unwrap_err().fact;
    assert_eq!(fact(&large), "is longer than 67108864 bytes");
    assert_eq!(fact(&large[1..]), "has more than 100000 lines");

    let foreign = mallory(br#"{"predicateType":""}"#.to_vec());
    let lines = |count: usize| parse(vec![foreign.as_str(); count].join("\n").as_bytes());
    assert_eq!(lines(5_000), Ok(0));
    assert_eq!(lines(100_001), Err(Rule::Size));
}

#[test]
fn a_set_of_rubbish_is_not_gone_through() {
    let rubbish = Envelope::new(b"{".to_vec(), String::new(), vec![]).to_line();
    let lines = |count: usize| parse(vec![rubbish.as_str(); count].join("\n").as_bytes());
    assert_eq!(lines(16), Ok(0));
    assert_eq!(lines(17), Err(Rule::Form));
}
