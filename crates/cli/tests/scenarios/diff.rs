//! `assay diff`: two versions of a project, read and not installed.

use assay_testkit::wheel::{BuiltWheel, WheelBuilder};

use crate::machine::{Machine, Outcome, index, simple};

/// Writes two wheels into the working folder and compares them.
fn diff(machine: &Machine, wheels: [&BuiltWheel; 2], args: &[&str]) -> Outcome {
    let [old, new] = wheels.map(|it| {
        machine.write(&it.file_name, &it.bytes);
        &*it.file_name
    });
    let before = machine.snapshot();
    let outcome = machine.assay(&[&["diff", "app", old, new], args].concat());
    machine.assert_unchanged(&before);
    outcome
}

fn app(version: &str) -> WheelBuilder {
    WheelBuilder::new("app", version)
}

#[track_caller]
fn tells(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word:?} is not in:\n{text}");
    }
}

#[test]
fn what_matters_to_a_reviewer_is_told_in_its_order() {
    let old = app("1.0")
        .requires("six>=1")
        .requires("gone")
        .requires_python(">=3.8")
        .entry_point("app", "app:main")
        .file("app/__init__.py", b"a = 1\nb = 2\n")
        .file("app/moved.py", b"moved = True\n")
        .file("app/old.py", b"old = True\n");
    let new = app("2.0")
        .requires("six>=2")
        .requires("fresh ; os_name == 'posix'")
        .requires_python(">=3.9")
        .entry_point("app", "app:run")
        .file("app/__init__.py", b"a = 1\nb = 3\n")
        .file("app/new/moved.py", b"moved = True\n")
        .file("app/logo.png", b"\x7fELF\x02\x01\x01\0")
        .file("app.pth", b"import app\n")
        .file("requests/__init__.py", b"")
        .data("scripts", "app-tool", b"#!python\n");
    let machine = Machine::new();
    let told = diff(&machine, [&old.build(), &new.build()], &[]).ok().out;
    let places: Vec<_> = [
        "app 1.0 -> 2.0",
        "Metadata: ",
        "Native code: 1\n  new  app/logo.png  ELF; sha256:",
        "Start-up code: 1\n  new  app.pth  is read whenever Python starts; an install refuses it",
        "New files: ",
        "Removed files: 1\n  removed  app/old.py",
        "Renamed files: 1\n  renamed  app/new/moved.py  was app/moved.py, 13 bytes",
        "Changed files: ",
        "+++ app.pth\n@@ -0,0 +1,1 @@\n+import app",
        "@@ -1,2 +1,2 @@\n a = 1\n-b = 2\n+b = 3",
    ]
    .map(|it| {
        told.find(it)
            .unwrap_or_else(|| panic!("{it:?} is not in:\n{told}"))
    })
    .into();
    assert!(places.is_sorted(), "{places:?}\n{told}");
    let facts: Vec<_> = told
        .lines()
        .map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    for fact in [
        "changed Requires-Python >=3.8 -> >=3.9",
        "new dependency fresh ; os_name == 'posix'",
        "changed dependency six>=1 -> six>=2",
        "removed dependency gone",
        "changed entry point [console_scripts] app = app:main -> [console_scripts] app = app:run",
        "new top-level module requests",
    ] {
        assert!(facts.iter().any(|it| it == fact), "{fact}\n{told}");
    }
    tells(&told, &["new      script", "app-tool (sha256:"]);
}

#[test]
fn versions_come_from_the_index_as_an_install_would_take_them() {
    let server = index(&[
        simple("app", "1.0", &["lib"]),
        simple("app", "2.0", &["lib"]),
    ]);
    let machine = Machine::new();
    let url = server.index_url();
    let diff = |args: &[&str]| {
        let own = ["diff", "--index-url", &url, "--venv", "env", "app"];
        machine.assay(&[&own[..], args].concat())
    };
    machine.assay(&["venv", "env"]).ok();
    diff(&[]).fails(1, &["app is not installed here", "assay diff app A B"]);
    machine.install(&server, &["--no-deps", "app==1.0"]).ok();
    let before = machine.snapshot();
    for args in [&[][..], &["2.0"], &["1.0", "2.0"]] {
        let report = diff(&[args, &["--json"]].concat()).ok().json();
        assert_eq!(report["from"]["version"], "1.0", "{args:?}");
        assert_eq!(report["to"]["version"], "2.0", "{args:?}");
        assert_eq!(report["changed-files"][1]["path"], "app/__init__.py");
    }
    machine.assert_unchanged(&before);
    diff(&["1.0", "3.0"]).fails(1, &["app"]);
    diff(&["1.0", "newest"]).fails(2, &["newest is neither a version nor a wheel"]);
    machine.write(
        "assay.toml",
        "[[policy.rule]]\nprojects = ['app']\nevidence = 'hash'\n",
    );
    diff(&["1.0", "2.0"]).fails(4, &["rule: evidence (assay.toml:3:12)"]);
}

#[test]
fn the_exit_code_tells_a_difference_where_that_is_asked_for() {
    let machine = Machine::new();
    let (one, two) = (simple("app", "1.0", &[]), simple("app", "2.0", &[]));
    assert_eq!(diff(&machine, [&one, &two], &["--exit-code"]).code, 3);
    diff(&machine, [&one, &two], &[]).ok();
    let same = diff(&machine, [&one, &one], &["--exit-code"]).ok();
    tells(&same.out, &["Changed files: none"]);
    let other = simple("other", "2.0", &[]);
    diff(&machine, [&one, &other], &[]).fails(2, &["is a wheel of other, and app was asked for"]);
}

#[test]
fn hostile_text_is_shown_and_neither_obeyed_nor_hidden() {
    let far = format!("x = 1{}; evil()\r\n", " ".repeat(3000));
    let old = app("1.0")
        .file("app/mixed.py", b"a = 1\r\n")
        .file("app/dos.py", b"a = 1\r\nb = 2\r\n");
    let new = app("2.0")
        .file("app/mixed.py", format!("a = 1\n{far}").as_bytes())
        .file("app/dos.py", b"a = 1\nb = 2\n")
        .file(
            "app/steer.py",
            "# \x1b]0;owned\x07 \u{202e} \u{e0101}\n".as_bytes(),
        )
        .file("app/latin.py", b"# caf\xe9\n")
        .file("app/long.js", "z".repeat(100_000).as_bytes())
        .file("app/data.bin", b"\0\x1b[2J")
        .dist_info("entry_points.txt", b"[app.plugins]\nevil = app:x\n");
    let machine = Machine::new();
    let wheels = [&old.build(), &new.build()];
    let told = diff(&machine, wheels, &[]).ok().out;
    tells(
        &told,
        &[
            r"+# \u{1b}]0;owned\u{7} \u{202e} \u{e0101}",
            r"+# caf\xe9",
            r"+x = 1[3000 spaces]; evil()\u{d}",
            "(its lines ended with CRLF and end with LF)",
            "… (100000 characters in all)",
            "+++ app/data.bin\n(binary: 5 bytes, sha256:",
            "[app.plugins] evil = app:x",
        ],
    );
    let is_raw = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{e0101}".contains(c));
    assert_eq!(told.find(is_raw), None);
    let data = diff(&machine, wheels, &["--json"]).ok().out;
    assert_eq!(data.find(|c: char| c != '\n' && c.is_control()), None);
    let path = app("3.0").file("app/\x1b[2J.py", b"").build();
    let refused = diff(&machine, [&old.build(), &path], &[]);
    assert_eq!(
        (refused.code, refused.err.contains('\x1b')),
        (4, false),
        "{refused:?}"
    );
}

#[test]
fn large_files_are_compared_by_digest_and_bombs_are_refused() {
    const ZEROS: usize = 8 << 20;
    let old = app("1.0").file("app/zeros", &vec![b'0'; ZEROS]);
    let new = app("2.0").file("app/zeros", &vec![b'0'; ZEROS + 1]);
    let machine = Machine::new();
    let told = diff(&machine, [&old.build(), &new.build()], &[]).ok().out;
    tells(
        &told,
        &[
            "8388608 -> 8388609 bytes",
            "(too large to compare by lines: 8388609 bytes",
        ],
    );
    // A gigabyte, as the headers have it: it is refused before any of it is made.
    let bomb = app("3.0")
        .file("app/zeros", &vec![b'0'; ZEROS])
        .archive(|archive| {
            archive.change("app/zeros", |it| it.both(|header| header.size = 1 << 30));
        });
    diff(&machine, [&old.build(), &bomb.build()], &[]).fails(4, &["compression ratio"]);
}

#[test]
fn what_is_left_out_is_counted() {
    let lines = |from: usize| -> String {
        (from..from + 100_000)
            .map(|it| format!("x{it}\n"))
            .collect()
    };
    let old = app("1.0").file("app/many.py", lines(0).as_bytes());
    let new = app("2.0")
        .file("app/many.py", lines(50_000).as_bytes())
        .file("app/more.py", b"more = True\n");
    let machine = Machine::new();
    let wheels = [&old.build(), &new.build()];
    let told = diff(&machine, wheels, &["--max-lines", "10"]).ok().out;
    assert_eq!(told.lines().filter(|it| it.starts_with("-x")).count(), 10);
    // 100,000 lines that go or come, and three beside them on either side of what is kept.
    let left_out = "left out after 10 lines (--max-lines): 99996 more of these files, and the text of 2 other files";
    tells(&told, &[left_out]);
    let stat = diff(&machine, wheels, &["--stat"]).ok().out;
    tells(&stat, &["new  app/more.py"]);
    assert!(!stat.contains("@@") && !stat.contains("left out"), "{stat}");
    let data = diff(&machine, wheels, &["--json", "--stat"]).ok().json();
    assert!(data["text"].is_null());
}

#[test]
fn files_are_told_apart_by_content_and_mode() {
    let old = app("1.0")
        .file("app/same.py", b"same = 1\n")
        .file("app/tool.sh", b"echo\n")
        .file("app/one.py", b"twin = 1\n")
        .file("app/two.py", b"twin = 1\n")
        .file("app/empty.py", b"")
        .data("data", "share/app.txt", b"1\n");
    let new = app("2.0")
        .file("app/same.py", b"same = 1\n")
        .executable("app/tool.sh", b"echo\n")
        .file("app/first.py", b"twin = 1\n")
        .file("app/hollow.py", b"")
        .file("app/third.py", b"twin = 2\n")
        .data("data", "share/app.txt", b"2\n");
    let machine = Machine::new();
    let wheels = [&old.build(), &new.build()];
    let report = diff(&machine, wheels, &["--json"]).ok().json();
    let paths = |list: &str| {
        let rows = report[list].as_array().unwrap().iter();
        let told = rows.map(|it| match it["was"].as_str() {
            Some(was) => format!("{was} -> {}", it["path"].as_str().unwrap()),
            None => it["path"].as_str().unwrap().to_owned(),
        });
        told.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(paths("new-files"), "app/hollow.py, app/third.py");
    assert_eq!(paths("removed-files"), "app/empty.py, app/two.py");
    assert_eq!(paths("renamed-files"), "app/one.py -> app/first.py");
    let changed = "app-2.0.data/data/share/app.txt, app-2.0.dist-info/METADATA, app/tool.sh";
    assert_eq!(paths("changed-files"), changed);
    assert_eq!(report["changed-files"][2]["now-executable"], true);
    assert_eq!(
        report["changed-files"][0]["now-executable"],
        serde_json::Value::Null
    );
    let told = diff(&machine, wheels, &[]).ok().out;
    tells(
        &told,
        &[
            "5 bytes, now executable",
            "+++ app/tool.sh\n(only its mode differs)",
        ],
    );
}

#[test]
fn start_up_code_is_found_by_every_way_in() {
    let old = app("1.0").file("app/hook.txt", b"import app\n");
    let new = app("2.0")
        .data("purelib", "usercustomize.py", b"x = 1\n")
        .file("hook.pth", b"import app\n")
        .file("leads.pth", b"app/lib/\n")
        .file("app/lib/sitecustomize.py", b"x = 2\n")
        .file("app/sitecustomize.py", b"x = 3\n");
    let machine = Machine::new();
    let args = ["--json", "--stat"];
    let report = diff(&machine, [&old.build(), &new.build()], &args)
        .ok()
        .json();
    let found = report["start-up-code"].as_array().unwrap().iter();
    let found: Vec<_> = found
        .map(|it| {
            (
                it["path"].as_str().unwrap(),
                it["change"].as_str().unwrap(),
                it["refused"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("app-2.0.data/purelib/usercustomize.py", "new", true),
            ("app/lib/sitecustomize.py", "new", true),
            ("hook.pth", "renamed", true),
            ("leads.pth", "new", false),
        ]
    );
}
