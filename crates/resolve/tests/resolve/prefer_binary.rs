//! `--prefer-binary`: what has to be built comes behind every wheel, as with pip.

use std::{convert::Infallible, sync::Arc};

use assay_resolve::{Candidate, Prereleases, Project, Source, Trouble, resolve};
use assay_types::{ProjectName, metadata::Metadata};

use crate::{
    select::{formats, page, target},
    world::ask,
};

/// One project and nothing that it requires.
struct Page(Arc<Project>);

impl Source for Page {
    type Error = Infallible;

    fn project(&self, _: &ProjectName) -> Result<Arc<Project>, Infallible> {
        Ok(Arc::clone(&self.0))
    }

    fn metadata(
        &self,
        name: &ProjectName,
        candidate: &Candidate,
    ) -> Result<Arc<Metadata>, Trouble<Infallible>> {
        let version = &candidate.version;
        let text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        Ok(Metadata::parse(text.as_bytes()).unwrap().into())
    }
}

#[track_caller]
fn check(lines: &[&str], wanted: &str, expected: [&str; 2]) {
    let chosen = [false, true].map(|prefer_wheels| {
        let filter = formats(true, assay_resolve::select::Sources::Taken, prefer_wheels);
        let project = assay_resolve::select::project(page(lines), target(), filter);
        let mut request = ask(&[wanted]);
        if wanted.ends_with("rc0") {
            request.prereleases = Prereleases::all();
        }
        let found = resolve(&request, &Page(project.into())).ok();
        found.map(|it| it.pins[0].candidate.version.to_string())
    });
    assert_eq!(
        chosen.each_ref().map(|it| it.as_deref()),
        expected.map(Some)
    );
}

#[test]
fn an_older_wheel_goes_before_a_newer_source_where_wheels_are_preferred() {
    let lines = [
        "a-4.tar.gz",
        "a-3.tar.gz",
        "a-2-py3-none-any.whl",
        "a-1-py3-none-any.whl",
    ];
    check(&lines, "a", ["4", "2"]);
    check(&lines, "a>2", ["4", "4"]);
    check(&lines, "a<4", ["3", "2"]);
    check(&lines, "a==3", ["3", "3"]);
}

#[test]
fn a_source_goes_before_what_is_yanked_or_early() {
    let lines = [
        "a-4-py3-none-any.whl yanked",
        "a-3rc1-py3-none-any.whl",
        "a-2.tar.gz",
    ];
    check(&lines, "a", ["2", "2"]);
    check(&lines, "a>2rc0", ["3rc1", "3rc1"]);
    let early = ["a-2rc1.tar.gz", "a-1rc1-py3-none-any.whl"];
    check(&early, "a", ["2rc1", "1rc1"]);
}
