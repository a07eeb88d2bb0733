use assay_types::metadata::{Description, LIMIT, Metadata, MetadataError};
use assay_types::wheel_info::WheelInfo;
use proptest::prelude::*;

use crate::generate;

const HEAD: &str = "Metadata-Version: 2.1\nName: Foo.Bar\nVersion: 1.0\n";

fn parse(rest: &str) -> Result<Metadata, MetadataError> {
    Metadata::parse(format!("{HEAD}{rest}").as_bytes())
}

#[track_caller]
fn check_refused(text: &str, field: &str, why: &str) {
    let error = Metadata::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("{field}: ")),
        "{text:?}: {error}"
    );
    assert!(error.contains(why), "{text:?}: {error}");
}

#[test]
fn the_fields_of_an_installer_are_read() {
    let metadata = parse(
        "Requires-Python: >=3.8,\nrequires-dist: a (>=1.0)\r\nRequires-Dist: b; extra == 'x'\n\
         Provides-Extra: X_y\nProvides-Extra: no name\nRequires: old\nProvides: older\nClassifier: z\n\nRequires-Dist: !\n",
    )
    .unwrap();
    assert_eq!(
        (metadata.name.as_ref(), metadata.display_name.as_str()),
        ("foo-bar", "Foo.Bar")
    );
    assert_eq!(metadata.requires_python.unwrap().to_string(), ">=3.8");
    assert_eq!(metadata.requires_dist.len(), 2);
    assert_eq!(metadata.requires_dist[0].to_string(), "a>=1.0");
    assert_eq!(metadata.provides_extra.len(), 1);
    assert_eq!(metadata.provides_extra[0].as_ref(), "x-y");
    assert_eq!(metadata.metadata_version, "2.1");
}

#[test]
fn the_three_that_identify_occur_once() {
    for (text, field, why) in [
        ("Metadata-Version: 2.1\nName: a\n", "Version", "missing"),
        ("Metadata-Version: 2.1\nVersion: 1\n", "Name", "missing"),
        ("Name: a\nVersion: 1\n", "Metadata-Version", "missing"),
        (
            "Metadata-Version: 2.1\nName: a\nname: b\nVersion: 1\n",
            "Name",
            "more than once",
        ),
        (
            "Metadata-Version: 2.1\nName: a\nVersion: 1\nVersion: 1\n",
            "Version",
            "more than once",
        ),
        (
            "Metadata-Version: 2.1\n\nName: a\nVersion: 1\n",
            "Name",
            "missing",
        ),
        (
            "Metadata-Version: 2.1\nName: a b\nVersion: 1\n",
            "Name",
            "not a project's name",
        ),
        (
            "Metadata-Version: 2.1\nName:\nVersion: 1\n",
            "Name",
            "not a project's name",
        ),
        (
            "Metadata-Version: 2.1\nName: a\u{1b}[m\nVersion: 1\n",
            "Name",
            "control",
        ),
        (
            "Metadata-Version: 2.1\nName: a\n b\nVersion: 1\n",
            "Name",
            "control",
        ),
        (
            "Metadata-Version: 2.1\nName: a\nVersion: one\n",
            "Version",
            "not a version",
        ),
    ] {
        check_refused(text, field, why);
    }
    assert!(parse("").is_ok());
}

#[test]
fn an_unknown_major_version_is_refused_and_a_minor_one_is_not() {
    let with = |version: &str| {
        Metadata::parse(format!("Metadata-Version: {version}\nName: a\nVersion: 1\n").as_bytes())
    };
    for accepted in ["1.0", "1.2", "2.0", "2.5", "2.99"] {
        assert!(with(accepted).is_ok(), "{accepted}");
    }
    for refused in ["3.0", "0.9", "10.0", "2", "2.", "2.x", "v2.1", "2.1.1", ""] {
        assert!(with(refused).is_err(), "{refused}");
    }
}

#[test]
fn a_malformed_requirement_is_an_error_that_names_it() {
    for (header, named) in [
        ("Requires-Dist: a b", "Requires-Dist: \"a b\""),
        ("Requires-Dist: a\u{1b}[31m", "Requires-Dist: "),
        ("Requires-Dist: a\n >=1", "Requires-Dist: "),
        ("Requires-Python: >=3.6.*", "Requires-Python: \">=3.6.*\""),
        ("Requires-Python: 3", "Requires-Python: \"3\""),
        (
            "Requires-Python: >=3\nRequires-Python: >=2",
            "Requires-Python: it occurs",
        ),
    ] {
        let error = parse(&format!("{header}\n")).unwrap_err().to_string();
        assert!(error.starts_with(named), "{header}: {error}");
    }
}

#[test]
fn headers_are_headers() {
    for (rest, why) in [
        ("no colon\n", "line 4"),
        (": no name\n", "line 4"),
        ("Na me: x\n", "line 4"),
        ("Nämé: x\n", "line 4"),
    ] {
        let error = parse(rest).unwrap_err().to_string();
        assert!(error.contains(why), "{rest:?}: {error}");
    }
    assert!(Metadata::parse(b" folded: first\n").is_err());
    assert!(parse("X: a\n b\n\tc\r\nY:\n\nbody without colon\n").is_ok());
    assert_eq!(
        Metadata::parse(b"Name: \xff\n"),
        Err(MetadataError::NotUtf8)
    );
    assert_eq!(
        Metadata::parse(&vec![b'a'; LIMIT + 1]),
        Err(MetadataError::TooLarge)
    );
}

#[test]
fn a_description_takes_the_newer_field_and_the_labelled_url() {
    let parse = |text: &str| Description::parse(text.as_bytes()).unwrap();
    let description = parse(
        "Summary: s\nAuthor: a\nAuthor-email: e\nLicense: long text\nLicense-Expression: MIT\n\
         Project-URL: Source, https://example.com/s\nProject-URL: Home Page , https://example.com\n",
    );
    assert_eq!(description.home_page, "https://example.com");
    assert_eq!(description.license, "MIT");
    assert_eq!(
        (
            description.author.as_str(),
            description.author_email.as_str()
        ),
        ("a", "e")
    );
    assert_eq!(description.summary, "s");
    assert_eq!(
        parse("Home-page: h\nProject-URL: homepage, x\n").home_page,
        "h"
    );
    assert_eq!(parse("License: BSD\n").license, "BSD");
    assert_eq!(parse("Name: x\n"), Description::default());
}

#[test]
fn wheel_info_is_of_version_one_or_older() {
    let parse = |text: &str| WheelInfo::parse(text.as_bytes());
    let text = "Wheel-Version: 1.9\nGenerator: x\nRoot-Is-Purelib: TRUE\nTag: py2-none-any\n\
                Tag: py3-none-any\nBuild: 1\n";
    let info = parse(text).unwrap();
    assert_eq!((info.version, info.root_is_purelib), ((1, 9), true));
    assert_eq!(info.tags, ["py2-none-any", "py3-none-any"]);
    assert_eq!(info.build.as_deref(), Some("1"));
    for (wheel_version, purelib) in [
        ("2.0", "true"),
        ("1", "true"),
        ("+1.0", "true"),
        ("1.0", "yes"),
        ("1.0", ""),
    ] {
        let text = format!("Wheel-Version: {wheel_version}\nRoot-Is-Purelib: {purelib}\n");
        assert!(parse(&text).is_err(), "{text}");
    }
    assert!(parse("Wheel-Version: 0.1\nRoot-Is-Purelib: true\n").is_ok());
    assert!(parse("Wheel-Version: 1.0\n").is_err());
    assert!(parse("Wheel-Version: 1.0\nWheel-Version: 1.0\nRoot-Is-Purelib: true\n").is_err());
    assert!(parse("Wheel-Version: 1.0\nRoot-Is-Purelib: false\n").is_ok());
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), rest in "[RN:a\r\n -]{0,40}") {
        let _ = Metadata::parse(&bytes);
        let _ = parse(&rest);
        let _ = WheelInfo::parse(&bytes);
    }
}

#[test]
fn a_value_may_begin_on_the_next_line() {
    let text = "Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist:\n b @ https://files.example.com/b-1-py3-none-any.whl\nRequires-Python:\r\n\t>=3.8\n";
    let metadata = Metadata::parse(text.as_bytes()).unwrap();
    assert_eq!(metadata.requires_dist[0].name.as_ref(), "b");
    assert_eq!(metadata.requires_python.unwrap().len(), 1);
    // In the middle of a requirement pip refuses it, too.
    let text = text.replace("b @ ", "b @\n ");
    assert!(Metadata::parse(text.as_bytes()).is_err());
}
