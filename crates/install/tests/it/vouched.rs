//! Who vouches for a RECORD, and what is told of start-up code.

use std::fs;

use assay_install::{Contradiction, Standing, Unknown, Verdict};

use crate::{
    audit::{audit, clean, furnished, hand_made, replace},
    common::site,
};

#[test]
fn receipt_and_record_must_be_what_the_state_noted() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let info = site(&env).join("a-1.0.dist-info");
    let standing = || audit(&home, &env).distributions[0].standing.clone();
    let check = |expected: Contradiction| {
        assert_eq!(standing(), Standing::Contradicted(expected));
        assert_eq!(audit(&home, &env).verdict(), Verdict::Contradicted);
    };
    for (name, expected) in [
        ("assay.json", Contradiction::ReceiptChanged),
        ("RECORD", Contradiction::RecordChanged),
    ] {
        let whole = fs::read(info.join(name)).unwrap();
        replace(&info.join(name), &[&whole[..], b"\n"].concat());
        check(expected);
        replace(&info.join(name), &whole);
        assert_eq!(standing(), Standing::Vouched);
    }
    let receipt = fs::read(info.join("assay.json")).unwrap();
    fs::remove_file(info.join("assay.json")).unwrap();
    check(Contradiction::ReceiptMissing);
    fs::write(info.join("assay.json"), receipt).unwrap();
    let other = site(&env).join("a-2.0.dist-info");
    fs::rename(&info, &other).unwrap();
    check(Contradiction::OtherVersion("1.0".parse().unwrap()));
    fs::rename(&other, home.path().join("away")).unwrap();
    check(Contradiction::Gone);
    fs::rename(home.path().join("away"), &info).unwrap();
    clean(&home, &env);
    home.uninstall(&env, "a").unwrap();
    assert_eq!(audit(&home, &env).distributions, []);
}

#[test]
fn what_the_state_does_not_know_agrees_with_itself_at_best() {
    let Some((home, env)) = furnished() else {
        return;
    };
    hand_made(&env, "b", &[]);
    let standings = || -> Vec<_> {
        let all = audit(&home, &env).distributions.into_iter();
        all.map(|it| it.standing).collect()
    };
    let nobody = Standing::SelfConsistent;
    assert_eq!(
        standings(),
        [Standing::Vouched, nobody(Unknown::NoInstaller)]
    );
    fs::write(site(&env).join("b-1.0.dist-info/INSTALLER"), "uv\n").unwrap();
    let by_uv = Unknown::OtherInstaller("uv".to_owned());
    assert_eq!(standings()[1], nobody(by_uv));
    fs::write(site(&env).join("b-1.0.dist-info/INSTALLER"), "assay\n").unwrap();
    assert_eq!(standings()[1], nobody(Unknown::NotNoted));

    let lists = home.state().join("receipts");
    let list = fs::read_dir(&lists)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = fs::read_to_string(&list).unwrap();
    // An older assay noted less.
    let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
    old["format"] = 1.into();
    old["receipts"]["a"]
        .as_object_mut()
        .unwrap()
        .remove("record");
    fs::write(&list, old.to_string()).unwrap();
    assert_eq!(standings()[0], Standing::ReceiptOnly);
    fs::write(&list, "{").unwrap();
    let damaged = Unknown::DamagedList("it is no list of receipts");
    assert_eq!(standings()[0], nobody(damaged));
    fs::remove_dir_all(&lists).unwrap();
    assert_eq!(standings()[0], nobody(Unknown::NoList));
}

#[test]
fn start_up_code_is_told_wherever_python_finds_it() {
    let Some((home, env)) = furnished() else {
        return;
    };
    let files: [(&str, &[u8]); 6] = [
        ("b.pth", b"lib\n/elsewhere\nimport b\n"),
        ("b.start", b"b:main\n"),
        ("sitecustomize/__init__.py", b""),
        ("lib/usercustomize.py", b""),
        ("lib/other.py", b""),
        ("b.py", b""),
    ];
    for (path, content) in files {
        let path = site(&env).join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    hand_made(&env, "b", &files);
    let audit = audit(&home, &env);
    assert_eq!(audit.findings, []);
    let names = audit
        .startup
        .iter()
        .map(|it| it.path.rsplit_once("packages/"));
    let names: Vec<_> = names.map(|it| it.unwrap().1).collect();
    let expected = [
        "b.pth",
        "b.start",
        "lib/usercustomize.py",
        "sitecustomize/__init__.py",
    ];
    assert_eq!(names, expected);
    let does = [
        "runs: import b",
        "puts lib on the import path",
        "puts /elsewhere on the import path",
    ];
    assert_eq!(audit.startup[0].does, does);
    let is_outside = |why: &str| why.contains("/elsewhere");
    assert!(audit.not_covered.iter().any(|it| is_outside(&it.why)));
}
