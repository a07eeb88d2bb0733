//! A wheel's name that parses is a safe path part, keeps its text, and can be put together again.
#![no_main]

use assay_types::{SafePath, WheelName};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(wheel) = WheelName::parse(text) else {
        return;
    };
    assert_eq!(wheel.as_str(), text);
    assert!(!text.contains(['/', '\\']));
    assert!(text.len() > 255 || SafePath::parse(text).is_ok_and(|it| it.parts().count() == 1));
    let build = wheel.build().map(|(number, rest)| format!("-{number}{rest}"));
    let again = format!(
        "{}-{}{}-{}-{}-{}.whl",
        wheel.project().as_ref().replace('-', "_"),
        wheel.version(),
        build.unwrap_or_default(),
        wheel.python().join("."),
        wheel.abi().join("."),
        wheel.platform().join(".")
    );
    let again = WheelName::parse(&again).expect("the canonical name parses");
    assert_eq!(again.project(), wheel.project());
    assert_eq!(again.version(), wheel.version());
    assert_eq!(again.build(), wheel.build());
    assert!(again.tags().eq(wheel.tags()));
});
