//! Accepted scripts are single safe path parts that never replace the interpreter, no two of them
//! are one file, and what goes into the generated text is made of identifiers.
#![no_main]

use std::collections::HashSet;

use assay_types::SafePath;
use assay_types::entry_points::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut files = HashSet::new();
    for script in parse(bytes).into_iter().flatten() {
        let path = SafePath::parse(&script.name).expect("a safe path");
        assert_eq!(path.parts().count(), 1);
        let lower = script.name.to_ascii_lowercase();
        assert!(!matches!(lower.as_str(), "python" | "python3" | "python.exe" | "pythonw"));
        assert!(files.insert(path.collision_key()));
        for dotted in [&script.module, &script.object] {
            assert!(dotted.split('.').all(|it| !it.is_empty()));
            assert!(!dotted.contains(|c: char| c.is_ascii() && !is_identifier(c) && c != '.'));
        }
    }
});

fn is_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
