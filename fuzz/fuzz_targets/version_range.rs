//! The first line holds specifiers, the others versions: a list of specifiers admits what each of
//! them admits, and what is printed means the same.
#![no_main]

use assay_types::{Version, VersionSpecifiers, range};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some((list, versions)) = text.split_once('\n') else {
        return;
    };
    let Ok(specifiers) = range::parse(list) else {
        return;
    };
    let all = range::of(&specifiers);
    let printed = range::parse(&specifiers.to_string()).expect("what is printed parses");
    assert_eq!(range::of(&printed), all);
    for version in versions.lines().filter_map(|it| it.parse::<Version>().ok()) {
        let each = specifiers
            .iter()
            .all(|it| range::of(&VersionSpecifiers::from(it.clone())).contains(&version));
        assert_eq!(all.contains(&version), each, "{specifiers} {version}");
    }
});
