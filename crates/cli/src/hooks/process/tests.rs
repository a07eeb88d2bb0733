use std::{fs::File, path::Path};

use super::*;

const LIMIT: Duration = Duration::from_secs(20);
const ACCEPT: &str = r#"{"protocol":1,"answer":"accept"}"#;

/// What a shell does that gets `input`, and the end of what it says.
fn shell(script: &str, input: &[u8], limit: Duration) -> (Result<String, Fault>, Vec<String>) {
    let mut said = Tail::default();
    let mut command = Command::new("/bin/sh");
    let heard = run(command.args(["-c", script]), input, limit, &mut said);
    let heard = heard.map(|it| String::from_utf8(it).unwrap());
    (heard, said.lines())
}

#[track_caller]
fn fault(script: &str, limit: Duration) -> String {
    shell(script, b"facts", limit).0.unwrap_err().to_string()
}

fn is_alive(pid: &str) -> bool {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat"));
    status.is_ok_and(|it| !it.contains(") Z "))
}

#[test]
fn what_a_program_writes_is_heard_and_its_input_ends() {
    let (heard, said) = shell("cat; echo trouble >&2", b"facts", LIMIT);
    assert_eq!(
        (heard.unwrap(), said),
        ("facts".to_owned(), vec!["trouble".to_owned()])
    );
    // Nobody has to read the facts, however long they are.
    let long = vec![b'x'; 1 << 20];
    for script in ["echo done", "exec <&-; sleep 0.1; echo done"] {
        assert_eq!(shell(script, &long, LIMIT).0.unwrap(), "done\n", "{script}");
    }
    let counted = shell("wc -c", &long, LIMIT).0.unwrap();
    assert_eq!(counted.trim(), "1048576");
}

#[test]
fn only_success_has_an_answer() {
    let answered = |end: &str| format!("echo '{ACCEPT}'; {end}");
    assert!(shell(&answered("exit 0"), b"", LIMIT).0.is_ok());
    assert_eq!(
        fault(&answered("exit 3"), LIMIT),
        "ended with exit status 3"
    );
    assert_eq!(
        fault(&answered("kill -9 $$"), LIMIT),
        "was ended by signal 9"
    );
    assert_eq!(
        fault(&answered("kill -SEGV $$"), LIMIT),
        "was ended by signal 11"
    );
}

#[test]
fn a_program_that_takes_too_long_is_killed_with_all_that_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let script = format!(
        "sleep 60 & echo $! > {0}; sh -c 'trap \"\" TERM; echo $$ >> {0}; sleep 60'",
        pids.display()
    );
    let started = Instant::now();
    let limit = Duration::from_millis(1500);
    assert_eq!(
        fault(&script, limit),
        "did not end within 1.5 s, and was killed"
    );
    assert!(started.elapsed() < LIMIT);
    let pids = std::fs::read_to_string(pids).unwrap();
    assert_eq!(pids.lines().count(), 2);
    std::thread::sleep(Duration::from_millis(200));
    assert!(!pids.lines().any(is_alive));
    // One that is just in time is heard.
    assert_eq!(
        shell("sleep 0.1; echo in time", b"", LIMIT).0.unwrap(),
        "in time\n"
    );
}

#[test]
fn a_program_that_closes_its_output_must_end_as_well() {
    let limit = Duration::from_millis(300);
    let answered = format!("echo '{ACCEPT}'; exec >&- 2>&-; sleep");
    assert!(fault(&format!("{answered} 60"), limit).contains("did not end within"));
    assert!(shell(&format!("{answered} 0.1"), b"", LIMIT).0.is_ok());
}

#[test]
fn what_is_left_behind_must_not_hold_the_answer_open() {
    let with = |rest: &str| format!("sleep 30 {rest} & echo $! >&2; echo '{ACCEPT}'");
    let (heard, said) = shell(&with(""), b"", LIMIT);
    let fact = "ended, and left something behind that keeps its standard output open";
    assert_eq!(heard.unwrap_err().to_string(), fact);
    let (heard, also_said) = shell(&with(">/dev/null"), b"", LIMIT);
    assert!(heard.is_ok());
    std::thread::sleep(Duration::from_millis(200));
    assert!(!is_alive(&said[0]) && !is_alive(&also_said[0]));
}

#[test]
fn there_is_an_end_to_what_is_heard() {
    let write = |bytes: usize| format!("head -c {bytes} /dev/zero");
    let heard = shell(&write(Answer::LARGEST), b"", LIMIT).0.unwrap();
    assert_eq!(heard.len(), Answer::LARGEST);
    let fact = "wrote more than 65536 bytes to its standard output, and was killed";
    assert_eq!(fault(&write(Answer::LARGEST + 1), LIMIT), fact);
    assert_eq!(fault("cat /dev/zero", LIMIT), fact);
    // Standard error is read on, so that nobody waits, and its end is kept.
    let (heard, said) = shell(
        "head -c 1000000 /dev/zero >&2; echo; echo end >&2",
        b"",
        LIMIT,
    );
    assert!(heard.is_ok());
    assert!(said.last().unwrap().ends_with("end"));
}

#[test]
fn no_open_file_is_handed_on() {
    // As a shell does for what it starts; files of our own are closed anyway.
    let open = File::open("/dev/null").unwrap();
    rustix::io::fcntl_setfd(&open, rustix::io::FdFlags::empty()).unwrap();
    assert_eq!(shell("ls /proc/$$/fd", b"", LIMIT).0.unwrap(), "0\n1\n2\n");
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let mut said = Tail::default();
    let fault = run(&mut Command::new("/nowhere/at/all"), b"", LIMIT, &mut said).unwrap_err();
    assert!(fault.to_string().starts_with("could not be started: "));
}
