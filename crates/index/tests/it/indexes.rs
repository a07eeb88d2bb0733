//! Several indexes and find-links: who wins.

use std::fs;

use assay_index::{Client, ErrorKind, FindLinks, IndexError, Indexes, evidence};
use assay_testkit::server::{Behaviour, IndexServer};
use assay_trust::Evidence;
use assay_types::listing::Listing;
use serde_json::json;

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
        ..Indexes::default()
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
    let shadowed = all.shadowed(&client, &listing);
    assert_eq!(shadowed.len(), 1);
    assert_eq!(shadowed[0].origin, all.main.as_ref().unwrap().origin());
    assert_eq!(shadowed[0].denied, None);
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
fn a_page_that_lists_nothing_leads_nowhere() {
    let Setup { client, _folder } = setup();
    let public = server().wheel(NEWER, b"y").start();
    let page = |body: &str| server().page(PAGE, "text/html", body).start();
    let ask = |private: &IndexServer| indexes(&client, &[private], &public);
    let elsewhere = |to: &str| {
        let redirect = Behaviour::Redirect(format!("HOST{to}"));
        let builder = server().behave(PAGE, redirect);
        let links = "<a href='/reset'>Password?</a>";
        builder.page(to, "text/html", links).start()
    };
    let missing_at = |to: &str| {
        let redirect = Behaviour::Redirect(format!("HOST{to}"));
        server().behave(PAGE, redirect).start()
    };
    for nothing in [
        page(""),
        page("<html>blocked</html>"),
        page("<meta name='pypi:repository-version' content='1.0'>"),
        elsewhere("/login"),
        missing_at("/login"),
        server()
            .json_key("files", json!([]))
            .wheel(DEMO, b"x")
            .start(),
    ] {
        let error = ask(&nothing).listing(&client, &demo()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Trust);
        assert!(error.to_string().contains(&nothing.index_url()), "{error}");
        assert!(error.hint().unwrap().contains("--index-url"));
    }
    assert_eq!(public.requests().len(), 0);

    // These are the project's own pages, with files or a reason for having none.
    let neighbours = [
        page("<a href='ftp://x/demo-1.0-py3-none-any.whl'>"),
        page("<meta name='pypi:project-status' content='quarantined'>"),
        elsewhere("/other/Demo/"),
    ];
    for page in neighbours {
        let listing = ask(&page).listing(&client, &demo()).unwrap().unwrap();
        assert!(listing.files.is_empty());
    }
    assert_eq!(public.requests().len(), 0);

    // A redirect to the project's page under another path may say that there is none.
    let absent = missing_at("/other/demo/");
    let all = ask(&absent);
    assert_eq!(names(all.listing(&client, &demo()).unwrap()), [NEWER]);
}

#[test]
fn a_page_that_lists_nothing_is_only_that_where_no_index_follows() {
    let Setup { client, _folder } = setup();
    let nothing = server().page(PAGE, "text/html", "<html></html>").start();
    let absent = server().start();
    let all = indexes(&client, &[&absent], &nothing);
    assert!(all.listing(&client, &demo()).unwrap().is_none());
}

#[test]
fn an_index_without_files_may_be_helped_out_by_a_folder() {
    let Setup { client, _folder } = setup();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(DEMO), b"bytes").unwrap();
    let marker = "<meta name='pypi:repository-version' content='1.0'>";
    let empty = server().page(PAGE, "text/html", marker).start();
    let public = server().wheel(NEWER, b"y").start();
    let mut all = indexes(&client, &[&empty], &public);
    all.find_links
        .push(FindLinks::path(folder.path(), "--find-links x"));
    assert_eq!(names(all.listing(&client, &demo()).unwrap()), [DEMO]);
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
        .push(FindLinks::path(folder.path(), "--find-links x"));
    let listing = all.listing(&client, &demo()).unwrap().unwrap();
    let [Evidence::Local { named_in }] = &evidence(&listing.files[0])[..] else {
        panic!()
    };
    assert_eq!(named_in, "--find-links x");
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

    all.find_links.push(FindLinks::path(
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
fn a_page_that_lies_here_leads_below_its_folder_or_to_https_with_a_hash() {
    let Setup { client, _folder } = setup();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("pages");
    fs::create_dir_all(folder.join("my wheels")).unwrap();
    fs::write(folder.join("my wheels").join(DEMO), b"bytes").unwrap();
    fs::write(place.path().join(DEMO), b"outside").unwrap();
    let find = |links: &str| {
        let page = folder.join("links.HTML");
        fs::write(&page, links).unwrap();
        let all = Indexes {
            find_links: vec![FindLinks::path(page, "--find-links links.HTML")],
            ..Indexes::default()
        };
        let listing = all.listing(&client, &demo()).unwrap();
        listing.map_or_else(Vec::new, |it| it.files)
    };
    let hash = "a".repeat(64);
    let sha512 = "b".repeat(128);
    let outside = format!("file://{}/{DEMO}", place.path().display());
    for (href, accepted) in [
        (format!("my wheels/{DEMO}"), true),
        (format!("./my%20wheels/../my%20wheels/{DEMO}"), true),
        (format!("my%20wheels/{DEMO}#sha512={sha512}"), true),
        (format!("https://files.example/{DEMO}#sha256={hash}"), true),
        (format!("https://files.example/{DEMO}"), false),
        (format!("http://127.0.0.1/{DEMO}#sha256={hash}"), false),
        (format!("../{DEMO}"), false),
        (format!("..%2F{DEMO}"), false),
        (format!("my%20wheels%2F..%2F..%2F{DEMO}"), false),
        (format!("//other.example/{DEMO}"), false),
        (outside.clone(), false),
        ("other-1.0-py3-none-any.whl".to_owned(), false),
    ] {
        let files = find(&format!("<a href='{href}'></a>"));
        assert_eq!(files.len(), usize::from(accepted), "{href}: {files:?}");
    }
    let based = format!("<base href='{outside}'><a href='{DEMO}'></a>");
    assert!(find(&based).is_empty());

    let file = &find(&format!("<a href='my wheels/{DEMO}#sha512={sha512}'></a>"))[0];
    let [Evidence::Local { named_in }, ..] = &evidence(file)[..] else {
        panic!()
    };
    assert_eq!(named_in, "--find-links links.HTML");
    let staged = client.fetch_file(file, &[], &|_| {}).unwrap();
    assert!(staged.measured().covers(&file.digests));
}

#[test]
fn a_missing_page_is_an_error_and_a_folder_may_be_called_like_one() {
    let Setup { client, _folder } = setup();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("x.html");
    let all = || Indexes {
        find_links: vec![FindLinks::path(&path, "--find-links x.html")],
        ..Indexes::default()
    };
    let missing = all().listing(&client, &demo());
    assert!(matches!(missing, Err(IndexError::Io { .. })));
    fs::create_dir(&path).unwrap();
    fs::write(path.join(DEMO), b"bytes").unwrap();
    assert_eq!(names(all().listing(&client, &demo()).unwrap()), [DEMO]);
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
