//! docs/signing.md, followed by somebody who reads only that, and by a user of theirs.

use std::path::Path;

use assay_testkit::peers;

use crate::{
    guide::{
        page::{self, Step},
        printed,
    },
    key::secret,
    machine::{Machine, Outcome, simple},
    sign::SshAgent,
};

const PAGE: &str = include_str!("../../../../docs/signing.md");
/// What a reader runs.
const RUN: [&str; 6] = [
    "assay ",
    "ssh-add ",
    "ssh-keygen ",
    "mv ",
    "gpg ",
    "minisign ",
];
/// The user's policy.
const POLICY: &str = "../home/.config/assay/policy.toml";

#[test]
fn every_command_prints_what_the_page_shows() {
    let found = ["ssh-keygen", "ssh-add", "gpg", "gpgconf"].map(peers::program);
    let with_minisign = peers::program("minisign").is_some();
    let machine = Machine::new();
    let Some(agent) = SshAgent::start(&machine) else {
        return;
    };
    if found.contains(&None) {
        return;
    }
    let publisher = Publisher::new(machine, agent, with_minisign);
    for step in page::steps_with(PAGE, &RUN) {
        match &step {
            Step::Command { line, .. } if line.starts_with("minisign ") && !with_minisign => {}
            Step::File { name, text } => publisher.saves(name, text),
            Step::Command { line, shown } => {
                let outcome = publisher.types(line);
                assert_eq!(outcome.code, 0, "{line}\n{}", outcome.out);
                let printed = publisher.in_the_pages_words(&outcome.out);
                printed::assert_shown(line, shown, &printed);
            }
            Step::End { .. } | Step::NextRelease => panic!("this page has no such steps"),
        }
    }
    publisher.is_believed_by_gnupgs_key();
    if with_minisign {
        publisher.is_believed_by_minisigns_key();
    }
    publisher.publishes_in_ci();
}

/// Somebody with releases in `dist`, a key of OpenSSH's and one of GnuPG's.
struct Publisher {
    machine: Machine,
    agent: SshAgent,
}

impl Publisher {
    fn new(machine: Machine, agent: SshAgent, with_minisign: bool) -> Self {
        let wheel = simple("acme", "1.0", &[]);
        machine.write(&format!("dist/{}", wheel.file_name), &wheel.bytes);
        machine.write("dist/acme-1.0.tar.gz", "an sdist");
        machine.write("acme-tool.bin", "a tool");
        secret(&machine, "secret", "hunter2");
        let it = Self { machine, agent };
        it.types("mkdir -m 700 ~/.ssh ~/.gnupg").ok();
        it.types("ssh-keygen -q -t ed25519 -N '' -C me@example.com -f ~/.ssh/id_ed25519")
            .ok();
        if with_minisign {
            it.types("mkdir ~/.minisign; minisign -G -W").ok();
        }
        it.types("gpg --batch --passphrase '' --quick-generate-key releases@acme.example")
            .ok();
        it
    }

    /// Runs a line as a shell does; where assay would ask for a passphrase, it is in a file here. What
    /// is printed, on either stream, is in `out`.
    fn types(&self, line: &str) -> Outcome {
        let assay = env!("CARGO_BIN_EXE_assay");
        let own = r#"case "$*" in *passphrase-file*) ;; "key generate "*|"key rotate "*|*"--with release"*) set -- "$@" --passphrase-file secret;; esac"#;
        let socket = self.agent.socket.display();
        let script = format!(
            "exec 2>&1; export SSH_AUTH_SOCK='{socket}'; assay() {{ {own}; '{assay}' \"$@\"; }}\n{line}\n"
        );
        self.machine.run("sh".as_ref(), &["-c", &script])
    }

    fn saves(&self, name: &str, text: &str) {
        let key = self.types("assay key export release").ok().out;
        let text = text.replace("ssh-ed25519 AAAA… Acme releases", key.trim());
        match name {
            "~/.config/assay/policy.toml" => self.machine.write(POLICY, text),
            "certified.toml" => return self.is_followed_by_users(&text),
            _ => self.machine.write(name, text),
        };
        self.types("assay policy check").ok();
    }

    /// What the new key signs counts for users who know the old one alone, once they say that it may.
    fn is_followed_by_users(&self, text: &str) {
        let before = std::fs::read_to_string(self.machine.path(POLICY)).unwrap();
        let (old_key, _) = before.split_once("[[policy.rule]]").unwrap();
        let anew = "mkdir other; mv dist/*.asc other; rm dist/*.assay dist/*.sshsig";
        self.types(anew).ok();
        self.types("assay sign dist/*.whl --with release").ok();
        let install = |env: &str| {
            let line = format!("assay install acme --venv {env} --no-index --find-links dist");
            self.types(&line)
        };
        assert_ne!(install("before").code, 0);
        self.machine.write("published/_keys.assay", "");
        self.types("cp _keys.assay published/").ok();
        let folder = self.machine.path("published");
        let text = text.replace("https://acme.example/_keys.assay", folder.to_str().unwrap());
        self.machine.write(POLICY, format!("{old_key}{text}"));
        install("after").ok();
    }

    /// With the page's addresses in the place of this machine's.
    fn in_the_pages_words(&self, printed: &str) -> String {
        let home = self.machine.path("../home");
        let home = home.canonicalize().unwrap();
        let typed = home.parent().unwrap().join("home");
        let words = [home.as_path(), typed.as_path()]
            .map(Path::to_str)
            .map(Option::unwrap);
        words
            .iter()
            .fold(printed.to_owned(), |it, word| it.replace(word, "/home/me"))
    }

    /// The page's file of GnuPG's speaks for the wheel, and for its bytes alone.
    fn is_believed_by_gnupgs_key(&self) {
        let policy = "[keys.release]\nopenpgp = \"acme.asc\"\n\n[[policy.rule]]\nprojects = [\"acme\"]\nevidence = \"key:release\"\n";
        self.machine.write(POLICY, policy);
        let folder = self.machine.path("../home/.config/assay");
        std::fs::copy(self.machine.path("acme.asc"), folder.join("acme.asc")).unwrap();
        self.types("mv other/*.asc dist").ok();
        let install = "assay install acme --venv gnupg --no-index --find-links dist";
        self.types(install).ok();
        self.types("rm dist/*.asc").ok();
        assert_ne!(self.types(&format!("{install} --force-reinstall")).code, 0);
        self.types("gpgconf --kill all").ok();
    }

    /// The line that users write for minisign speaks for the wheel, and its file is what does.
    fn is_believed_by_minisigns_key(&self) {
        let line = std::fs::read_to_string(self.machine.path("minisign.pub")).unwrap();
        let line = line.lines().last().unwrap();
        let policy = format!(
            "[keys.release]\nminisign = \"{line}\"\n\n[[policy.rule]]\nprojects = [\"acme\"]\nevidence = \"key:release\"\n"
        );
        self.machine.write(POLICY, policy);
        let install = "assay install acme --venv minisigned --no-index --find-links dist";
        self.types(install).ok();
        self.types("rm dist/*.minisig").ok();
        assert_ne!(self.types(&format!("{install} --force-reinstall")).code, 0);
    }

    /// The script of the page's job, with the two secrets in its surroundings.
    fn publishes_in_ci(&self) {
        let key = self.machine.path("../home/.local/state/assay/keys/release");
        let assay = Path::new(env!("CARGO_BIN_EXE_assay"))
            .parent()
            .unwrap()
            .display();
        let script = format!(
            "rm -f dist/*.assay; export RELEASE_KEY=\"$(cat '{}')\" RELEASE_PASSPHRASE=hunter2; \
             PATH=\"{assay}:$PATH\" sh publish.sh",
            key.display()
        );
        let outcome = self.machine.run("sh".as_ref(), &["-c", &script]).ok();
        assert!(outcome.out.contains("publishes acme==1.0"), "{outcome:?}");
        assert!(!self.machine.path("release.key").exists());
    }
}
