//! Hostile archives, through every door: a file, a JSON index, an HTML index. What is refused
//! leaves nothing behind; its nearest neighbour installs.

use assay_testkit::{
    hostile::{self, Expect},
    peers,
    server::IndexServer,
    wheel::WheelBuilder,
};

use crate::machine::{Machine, Outcome};

/// How a wheel gets in.
#[derive(Debug, Clone, Copy)]
enum Door {
    File,
    Json,
    Html,
}

/// A machine whose environment holds a distribution to attack.
fn prepared() -> Machine {
    let machine = Machine::new();
    let victim = WheelBuilder::new("victimpkg", "1.0")
        .file("victimpkg/__init__.py", b"victim = True\n")
        .build();
    let path = machine.write("victim/victimpkg-1.0-py3-none-any.whl", &victim.bytes);
    machine
        .assay(&[
            "install",
            "-q",
            "--venv",
            "env",
            "--no-index",
            path.to_str().unwrap(),
        ])
        .ok();
    machine
}

fn install(machine: &Machine, door: Door, file_name: &str, bytes: &[u8]) -> Outcome {
    let folder = machine.path("").parent().unwrap().join("incoming");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(file_name);
    std::fs::write(&path, bytes).unwrap();
    let common = ["install", "-q", "--venv", "env", "--retries", "0"];
    let server = match door {
        Door::File => {
            return machine.assay(&[&common[..], &["--no-index", path.to_str().unwrap()]].concat());
        }
        Door::Json => IndexServer::builder(),
        Door::Html => IndexServer::builder().html_only(),
    };
    let server = server.wheel(file_name, bytes).start();
    machine.assay(&[&common[..], &["-i", &server.index_url(), "evil"]].concat())
}

/// Installs one archive through every door; `accepts` as the table of cases says.
fn check(
    machine: &Machine,
    id: &str,
    file_name: &str,
    bytes: &[u8],
    accepts: bool,
) -> Result<(), String> {
    for door in [Door::File, Door::Json, Door::Html] {
        let before = machine.snapshot();
        let outcome = install(machine, door, file_name, bytes);
        if outcome.out.contains('\u{1b}') || outcome.err.contains('\u{1b}') {
            return Err(format!("{id} by {door:?} printed a control sequence"));
        }
        match (accepts, outcome.code) {
            (true, 0) => {
                let code = "import victimpkg; print(victimpkg.victim)";
                let python = machine.venv().join("bin/python");
                if machine.run(&python, &["-B", "-c", code]).out != "True\n" {
                    return Err(format!("{id} by {door:?} changed the victim"));
                }
                machine
                    .assay(&["uninstall", "-q", "-y", "--venv", "env", "evil"])
                    .ok();
            }
            // Metadata that excludes this Python is no trust rule: the resolver finds nothing.
            (false, 1 | 2 | 4) => {}
            (_, code) => {
                return Err(format!(
                    "{id} by {door:?}: exit code {code}\n{}",
                    outcome.err
                ));
            }
        }
        let changes = machine.changes_since(&before);
        if !changes.is_empty() {
            return Err(format!("{id} by {door:?} left {changes:?}"));
        }
    }
    Ok(())
}

/// One of four shares of the generated cases, so that they run side by side.
fn generated(share: usize) {
    let machine = prepared();
    let cases = hostile::cases().into_iter().skip(share).step_by(4);
    let failures: Vec<_> = cases
        .filter_map(|case| {
            let accepts = matches!(
                case.expect,
                Expect::Accept | Expect::Neutralise | Expect::Warn
            );
            check(&machine, case.id, &case.file_name, &case.bytes, accepts).err()
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn generated_cases_first_share() {
    generated(0);
}

#[test]
fn generated_cases_second_share() {
    generated(1);
}

#[test]
fn generated_cases_third_share() {
    generated(2);
}

#[test]
fn generated_cases_fourth_share() {
    generated(3);
}

/// The folder that a developer's machine has beside the checkout; a user's clone has none.
#[test]
fn recorded_cases_through_every_door() {
    let Some(folder) = peers::collection("ASSAY_HOSTILE_DIR") else {
        return;
    };
    let machine = prepared();
    let table = std::fs::read_to_string(folder.join("cases.tsv")).unwrap();
    let mut failures = Vec::new();
    for row in table.lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        let (id, file, expected) = (columns[0], columns[1], columns[4]);
        let path = folder.join(file);
        let name = path.file_name().unwrap().to_str().unwrap();
        // What becomes of source distributions is seen where they are built.
        if !name.ends_with(".whl") {
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        let accepts = matches!(
            expected.split(['/', ' ']).next(),
            Some("accept" | "neutralise" | "warn")
        );
        // `accept or reject`: either is right, so the table decides nothing.
        let lenient = expected.starts_with("accept or") || expected.starts_with("warn/");
        let result = check(&machine, id, name, &bytes, accepts);
        let result = if lenient {
            result.or_else(|_| check(&machine, id, name, &bytes, !accepts))
        } else {
            result
        };
        failures.extend(result.err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
