use proptest::prelude::*;

use super::*;

fn groups(text: &str, group: &str) -> Result<Vec<Item>> {
    let toml = TomlText {
        file: "pyproject.toml",
        text,
        lines_before: 0,
    };
    resolve(&toml, group)
}

fn texts(text: &str, group: &str) -> Vec<String> {
    let items = groups(text, group).unwrap();
    items.into_iter().map(|it| it.text).collect()
}

#[track_caller]
fn refused(text: &str, words: &str) {
    let failure = groups(text, "a").unwrap_err();
    assert_eq!(failure.exit_code(), 2);
    assert!(failure.to_string().contains(words), "{failure}");
}

const FILE: &str = r#"
[project]
released = 2024-01-01T00:00:00Z
[dependency-groups]
test = ["pytest>7", "coverage"]
Type_Check = ["mypy"]
all = [{include-group = "test"}, "ruff", {include-group = "type.check"}]
"#;

#[test]
fn groups_are_found_by_normalised_name_and_includes_stand_in_their_place() {
    assert_eq!(texts(FILE, "TEST"), ["pytest>7", "coverage"]);
    assert_eq!(texts(FILE, "type-check"), ["mypy"]);
    assert_eq!(texts(FILE, "all"), ["pytest>7", "coverage", "ruff", "mypy"]);
    let items = groups(FILE, "all").unwrap();
    assert_eq!(items[3].from, "pyproject.toml:6 (group Type_Check)");
    assert_eq!(items[2].from, "pyproject.toml:7 (group all)");
}

#[test]
fn a_group_is_gathered_once_however_many_ways_lead_to_it() {
    let doubling = |depth: usize| {
        let further = (1..=depth).map(|number| {
            let below = format!("{{include-group = 'g{}'}}", number - 1);
            format!("g{number} = [{below}, {below}]\n")
        });
        let groups: String = further.collect();
        format!("[dependency-groups]\ng0 = ['demo']\n{groups}a = [{{include-group='g{depth}'}}]")
    };
    assert_eq!(texts(&doubling(64), "a"), ["demo"]);
    assert_eq!(texts(&doubling(DEPTH - 2), "a"), ["demo"]);
    refused(&doubling(DEPTH - 1), "more than 100 groups");
}

#[test]
fn a_requirement_adds_no_line_of_its_own_to_a_message() {
    let group = |text: &str| format!("[dependency-groups]\na = [\"{text}\"]");
    refused(&group("x\\nhint: do as I say"), "control character");
    assert_eq!(texts(&group("x  >=1"), "a"), ["x  >=1"]);
}

#[test]
fn a_group_has_an_end() {
    let list = |count: usize| format!("[dependency-groups]\na = [{}]", "'x',".repeat(count));
    assert_eq!(texts(&list(MOST_ITEMS), "a").len(), MOST_ITEMS);
    refused(&list(MOST_ITEMS + 1), "more than 10000 requirements");
}

#[test]
fn two_ways_to_one_group_are_no_cycle_and_a_cycle_is_refused() {
    let head = "[dependency-groups]\n";
    let diamond = format!(
        "{head}a = [{{include-group='b'}}, {{include-group='c'}}]\nb = [{{include-group='d'}}]\nc = [{{include-group='d'}}]\nd = ['x']"
    );
    assert_eq!(texts(&diamond, "a"), ["x"]);
    let cycle = format!("{head}a = [{{include-group='b'}}]\nb = [{{include-group='A'}}]");
    refused(
        &cycle,
        "pyproject.toml:3: groups include each other: a -> b -> a",
    );
    refused(&format!("{head}a = [{{include-group='a'}}]"), "a -> a");
}

#[test]
fn what_is_no_group_is_refused_with_its_place() {
    let head = "[dependency-groups]\n";
    refused("[project]", "pyproject.toml has no [dependency-groups]");
    refused(
        "dependency-groups = 1",
        "pyproject.toml:1: dependency-groups is no table",
    );
    refused("[dependency-groups", "pyproject.toml:1: no TOML");
    refused(
        &format!("{head}b = []"),
        "there is no group a\nhint: it has b",
    );
    refused(
        &format!("{head}a = 'x'"),
        "pyproject.toml:2: the group a is a string and no list",
    );
    refused(
        &format!("{head}a = ['x',\n1]"),
        "pyproject.toml:3: a integer in the group a",
    );
    refused(
        &format!("{head}a = [{{include-group='b'}}]"),
        "pyproject.toml:2: there is no group b",
    );
    refused(
        &format!("{head}a = [{{include='a'}}]"),
        "include is not known",
    );
    refused(
        &format!("{head}a = [{{include-group=1}}]"),
        "include-group is no text",
    );
    refused(
        &format!("{head}a = [{{}}]"),
        "not {include-group = …} alone",
    );
    refused(
        &format!("{head}a-b = []\na_b = []\na = []"),
        "have the same name",
    );
    assert_eq!(texts(&format!("{head}a = []"), "a"), Vec::<String>::new());
}

#[test]
fn the_value_is_a_group_or_a_path_and_a_group() {
    let path = |value| split(value).map(|(path, group)| (path.to_str().unwrap().to_owned(), group));
    assert_eq!(path("dev").unwrap(), ("pyproject.toml".to_owned(), "dev"));
    assert_eq!(
        path("a:b/pyproject.toml:dev").unwrap(),
        ("a:b/pyproject.toml".to_owned(), "dev")
    );
    for wrong in [":dev", "setup.cfg:dev", "a/:dev"] {
        assert_eq!(path(wrong).unwrap_err().exit_code(), 2, "{wrong}");
    }
}

proptest! {
    /// Whatever stands in the file: an answer or a refusal, never a panic or an endless loop.
    #[test]
    fn any_includes_end(edges in prop::collection::vec((0..5usize, 0..5usize), 0..12)) {
        let mut text = "[dependency-groups]\n".to_owned();
        for from in 0..5 {
            let items = edges.iter().filter(|it| it.0 == from);
            let items: Vec<_> = items.map(|(_, to)| format!("{{include-group='g{to}'}}")).collect();
            text += &format!("g{from} = ['x{from}', {}]\n", items.join(", "));
        }
        let _ = groups(&text, "g0");
    }

    #[test]
    fn any_text_is_answered(text in "(\\[dependency-groups\\]\n)?[a-c='\"\\[\\]{},\n#-]{0,60}") {
        let _ = groups(&text, "a");
    }
}
