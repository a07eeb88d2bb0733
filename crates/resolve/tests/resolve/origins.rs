//! Direct URLs: only where the user named them.

use crate::world::{World, ask, ask_within, check, stated};

const FILE: &str = "https://files.example.com/b-1.0-py3-none-any.whl";

fn index_world() -> String {
    format!("a 2.0\n - b @ {FILE}\na 1.0\n - b\nb 1.0")
}

#[test]
fn a_package_from_an_index_may_not_bring_a_url() {
    check(&index_world(), &ask(&["a"]), "b 1.0, a 1.0");
    // Where the user names the same URL, that one is what they get, and no other.
    let named = format!("b @ {FILE}");
    check(&index_world(), &ask(&["a", &named]), "b 1.0, a 2.0");
    let other = named.replace("b-1.0", "b-1.0-1");
    check(&index_world(), &ask(&["a", &other]), "b 1.0, a 1.0");
}

#[test]
fn nor_through_an_extra() {
    let world = format!("a 1.0 provides=x\n - b @ {FILE} ; extra == 'x'\nb 1.0");
    check(&world, &ask(&["a"]), "a 1.0");
    let explanation = World::new(&world).solve(&ask(&["a[x]"])).unwrap_err();
    assert_eq!(
        explanation,
        format!(
            "Cannot install a[x] because these package versions have conflicting dependencies.\n  command line wants a[x]\n  a[x] 1.0 cannot be used: it \
             requires b from {FILE}, which no package from an index may do"
        )
    );
}

#[test]
fn a_package_from_a_url_may_bring_one_that_the_user_named() {
    let world = format!("a 1.0\n - b @ {FILE}\nb 1.0");
    let a = "a @ https://files.example.com/a-1.0-py3-none-any.whl";
    check(&world, &ask(&[a, &format!("b @ {FILE}")]), "b 1.0, a 1.0");
    let hint = format!("hint: to let a have it, add \"b @ {FILE}\" to the requirements");
    let explanation = World::new(&world).solve(&ask(&[a])).unwrap_err();
    assert!(explanation.ends_with(&hint), "{explanation}");
    let other = "b @ https://files.example.com/other/b-1.0-py3-none-any.whl";
    assert!(World::new(&world).solve(&ask(&[a, other])).is_err());
}

#[test]
fn one_project_has_one_url() {
    let other = "b @ https://user:secret@files.example.com/other/b-1.0-py3-none-any.whl";
    let wanted = format!("b @ {FILE}");
    check("b 1.0", &ask(&[&wanted, &wanted]), "b 1.0");
    check(
        "b 1.0",
        &ask_within(&[&wanted], &[other]),
        &format!(
            "Cannot install b 1.0 because these package versions have conflicting dependencies.\n  command line wants it from {FILE}\n  \
             c.txt:1 wants it from https://files.example.com/other/b-1.0-py3-none-any.whl"
        ),
    );
}

#[test]
fn a_constraint_may_give_the_url() {
    let world = "a 1.0\n - b\nb 1.0 yanked=bad\nc 1.0";
    let constraint = format!("b @ {FILE}");
    check(world, &ask_within(&["a"], &[&constraint]), "b 1.0, a 1.0");
    check(world, &ask_within(&["c"], &[&constraint]), "c 1.0");
    assert!(World::new(world).solve(&ask(&["a"])).is_err());
}

#[test]
fn the_version_behind_a_url_must_satisfy_the_others() {
    let world = "a 1.0\n - b>=1\nb 1.0a1 yanked=bad\nc 1.0\n - b>=2";
    let wanted = format!("b @ {FILE}");
    check(
        world,
        &ask(&["a", "b>0.9", &wanted]),
        &format!(
            "Cannot install a because these package versions have conflicting dependencies.\n  command line wants a\n  a 1.0 requires b>=1\n  \
         command line takes b from {FILE}, which is 1.0a1"
        ),
    );
    check(world, &ask(&["b>0.9", &wanted]), "b 1.0a1");
    assert!(World::new(world).solve(&ask(&["c", &wanted])).is_err());
}

#[test]
fn constraints_may_disagree_about_what_nobody_needs() {
    let mut request = ask(&["a"]);
    for (from, folder) in [("c.txt:1", "one"), ("c.txt:2", "two")] {
        let url = format!("https://files.example.com/{folder}/b-1.0-py3-none-any.whl");
        request
            .constraints
            .push(stated(&format!("b @ {url}"), from));
    }
    check("a 1.0\nb 1.0", &request, "a 1.0");
    let explanation = World::new("a 1.0\n - b\nb 1.0").solve(&request);
    let explanation = explanation.unwrap_err();
    let heading = "Cannot install a because these package versions have conflicting dependencies.";
    assert!(explanation.starts_with(heading), "{explanation}");
    assert!(
        explanation.contains("c.txt:2 allows only b @"),
        "{explanation}"
    );
}

#[test]
fn a_url_is_the_same_in_any_order_of_its_query() {
    let at = |rest: &str| format!("b @ https://files.example.com/b-1.0-py3-none-any.whl{rest}");
    let solve = |one: &str, two: &str| World::new("b 1.0").solve(&ask(&[&at(one), &at(two)]));
    assert!(solve("?x=1&y=2#egg=b", "?y=2&x=1").is_ok());
    assert!(solve("?x=1&y=2", "?y=2&x=2").is_err());
    assert!(solve("#subdirectory=c", "").is_err());
}
