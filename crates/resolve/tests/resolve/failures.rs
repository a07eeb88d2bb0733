//! Explanations, as a person reads them.

use crate::world::{ask, ask_within, check, stated};

#[test]
fn a_project_that_nobody_has() {
    check(
        "a 1.0",
        &ask(&["nothing>1"]),
        "No matching distribution found for nothing>1\n  \
         Could not find a version that satisfies the requirement nothing>1 (from versions: none)\n  \
         command line wants nothing>1\n  \
         nothing was not found",
    );
}

#[test]
fn a_version_that_does_not_exist() {
    check(
        "a 1.0\na 1.1\na 2.0rc1",
        &ask(&["a>=2"]),
        "No matching distribution found for a>=2\n  \
         Could not find a version that satisfies the requirement a>=2 (from versions: 1.0, 1.1, 2.0rc1)\n  \
         command line wants a>=2\n  \
         a has no such version; the newest that can be used is 1.1",
    );
    check(
        "a 1.0",
        &ask(&["a>=2"]),
        "No matching distribution found for a>=2\n  \
         Could not find a version that satisfies the requirement a>=2 (from versions: 1.0)\n  \
         command line wants a>=2\n  \
         a has only 1.0 that can be used here",
    );
}

#[test]
fn two_roots_that_exclude_each_other() {
    let mut request = ask(&["a>=2"]);
    request.roots.push(stated("a<2", "requirements.txt:3"));
    check(
        "a 1.0\na 2.0",
        &request,
        "Cannot install a>=2 and a<2 because these package versions have conflicting dependencies.\n  \
         command line wants a>=2\n  \
         requirements.txt:3 wants a<2",
    );
}

#[test]
fn a_conflict_between_dependencies() {
    let world = "
        a 1.0
          - c<2
        a 1.1
          - c<2
        b 2.0
          - c>=2,!=2.5
        c 1.0
        c 2.0
    ";
    check(
        world,
        &ask(&["a", "b[x]>1"]),
        "Cannot install a and b[x]>1 because these package versions have conflicting dependencies.\n  \
         command line wants a\n  \
         every version of a requires c<2\n  \
         command line wants b[x]>1\n  \
         b 2.0 requires c>=2,!=2.5",
    );
}

#[test]
fn a_conflict_for_some_versions_only() {
    let world = "
        a 1.0
          - c<2
        a 1.1
          - c<2
        a 1.2
          - c<2
        a 1.3
          - c<2
        a 2.0
          - missing
        b 1.0
          - c>=2
        c 1.0
        c 2.0
    ";
    check(
        world,
        &ask(&["a", "b"]),
        "Cannot install a and b because these package versions have conflicting dependencies.\n  \
         command line wants a\n  \
         a 1.0 to 1.3 requires c<2\n  \
         a 2.0 requires missing\n  \
         missing was not found\n  \
         command line wants b\n  \
         b 1.0 requires c>=2",
    );
}

#[test]
fn a_conflict_through_an_extra() {
    let world = "
        a 1.0 provides=x
          - c<2 ; extra == 'x'
        c 1.0
        c 2.0
    ";
    check(
        world,
        &ask(&["a[x]", "c>=2"]),
        "Cannot install a[x] and c>=2 because these package versions have conflicting dependencies.\n  \
         command line wants a[x]\n  \
         a[x] 1.0 requires c<2\n  \
         command line wants c>=2",
    );
}

#[test]
fn a_constraint_that_leaves_nothing() {
    check(
        "a 1.0\na 2.0",
        &ask_within(&["a>1"], &["a<2", "b<1"]),
        "Cannot install a>1 because these package versions have conflicting dependencies.\n  \
         command line wants a>1\n  \
         c.txt:1 allows only a<2",
    );
}

#[test]
fn only_source_distributions() {
    check(
        "a 2.0 unbuilt\na 1.0",
        &ask(&["a>=2"]),
        "No matching distribution found for a>=2\n  \
         Could not find a version that satisfies the requirement a>=2 (from versions: 1.0)\n  \
         command line wants a>=2\n  \
         a has only 1.0 that can be used here\n\
         hint: a 2.0 has only a source distribution, and nothing is built here; \
         the newest version with a wheel that fits is 1.0",
    );
}

#[test]
fn another_python() {
    check(
        "a 2.0 python=>=3.12\na 1.0 meta-python=<3.11",
        &ask(&["a"]),
        "No matching distribution found for a\n  \
         Could not find a version that satisfies the requirement a (from versions: 1.0)\n  \
         command line wants a\n  \
         a 1.0: Package 'a' requires a different Python: 3.11.4 not in '<3.11'\n\
         hint: a 2.0 requires Python >=3.12; this is 3.11.4",
    );
}

#[test]
fn left_out_by_policy() {
    check(
        "a 2.1 policy=uploaded~today\na 2.0 policy=uploaded~yesterday\na 1.0",
        &ask(&["a>1"]),
        "No matching distribution found for a>1\n  \
         Could not find a version that satisfies the requirement a>1 (from versions: 1.0)\n  \
         command line wants a>1\n  \
         a has only 1.0 that can be used here\n\
         hint: a 2.1 was left out by policy: uploaded today; --min-age a=0 admits it",
    );
}

#[test]
fn yanked_and_prereleases_are_offered() {
    check(
        "a 2.0 yanked=broken\na 1.0",
        &ask(&["a>1"]),
        "No matching distribution found for a>1\n  \
         Could not find a version that satisfies the requirement a>1 (from versions: 1.0, 2.0)\n  \
         command line wants a>1\n  \
         a has no such version; the newest that can be used is 1.0\n\
         hint: a 2.0 was yanked by its authors; only a==2.0 takes it",
    );
    check(
        "a 2.0\n - missing\na 2.1rc1",
        &ask(&["a"]),
        "No matching distribution found for missing\n  \
         Could not find a version that satisfies the requirement missing (from versions: none)\n  \
         command line wants a\n  \
         a 2.0 requires missing\n  \
         missing was not found\n\
         hint: a 2.1rc1 is a pre-release that fits; --pre admits it",
    );
}

#[test]
fn what_comes_from_outside_cannot_steer_the_terminal() {
    check(
        "a 1.0 unreadable",
        &ask(&["a"]),
        "No matching distribution found for a\n  \
         Could not find a version that satisfies the requirement a (from versions: 1.0)\n  \
         command line wants a\n  \
         a 1.0 cannot be used: its METADATA is not UTF-8\\u{1b}[2J",
    );
    let mut request = ask(&[]);
    request.roots.push(stated("nothing", "a\u{202e}b.txt:1"));
    check(
        "a 1.0",
        &request,
        "No matching distribution found for nothing\n  \
         Could not find a version that satisfies the requirement nothing (from versions: none)\n  a\\u{202e}b.txt:1 wants nothing\n  nothing was not found",
    );
}
