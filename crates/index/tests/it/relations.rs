//! PEP 708: which indexes may serve one name together.

use std::net::TcpListener;

use assay_index::{Client, ErrorKind, IndexError, Indexes};
use assay_testkit::server::{Behaviour, Builder, IndexServer, Upload};
use assay_types::listing::{Listing, Status};
use serde_json::{Value, json};

use crate::support::{DEMO, PAGE, config, demo, server};

const NEWER: &str = "demo-9.9-py3-none-any.whl";

/// Two servers, the first of which is asked first, that know each other's address.
struct Pair {
    first: IndexServer,
    second: IndexServer,
    client: Client,
    all: Indexes,
    _folder: tempfile::TempDir,
}

impl Pair {
    /// Each builder gets the URLs of the pages of `demo`: its own, and the other's.
    fn new(
        first: impl FnOnce(&str, &str) -> Builder,
        second: impl FnOnce(&str, &str) -> Builder,
    ) -> Self {
        let place = || TcpListener::bind("127.0.0.1:0").unwrap();
        let page = |it: &TcpListener| format!("http://{}{PAGE}", it.local_addr().unwrap());
        let (one, two) = (place(), place());
        let (page_one, page_two) = (page(&one), page(&two));
        let first = first(&page_one, &page_two).at(one).start();
        let second = second(&page_two, &page_one).at(two).start();
        let folder = tempfile::tempdir().unwrap();
        let client = Client::new(config(folder.path())).unwrap();
        let all = Indexes {
            extra: vec![client.index(&first.index_url()).unwrap()],
            main: Some(client.index(&second.index_url()).unwrap()),
            ..Indexes::default()
        };
        Self {
            first,
            second,
            client,
            all,
            _folder: folder,
        }
    }

    fn listing(&self) -> Result<Listing, IndexError> {
        let listing = self.all.listing(&self.client, &demo())?;
        Ok(listing.unwrap())
    }

    /// The files, and what kept the second index out.
    fn outcome(&self) -> (Vec<String>, Option<String>) {
        let listing = self.listing().unwrap();
        let shadowed = self.all.shadowed(&self.client, &listing);
        assert_eq!(shadowed.len() + listing.joined.len(), 1);
        let files = listing.files.iter().map(|it| it.name.as_str().to_owned());
        let denied = shadowed.into_iter().next().and_then(|it| it.denied);
        (files.collect(), denied)
    }
}

fn tracking(builder: Builder, urls: &[&str]) -> Builder {
    builder.json_key("meta", json!({"api-version": "1.2", "tracks": urls}))
}

fn also_at(builder: Builder, urls: &[&str]) -> Builder {
    builder.json_key("alternate-locations", json!(urls))
}

fn private() -> Builder {
    server().wheel(DEMO, b"private")
}

fn public() -> Builder {
    server().wheel(NEWER, b"public")
}

#[test]
fn an_index_that_tracks_another_is_joined_with_it() {
    let pair = Pair::new(|_, other| tracking(private(), &[other]), |_, _| public());
    let listing = pair.listing().unwrap();
    assert_eq!(listing.files.len(), 2);
    assert_ne!(listing.files[0].origin, listing.files[1].origin);
    assert!(!listing.joined[0].is_mutual);
    let agreed = Pair::new(
        |_, other| tracking(private(), &[other]),
        |_, other| also_at(public(), &[other]),
    );
    assert!(agreed.listing().unwrap().joined[0].is_mutual);
}

#[test]
fn alternate_locations_join_where_both_agree() {
    for (mine, theirs, joined) in [
        (true, true, true),
        (true, false, false),
        (false, true, false),
    ] {
        let say = |yes: bool, builder: Builder, other: &str| match yes {
            true => also_at(builder, &[other]),
            false => builder,
        };
        let pair = Pair::new(
            |_, other| say(mine, private(), other),
            |_, other| say(theirs, public(), other),
        );
        let (files, denied) = pair.outcome();
        assert_eq!(files.len(), if joined { 2 } else { 1 }, "{mine} {theirs}");
        assert_eq!(denied.is_some(), !joined);
    }
}

#[test]
fn a_later_index_cannot_let_itself_in() {
    let pair = Pair::new(
        |_, _| private(),
        |_, other| tracking(also_at(public(), &[other]), &[other]),
    );
    let (files, denied) = pair.outcome();
    assert_eq!(files, [DEMO]);
    assert!(denied.unwrap().contains("the first index does not say so"));
}

#[test]
fn an_owner_who_leaves_the_first_index_out_is_heard() {
    let elsewhere = "https://elsewhere.example/simple/demo/";
    let pair = Pair::new(
        |_, other| tracking(private(), &[other]),
        |_, _| also_at(public(), &[elsewhere]),
    );
    let (files, denied) = pair.outcome();
    assert_eq!(files, [DEMO]);
    assert!(denied.unwrap().contains("leave out the first index"));
}

#[test]
fn the_pages_url_is_named_exactly() {
    for (change, joined) in [
        (|url: &str| url.to_owned(), true),
        (|url: &str| url.replace("demo/", "Demo"), true),
        (|url: &str| url.replace("demo/", ""), false),
        (|url: &str| url.replace("/simple/", "/other/"), false),
        (|url: &str| url.replace("127.0.0.1", "localhost"), false),
        (|url: &str| url.replace("demo", "demo2"), false),
        (|url: &str| url.replace("http:", "https:"), false),
    ] as [(fn(&str) -> String, bool); 7]
    {
        let pair = Pair::new(
            |_, other| tracking(private(), &[&change(other)]),
            |_, _| public(),
        );
        let listing = pair.listing().unwrap();
        assert_eq!(
            !listing.joined.is_empty(),
            joined,
            "{:?}",
            listing.relations
        );
    }
}

#[test]
fn one_malformed_url_makes_all_of_it_count_as_nothing() {
    for spoilt in [
        "no url",
        "https://u:p@x.example/simple/demo/",
        "https://x.example/simple/",
    ] {
        let pair = Pair::new(
            |_, other| tracking(private(), &[other, spoilt]),
            |_, _| public(),
        );
        let (files, denied) = pair.outcome();
        assert_eq!(files, [DEMO], "{spoilt}");
        assert!(denied.unwrap().contains("does not count"));
    }
    for wrong in [
        json!("https://x.example/simple/demo/"),
        json!([1]),
        json!({}),
    ] {
        let broken = private().json_key("alternate-locations", wrong);
        let pair = Pair::new(|_, _| broken, |_, _| public());
        assert!(matches!(pair.listing(), Err(IndexError::Answer { .. })));
    }
    let absent = private().json_key("alternate-locations", Value::Null);
    assert!(Pair::new(|_, _| absent, |_, _| public()).listing().is_ok());
}

#[test]
fn html_says_the_same_in_meta_tags() {
    for (tag, joined) in [("pypi:tracks", true), ("tracks", false)] {
        let head = |other: &str| format!("<meta name='{tag}' content='{other}'>");
        let pair = Pair::new(
            |_, other| private().html_only().html_head(&head(other)),
            |_, _| public(),
        );
        assert_eq!(!pair.listing().unwrap().joined.is_empty(), joined);
    }
    let both = |other: &str| {
        let tag = |url: &str| format!("<meta name=pypi:alternate-locations content='{url}'>");
        format!("{}{}", tag(other), tag("https://third.example/simple/demo"))
    };
    let third = "https://third.example/simple/demo/";
    let pair = Pair::new(
        |_, other| private().html_only().html_head(&both(other)),
        |_, other| also_at(public(), &[third, other]),
    );
    assert!(pair.listing().unwrap().joined[0].is_mutual);
    let many = "<meta name='pypi:tracks' content='https://a.example/simple/demo/'>".repeat(65);
    let pair = Pair::new(
        |_, _| private().html_only().html_head(&many),
        |_, _| public(),
    );
    let relations = pair.listing().unwrap().relations;
    assert!(relations.tracks.is_empty() && relations.malformed.is_some());
}

#[test]
fn one_name_is_one_file() {
    for (theirs, refused) in [(&b"private"[..], false), (&b"other"[..], true)] {
        let pair = Pair::new(
            |_, other| tracking(private(), &[other]),
            |_, _| public().wheel(DEMO, theirs),
        );
        let outcome = pair.listing();
        assert_eq!(outcome.is_err(), refused);
        match outcome {
            Ok(listing) => assert_eq!(listing.files.len(), 2),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Trust);
                assert!(error.to_string().contains(DEMO), "{error}");
            }
        }
    }
    // Without a digest in common there is nothing to compare: the first index's file stands.
    let weak = Upload::new(DEMO, b"other").no_hash();
    let pair = Pair::new(
        |_, other| tracking(private(), &[other]),
        |_, _| public().upload(weak),
    );
    let listing = pair.listing().unwrap();
    let file = listing.files.iter().find(|it| it.name.as_str() == DEMO);
    assert_eq!(file.unwrap().origin, listing.origin);
}

#[test]
fn a_tracked_index_that_fails_stops_and_a_quarantine_counts_for_both() {
    let down = public().behave(PAGE, Behaviour::Status(500));
    let pair = Pair::new(|_, other| tracking(private(), &[other]), |_, _| down);
    assert!(pair.listing().is_err());
    let absent = server();
    let pair = Pair::new(|_, other| tracking(private(), &[other]), |_, _| absent);
    assert!(pair.listing().unwrap().joined.is_empty());
    // Nobody says that they are one: what the second does is its own affair.
    let down = public().behave(PAGE, Behaviour::Status(500));
    let pair = Pair::new(|_, _| private(), |_, _| down);
    assert_eq!(pair.listing().unwrap().files.len(), 1);
    assert_eq!(pair.second.requests().len(), 0);

    let bad = public().json_key("project-status", json!({"status": "quarantined"}));
    let pair = Pair::new(|_, other| tracking(private(), &[other]), |_, _| bad);
    let listing = pair.listing().unwrap();
    assert_eq!(listing.status, Status::Quarantined);
    assert!(
        listing
            .status_reason
            .unwrap()
            .contains(&pair.second.index_url())
    );
    assert_eq!(pair.first.requests().len(), 1);
}
