//! What a program may use up.

use std::time::Duration;

use assay_sandbox::{Ending, Limit, Limits};

use crate::rig::{ended, for_each_tier, processes as called, small_limits};

/// How much sooner than others a process goes where memory runs out.
fn score(process: i32) -> Option<String> {
    let text = std::fs::read_to_string(format!("/proc/{process}/oom_score_adj"));
    Some(text.ok()?.trim().to_owned())
}

for_each_tier! {
    fn processes(rig) {
        let code = "
children = []
try:
    for _ in range(200): children.append(subprocess.Popen(['/bin/sleep', '600']))
except OSError: pass
print(len(children))
";
        let Some(sandbox) = rig.python(code) else { return };
        let limits = Limits { processes: 50, ..small_limits() };
        let outcome = ended(&sandbox.limits(limits));
        let started: u64 = outcome.output.text().trim().parse().unwrap();
        // Without name spaces the user's other processes come and go.
        let expected = if rig.tier.mounts() { 40..=50 } else { 5..=150 };
        assert!(expected.contains(&started), "{started}");
    }

    fn a_fork_bomb_is_held_and_ended(rig) {
        let Some(sandbox) = rig.python("
while True:
    try: os.fork()
    except OSError: pass
") else { return };
        let limits = Limits { processes: 30, wall: Duration::from_secs(1), ..small_limits() };
        assert_eq!(ended(&sandbox.limits(limits)).ending, Ending::Stopped(Limit::Wall));
    }

    fn memory(rig) {
        let limits = Limits { memory: 256 << 20, ..small_limits() };
        for (size, code) in [(64, 0), (512, 42)] {
            let Some(sandbox) = rig.python(&format!("bytearray({size} << 20)")) else { return };
            let outcome = ended(&sandbox.limits(limits.clone()));
            assert_eq!(outcome.ending, Ending::Exited(code), "{}", outcome.output.text());
        }
    }

    fn it_goes_first_where_memory_runs_out(rig) {
        let token = format!("goes-first-{}-{}", rig.tier, std::process::id());
        let Some(sandbox) = rig.python(&format!("time.sleep(1) # {token}")) else { return };
        let limits = Limits { wall: Duration::from_secs(5), ..small_limits() };
        let score = std::thread::scope(|scope| {
            scope.spawn(|| ended(&sandbox.limits(limits)));
            let scores = || called(&token).into_iter().filter_map(score);
            let started = std::time::Instant::now();
            while started.elapsed() < Duration::from_secs(4) {
                if let Some(found) = scores().find(|it| it == "1000") {
                    return Some(found);
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            None
        });
        assert_eq!(score.as_deref(), Some("1000"));
    }

    fn one_file(rig) {
        let limits = Limits { file: 1 << 20, ..small_limits() };
        for (size, code) in [(1 << 20, 0), ((1 << 20) + 1, 42), (2 << 30, 42)] {
            let Some(sandbox) = rig.python(&format!("os.truncate(os.open('file', os.O_CREAT | os.O_RDWR), {size})")) else { return };
            assert_eq!(ended(&sandbox.limits(limits.clone())).ending, Ending::Exited(code));
        }
        let writing = rig.sandbox("/bin/sh").argument("-c").argument("exec cat /dev/zero > file");
        assert_eq!(ended(&writing.limits(limits)).ending, Ending::Stopped(Limit::File));
    }

    fn the_work_folder(rig) {
        let limits = Limits { disk: 4 << 20, entries: 100, ..small_limits() };
        for (size, count, pause) in [(1 << 20, 9, 30), (0, 150, 30)] {
            let code = format!("for it in range({count}): open(f'file{{it}}', 'w').write('x' * {size})\ntime.sleep({pause})");
            let Some(sandbox) = rig.python(&code) else { return };
            assert_eq!(ended(&sandbox.limits(limits.clone())).ending, Ending::Stopped(Limit::Disk));
            for file in 0..count {
                std::fs::remove_file(rig.work.path().join(format!("file{file}"))).unwrap();
            }
        }
        let Some(sandbox) = rig.python("open('file', 'w').write('x' * 1000000)\ntime.sleep(1.5)") else { return };
        assert!(ended(&sandbox.limits(limits)).success());
    }

    fn temporary_files(rig) {
        if rig.tier.mounts() {
            rig.allows("open('/tmp/file', 'wb').write(bytes(3 << 20))", &[]);
            rig.refuses("open('/tmp/assay-large', 'wb').write(bytes(5 << 20))\nos.remove('/tmp/assay-large')", &[]);
            rig.refuses("open('/dev/shm/assay-large', 'wb').write(bytes(2 << 20))\nos.remove('/dev/shm/assay-large')", &[]);
        }
    }

    fn processor_time(rig) {
        let Some(sandbox) = rig.python("while True: pass") else { return };
        let limits = Limits { cpu: Duration::from_secs(1), ..small_limits() };
        assert_eq!(ended(&sandbox.limits(limits)).ending, Ending::Stopped(Limit::Cpu));
    }

    fn a_program_that_never_ends(rig) {
        let limits = Limits { wall: Duration::from_millis(300), ..small_limits() };
        let outcome = ended(&rig.sandbox("/bin/sleep").argument("600").limits(limits.clone()));
        assert_eq!(outcome.ending, Ending::Stopped(Limit::Wall));
        assert!(outcome.took < Duration::from_secs(10));
        let limits = Limits { wall: Duration::from_secs(30), ..limits };
        assert!(ended(&rig.sandbox("/bin/sleep").argument("0.5").limits(limits)).success());
    }

    fn output(rig) {
        let limits = Limits { output: 10, ..small_limits() };
        let Some(sandbox) = rig.python("print('x' * 3000000, flush=True)\nprint('the end', file=sys.stderr)") else { return };
        let outcome = ended(&sandbox.limits(limits));
        assert_eq!(outcome.output.text(), "x\nthe end\n");
        assert_eq!(outcome.output.left_out(), 3_000_009 - 10);
    }
}
