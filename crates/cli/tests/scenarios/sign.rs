//! `assay sign`: what is written beside a file, and what reads it.

mod agent;
mod hostile_agents;
mod sshsig;
mod statement;
mod together;

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use assay_testkit::peers;

use crate::machine::{Machine, Outcome, simple};

/// A wheel in the working folder.
fn wheel(machine: &Machine) -> String {
    let wheel = simple("demo", "1.0", &[]);
    machine.write(&wheel.file_name, &wheel.bytes);
    wheel.file_name
}

/// A key of `ssh-keygen`'s in the working folder, and no passphrase.
fn ssh_key(machine: &Machine, kind: &str) -> Option<String> {
    let keygen = peers::program("ssh-keygen")?;
    let args = ["-q", "-t", kind, "-N", "", "-C", kind, "-f", kind];
    machine.run(&keygen, &args).ok();
    Some(kind.to_owned())
}

/// A real ssh-agent, for as long as this lives.
pub struct SshAgent {
    pub socket: PathBuf,
    child: Child,
}

impl SshAgent {
    pub fn start(machine: &Machine) -> Option<Self> {
        let program = peers::program("ssh-agent")?;
        let socket = machine.path("agent.sock");
        let mut command = Command::new(program);
        command.arg("-D").arg("-a").arg(&socket).env_clear();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let agent = Self { socket, child };
        for _ in 0..500 {
            if agent.socket.exists() {
                return Some(agent);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("ssh-agent does not listen");
    }

    fn add(&self, machine: &Machine, key: &Path, variables: &[(&str, &str)]) {
        let adder = peers::program("ssh-add").expect("ssh-add is where ssh-agent is");
        let mut command = Command::new(adder);
        command
            .arg("-q")
            .arg(key)
            .env("SSH_AUTH_SOCK", &self.socket);
        command
            .envs(variables.iter().copied())
            .current_dir(machine.path(""));
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

impl Drop for SshAgent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs assay beside the agent at this socket.
fn beside(machine: &Machine, socket: &Path, args: &[&str]) -> Outcome {
    machine.assay_with(args, &[("SSH_AUTH_SOCK", socket.to_str().unwrap())])
}
