//! A file of which there is a copy: fetched again only where it is another one by now.

use assay_index::{ErrorKind, IndexError, Revision};
use assay_testkit::server::Behaviour;

use crate::support::{Fixture, server};

const PATH: &str = "/set.assay";
const LIMIT: u64 = 100;

fn fixture(body: &[u8]) -> Fixture {
    Fixture::new(server().page(PATH, "application/octet-stream", body))
}

fn fetch(fixture: &Fixture, etag: Option<&str>) -> Result<Revision, IndexError> {
    let url = fixture.server.url(PATH);
    let url = fixture.client.foreign_url(&url).unwrap();
    fixture.client.fetch_revision(&url, etag, LIMIT)
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let it = fixture(b"statements");
    let Revision::Other { bytes, etag } = fetch(&it, None).unwrap() else {
        panic!("there is no copy");
    };
    assert_eq!(bytes, b"statements");
    let etag = etag.unwrap();
    assert_eq!(fetch(&it, Some(&etag)).unwrap(), Revision::Same);
    let other = fetch(&it, Some("\"other\"")).unwrap();
    assert!(matches!(other, Revision::Other { .. }));
}

#[test]
fn whatever_is_not_the_file_is_an_error() {
    for status in [204, 304, 403, 404, 410, 500] {
        let page = server().page(PATH, "text/plain", b"x");
        let it = Fixture::new(page.behave(PATH, Behaviour::Status(status)));
        let error = fetch(&it, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed, "{status}");
    }
    assert!(fetch(&fixture(&[7; 100]), None).is_ok());
    let longer = fetch(&fixture(&[7; 101]), None).unwrap_err();
    assert!(longer.is_too_large());
}
