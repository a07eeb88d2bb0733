//! No page panics, and what is accepted obeys the rules whatever the page says.

use assay_index::page::{Format, Kind, PageContext, parse};
use assay_types::{
    ProjectName, Url,
    listing::{Listing, Location, Origin},
};
use proptest::prelude::*;

fn check(format: Format, body: &[u8]) {
    let url: Url = "https://index.example/simple/demo/".parse().unwrap();
    let origin = Origin::Index(std::sync::Arc::new(url.clone()));
    let project: ProjectName = "demo".parse().unwrap();
    let context = PageContext {
        url: &url,
        origin: &origin,
        project: &project,
        kind: Kind::Project,
    };
    if let Ok(listing) = parse(format, body, context) {
        rules(&listing);
    }
}

fn rules(listing: &Listing) {
    let relations = &listing.relations;
    for url in relations
        .tracks
        .iter()
        .chain(&relations.alternate_locations)
    {
        assert!(relations.malformed.is_none());
        assert!(url.path().ends_with("/demo/"), "{url}");
        assert!(url.username().is_empty() && url.query().is_none() && url.fragment().is_none());
    }
    for file in &listing.files {
        let Location::Url(url) = &file.location else {
            panic!("a path from a page")
        };
        assert_eq!(url.scheme(), "https");
        assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
        let elsewhere = url.host_str() != Some("index.example") || url.port().is_some();
        assert!(!(elsewhere && file.digests.is_empty()), "{url}");
        assert_eq!(file.name.project(), &listing.project);
        if let Some(url) = &file.provenance {
            assert!(listing.announces && url.scheme() == "https");
            assert!(url.username().is_empty() && url.password().is_none());
            assert_eq!(url.fragment(), None);
        }
        assert!(!file.name.as_str().contains(['/', '\\', '%', '\0']));
    }
}

/// Links that are nearly right.
fn href() -> impl Strategy<Value = String> {
    let base = prop_oneof![
        Just("https://index.example/"),
        Just("https://files.example/"),
        Just("//h/"),
        Just("../"),
        Just("http://index.example/"),
        Just("file:///"),
        Just("https://u:p@index.example:444/"),
        Just(""),
    ];
    let name = prop_oneof![
        Just("demo-1.0-py3-none-any.whl"),
        Just("demo-1.tar.gz"),
        Just("a%2Fdemo-1.0-py3-none-any.whl"),
        Just("other-1.0-py3-none-any.whl"),
        Just("demo-1.0%2Bx-py3-none-any.whl"),
        Just("%"),
    ];
    let hash = prop_oneof![
        Just(String::new()),
        Just("#md5=00".into()),
        Just("#sha256=zz".into()),
        Just(format!("#sha256={}", "ab".repeat(32))),
        Just(format!("#egg=x&sha256={}", "ab".repeat(32))),
    ];
    (base, name, hash).prop_map(|(base, name, hash)| format!("{base}{name}{hash}"))
}

/// URLs that PEP 708 nearly allows.
fn claim() -> impl Strategy<Value = String> {
    let root = prop_oneof![
        Just("https://index.example/simple/"),
        Just("HTTPS://Other.example:443/"),
        Just("https://u:p@index.example/"),
        Just("//index.example/"),
        Just("file:///"),
        Just(""),
    ];
    let name = prop_oneof![
        Just("demo/"),
        Just("Demo"),
        Just("other/"),
        Just("demo//"),
        Just("demo/?x"),
        Just("demo/#x"),
        Just("%64emo/"),
        Just(""),
    ];
    (root, name).prop_map(|(root, name)| format!("{root}{name}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(Format::Html, &body);
        check(Format::Json, &body);
    }

    #[test]
    fn any_links(links in proptest::collection::vec((href(), href(), any::<String>()), 0..8)) {
        let tags = links.iter().map(|(href, provenance, text)| {
            format!("<a href=\"{href}\" data-yanked='{text}' data-provenance='{provenance}'>{text}")
        });
        check(Format::Html, tags.collect::<String>().as_bytes());
        let files: Vec<_> = links.iter().map(|(href, provenance, text)| serde_json::json!({
            "url": href, "filename": href.rsplit(['/', '#']).next(), "yanked": text, "size": text.len(),
            "hashes": {"sha256": href.rsplit('=').next()}, "requires-python": text, "provenance": provenance,
        })).collect();
        let page = serde_json::json!({"meta": {"api-version": "1.0"}, "name": "demo", "files": files});
        check(Format::Json, page.to_string().as_bytes());
    }

    #[test]
    fn any_claims(tracks in proptest::collection::vec(claim(), 0..3), others in proptest::collection::vec(claim(), 0..3)) {
        let tag = |name: &str, url: &String| format!("<meta name='pypi:{name}' content='{url}'>");
        let tracked = tracks.iter().map(|it| tag("tracks", it));
        let tags: String = tracked.chain(others.iter().map(|it| tag("alternate-locations", it))).collect();
        check(Format::Html, tags.as_bytes());
        let page = serde_json::json!({
            "meta": {"api-version": "1.2", "tracks": tracks}, "alternate-locations": others, "files": [],
        });
        check(Format::Json, page.to_string().as_bytes());
    }
}
