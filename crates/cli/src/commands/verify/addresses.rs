//! Whether whoever signed a distribution by OpenPGP goes by an address of its author. It decides nothing:
//! anybody can write any address into a key and into metadata.

use std::collections::BTreeSet;

use assay_trust::{Admission, Policy, Word};
use assay_types::metadata::Description;

/// A line for each key whose user ids name other addresses than `Author-email` does.
pub fn remarks(admission: &Admission, metadata: &[u8], policy: &Policy) -> Vec<String> {
    let description = Description::parse(metadata);
    let authors = description.map_or_else(|_| BTreeSet::new(), |it| addresses(&it.author_email));
    let mut remarks = Vec::new();
    for word in admission.words() {
        let Word::Key(label) = word else { continue };
        let user_ids = policy.key(label).map_or(&[][..], |it| it.key.user_ids());
        let own: BTreeSet<_> = user_ids.iter().flat_map(|it| addresses(it)).collect();
        if !own.is_empty() && !authors.is_empty() && own.is_disjoint(&authors) {
            let [own, authors] = [&own, &authors].map(list);
            remarks.push(format!(
                "the user ids of key:{label} name another address than Author-email: {own}, not {authors}"
            ));
        }
    }
    remarks
}

/// Those of `Ann <ann@example.com>, bob@example.com`; the case of letters does not matter.
fn addresses(text: &str) -> BTreeSet<String> {
    let one = |part: &str| {
        let inner = part.rsplit_once('<').and_then(|(_, it)| it.split_once('>'));
        let address = inner.map_or(part, |it| it.0).trim();
        let is_address = address.contains('@') && !address.contains(char::is_whitespace);
        is_address.then(|| address.to_lowercase())
    };
    text.split(',').filter_map(one).collect()
}

fn list(addresses: &BTreeSet<String>) -> String {
    let all: Vec<_> = addresses.iter().map(String::as_str).collect();
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_names_and_alone() {
        for (text, found) in [
            ("Ann <Ann@Example.com>", &["ann@example.com"][..]),
            ("ann@example.com", &["ann@example.com"]),
            ("Ann <a@b>, c@d", &["a@b", "c@d"]),
            ("\"Ann, B.\" <a@b>", &["a@b"]),
            ("Ann (release key) <a@b>", &["a@b"]),
            ("Ann", &[]),
            ("Ann at example.com @", &[]),
            ("", &[]),
        ] {
            let expected: BTreeSet<_> = found.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(addresses(text), expected, "{text}");
        }
    }
}
