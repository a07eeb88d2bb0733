use super::*;
use crate::args::RequirementArgs;

/// What is said where `typed` is asked for, and this stands in a requirements file.
fn settings(args: &BuildArgs, typed: &[&str], file: &str) -> Result<BuildSettings> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("r.txt"), file).unwrap();
    let mut around = Surroundings::default();
    folder.path().clone_into(&mut around.working_dir);
    let wanted = RequirementArgs {
        requirements: typed.iter().map(|it| (*it).to_owned()).collect(),
        requirement: vec!["r.txt".to_owned()],
        ..RequirementArgs::default()
    };
    let fetch = |_: &assay_types::Url| -> Result<Vec<u8>> { unreachable!() };
    let inputs = inputs::gather(&wanted, &around, None, &fetch)?;
    let choice = ChoiceArgs::default();
    BuildSettings::new(args, &choice, &inputs, None, &around, &fetch)
}

fn args(config: &[&str], network: &[&str]) -> BuildArgs {
    let owned = |it: &[&str]| it.iter().map(ToString::to_string).collect();
    BuildArgs {
        config_settings: owned(config),
        allow_build_network: owned(network),
        ..BuildArgs::default()
    }
}

#[test]
fn settings_are_for_what_was_named_with_them() {
    let file = "b -C in=file\nc --config-settings in=file -Cin=twice\nd\n";
    let all = settings(&args(&["typed=1"], &[]), &["a", "b"], file).unwrap();
    let config = |name: &str| {
        all.config_for(Some(&name.parse().unwrap()), false)
            .json()
            .to_string()
    };
    assert_eq!(config("a"), r#"{"typed":"1"}"#);
    assert_eq!(config("b"), r#"{"typed":"1"}"#);
    assert_eq!(config("c"), r#"{"in":["file","twice"]}"#);
    assert_eq!(config("d"), "{}");
    assert_eq!(
        all.config_for(None, true).json().to_string(),
        r#"{"typed":"1"}"#
    );
    // Whoever names a folder names whatever project lies there.
    let d = "d".parse().unwrap();
    assert!(!all.config_for(Some(&d), true).is_empty());
    let untyped = settings(&args(&[], &[]), &["b"], file).unwrap();
    let config = untyped.config_for(Some(&"b".parse().unwrap()), true);
    assert_eq!(config.json().to_string(), r#"{"in":"file"}"#);
    assert!(settings(&args(&["typed"], &[]), &[], "").is_err());
    assert!(settings(&args(&["=1"], &[]), &[], "").is_err());
}

#[test]
fn the_network_is_opened_to_one_project_and_its_hosts() {
    let hosts = |values: &[&str]| {
        let all = settings(&args(&[], values), &[], "")?;
        let hosts = all.network_for(Some(&"some-name".parse().unwrap())).iter();
        Ok::<_, Failure>(hosts.map(ToString::to_string).collect::<Vec<_>>())
    };
    let both = ["files.example:443", "other.example:8080"];
    let one_by_one = ["Some.Name=files.example", "some-name=other.example:8080"];
    assert_eq!(hosts(&one_by_one).unwrap(), both);
    let together = ["some_name=files.example, other.example:8080,files.example"];
    assert_eq!(hosts(&together).unwrap(), both);
    assert_eq!(hosts(&["other=files.example"]).unwrap(), [""; 0]);
    for bad in [
        "files.example",
        "no name=files.example",
        "a=",
        "a=*.example",
        "a=https://x",
    ] {
        assert!(hosts(&[bad]).is_err(), "{bad}");
    }
}

#[test]
fn constraints_on_builds_are_constraints_and_nothing_else() {
    let with = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("build.txt");
        std::fs::write(&path, text).unwrap();
        let args = BuildArgs {
            build_constraint: vec![path.to_string_lossy().into_owned()],
            ..BuildArgs::default()
        };
        settings(&args, &[], "").map(|it| it.constraints)
    };
    let read = with("setuptools<70 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000\n").unwrap();
    assert_eq!(read.constraints.len(), 1);
    assert_eq!(read.hashes.len(), 1);
    assert!(read.roots.is_empty());
    for bad in [
        "setuptools[x]\n",
        "-e .\n",
        "--index-url https://example.com/simple\n",
        "--pre\n",
    ] {
        assert!(with(bad).is_err(), "{bad}");
    }
}
