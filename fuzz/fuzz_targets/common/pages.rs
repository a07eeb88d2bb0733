//! What holds for every page that parses, whatever it says.

use std::sync::Arc;

use assay_index::page::{Format, Kind, PageContext, parse};
use assay_types::{
    ProjectName, Url,
    listing::{Location, Origin},
};

/// Parses the page as one of `demo` on an index of another host than its files.
pub fn check(format: Format, body: &[u8]) {
    let url: Url = "https://index.example/simple/demo/".parse().expect("a URL");
    let origin = Origin::Index(Arc::new(url.clone()));
    let project: ProjectName = "demo".parse().expect("a name");
    let context = PageContext { url: &url, origin: &origin, project: &project, kind: Kind::Project };
    let Ok(listing) = parse(format, body, context) else {
        return;
    };
    for file in &listing.files {
        let Location::Url(target) = &file.location else {
            panic!("a page led to a path");
        };
        assert_eq!(target.scheme(), "https");
        assert!(target.username().is_empty() && target.password().is_none());
        assert_eq!(target.fragment(), None);
        let here = target.host() == url.host() && target.port() == url.port();
        assert!(here || !file.digests.is_empty());
        assert_eq!(file.name.project(), &project);
        assert!(!file.name.as_str().contains(['/', '\\', '%']));
        assert!(file.metadata.as_ref().is_none_or(|it| !it.is_empty()));
    }
}
