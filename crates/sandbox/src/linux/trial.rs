//! A tier tried from end to end: this binary runs inside, looks for the host and does what builds do.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder},
    io,
    net::{TcpListener, TcpStream},
    os::unix::{fs::DirBuilderExt, net::UnixDatagram},
    path::{Path, PathBuf},
    process::{self, Command, ExitCode},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rustix::process::{Pid, geteuid, test_kill_process};

use crate::{Ending, Finding, Limits, Sandbox, Tier};

use super::TRY;

/// What is found in a file of the host by who can read it.
const SECRET: &str = "a file of the host";
/// The program's name in its work folder.
const NAME: &str = "trial";

/// Tries every tier.
pub fn findings(launcher: &Path) -> Vec<Finding> {
    let holds = |tier| holds(tier, launcher).and_then(|it| it);
    Tier::ALL
        .map(|tier| Finding {
            tier,
            holds: holds(tier),
        })
        .into()
}

/// The inner result is what was found inside.
fn holds(tier: Tier, launcher: &Path) -> Result<Result<(), String>, String> {
    let host = Scratch::new("host").map_err(|it| format!("no folder to try it in: {it}"))?;
    let work = Scratch::new("work").map_err(|it| format!("no folder to try it in: {it}"))?;
    let failed = |it: io::Error| format!("it could not be tried: {it}");
    let secret = host.0.join("secret");
    fs::write(&secret, SECRET).map_err(failed)?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    fs::copy(launcher, work.0.join(NAME)).map_err(failed)?;
    let limits = Limits {
        wall: Duration::from_secs(20),
        ..Limits::default()
    };
    let outcome = Sandbox::new(tier, &work.0, &tier.work_as_seen(&work.0).join(NAME))
        .launcher(launcher)
        .argument(crate::LAUNCHER_WORD)
        .argument(TRY)
        .argument(&secret)
        .argument(address.to_string())
        .argument(process::id().to_string())
        .limits(limits)
        .run()
        .map_err(|it| it.to_string())?;
    Ok(match outcome.ending {
        _ if !outcome.all_dead => Err("processes were left".to_owned()),
        Ending::Exited(0) => Ok(()),
        Ending::Exited(_) => Err(outcome.output.text().trim().to_owned()),
        other => Err(format!("the program that was tried {other}")),
    })
}

/// A folder of the user's own, where every user can reach it, that goes away again.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> io::Result<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_err(io::Error::other)?.as_nanos();
        let path = PathBuf::from(format!("/tmp/assay-{name}-{}-{now}", process::id()));
        // Who guessed the name only gets it refused.
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is an empty try in /tmp.
        let _stays = fs::remove_dir_all(&self.0);
    }
}

/// The program inside: silent where everything holds.
pub fn inside(arguments: &[OsString]) -> ExitCode {
    match look_around(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(found) => {
            eprintln!("{found}");
            ExitCode::FAILURE
        }
    }
}

fn look_around(arguments: &[OsString]) -> Result<(), String> {
    let [secret, address, host] = arguments else {
        return Err("the trial needs three arguments".to_owned());
    };
    let text = |it: &OsString| it.to_string_lossy().into_owned();
    let host = text(host).parse().ok().and_then(Pid::from_raw);
    let host = host.ok_or("the trial needs the host's process")?;
    let reached = [
        ("is root", geteuid().is_root()),
        ("reads files of the host", fs::read(secret).is_ok()),
        (
            "writes beside its work folder",
            fs::write("/var/tmp/assay-trial", "").is_ok(),
        ),
        (
            "reaches the network",
            TcpStream::connect(text(address)).is_ok(),
        ),
        (
            "signals processes of the host",
            test_kill_process(host).is_ok(),
        ),
    ];
    if let Some((what, _)) = reached.iter().find(|(_, it)| *it) {
        return Err(format!("a program inside {what}"));
    }
    work().map_err(|it| format!("a program inside cannot do what builds do: {it}"))
}

/// What builds cannot do without.
fn work() -> io::Result<()> {
    fs::create_dir_all("one/deep")?;
    fs::create_dir("two")?;
    fs::write("one/deep/file", "text")?;
    fs::rename("one/deep", "two/deep")?;
    fs::write("/dev/null", fs::read("two/deep/file")?)?;
    UnixDatagram::pair()?;
    match Command::new("/bin/sh")
        .args(["-c", "exit 7"])
        .status()?
        .code()
    {
        Some(7) => Ok(()),
        other => Err(io::Error::other(format!("a shell ended with {other:?}"))),
    }
}
