//! Which file of an index page stands for a version.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use assay_resolve::{
    Objection, Project, Why,
    select::{Filter, Formats, Sources, Target, project},
};
use assay_types::{
    Digest, FileName,
    listing::{File, Listing, Location, Origin, Yanked},
    python::{Libc, Python},
    range,
    tags::Tags,
};

use crate::world::{markers, name};

/// A page of `a`; each line is a file name and words: `python=SPEC`, `yanked`, `sha256=XX`,
/// `sha512=XX` (one byte, repeated).
pub fn page(lines: &[&str]) -> Arc<Listing> {
    let origin = Origin::FindLinks("https://files.example.com/".into());
    let files = lines.iter().map(|line| file(line, &origin)).collect();
    Arc::new(Listing::new(name("a"), origin, files))
}

fn file(line: &str, origin: &Origin) -> File {
    let mut words = line.split(' ');
    let file_name = words.next().unwrap();
    let location = Location::Path {
        path: file_name.into(),
        named_in: "the test".into(),
    };
    let parsed = FileName::parse(file_name, &name("a")).unwrap();
    let mut file = File::new(parsed, location, origin.clone());
    for word in words {
        match word.split_once('=') {
            Some(("python", wanted)) => {
                file.requires_python = Some(range::parse(wanted).unwrap());
            }
            Some((algorithm, byte)) => {
                let digest = digest(algorithm, byte);
                let hex = digest.to_string();
                let (_, hex) = hex.split_once(':').unwrap();
                file.digests.insert(algorithm, hex).unwrap();
            }
            None => {
                file.yanked = Some(Yanked {
                    reason: word.to_owned(),
                })
            }
        }
    }
    file
}

fn digest(algorithm: &str, byte: &str) -> Digest {
    let length = if algorithm == "sha512" { 64 } else { 32 };
    Digest::from_parts(algorithm, &byte.repeat(length)).unwrap()
}

/// CPython 3.11 on a recent Linux.
pub fn target() -> Target {
    let python = Python {
        version: "3.11.4".parse().unwrap(),
        markers: markers("3.11.4"),
        implementation: "cpython".to_owned(),
        platform: "linux-x86_64".to_owned(),
        libc: Libc::Glibc(2, 28),
        free_threaded: false,
        pointer_width: 64,
    };
    Target {
        tags: Arc::new(Tags::of(&python)),
        python: python.version,
        ignore_requires_python: false,
    }
}

fn select(lines: &[&str]) -> Project {
    project(page(lines), target(), Filter::default())
}

/// The chosen lines by version, newest first.
#[track_caller]
fn check(lines: &[&str], filter: Filter, expected: &[usize]) {
    let project = project(page(lines), target(), filter);
    let chosen: Vec<_> = project.candidates().map(|it| it.id).collect();
    assert_eq!(chosen, expected);
}

pub fn formats(wheels: bool, sources: Sources, prefer_wheels: bool) -> Filter {
    Filter {
        formats: Formats {
            wheels,
            sources,
            prefer_wheels,
        },
        ..Filter::default()
    }
}

fn not_built() -> Sources {
    Sources::Not(Objection::plain("nothing is built here"))
}

#[test]
fn versions_are_sorted_whatever_the_page_does() {
    let project = select(&[
        "a-1.0-py3-none-any.whl",
        "a-10.0.tar.gz",
        "a-9.0-py3-none-any.whl",
    ]);
    let versions: Vec<_> = project.versions().map(ToString::to_string).collect();
    assert_eq!(versions, ["10.0", "9.0", "1.0"]);
    let chosen: Vec<_> = project.candidates().map(|it| it.id).collect();
    assert_eq!(chosen, [1, 2, 0]);
}

#[test]
fn the_best_tag_wins_then_the_highest_build_then_the_page() {
    let lines = [
        "a-2.0-py3-none-any.whl",
        "a-2.0-cp311-cp311-manylinux_2_28_x86_64.whl",
        "a-2.0-cp311-abi3-manylinux_2_28_x86_64.whl",
        "a-1.0-2-py3-none-any.whl",
        "a-1.0-10-py3-none-any.whl",
        "a-1.0-py3-none-any.whl",
        "a-0.1-py3-none-any.whl",
        "a-0.1.0-py3-none-any.whl",
    ];
    check(&lines, Filter::default(), &[1, 4, 6]);
}

#[test]
fn files_that_cannot_be_used_are_left_out_with_the_reason() {
    let filter = formats(true, not_built(), false);
    let lines = [
        "a-5.tar.gz",
        "a-4-cp38-cp38-win_amd64.whl",
        "a-3-py3-none-any.whl python=>=3.12",
        "a-2-py3-none-any.whl python=>=3.11",
    ];
    let project = project(page(&lines), target(), filter);
    let left_out: Vec<_> = project.left_out().map(|it| &it.why).collect();
    assert_eq!(
        left_out[0].to_string(),
        "only a source distribution, and nothing is built here"
    );
    assert!(matches!(left_out[1], Why::Platform(_)));
    assert!(matches!(left_out[2], Why::Python(_)));
    assert_eq!(left_out.len(), 3);
    assert_eq!(
        project.candidates().map(|it| it.id).collect::<Vec<_>>(),
        [3]
    );
}

#[test]
fn a_prerelease_of_python_counts_as_its_release() {
    let mut target = target();
    target.python = "3.12.0rc1".parse().unwrap();
    let page = page(&["a-3-py3-none-any.whl python=>=3.12"]);
    let filter = Filter::default();
    assert_eq!(
        project(page.clone(), target.clone(), filter.clone())
            .candidates()
            .count(),
        1
    );
    target.python = "3.11.9".parse().unwrap();
    let count = |target| {
        let project = project(page.clone(), target, filter.clone());
        project.candidates().count()
    };
    assert_eq!(count(target.clone()), 0);
    target.ignore_requires_python = true;
    assert_eq!(count(target), 1);
}

#[test]
fn a_yanked_file_stands_only_where_there_is_no_other() {
    let lines = [
        "a-2-cp311-cp311-manylinux_2_28_x86_64.whl broken",
        "a-2-py3-none-any.whl",
        "a-1-py3-none-any.whl broken",
    ];
    let project = select(&lines);
    let yanked: Vec<_> = project
        .candidates()
        .map(|it| (it.id, it.yanked.as_deref()))
        .collect();
    assert_eq!(yanked, [(1, None), (2, Some("broken"))]);
}

#[test]
fn a_demanded_digest_excludes_other_files() {
    let lines = [
        "a-4-py3-none-any.whl sha256=aa",
        "a-3-py3-none-any.whl sha256=bb",
        "a-2-py3-none-any.whl sha256=bb sha512=cc",
        "a-1-py3-none-any.whl",
    ];
    let demand = |digests: &[Digest]| Filter {
        digests: digests.to_vec(),
        ..Filter::default()
    };
    check(&lines, demand(&[digest("sha256", "aa")]), &[0, 3]);
    // What is listed by another algorithm only is compared when the bytes are there.
    check(&lines, demand(&[digest("sha512", "cc")]), &[0, 1, 2, 3]);
    check(&lines, demand(&[digest("sha512", "dd")]), &[0, 1, 3]);
    check(
        &lines,
        demand(&[digest("sha256", "aa"), digest("sha512", "cc")]),
        &[0, 2, 3],
    );
    check(&lines, demand(&[]), &[0, 1, 2, 3]);
}

#[test]
fn a_project_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Project>();
}

#[test]
fn the_policy_is_asked_last_and_only_about_versions_that_matter() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let filter = Filter {
        policy: Some(Arc::new(move |file: &File| {
            counter.fetch_add(1, Ordering::Relaxed);
            let fresh = file.version().to_string() == "3";
            fresh.then(|| Objection {
                why: "fresh".to_owned(),
                way_out: None,
            })
        })),
        ..formats(true, not_built(), false)
    };
    let lines = [
        "a-4.tar.gz",
        "a-3-py3-none-any.whl",
        "a-2-py3-none-any.whl",
        "a-1-py3-none-any.whl",
    ];
    let project = project(page(&lines), target(), filter);
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    let all = version_ranges::Ranges::full();
    assert_eq!(project.likely(&all, false).unwrap().id, 2);
    // Of a-4, of which nothing may be built, it says nothing.
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    let left_out = project.left_out_of(&"3".parse().unwrap());
    assert_eq!(left_out[0].why.to_string(), "left out by policy: fresh");
}

#[test]
fn a_source_stands_where_no_wheel_of_its_version_does() {
    let lines = [
        "a-4.zip",
        "a-4.tar.gz",
        "a-4-cp38-cp38-win_amd64.whl",
        "a-3.tar.gz",
        "a-3-py3-none-any.whl",
        "a-2.tar.gz",
        "a-2-py3-none-any.whl broken",
        "a-1.zip",
    ];
    check(&lines, Filter::default(), &[1, 4, 5, 7]);
    let sources: Vec<_> = select(&lines).candidates().map(|it| it.source).collect();
    assert_eq!(sources, [true, false, true, true]);
}

#[test]
fn kinds_that_are_not_wanted_are_left_out() {
    let lines = ["a-2.tar.gz", "a-2-py3-none-any.whl", "a-1-py3-none-any.whl"];
    check(&lines, Filter::default(), &[1, 2]);
    check(&lines, formats(false, Sources::Taken, false), &[0]);
    check(&lines, formats(true, not_built(), false), &[1, 2]);
    check(&lines, formats(false, not_built(), false), &[]);
    let project = project(
        page(&lines),
        target(),
        formats(false, Sources::Taken, false),
    );
    let left_out: Vec<_> = project.left_out().map(|it| it.why.clone()).collect();
    assert_eq!(left_out, [Why::Wheel, Why::Wheel]);
}

#[test]
fn what_speaks_against_a_wheel_speaks_against_a_source() {
    let policy = |file: &File| {
        let fresh = file.version().to_string() == "5";
        fresh.then(|| Objection::plain("fresh"))
    };
    let filter = Filter {
        digests: vec![digest("sha256", "aa")],
        policy: Some(Arc::new(policy)),
        ..Filter::default()
    };
    let lines = [
        "a-5.tar.gz sha256=aa",
        "a-4.tar.gz sha256=bb",
        "a-3.tar.gz sha256=aa python=>=3.12",
        "a-2.tar.gz sha256=aa broken",
        "a-1.tar.gz sha256=aa",
    ];
    let project = project(page(&lines), target(), filter);
    let chosen: Vec<_> = project.candidates().map(|it| it.id).collect();
    assert_eq!(chosen, [3, 4]);
    assert!(project.candidates().next().unwrap().yanked.is_some());
    let left_out: Vec<_> = project.left_out().map(|it| it.why.to_string()).collect();
    assert_eq!(
        left_out,
        [
            "left out by policy: fresh",
            "none of its digests is among the --hash values",
            "requires Python >=3.12"
        ]
    );
}

#[test]
fn preferred_wheels_are_the_likely_ones() {
    let lines = ["a-3.tar.gz", "a-2-py3-none-any.whl", "a-1.tar.gz"];
    let likely = |lines: &[&str], prefer_wheels, wanted| {
        let filter = formats(true, Sources::Taken, prefer_wheels);
        let project = project(page(lines), target(), filter);
        let wanted = range::parse(wanted).unwrap().into();
        project.likely(&wanted, false).map(|it| it.id)
    };
    assert_eq!(likely(&lines, false, ""), Some(0));
    assert_eq!(likely(&lines, true, ""), Some(1));
    assert_eq!(likely(&lines, true, "!=2"), Some(0));
}
