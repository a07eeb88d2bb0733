//! Wheels in the store: listed, and taken out one by one.

use assay_install::{Error, Lookup, Plan};
use assay_testkit::wheel::WheelBuilder;

use crate::common::{Home, picture, policy};
use crate::install::demo;

#[test]
fn a_wheel_that_is_taken_out_is_forgotten_and_the_others_stay() {
    let Some(home) = Home::new() else { return };
    let (_, two) = home.publish(&demo("2.0").build());
    let (_, one) = home.publish(&demo("1.0").build());
    let (_, other) = home.publish(&WheelBuilder::new("other", "1.0").build());
    let names = || -> Vec<String> {
        let wheels = home.store.wheels().unwrap();
        wheels
            .iter()
            .map(|it| it.name().as_str().to_owned())
            .collect()
    };
    let all = [&one, &two, &other].map(|it| it.name().as_str().to_owned());
    assert_eq!(names(), all);
    home.store.remove(two.sha256()).unwrap();
    assert_eq!(names(), [all[0].clone(), all[2].clone()]);
    assert!(matches!(
        home.store.find(two.sha256()).unwrap(),
        Lookup::Miss
    ));
    assert!(!two.folder().exists());
    assert_eq!(home.store.info().unwrap().unknown, 0);
    // Once more is no error: somebody else may have been faster.
    home.store.remove(two.sha256()).unwrap();
    home.store.forget(one.sha256()).unwrap();
    assert_eq!(names(), [all[2].clone()]);
}

#[test]
fn a_run_whose_wheel_is_taken_out_finds_damage_and_nothing_half_done() {
    let Some(home) = Home::new() else { return };
    let addition = home.addition(&demo("1.0"));
    let sha256 = addition.approved.stored().sha256();
    let env = home.venv("env");
    let before = picture(env.folder());
    home.store.remove(sha256).unwrap();
    let inventory = env.installed().unwrap();
    let plan = Plan::build(&env, &inventory, &[], vec![addition], &policy());
    let failed = plan.and_then(|plan| home.finish(&plan).map(|_| ()));
    assert!(
        matches!(failed, Err(Error::Damaged { sha256: it, .. }) if it == sha256),
        "{failed:?}"
    );
    assert_eq!(picture(env.folder()), before);
    home.install(&env, &[demo("1.0")]).unwrap();
}
