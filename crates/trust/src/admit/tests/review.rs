//! Whoever looks at a file in order to vouch for it.

use super::{
    heard::{asking, denies, heard, index, word},
    *,
};

#[test]
fn a_reviewer_is_spared_vouches_and_nothing_else() {
    let asked = |text| Expression::Word(word(text));
    let vouched = || asking(asked("vouch:team"));
    assert!(judge(&[index()], &vouched()).is_err());
    let words = judge(&[index()], &vouched().for_review());
    assert_eq!(words, Ok(vec![Word::Index]), "nobody vouched for it");
    let both = Expression::All(vec![asked("vouch:team"), asked("key:team")]);
    assert!(judge(&[index()], &asking(both).for_review()).is_err());
}

#[test]
fn a_denial_refuses_a_reviewer_too() {
    let evidence = [index(), heard(vec![denies(BYTES)])];
    let refused = Err(RefusalKind::Denied);
    assert_eq!(judge(&evidence, &policy().for_review()), refused);
}
