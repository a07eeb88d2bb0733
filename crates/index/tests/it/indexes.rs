//! Several indexes and find-links: who wins.

use std::fs;

use assay_index::{Client, FindLinks, IndexError, Indexes, evidence};
use assay_testkit::server::{Behaviour, IndexServer};
use assay_trust::Evidence;
use assay_types::listing::Listing;

use crate::support::{DEMO, PAGE, config, demo, server};

struct Setup {
    client: Client,
    _folder: tempfile::TempDir,
}

fn setup() -> Setup {
    let folder = tempfile::tempdir().unwrap();
    Setup {
        client: Client::new(config(folder.path())).unwrap(),
        _folder: folder,
    }
}

fn indexes(client: &Client, extra: &[&IndexServer], main: &IndexServer) -> Indexes {
    Indexes {
        extra: extra
            .iter()
            .map(|it| client.index(&it.index_url()).unwrap())
            .collect(),
        main: Some(client.index(&main.index_url()).unwrap()),
        find_links: Vec::new(),
    }
}

fn names(listing: Option<Listing>) -> Vec<String> {
    let files = listing.into_iter().flat_map(|it| it.files);
    files.map(|it| it.name.as_str().to_owned()).collect()
}

const NEWER: &str = "demo-9.9-py3-none-any.whl";

#[test]
fn the_first_index_that_has_the_name_wins() {
    let Setup { client, _folder } = setup();
    let (empty, private, public) = (
        server().start(),
        server().wheel(DEMO, b"x").start(),
        server().wheel(NEWER, b"y").start(),
    );
    let all = indexes(&client, &[&empty, &private], &public);
    let listing = all.listing(&client, &demo()).unwrap().unwrap();
    assert_eq!(public.requests().len(), 0);
    assert_eq!(
        all.shadowed(&client, &listing),
        [all.main.as_ref().unwrap().origin()]
    );
    assert_eq!(names(Some(listing)), [DEMO]);

    let all = indexes(&client, &[&empty], &public);
    assert_eq!(names(all.listing(&client, &demo()).unwrap()), [NEWER]);
    assert!(
        all.listing(&client, &"nobody".parse().unwrap())
            .unwrap()
            .is_none()
    );
}

#[test]
fn an_error_never_leads_to_the_next_index() {
    let Setup { client, _folder } = setup();
    let public = server().wheel(NEWER, b"y").start();
    for behaviour in [
        Behaviour::Status(401),
        Behaviour::Status(403),
        Behaviour::Status(500),
        Behaviour::Stall,
        Behaviour::ContentType("text/plain".into()),
    ] {
        let private = server().wheel(DEMO, b"x").behave(PAGE, behaviour).start();
        let all = indexes(&client, &[&private], &public);
        assert!(all.listing(&client, &demo()).is_err());
    }
    assert_eq!(public.requests().len(), 0);
    let private = server().behave(PAGE, Behaviour::Status(404)).start();
    let all = indexes(&client, &[&private], &public);
    assert_eq!(names(all.listing(&client, &demo()).unwrap()), [NEWER]);
}

#[test]
fn a_page_that_lists_nothing_does_not_have_the_name_but_one_of_refused_links_does() {
    let Setup { client, _folder } = setup();
    let public = server().wheel(NEWER, b"y").start();
    let page = |body: &str| server().page(PAGE, "text/html", body).start();
    let nothing = page("<html></html>");
    let all = indexes(&client, &[&nothing], &public);
    assert_eq!(names(all.listing(&client, &demo()).unwrap()), [NEWER]);
    let refused = page("<a href='ftp://x/demo-1.0-py3-none-any.whl'>");
    let all = indexes(&client, &[&refused], &public);
    let listing = all.listing(&client, &demo()).unwrap().unwrap();
    assert!(listing.files.is_empty() && listing.skipped.len() == 1);
}

#[test]
fn a_folder_of_links_is_added_and_local() {
    let Setup { client, _folder } = setup();
    let folder = tempfile::tempdir().unwrap();
    for name in [DEMO, "other-1.0-py3-none-any.whl", "README.txt"] {
        fs::write(folder.path().join(name), b"bytes").unwrap();
    }
    let public = server().wheel(NEWER, b"y").start();
    let mut all = indexes(&client, &[], &public);
    all.find_links
        .push(FindLinks::folder(folder.path(), "--find-links x"));
    let listing = all.listing(&client, &demo()).unwrap().unwrap();
    assert_eq!(
        evidence(&listing.files[0]),
        [Evidence::Local {
            named_in: "--find-links x".to_owned()
        }]
    );
    assert!(client.fetch_file(&listing.files[0], &[], &|_| {}).is_ok());
    assert_eq!(names(Some(listing)), [DEMO, NEWER]);

    // `--no-index`
    all.main = None;
    assert_eq!(names(all.listing(&client, &demo()).unwrap()), [DEMO]);
    assert!(
        all.listing(&client, &"absent".parse().unwrap())
            .unwrap()
            .is_none()
    );

    all.find_links.push(FindLinks::folder(
        folder.path().join("missing"),
        "--find-links x",
    ));
    assert!(matches!(
        all.listing(&client, &demo()),
        Err(IndexError::Io { .. })
    ));
}

#[test]
fn a_page_of_links_is_asked_once() {
    let Setup { client, _folder } = setup();
    let hash = "a".repeat(64);
    let body = format!(
        "<a href='{DEMO}#sha256={hash}'></a><a href='other-2.0-py3-none-any.whl#sha256={hash}'></a>"
    );
    let site = server().page("/links.html", "text/html", body).start();
    let url = client.url(&site.url("/links.html")).unwrap();
    let all = Indexes {
        find_links: vec![FindLinks::page(url)],
        ..Indexes::default()
    };
    let listing = all.listing(&client, &demo()).unwrap().unwrap();
    let [Evidence::Index { digests, .. }] = &evidence(&listing.files[0])[..] else {
        panic!()
    };
    assert!(digests.sha256().is_some());
    assert_eq!(names(Some(listing)), [DEMO]);
    let other = all.listing(&client, &"other".parse().unwrap()).unwrap();
    assert_eq!(names(other).len(), 1);
    assert_eq!(site.requests().len(), 1);

    let gone = client.url(&site.url("/gone.html")).unwrap();
    let all = Indexes {
        find_links: vec![FindLinks::page(gone)],
        ..Indexes::default()
    };
    assert!(all.listing(&client, &demo()).is_err());
}

#[test]
fn a_json_page_of_one_project_may_serve_as_links() {
    let Setup { client, _folder } = setup();
    let site = server().wheel(DEMO, b"x").start();
    let url = client.url(&site.url(PAGE)).unwrap();
    let all = Indexes {
        find_links: vec![FindLinks::page(url)],
        ..Indexes::default()
    };
    assert_eq!(names(all.listing(&client, &demo()).unwrap()), [DEMO]);
    let other = all.listing(&client, &"other".parse().unwrap());
    assert!(other.unwrap().is_none());
}
