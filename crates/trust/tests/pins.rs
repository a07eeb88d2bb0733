//! Publishers and pins as text: whatever is written is read back as the same.

use assay_trust::{Identity, PinnedFile, PublisherPin, PublisherPins, Term};
use assay_types::{ProjectName, Timestamp, Url, names};
use proptest::{option, prelude::*, sample::select};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_identity_is_read_from_its_text_and_covers_itself(identity in identity()) {
        let text = identity.to_string();
        let is_plain = |it: char| it.is_ascii_alphanumeric() || "._-/@+:=%".contains(it);
        prop_assert!(text.chars().all(is_plain), "one word for a shell: {text}");
        prop_assert_eq!(text.parse::<Identity>(), Ok(identity.clone()));
        prop_assert!(identity.covers(&identity));
    }

    #[test]
    fn no_text_is_read_as_an_identity_that_has_another_one(text in "(github|gitlab|google|circleci):[ -~]{0,30}") {
        if let Ok(identity) = text.parse::<Identity>() {
            prop_assert_eq!(identity.to_string().parse(), Ok(identity));
        }
    }

    #[test]
    fn all_pins_are_read_back(pins in pins()) {
        let text = pins.to_json();
        prop_assert_eq!(PublisherPins::parse(text.as_bytes()), Ok(pins));
    }

    #[test]
    fn a_document_that_lost_its_end_is_no_document(pins in pins(), cut in any::<prop::sample::Index>()) {
        let text = pins.to_json();
        let whole = text.trim_end();
        let half = &whole.as_bytes()[..cut.index(whole.len())];
        prop_assert!(PublisherPins::parse(half).is_err());
    }

    #[test]
    fn any_bytes_are_an_error_at_most(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = PublisherPins::parse(&bytes);
    }
}

/// Certificates may hold any text as a workflow.
fn identity() -> impl Strategy<Value = Identity> {
    let hosted = (
        select(vec!["github:a/b", "github:A-1/b.c", "gitlab:g/sub/n"]),
        option::of(part()),
        option::of(part()),
        option::of(part()),
    );
    let hosted = hosted.prop_map(|(name, workflow, repository, owner)| {
        let part = |before: &str, it: Option<String>| it.map(|it| format!("{before}{it}"));
        let parts = [
            part(":", workflow),
            part(":repository-id=", repository),
            part(":owner-id=", owner),
        ];
        parts
            .into_iter()
            .flatten()
            .fold(name.to_owned(), |text, it| text + &it)
    });
    let others = select(vec!["google:a@b", "circleci:p", "circleci:p:d"]).prop_map(str::to_owned);
    prop_oneof![3 => hosted, 1 => others].prop_map(|it| it.parse().unwrap())
}

fn part() -> impl Strategy<Value = String> {
    let encoded = |it: String| it.bytes().map(|it| format!("%{it:02x}")).collect();
    prop_oneof![".{1,5}".prop_map(encoded), "[a-z0-9./-]{1,9}"]
}

fn pins() -> impl Strategy<Value = PublisherPins> {
    let rows = prop::collection::vec((index(), project(), pin()), 0..6);
    rows.prop_map(|rows| {
        let mut pins = PublisherPins::default();
        for (index, project, pin) in rows {
            pins.set(index, project, pin);
        }
        pins
    })
}

fn index() -> impl Strategy<Value = Url> {
    select(vec![
        "https://a.example/simple/",
        "https://b.example/é?q=1",
        "http://[::1]:8/x/",
    ])
    .prop_map(|it| Url::parse(it).unwrap())
}

fn project() -> impl Strategy<Value = ProjectName> {
    "[a-z0-9]([a-z0-9._-]{0,9}[a-z0-9])?".prop_filter_map("no name", |it| names::project(&it))
}

/// One that names nobody is none.
fn pin() -> impl Strategy<Value = PublisherPin> {
    let identities = prop::collection::btree_map(identity(), term(), 0..3);
    let file = (any::<String>(), option::of(time()), option::of(time()));
    let file = file.prop_map(|(name, uploaded, logged)| PinnedFile {
        name,
        uploaded,
        logged,
    });
    let all = (
        identities,
        option::of(term()),
        time(),
        option::of(time()),
        option::of(file),
    );
    all.prop_map(
        |(identities, unattested, since, attested_since, latest)| PublisherPin {
            unattested: unattested.or(identities.is_empty().then_some(Term::Forever)),
            identities,
            since,
            attested_since,
            unattested_up_to: None,
            latest,
        },
    )
}

fn term() -> impl Strategy<Value = Term> {
    let days = (1..10_000, 1..13, 1..29);
    let day = days.prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
    let texts = prop_oneof![day, Just("forever".to_owned())];
    texts.prop_map(|it| it.parse().unwrap())
}

fn time() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800i64..253_402_207_200, 0i32..1_000_000_000)
        .prop_map(|(second, nano)| Timestamp::new(second, nano).unwrap())
}
