//! pip.conf in pip's order, and every `PIP_*` variable.

mod environments;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use assay_testkit::peers;

use crate::machine::{Machine, Outcome, builder, index, simple, upload};

/// A machine with folders for each kind of file.
struct Set {
    machine: Machine,
}

impl Set {
    fn new() -> Self {
        Self {
            machine: Machine::new(),
        }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        self.machine.write(name, text)
    }

    /// Runs assay with files of settings: `machine/` for the machine's, `user/` for the user's.
    fn run(&self, args: &[&str], more: &[(&str, &str)]) -> Outcome {
        self.run_as(&[env!("CARGO_BIN_EXE_assay")], args, more)
    }

    /// The same with pip.
    fn pip(&self, python: &Path, args: &[&str], more: &[(&str, &str)]) -> Outcome {
        let python = python.display().to_string();
        self.run_as(&[&python, "-m", "pip"], args, more)
    }

    fn run_as(&self, program: &[&str], args: &[&str], more: &[(&str, &str)]) -> Outcome {
        let folder = |name: &str| self.machine.path(name).display().to_string();
        let mut words = vec![
            "-u".to_owned(),
            "PIP_CONFIG_FILE".to_owned(),
            format!("XDG_CONFIG_DIRS={}", folder("machine")),
            format!("XDG_CONFIG_HOME={}", folder("user")),
            "PYTHONUTF8=1".to_owned(),
        ];
        words.extend(more.iter().map(|(name, value)| format!("{name}={value}")));
        let words = words.iter().map(String::as_str);
        let all: Vec<_> = words.chain(program.iter().chain(args).copied()).collect();
        self.machine.run(Path::new("env"), &all)
    }

    /// The one index that a dry run asks, by the number in its URL; every one of them is closed.
    fn asked(&self, args: &[&str], more: &[(&str, &str)]) -> String {
        let all = [&["install", "--dry-run", "--retries", "0", "app"], args].concat();
        let said = self.run(&all, more).err;
        let at = said
            .find("https://127.0.0.1:1/")
            .unwrap_or_else(|| panic!("{said}"));
        let number = &said[at + "https://127.0.0.1:1/".len()..];
        number.chars().take_while(char::is_ascii_digit).collect()
    }
}

fn conf(section: &str, number: u8) -> String {
    format!("[{section}]\nindex-url = https://127.0.0.1:1/{number}/\n")
}

#[test]
fn files_sections_variables_and_words_override_each_other_in_pips_order() {
    let set = Set::new();
    let asked = |args: &[&str], more: &[(&str, &str)]| set.asked(args, more);
    set.machine.assay(&["venv", "env"]).ok();
    let venv = &["--venv", "env"][..];
    set.write("machine/pip/pip.conf", &conf("global", 1));
    assert_eq!(asked(venv, &[]), "1");
    set.write("user/pip/pip.conf", &conf("global", 2));
    assert_eq!(asked(venv, &[]), "2");
    set.write("env/pip.conf", &conf("global", 3));
    assert_eq!(asked(venv, &[]), "3");
    set.write("named.conf", &conf("global", 4));
    let named = ("PIP_CONFIG_FILE", "named.conf");
    assert_eq!(asked(venv, &[named]), "4");
    // A command's section goes before [global], whichever file either is in.
    set.write("machine/pip/pip.conf", &conf("install", 5));
    assert_eq!(asked(venv, &[named]), "5");
    let variable = ("PIP_INDEX_URL", "https://127.0.0.1:1/6/");
    assert_eq!(asked(venv, &[named, variable]), "6");
    let typed = ["--venv", "env", "-i", "https://127.0.0.1:1/7/"];
    assert_eq!(asked(&typed, &[named, variable]), "7");
    // An empty variable is none.
    assert_eq!(asked(venv, &[named, ("PIP_INDEX_URL", "")]), "5");
}

#[test]
fn what_is_left_out_and_when() {
    let set = Set::new();
    set.machine.assay(&["venv", "env"]).ok();
    let venv = &["--venv", "env"][..];
    set.write("machine/pip/pip.conf", &conf("global", 1));
    set.write("user/pip/pip.conf", &conf("global", 2));
    // The user's own are not read where PIP_CONFIG_FILE is there; nothing at all with the null device.
    set.write("named.conf", "[global]\n");
    assert_eq!(set.asked(venv, &[("PIP_CONFIG_FILE", "named.conf")]), "1");
    assert_eq!(set.asked(venv, &[("PIP_CONFIG_FILE", "gone.conf")]), "2");
    let nothing = [
        ("PIP_CONFIG_FILE", "/dev/null"),
        ("PIP_INDEX_URL", "https://127.0.0.1:1/8/"),
    ];
    assert_eq!(set.asked(venv, &nothing), "8");
    // --isolated: neither the user's files nor variables.
    let isolated = ["--venv", "env", "--isolated"];
    assert_eq!(set.asked(&isolated, &[nothing[1]]), "1");
    // [install] is not for `list`, and [list] not for `install`.
    set.write("user/pip/pip.conf", &conf("list", 3));
    assert_eq!(set.asked(venv, &[]), "1");
}

#[test]
fn the_file_of_an_environment_counts_only_where_somebody_chose_it() {
    let set = Set::new();
    set.machine.assay(&["venv", ".venv"]).ok();
    set.write("user/pip/pip.conf", &conf("global", 2));
    set.write(".venv/pip.conf", &conf("global", 3));
    assert_eq!(set.asked(&[], &[]), "2");
    assert_eq!(set.asked(&["--venv", ".venv"], &[]), "3");
    assert_eq!(set.asked(&["--python", ".venv"], &[]), "3");
    let active = set.machine.path(".venv").display().to_string();
    assert_eq!(set.asked(&[], &[("VIRTUAL_ENV", &active)]), "3");
    let args = [
        "install",
        "--dry-run",
        "--venv",
        ".venv",
        "--retries",
        "0",
        "app",
    ];
    set.run(&args, &[])
        .fails(1, &["index-url in ", ".venv/pip.conf:2 is in force"]);
}

#[test]
fn an_editable_is_taken_from_a_variable_and_not_from_the_file_of_an_environment() {
    let set = Set::new();
    set.machine.assay(&["venv", "env"]).ok();
    let args = ["install", "--venv", "env", "--no-index", "app"];
    set.run(&args, &[("PIP_EDITABLE", "./gone")])
        .fails(1, &["-e ", "gone", "no such folder"]);
    set.write("env/pip.conf", "[install]\neditable = ./gone\n");
    set.run(&args, &[])
        .fails(1, &["env/pip.conf:2 is not taken", "app was not found"]);
}

#[test]
fn a_file_that_others_can_write_decides_nothing() {
    let set = Set::new();
    let path = set.write("user/pip/pip.conf", &conf("global", 2));
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o666);
    set.run(&["list"], &[])
        .fails(4, &["pip.conf", "mode 0666", "chmod go-w", "rule:"]);
    // It is no way out to be told of the fault and have it kept: what mends files runs.
    set.run(&["config", "debug"], &[]).fails(4, &["chmod go-w"]);
    mode(0o644);
    assert_eq!(set.asked(&[], &[]), "2");
    // pip passes over what it cannot read.
    fs::create_dir(set.machine.path("folder.conf")).unwrap();
    let folder = [("PIP_CONFIG_FILE", "folder.conf")];
    set.run(&["list"], &folder).fails(1, &["folder.conf"]);
    fs::write(set.machine.path("latin.conf"), b"[global]\nproxy = \xe9\n").unwrap();
    set.run(&["list"], &[("PIP_CONFIG_FILE", "latin.conf")])
        .fails(2, &["not UTF-8"]);
}

#[test]
fn options_of_every_kind_are_read_as_pip_reads_them() {
    let server = index(&[simple("app", "1.0", &[]), simple("app", "2.0rc1", &[])]);
    let set = Set::new();
    let url = server.index_url();
    let frozen = |venv: &str| set.machine.assay(&["freeze", "--venv", venv]).ok().out;
    let index = ("PIP_INDEX_URL", url.as_str());
    for (venv, variables, expected) in [
        ("a", vec![("PIP_PRE", "YES")], "app==2.0rc1\n"),
        ("b", vec![("PIP_PRE", "0")], "app==1.0\n"),
        ("c", vec![("PIP_ALL_RELEASES", "app")], "app==2.0rc1\n"),
        (
            "d",
            vec![("PIP_TIMEOUT", "20"), ("PIP_RETRIES", "1")],
            "app==1.0\n",
        ),
    ] {
        let all: Vec<_> = variables.into_iter().chain([index]).collect();
        set.run(&["install", "--venv", venv, "app"], &all).ok();
        assert_eq!(frozen(venv), expected, "{all:?}");
    }
    // Counts add up, and a switch of [global] can be taken back in the command's section.
    set.write(
        "user/pip/pip.conf",
        "[global]\nverbose = 1\npre = yes\n[install]\npre = off\n",
    );
    let outcome = set.run(&["install", "--venv", "e", "app"], &[index]).ok();
    assert!(outcome.err.contains("· "), "{}", outcome.err);
    assert_eq!(frozen("e"), "app==1.0\n");
    let quiet = set
        .run(&["-q", "install", "--venv", "f", "app"], &[index])
        .ok();
    assert!(!quiet.err.contains("· "), "{}", quiet.err);
}

#[test]
fn a_wrong_value_is_named_with_its_place() {
    let set = Set::new();
    for (text, words) in [
        (
            "[global]\ntimeout = soon\n",
            &["timeout in ", "user/pip/pip.conf:2", "soon"][..],
        ),
        (
            "[global]\n\npre = perhaps\n",
            &["pip.conf:3", "perhaps is neither yes nor no"],
        ),
        (
            "[global]\nno-index = x\n",
            &["pip.conf:2", "neither yes nor no"],
        ),
        (
            "[global]\nverbose = many\n",
            &["pip.conf:2", "neither a number"],
        ),
        (
            "[install]\nuser = yes\n",
            &["pip.conf:2", "--user", "--venv"],
        ),
        (
            "[install]\nno-binary = no name\n",
            &["--no-binary: \"no name\" is no project's name"],
        ),
        (
            "[install]\nconfig-settings = key\n",
            &["--config-settings", "KEY=VALUE"],
        ),
        ("[global]\nindex-url = nonsense\n", &["pip.conf:2"]),
        ("[global]\nextra-index-url = https://\n", &["pip.conf:2"]),
        ("[global]\nfind-links = https://[\n", &["pip.conf:2"]),
        (
            "index-url = x\n",
            &["pip.conf:1:1", "before the first section"],
        ),
        (
            "[global]\npre = 1\nPRE = 0\n",
            &["pip.conf:3:1", "second option pre"],
        ),
    ] {
        set.write("user/pip/pip.conf", text);
        set.run(&["install", "--venv", "env", "app"], &[])
            .fails(2, words);
        set.run(
            &["install", "--venv", "env", "--isolated", "--no-index"],
            &[],
        )
        .fails(2, &["at least one requirement"]);
    }
    set.write("user/pip/pip.conf", "[install]\nno-binary = :none:\n");
    set.run(&["install", "--venv", "env", "--no-index"], &[])
        .fails(2, &["at least one requirement"]);
    set.run(&["list"], &[("PIP_TIMEOUT", "x")])
        .fails(2, &["PIP_TIMEOUT", "'x'"]);
    // What was typed is wrong by itself.
    set.run(&["list", "--timeout", "y"], &[("PIP_RETRIES", "1")])
        .fails(2, &["'y'"]);
}

#[test]
fn nothing_is_ignored_without_a_word() {
    let set = Set::new();
    set.write(
        "user/pip/pip.conf",
        "[global]\nno-compile = no\nuse-feature = fast-deps\nno_such_thing = 1\nformat = json\nversion = 1\n[nobody]\nx = 1\n",
    );
    let note = "use-feature in";
    let outcome = set.run(&["hash", "pip.conf"], &[("PIP_ALLOW_STARTUP", "x")]);
    assert!(
        outcome.err.contains(note) && outcome.err.contains("has no use"),
        "{}",
        outcome.err
    );
    assert!(!outcome.err.contains("no-such-thing"), "{}", outcome.err);
    let outcome = set.run(&["-v", "hash", "pip.conf"], &[("PIP_ALLOW_STARTUP", "x")]);
    // What belongs to another command is nothing to speak of, as with pip.
    assert!(!outcome.err.contains("format in"), "{}", outcome.err);
    for word in [
        "no-such-thing in",
        "PIP_ALLOW_STARTUP is ignored",
        "[nobody] is no command",
    ] {
        assert!(outcome.err.contains(word), "{word}: {}", outcome.err);
    }
    // Without it assay is stricter than pip would be.
    let ignored = [("PIP_NO_REQUIRE_HASHES", "1")];
    let outcome = set.run(&["install", "--venv", "env", "--no-index"], &ignored);
    assert!(
        outcome.err.contains("PIP_NO_REQUIRE_HASHES is ignored"),
        "{}",
        outcome.err
    );
    let outcome = set.run(
        &["install", "--venv", "env", "--no-index", "app"],
        &[("PIP_TRUSTED_HOST", "example.com")],
    );
    assert!(
        outcome
            .err
            .contains("--trusted-host example.com is ignored"),
        "{}",
        outcome.err
    );
}

#[test]
fn a_command_is_found_behind_options_and_below_another() {
    let set = Set::new();
    set.machine.assay(&["venv", "list"]).ok();
    let active = set.machine.path("list").display().to_string();
    let formatted = [("PIP_FORMAT", "json"), ("VIRTUAL_ENV", &active)];
    let out = set
        .run(&["--cache-dir", "list", "list"], &formatted)
        .ok()
        .out;
    assert_eq!(out.trim(), "[]");
    let out = set
        .run(
            &["list", "--venv", "list", "--format", "freeze"],
            &formatted,
        )
        .ok()
        .out;
    assert_eq!(out, "");
    set.run(&["cache", "list"], &[("PIP_FORMAT", "abspath")])
        .ok();
    set.run(&["cache", "list"], &formatted)
        .fails(2, &["PIP_FORMAT"]);
}

#[test]
fn config_reads_and_writes_what_pip_does() {
    let set = Set::new();
    let run = |args: &[&str]| set.run(&[&["config"], args].concat(), &[]);
    run(&[
        "set",
        "global.index-url",
        "https://me:s3cr3t@example.com/simple",
    ])
    .ok();
    run(&["set", "--user", "install.Find_Links", "house"]).ok();
    let path = set.machine.path("user/pip/pip.conf");
    let text = "[global]\nindex-url = https://me:s3cr3t@example.com/simple\n[install]\nfind-links = house\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        run(&["get", "global.index_url"]).ok().out,
        "https://me:s3cr3t@example.com/simple\n"
    );
    for shown in [
        run(&["list"]).ok().out,
        run(&["debug"]).ok().out,
        run(&["list", "--json"]).ok().out,
    ] {
        assert!(
            shown.contains("example.com/simple") && !shown.contains("s3cr3t"),
            "{shown}"
        );
    }
    run(&["get", "global.nothing"]).fails(1, &["No such key - global.nothing"]);
    run(&["get", "index-url"]).fails(2, &["global.index-url"]);
    run(&["set", "index-url", "x"]).fails(2, &["global.index-url"]);
    run(&["set", "global.timeout", "1\n[install]\npre = 1"]).fails(2, &["line break"]);
    run(&["set", "global.a=b", "c"]).fails(2, &["something else"]);
    run(&["set", "--site", "global.pre", "1"]).fails(2, &["no environment is active"]);
    run(&["set", "--site", "--user", "global.pre", "1"]).fails(2, &["--site"]);
    run(&["unset", "global.nothing"]).fails(1, &["No such key"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    fs::write(&path, format!("# kept\n{text}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    run(&["unset", "global.index-url"]).ok();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "# kept\n[install]\nfind-links = house\n"
    );
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );

    // A file that cannot be read can be mended, and nothing else goes on.
    run(&["edit", "--editor", "echo broken >>"]).fails(2, &["pip.conf:4:1"]);
    set.run(&["list"], &[]).fails(2, &["pip.conf:4:1"]);
    run(&["edit", "--editor", "sed -i /broken/d"]).ok();
    set.run(&["list"], &[]).ok();
    run(&["edit", "--editor", "false"]).fails(1, &["false ended"]);
}

#[test]
fn config_says_what_pip_says() {
    let is_it = "import pip; assert pip.__version__.startswith('26.3')";
    let Some(python) = peers::python_with(is_it, "pip 26.3") else {
        return;
    };
    let set = Set::new();
    let prefix = set
        .machine
        .run(&python, &["-c", "import sys; print(sys.prefix)"])
        .ok()
        .out;
    let active = ("VIRTUAL_ENV", prefix.trim());
    let text = "[global]\nTimeout: 3\n\n[install]\nfind_links =\n   a\n   b's\n";
    set.write("machine/pip/pip.conf", text);
    set.write(
        "user/pip/pip.conf",
        "# x\n[global]\ntimeout = 5\ncert = ~/é \"q\"\n",
    );
    set.write("named.conf", "[list]\npre = 1\n");
    let named = ("PIP_CONFIG_FILE", "named.conf");
    let variable = ("PIP_No_Index", "it's");
    for args in [
        &["list"][..],
        &["debug"],
        &["list", "--user"],
        &["list", "--global"],
        &["list", "--isolated"],
        &["get", "--user", "global.timeout"],
        &["get", "--global", "global.TIMEOUT"],
        &["get", "--global", "global.cert"],
        &["get", "--user", ":env:.no-index"],
    ] {
        for more in [&[active][..], &[active, named], &[active, named, variable]] {
            let args = [&["config"], args].concat();
            let ours = set.run(&args, more);
            let theirs = set.pip(&python, &args, more);
            assert_eq!(
                ours.out, theirs.out,
                "{args:?} {more:?} {} {}",
                ours.err, theirs.err
            );
            assert_eq!(ours.code, theirs.code, "{args:?} {more:?}");
        }
    }
    // What one writes the other reads.
    set.run(&["config", "set", "global.timeout", "7"], &[]).ok();
    set.pip(
        &python,
        &["config", "set", "--user", "global.retries", "8"],
        &[],
    )
    .ok();
    let theirs = set.pip(&python, &["config", "get", "--user", "global.timeout"], &[]);
    let ours = set.run(&["config", "get", "global.retries"], &[]);
    assert_eq!([theirs.out, ours.out], ["7\n", "8\n"]);
}

#[test]
fn a_cutoff_that_is_set_counts_and_a_typed_one_goes_before_it() {
    let app = |version, time| upload(&simple("app", version, &[])).upload_time(time);
    let server = builder(&[])
        .upload(app("1.0", "2020-01-01T00:00:00Z"))
        .upload(app("2.0", "2021-01-01T00:00:00Z"))
        .start();
    let set = Set::new();
    set.machine.assay(&["venv", "env"]).ok();
    let url = server.index_url();
    let chosen = |typed: &[&str], more: &[(&str, &str)]| {
        let args = [
            "install",
            "--venv",
            "env",
            "--dry-run",
            "--json",
            "-i",
            &url,
            "app",
        ];
        let report = set.run(&[&args[..], typed].concat(), more).ok().json();
        report["packages"][0]["version"].to_string()
    };
    let variable = [("PIP_UPLOADED_PRIOR_TO", "2020-06-01")];
    assert_eq!(chosen(&[], &[]), "\"2.0\"");
    assert_eq!(chosen(&[], &variable), "\"1.0\"");
    assert_eq!(
        chosen(&["--uploaded-prior-to", "P1D"], &variable),
        "\"2.0\""
    );
    let wrong = [("PIP_UPLOADED_PRIOR_TO", "soon")];
    set.run(&["install", "--venv", "env", "-i", &url, "app"], &wrong)
        .fails(2, &["PIP_UPLOADED_PRIOR_TO"]);
}
