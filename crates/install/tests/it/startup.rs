//! Start-up code is judged by where it lands.

use assay_testkit::wheel::WheelBuilder;

use crate::common::{Home, picture, policy, project, rule, site};

#[test]
fn code_at_start_up_is_refused_until_it_is_allowed() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let before = picture(env.folder());
    let evil = || WheelBuilder::new("evil", "1.0").file("evil.pth", b"import os; os.getcwd()\n");
    let moved = || WheelBuilder::new("evil", "1.0").data("purelib", "evil.pth", b"import os\n");
    let custom = || WheelBuilder::new("evil", "1.0").file("sitecustomize/__init__.py", b"");
    for wheel in [evil(), moved(), custom()] {
        assert_eq!(rule(home.install(&env, &[wheel])), "start-up code");
    }
    assert_eq!(picture(env.folder()), before);
    let mut allowed = policy();
    allowed.startup.insert(project("evil"));
    home.install_with(&env, &[evil()], &allowed).unwrap();
    assert!(site(&env).join("evil.pth").is_file());
}

#[test]
fn the_same_names_elsewhere_are_plain_files() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let wheel = WheelBuilder::new("fine", "1.0")
        .file("fine/evil.pth", b"import os\n")
        .file("fine/sitecustomize.py", b"")
        .file("fine.pth", b"fine/inside\n");
    home.install(&env, &[wheel]).unwrap();
}
