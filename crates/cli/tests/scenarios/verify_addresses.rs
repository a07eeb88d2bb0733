//! Whether a signer goes by an address of the author: said, and nothing is decided by it.

use assay_testkit::wheel::WheelBuilder;

use crate::{machine::Machine, verify_other::Ann};

const POLICY: &str = "../home/.config/assay/policy.toml";

#[test]
fn a_signer_by_another_address_than_the_author_is_said() {
    let Some(ann) = Ann::new() else { return };
    let machine = Machine::new();
    machine.write("../home/.config/assay/ann.asc", ann.certificate());
    let rule = "[[policy.rule]]\nprojects = ['demo']\nevidence = 'key:ann'\n";
    machine.write(POLICY, format!("[keys.ann]\nopenpgp = 'ann.asc'\n{rule}"));
    let verify = |author: &str| {
        let wheel = WheelBuilder::new("demo", "1.0").file("demo.py", b"x = 1\n");
        let wheel = wheel.header(author).build();
        machine.write(&wheel.file_name, &wheel.bytes);
        machine.write(&format!("{}.asc", wheel.file_name), ann.sign(&wheel.bytes));
        machine.assay(&["verify", &wheel.file_name]).ok().out
    };
    let other = verify("Author-email: Bob <bob@example.com>, eve@example.com");
    let words = "key:ann name another address than Author-email: ann@example.com, not bob@example.com, eve@example.com";
    assert!(other.contains(words), "{other}");
    for same in [
        "Author-email: Bob <bob@example.com>, Ann <Ann@Example.com>",
        "Author-email: nobody",
        "Author: Bob",
    ] {
        let told = verify(same);
        assert!(told.contains("signed (OpenPGP) by"), "{told}");
        assert!(!told.contains("another address"), "{told}");
    }
}
