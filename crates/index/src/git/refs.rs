//! What a revision means, by the list of a repository's references.

use assay_types::repository::{Commit, Revision};

/// The references that a revision may mean, the first one that is there counts. The second name of a tag
/// is the commit that an annotated one stands for.
pub(super) fn candidates(revision: Option<&Revision>) -> Vec<String> {
    let Some(revision) = revision.map(Revision::as_str) else {
        return vec!["HEAD".to_owned()];
    };
    if revision.starts_with("refs/") {
        return vec![format!("{revision}^{{}}"), revision.to_owned()];
    }
    vec![
        format!("refs/heads/{revision}"),
        format!("refs/tags/{revision}^{{}}"),
        format!("refs/tags/{revision}"),
    ]
}

/// The commit behind the first candidate that `git ls-remote` listed.
pub(super) fn pick(listed: &str, candidates: &[String]) -> Option<Commit> {
    let listed: Vec<_> = listed
        .lines()
        .filter_map(|it| it.split_once('\t'))
        .collect();
    candidates.iter().find_map(|wanted| {
        let found = listed.iter().find(|(_, name)| name == wanted);
        found.and_then(|(id, _)| Commit::parse(id))
    })
}

/// Whether this may be the id of a commit, cut short.
pub(super) fn is_short_id(revision: &Revision) -> bool {
    let text = revision.as_str();
    (4..64).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_go_before_tags_and_tags_are_peeled() {
        let id = |digit: &str| digit.repeat(40);
        let lines = [
            (id("1"), "refs/heads/x/refs/heads/v1"),
            (id("2"), "refs/tags/v1"),
            (id("3"), "refs/tags/v1^{}"),
        ];
        let mut listed = lines.map(|(id, name)| format!("{id}\t{name}\n")).concat();
        let wanted = candidates(Some(&Revision::parse("v1").unwrap()));
        assert_eq!(pick(&listed, &wanted).unwrap().as_str(), id("3"));
        listed += &format!("{}\trefs/heads/v1\n", id("4"));
        assert_eq!(pick(&listed, &wanted).unwrap().as_str(), id("4"));
        assert_eq!(pick(&listed, &candidates(None)), None);
        assert_eq!(pick("x\trefs/heads/v1\n", &wanted), None);
    }

    #[test]
    fn a_short_id_is_four_digits_at_least() {
        for (text, expected) in [("abc", false), ("abcd", true), ("abcg", false)] {
            assert_eq!(is_short_id(&Revision::parse(text).unwrap()), expected);
        }
    }
}
