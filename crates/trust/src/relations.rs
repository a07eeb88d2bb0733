//! PEP 708: whether the files of another index may stand beside those of the first one that has a
//! name.
//!
//! The order of the indexes stays the rule: the first that has the name serves it. Only its own page
//! can let another index in, because that index was trusted with the name already and could serve
//! those files itself. What a later index says of itself never lets it in; it can only keep it out.

use assay_types::{Url, listing::Relations};

/// One project's page on one index.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'a> {
    /// The page's URL, as it was asked for.
    pub page: &'a Url,
    /// What it says.
    pub relations: &'a Relations,
}

/// The answer to [`join`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Join {
    /// Both say that they are one project.
    Mutual,
    /// The first says that it tracks the other, and the other says nothing against it.
    Tracked,
    /// Neither says anything.
    Unrelated,
    /// Something was said and does not suffice: a clause about the other index. Unescaped.
    Denied(String),
}

/// Judges whether `other` may join `first`, which comes before it in the order of the indexes.
pub fn join(first: Sighting<'_>, other: Sighting<'_>) -> Join {
    for (whose, sighting) in [("the first index", first), ("it", other)] {
        if let Some(why) = &sighting.relations.malformed {
            return Join::Denied(format!(
                "what {whose} says about other repositories (PEP 708) does not count: {why}"
            ));
        }
    }
    let names_first = other.relations.name(first.page);
    if first.relations.tracks.contains(other.page) {
        return tracked(first, other);
    }
    if !first.relations.alternate_locations.contains(other.page) {
        return if names_first {
            denied("it says that it is the same project, and the first index does not say so")
        } else {
            Join::Unrelated
        };
    }
    // "There MUST be agreement between all locations", unless the other one is an extension.
    if other.relations.tracks.contains(first.page) || locations(first) == locations(other) {
        return Join::Mutual;
    }
    denied("its alternate locations are not those that the first index lists")
}

fn tracked(first: Sighting<'_>, other: Sighting<'_>) -> Join {
    // "It MUST point to the repositories that own the namespaces, not another repository that is
    // also tracking that namespace."
    if !other.relations.tracks.is_empty() {
        return denied("it tracks another repository itself, and so cannot be tracked");
    }
    let alternate = &other.relations.alternate_locations;
    if alternate.contains(first.page) {
        Join::Mutual
    } else if alternate.is_empty() {
        Join::Tracked
    } else {
        denied("its alternate locations leave out the first index, which says that it tracks it")
    }
}

fn denied(why: &str) -> Join {
    Join::Denied(why.to_owned())
}

/// The alternate locations, in which the page's own URL is always one.
fn locations(sighting: Sighting<'_>) -> std::collections::BTreeSet<&Url> {
    let listed = sighting.relations.alternate_locations.iter();
    listed.chain([sighting.page]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(letter: char) -> Url {
        format!("https://{letter}.example/simple/demo/")
            .parse()
            .unwrap()
    }

    /// `t:BC a:D` of page A: it tracks B and C, and D is an alternate location.
    fn relations(text: &str) -> Relations {
        let list = |key: &str| {
            let word = text.split(' ').find_map(|it| it.strip_prefix(key));
            word.unwrap_or_default().chars().map(page).collect()
        };
        Relations {
            tracks: list("t:"),
            alternate_locations: list("a:"),
            malformed: text.contains('!').then(|| "broken".to_owned()),
        }
    }

    #[track_caller]
    fn check(first: &str, other: &str, expected: &str) {
        let (a, b) = (relations(first), relations(other));
        let joined = join(
            Sighting {
                page: &page('A'),
                relations: &a,
            },
            Sighting {
                page: &page('B'),
                relations: &b,
            },
        );
        let word = match &joined {
            Join::Mutual => "mutual",
            Join::Tracked => "tracked",
            Join::Unrelated => "unrelated",
            Join::Denied(_) => "denied",
        };
        assert_eq!(word, expected, "{first:?} {other:?}: {joined:?}");
    }

    #[test]
    fn the_first_tracks_the_other_unless_that_one_disagrees() {
        check("t:B", "", "tracked");
        check("t:CB", "", "tracked");
        check("t:B", "a:A", "mutual");
        check("t:B", "a:CA", "mutual");
        check("t:B", "a:C", "denied");
        check("t:B", "t:C", "denied");
        check("t:C", "", "unrelated");
    }

    #[test]
    fn alternate_locations_need_agreement_of_both() {
        check("a:B", "a:A", "mutual");
        check("a:AB", "a:A", "mutual");
        check("a:B", "", "denied");
        check("a:B", "a:AC", "denied");
        check("a:BC", "a:A", "denied");
        check("a:BC", "a:CA", "mutual");
        check("a:B", "t:A", "mutual");
        check("a:B", "t:C", "denied");
    }

    #[test]
    fn whoever_comes_later_cannot_let_itself_in() {
        check("", "t:A", "denied");
        check("", "a:A", "denied");
        check("a:C", "a:AC", "denied");
        check("", "a:C", "unrelated");
        check("", "", "unrelated");
    }

    #[test]
    fn what_is_malformed_lets_nobody_in() {
        check("! t:B", "a:A", "denied");
        check("t:B", "! a:A", "denied");
        check("", "!", "denied");
    }
}
