//! A real ssh-agent.

use assay_testkit::peers;

use super::{SshAgent, beside, ssh_key, sshsig::check, statement::says, wheel};
use crate::machine::Machine;

#[test]
fn keys_in_an_agent_sign_statements_and_files() {
    let machine = Machine::new();
    let Some(agent) = SshAgent::start(&machine) else {
        return;
    };
    let file = wheel(&machine);
    for kind in ["ed25519", "ecdsa"] {
        let Some(key) = ssh_key(&machine, kind) else {
            return;
        };
        agent.add(&machine, &machine.path(&key), &[]);
        let with = format!("ssh-agent:{kind}");
        beside(&machine, &agent.socket, &["sign", &file, "--with", &with]).ok();
        let line = std::fs::read_to_string(machine.path(&format!("{key}.pub"))).unwrap();
        says(&machine, &file, &line);
        beside(
            &machine,
            &agent.socket,
            &[
                "sign", &file, "--with", &with, "--format", "sshsig", "--force",
            ],
        )
        .ok();
        check(&machine, &file, &line);
        let exported = beside(&machine, &agent.socket, &["key", "export", &with]).ok();
        assert_eq!(exported.out, line);
    }
}

#[test]
fn an_rsa_key_in_an_agent_signs_files_and_no_statements() {
    let machine = Machine::new();
    let Some(agent) = SshAgent::start(&machine) else {
        return;
    };
    let Some(key) = ssh_key(&machine, "rsa") else {
        return;
    };
    agent.add(&machine, &machine.path(&key), &[]);
    let file = wheel(&machine);
    for with in ["ssh-agent", "ssh-agent:rsa"] {
        let sign = ["sign", &file, "--with", with];
        beside(&machine, &agent.socket, &sign).fails(2, &["signs statements"]);
        let sign = [
            "sign", &file, "--with", with, "--format", "sshsig", "--force",
        ];
        beside(&machine, &agent.socket, &sign).ok();
        let line = std::fs::read_to_string(machine.path("rsa.pub")).unwrap();
        check(&machine, &file, &line);
    }
}

#[test]
fn of_several_keys_one_has_to_be_named() {
    let machine = Machine::new();
    let Some(agent) = SshAgent::start(&machine) else {
        return;
    };
    let file = wheel(&machine);
    let sign = |with: &str| beside(&machine, &agent.socket, &["sign", &file, "--with", with]);
    sign("ssh-agent").fails(2, &["ssh-agent has no key", "ssh-add"]);
    let Some(first) = ssh_key(&machine, "ed25519") else {
        return;
    };
    agent.add(&machine, &machine.path(&first), &[]);
    sign("ssh-agent").ok();
    let second = ssh_key(&machine, "ecdsa").unwrap();
    agent.add(&machine, &machine.path(&second), &[]);
    let listed = beside(&machine, &agent.socket, &["key", "list", "--json"])
        .ok()
        .json();
    let names: Vec<_> = (0..2)
        .map(|it| listed[it]["fingerprint"].as_str().unwrap().to_owned())
        .collect();
    let several = sign("ssh-agent");
    several.fails(2, &["say which", &names[0], &names[1], "ed25519", "ecdsa"]);
    sign("ssh-agent:nobody").fails(2, &["has no key nobody", &names[0]]);
    for name in &names {
        sign(&format!("ssh-agent:{name}")).ok();
        assert!(listed.to_string().contains(&format!("ssh-agent:{name}")));
    }
}

#[test]
fn a_key_of_ours_is_added_to_an_agent() {
    let machine = Machine::new();
    let Some(agent) = SshAgent::start(&machine) else {
        return;
    };
    crate::key::secret(&machine, "secret", "hunter2");
    machine
        .assay(&["key", "generate", "release", "--passphrase-file", "secret"])
        .ok();
    let asks = machine.write("asks", "#!/bin/sh\necho hunter2\n");
    std::fs::set_permissions(&asks, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let asks = [
        ("SSH_ASKPASS", asks.to_str().unwrap()),
        ("SSH_ASKPASS_REQUIRE", "force"),
    ];
    let path = machine.path("../home/.local/state/assay/keys/release");
    agent.add(&machine, &path, &asks);
    let file = wheel(&machine);
    beside(
        &machine,
        &agent.socket,
        &["sign", &file, "--with", "ssh-agent"],
    )
    .ok();
    let line = machine.assay(&["key", "export", "release"]).ok().out;
    says(&machine, &file, &line);
    assert!(peers::program("ssh-add").is_some());
}

#[test]
fn no_agent_is_told() {
    let machine = Machine::new();
    let file = wheel(&machine);
    let sign = ["sign", &file, "--with", "ssh-agent"];
    machine.assay(&sign).fails(2, &["SSH_AUTH_SOCK is not set"]);
    beside(&machine, &machine.path("none"), &sign).fails(1, &["no ssh-agent listens at"]);
    let file = machine.write("file", "");
    beside(&machine, &file, &sign).fails(1, &["it is no socket"]);
    // A list goes on without one.
    let listed = beside(&machine, &file, &["key", "list"]).ok();
    assert!(listed.err.contains("it is no socket"), "{}", listed.err);
}
