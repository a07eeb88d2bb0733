//! pip's rules, each with the case that it excludes and the neighbour that it admits.

use assay_resolve::{Prereleases, Request};
use assay_types::Version;

use crate::world::{World, ask, ask_within, check, name};

#[test]
fn the_newest_version_that_fits_is_chosen_and_dependencies_come_first() {
    let world = "
        a 1.0
        a 2.0
          - b<2
          - c
        b 1.0
          - c
        b 2.0
        c 1.0
    ";
    check(world, &ask(&["a"]), "c 1.0, b 1.0, a 2.0");
    check(world, &ask(&["a<2"]), "a 1.0");
}

#[test]
fn the_search_turns_back() {
    let world = "
        a 2.0
          - b==1.0
          - c==2.0
        a 1.0
          - b==1.0
        b 1.0
          - c==1.0
        c 1.0
        c 2.0
    ";
    check(world, &ask(&["a"]), "c 1.0, b 1.0, a 1.0");
}

#[test]
fn cycles_and_self_requirements_end() {
    let world = "
        a 1.0 provides=all,x
          - b
          - a[x] ; extra == 'all'
          - c ; extra == 'x'
        b 1.0
          - a
        c 1.0
    ";
    check(world, &ask(&["a[all]"]), "b 1.0, c 1.0, a 1.0");
    check(world, &ask(&["b"]), "a 1.0, b 1.0");
    let itself = "a 2.0\n - a<2\na 1.0\n - a>=1";
    check(itself, &ask(&["a"]), "a 1.0");
}

#[test]
fn markers_are_those_of_the_target() {
    let world = "
        a 1.0
          - b ; python_version < '3.12'
          - c ; sys_platform == 'win32'
        b 1.0
    ";
    check(world, &ask(&["a"]), "b 1.0, a 1.0");
    check(world, &ask(&["a", "c ; os_name == 'nt'"]), "b 1.0, a 1.0");
}

#[test]
fn prereleases_need_a_reason() {
    let world = "
        a 1.0
        a 2.0rc1
        b 1.0
          - a>=1.0b1
        only 1.0a1
        dev 1.0
        dev 2.0.dev1
    ";
    check(world, &ask(&["a"]), "a 1.0");
    check(world, &ask(&["a!=2.0rc2"]), "a 1.0");
    check(world, &ask(&["a>=1.0b1"]), "a 2.0rc1");
    check(world, &ask_within(&["a"], &["a>=1.0b1"]), "a 2.0rc1");
    check(world, &ask(&["b", "a"]), "a 2.0rc1, b 1.0");
    // What was seen before counts: here 1.0 is chosen first, and it satisfies.
    check(world, &ask(&["a", "b"]), "a 1.0, b 1.0");
    check(world, &ask(&["a>1.0"]), "a 2.0rc1");
    check(world, &ask(&["only"]), "only 1.0a1");
    check(world, &ask(&["dev"]), "dev 1.0");
    let mut pre = ask(&["a", "dev"]);
    pre.prereleases = Prereleases::all();
    check(world, &pre, "a 2.0rc1, dev 2.0.dev1");
}

#[test]
fn prereleases_are_admitted_or_left_out_project_by_project() {
    let world = "
        a 1.0
        a 2.0rc1
        b 1.0
        b 2.0rc1
          - c>=1.0a1
        c 1.0a1
    ";
    let with = |roots: &[&str], by_project: &[(&str, bool)], others| {
        let mut request = ask(roots);
        let by_project = by_project.iter();
        request.prereleases = Prereleases {
            by_project: by_project.map(|(it, is)| (name(it), *is)).collect(),
            others,
        };
        request
    };
    check(
        world,
        &with(&["a", "b"], &[("a", true)], None),
        "a 2.0rc1, b 1.0",
    );
    let but_a = with(&["a", "b"], &[("a", false)], Some(true));
    check(world, &but_a, "a 1.0, c 1.0a1, b 2.0rc1");
    // Never means never: neither a requirement that names one nor the lack of finals helps.
    for root in ["c", "a>1.0", "a==2.0rc1"] {
        check(
            world,
            &ask(&[root]),
            if root == "c" { "c 1.0a1" } else { "a 2.0rc1" },
        );
        let found = World::new(world).solve(&with(&[root], &[], Some(false)));
        let explained = found.unwrap_err();
        assert!(
            explained.contains("--only-final leaves it out"),
            "{explained}"
        );
    }
}

#[test]
fn only_what_the_roots_require_is_wanted_where_the_user_says_so() {
    let world = World::new("a 1.0\n - b\nb 1.0\n - c\nc 1.0");
    let mut request = ask(&["a"]);
    check(
        "a 1.0\n - b\nb 1.0\n - c\nc 1.0",
        &request,
        "c 1.0, b 1.0, a 1.0",
    );
    request.only_deps = true;
    assert_eq!(world.solve(&request).unwrap(), ["c 1.0", "b 1.0"]);
    let picked = world.log.borrow();
    assert!(!picked.iter().any(|it| it == "picked a 1.0"), "{picked:?}");
}

#[test]
fn a_prerelease_is_no_way_out_of_a_conflict() {
    // Finals answer the requirement, so pip never looks at 2.0a1, although 1.0 cannot be used.
    let world = "
        a 1.0
          - missing
        a 2.0a1
    ";
    let found = World::new(world).solve(&ask(&["a"]));
    assert!(found.unwrap_err().contains("missing was not found"));
    check(world, &ask(&["a>1.0"]), "a 2.0a1");
}

#[test]
fn a_prerelease_that_only_an_abandoned_version_named_is_not_kept() {
    let world = "
        a 2.0
          - p>=1.0a1
          - missing
        a 1.0
          - p
        p 1.0
        p 2.0b1
    ";
    check(world, &ask(&["a"]), "p 1.0, a 1.0");
}

#[test]
fn a_prerelease_that_is_named_late_is_admitted() {
    let world = "
        a 2.0
          - p>=1
        a 1.0
        b 1.0
          - c
        c 1.0
          - p==2.0b1
        p 1.0
          - missing
        p 2.0b1
    ";
    check(world, &ask(&["a", "b"]), "p 2.0b1, a 2.0, c 1.0, b 1.0");
    check(world, &ask(&["a"]), "a 1.0");
}

#[test]
fn yanked_versions_need_a_pin() {
    let world = "
        a 1.0
        a 2.0 yanked=broken
        b 1.0 yanked=
        c 1.0
          - a==2.0
    ";
    check(world, &ask(&["a"]), "a 1.0");
    check(world, &ask(&["a>=1,<=2.0"]), "a 1.0");
    assert!(World::new(world).solve(&ask(&["a==2.*"])).is_err());
    check(world, &ask(&["a==2.0"]), "a 2.0");
    check(world, &ask(&["a===2.0"]), "a 2.0");
    check(world, &ask(&["c", "a>1"]), "a 2.0, c 1.0");
    assert!(World::new(world).solve(&ask(&["b"])).is_err());
    let warnings = World::new(world)
        .resolve(&ask(&["a==2.0", "b==1.0"]))
        .unwrap()
        .warnings;
    let expected = [
        "a 2.0 is a yanked version: broken",
        "b 1.0 is a yanked version: no reason given",
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn extras_bring_their_own_and_stay_with_their_project() {
    let world = "
        a 2.0 provides=x
          - b
        a 1.0 provides=x,y
          - b
          - c ; extra == 'x'
          - d>=1 ; extra == 'y'
        b 1.0
        c 1.0
        d 1.0
        e 1.0
          - a<2
    ";
    check(world, &ask(&["a[x]", "e"]), "b 1.0, c 1.0, a 1.0, e 1.0");
    check(world, &ask(&["a[x,y]<2"]), "b 1.0, c 1.0, d 1.0, a 1.0");
    check(world, &ask(&["a[x]", "a<2"]), "b 1.0, c 1.0, a 1.0");
    let pins = World::new(world).resolve(&ask(&["a[y,x]<2"])).unwrap().pins;
    let extras: Vec<_> = pins[3].extras.iter().map(ToString::to_string).collect();
    assert_eq!(extras, ["x", "y"]);
}

#[test]
fn an_unknown_extra_is_a_warning() {
    let world = World::new("a 1.0 provides=x\n - b ; extra == 'y'");
    let resolution = world.resolve(&ask(&["a[y]"])).unwrap();
    assert_eq!(
        resolution.warnings,
        ["a 1.0 does not provide the extra 'y'"]
    );
    assert!(resolution.pins[0].extras.is_empty());
    assert!(world.resolve(&ask(&["a[x]"])).unwrap().warnings.is_empty());
}

#[test]
fn constraints_limit_what_is_needed_and_nothing_else() {
    let world = "
        a 1.0
          - b
        b 1.0
        b 2.0
        z 1.0
    ";
    check(world, &ask_within(&["a"], &["b<2", "z==7"]), "b 1.0, a 1.0");
    check(
        world,
        &ask_within(&["a"], &["b<2 ; os_name == 'nt'"]),
        "b 2.0, a 1.0",
    );
    assert!(
        World::new(world)
            .solve(&ask_within(&["a"], &["b>2"]))
            .is_err()
    );
}

#[test]
fn without_dependencies_only_the_roots_come() {
    let mut request = ask(&["a[x]"]);
    request.no_deps = true;
    check(
        "a 1.0 provides=x\n - missing\n - b ; extra == 'x'",
        &request,
        "a 1.0",
    );
}

#[test]
fn requires_python_is_checked_on_the_page_and_in_the_metadata() {
    let page = "a 2.0 python=>=3.12\na 1.0 python=>=3.8";
    check(page, &ask(&["a"]), "a 1.0");
    let metadata = "a 2.0 meta-python=>=3.12\na 1.0 meta-python=>=3.11";
    check(metadata, &ask(&["a"]), "a 1.0");
    let mut any = ask(&["a"]);
    any.ignore_requires_python = true;
    check(metadata, &any, "a 2.0");
}

#[test]
fn metadata_that_lies_or_cannot_be_read_excludes_its_version() {
    check("a 2.0 named=b\na 1.0", &ask(&["a"]), "a 1.0");
    check("a 2.0 unreadable\na 1.0", &ask(&["a"]), "a 1.0");
    check("a 2.0 named=A\na 1.0", &ask(&["a"]), "a 2.0");
}

#[test]
fn pins_tell_who_asked() {
    let world = World::new("a 1.0\n - b>=1\nb 1.0\nb 2.0");
    let mut request = ask(&["a", "b<2"]);
    request.roots[1].from = "requirements.txt:3".to_owned();
    let pins = world.resolve(&request).unwrap().pins;
    assert_eq!(pins[0].required_by, ["requirements.txt:3", "a"]);
    assert_eq!(pins[1].required_by, ["command line"]);
    assert!(pins[0].requested && pins[1].requested);
    assert_eq!(pins[1].dependencies, [crate::world::name("b")]);
}

#[test]
fn what_the_policy_held_back_is_told() {
    let world = World::new("a 3.0 policy=new\na 2.0 policy=fresh\na 1.1rc1 policy=odd\na 1.0");
    let held_back = |root: &str| {
        let pin = world.resolve(&ask(&[root])).unwrap().pins.remove(0);
        pin.held_back.map(|it| it.file)
    };
    assert_eq!(held_back("a").as_deref(), Some("a-3.0"));
    assert_eq!(held_back("a<3").as_deref(), Some("a-2.0"));
    assert_eq!(held_back("a<2"), None);
}

#[test]
fn the_source_is_asked_ahead_and_once() {
    let world = World::new("a 1.0\n - b\n - c\nb 1.0\n - c\nc 1.0");
    world.solve(&ask(&["a"])).unwrap();
    let expected = "ahead a, project a, metadata a 1.0, picked a 1.0, ahead b, ahead c, \
        project b, metadata b 1.0, picked b 1.0, ahead c, project c, metadata c 1.0, picked c 1.0";
    assert_eq!(world.log.borrow().join(", "), expected);
}

#[test]
fn a_pin_is_the_users_own_word() {
    let version = |it: &str| it.parse::<Version>().unwrap();
    let pinned = |request: &Request| request.pins(&name("a"), &version("1.0"));
    let mut request = ask(&["a==1.0"]);
    assert!(pinned(&request) && !request.pins(&name("a"), &version("2.0")));
    assert!(!pinned(&ask(&["a>=1.0"])));
    // What a source wants to be built with lifts no rule of the user's; a constraint does.
    request.foreign = true;
    assert!(!pinned(&request));
    let mut request = ask_within(&["a"], &["a==1.0"]);
    request.foreign = true;
    assert!(pinned(&request));
}
