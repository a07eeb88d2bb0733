//! Keys that publish: which file, which key, which project.

use assay_trust::{
    sha256,
    signature::Rule,
    statement::{Statement, Subject},
};

use crate::world::{file, named, only, person, published, recently, release, world};

const OLD: &[u8] = b"the bytes of an older wheel";

#[test]
fn a_key_that_the_rules_name_publishes() {
    let signed = |name: &str| world().beside([person(name).sign(&published())]);
    assert_eq!(signed("release").words().unwrap(), ["key:release"]);
    let heard = signed("release").hear().unwrap();
    assert_eq!(
        heard.testimonies[0].said(),
        "published by a statement of 2026-11-19T00:00:00Z (key:release)"
    );
    assert_eq!((heard.trouble, heard.absent), (Vec::new(), Vec::new()));
    // One of the policy that no rule asks for, and one that nobody knows.
    for other in ["alice", "mallory"] {
        let said = signed(other).silence();
        let line = "demo-1.0-py3-none-any.whl.assay has 1 statement about it by nobody whose word \
                    counts for demo";
        match other {
            // A key of a source is heard, and that it publishes means nothing.
            "alice" => assert_eq!(said, ""),
            _ => assert_eq!(said, line),
        }
    }
}

#[test]
fn django_s_key_says_nothing_of_another_project() {
    let mut world = world().beside([person("release").sign(&published())]);
    world.key("release").projects = only(&["demo", "demo-*"]);
    assert_eq!(world.words().unwrap(), ["key:release"]);
    world.key("release").projects = only(&["django"]);
    assert_eq!(
        world.silence(),
        "key:release may not speak for demo (assay.toml:2:1)"
    );
}

#[test]
fn a_set_does_not_speak_for_publishers() {
    let line = person("release").sign(&published());
    let set = world().set("team", [line.clone()]);
    assert!(set.silence().contains("by nobody whose word counts"));
    let both = set.beside([line]);
    assert_eq!(both.words().unwrap(), ["key:release"]);
}

#[test]
fn an_old_statement_is_not_about_other_bytes() {
    let judge = |subject: Subject, version: &str| {
        let statement = Statement::publishes(subject, release(version), recently()).unwrap();
        world().beside([person("release").sign(&statement)])
    };
    assert_eq!(judge(file(), "1.0").words().unwrap(), ["key:release"]);
    assert_eq!(judge(file(), "1.0.0").words().unwrap(), ["key:release"]);
    // The statement of the old version, beside the new one.
    let old = named("demo-0.9-py3-none-any.whl", sha256(OLD));
    let said = judge(old, "0.9").silence();
    assert!(said.contains("1 statement about other files"), "{said}");
    // The name of this file, and other bytes.
    let other = || named(&file().name, sha256(OLD));
    assert_eq!(judge(other(), "1.0").words(), Err(Rule::Subject));
    let lines = [other(), file()].map(|subject| {
        let statement = Statement::publishes(subject, release("1.0"), recently()).unwrap();
        person("release").sign(&statement)
    });
    assert_eq!(world().beside(lines).words().unwrap(), ["key:release"]);
}

#[test]
fn the_same_bytes_under_another_name_are_a_replay() {
    let judge = |name: &str, version: &str| {
        let subject = named(name, file().sha256);
        let statement = Statement::publishes(subject, release(version), recently()).unwrap();
        world().beside([person("release").sign(&statement)]).words()
    };
    assert!(judge("demo-1.0-py3-none-any.whl", "1.0").is_ok());
    // The bytes of 0.9 are offered as 1.0, with what was signed of them.
    assert_eq!(
        judge("demo-0.9-py3-none-any.whl", "0.9"),
        Err(Rule::Subject)
    );
    assert_eq!(
        judge("demo-1.0-py2-none-any.whl", "1.0"),
        Err(Rule::Subject)
    );
    assert_eq!(
        judge("demo-1.0-py3-none-any.whl", "0.9"),
        Err(Rule::Subject)
    );
    let other = assay_trust::statement::Release {
        project: "demo-two".parse().unwrap(),
        ..release("1.0")
    };
    let statement = Statement::publishes(file(), other, recently()).unwrap();
    let world = world().beside([person("release").sign(&statement)]);
    assert_eq!(world.words(), Err(Rule::Subject));
    let said = world.hear().unwrap_err().refusal(&world.artifact).fact;
    assert_eq!(
        said,
        "demo-1.0-py3-none-any.whl.assay line 1 is about these bytes as another release: demo-two 1.0"
    );
}
