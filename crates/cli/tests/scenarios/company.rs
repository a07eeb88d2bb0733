//! docs/company-policy.md: its very file, and for each rule an install that it lets through and one that
//! it refuses.

use assay_testkit::{
    peers,
    publisher::{Publisher, TestSigstore},
    server::{IndexServer, Upload},
    voice::Voice,
    wheel::{BuiltWheel, WheelBuilder},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::machine::{Machine, Outcome, simple, upload};

const PAGE: &str = include_str!("../../../../docs/company-policy.md");
const FOLDER: &str = "../home/.config/assay";
const LONG_AGO: &str = "2026-01-02T03:04:05Z";
/// SubjectPublicKeyInfo of an Ed25519 key, before its 32 bytes (RFC 8410).
const SPKI: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// A machine with that file, the two indexes, and whoever signs.
struct Company {
    machine: Machine,
    sigstore: TestSigstore,
    release: Voice,
    teams: [(&'static str, Voice); 3],
    public: Vec<Upload>,
    acme: IndexServer,
}

impl Company {
    /// With these files on the company's own index, and these statements beside them. `None` where no
    /// Python runs the hook.
    fn new(own: &[&BuiltWheel], beside: &[(String, String)]) -> Option<Self> {
        let python = peers::python()?;
        let server = IndexServer::builder();
        let server = own
            .iter()
            .fold(server, |it, wheel| it.upload(upload(wheel)));
        let server = beside
            .iter()
            .fold(server, |it, (name, text)| it.beside(name, text.as_bytes()));
        let it = Self {
            machine: Machine::new(),
            sigstore: TestSigstore::new(),
            release: Voice::new(1),
            teams: [("security", 2), ("platform", 3), ("web", 4)]
                .map(|(team, seed)| (team, Voice::new(seed))),
            public: Vec::new(),
            acme: server.start(),
        };
        it.write("root.json", it.sigstore.trusted_root_json());
        it.write("keys/acme-release.pem", pem(&it.release));
        for (team, key) in &it.teams {
            it.write(&format!("keys/{team}.pem"), pem(key));
            it.machine
                .write(&format!("{FOLDER}/vouches/{team}/.keep"), "");
        }
        let hook = include_str!("../../../../docs/examples/hook.py");
        it.machine.write("opt/hook.py", hook);
        it.machine.write("opt/denied.txt", "");
        it.policy(|text| text.replace("/usr/bin/python3", python.to_str().unwrap()));
        Some(it)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        self.machine.write(&format!("{FOLDER}/{name}"), text);
    }

    /// The page's file, with this machine's addresses, and a trust root for the publisher of the test.
    fn policy(&self, change: impl FnOnce(String) -> String) {
        let block = PAGE.split("```toml\n").nth(1).unwrap();
        let text = block.split("```").next().unwrap();
        let opt = self.machine.path("opt");
        for place in [
            "https://pypi.acme.example/simple/",
            "/opt/acme",
            "2027-06-30",
        ] {
            assert!(text.contains(place), "{place}");
        }
        let text = text
            .replace("https://pypi.acme.example/simple/", &self.acme.index_url())
            .replace("/opt/acme", opt.to_str().unwrap())
            .replace("2027-06-30", "2999-06-30");
        let root = "\n[sigstore]\ntrusted-root = 'root.json'\n";
        self.write("policy.toml", change(text + root));
    }

    /// One more file on the index that everybody uses.
    fn offers(&mut self, wheel: &BuiltWheel) -> &mut Self {
        self.public.push(upload(wheel).upload_time(LONG_AGO));
        self
    }

    fn vouches(&self, teams: &[&str], wheel: &BuiltWheel) {
        for (team, key) in &self.teams {
            let said = match teams.contains(team) {
                true => key.vouches(wheel),
                false => String::new(),
            };
            self.write(&format!("vouches/{team}/set.assay"), said);
        }
    }

    fn install(&self, name: &str) -> Outcome {
        let meta = serde_json::json!({ "api-version": "1.3" });
        let builder = IndexServer::builder().json_key("meta", meta);
        let uploads = self.public.iter().cloned();
        let server = uploads
            .fold(builder, |it, upload| it.upload(upload))
            .start();
        self.machine.install(&server, &["--force-reinstall", name])
    }
}

fn pem(key: &Voice) -> String {
    let key = STANDARD.decode(key.public()).unwrap();
    let spki = STANDARD.encode([&SPKI[..], &key].concat());
    format!("-----BEGIN PUBLIC KEY-----\n{spki}\n-----END PUBLIC KEY-----\n")
}

fn assay(wheel: &BuiltWheel) -> String {
    format!("{}.assay", wheel.file_name)
}

#[test]
fn a_program_has_the_last_word() {
    let Some(mut it) = Company::new(&[], &[]) else {
        return;
    };
    let native = WheelBuilder::new("fast", "1.0")
        .file("fast/_fast.so", b"ELF")
        .build();
    let allowed = WheelBuilder::new("numpy", "1.0")
        .file("numpy/_fast.so", b"ELF")
        .build();
    let plain = simple("lib", "1.0", &[]);
    it.offers(&native).offers(&allowed).offers(&plain);
    it.install("lib").ok();
    it.install("numpy").ok();
    it.install("fast")
        .fails(4, &["hook:gate", "native code: fast/_fast.so"]);
    it.machine
        .write("opt/denied.txt", format!("{} SEC-99\n", plain.sha256));
    it.install("lib").fails(4, &["hook:gate", "SEC-99"]);
}

#[test]
fn nobody_is_the_first() {
    let Some(mut it) = Company::new(&[], &[]) else {
        return;
    };
    it.offers(&simple("lib", "1.0", &[]));
    let today = upload(&simple("lib", "2.0", &[]));
    let now = format!("{:.0}", jiff::Timestamp::now());
    it.public.push(today.upload_time(&now));
    it.install("lib").ok();
    assert_eq!(it.machine.frozen(), ["lib==1.0"]);
    it.install("lib==2.0").fails(1, &["policy.toml", "min-age"]);
}

#[test]
fn our_packages_are_ours() {
    let (signed, unsigned) = (
        simple("acme-core", "1.0", &[]),
        simple("acme-tool", "1.0", &[]),
    );
    let forged = simple("acme-pad", "1.0", &[]);
    let beside = [
        (assay(&signed), Voice::new(1).publishes(&signed)),
        (assay(&forged), Voice::new(66).publishes(&forged)),
    ];
    let Some(mut it) = Company::new(&[&signed, &unsigned, &forged], &beside) else {
        return;
    };
    it.offers(&simple("acme-core", "9.9", &[]));
    it.offers(&simple("acme-extra", "1.0", &[]));
    it.install("acme-core").ok();
    assert_eq!(it.machine.frozen(), ["acme-core==1.0"]);
    it.install("acme-tool")
        .fails(4, &["missing: key:acme-release"]);
    it.install("acme-pad")
        .fails(4, &["missing: key:acme-release"]);
    it.install("acme-extra")
        .fails(4, &["does not have acme-extra"]);
}

#[test]
fn two_of_three_teams_looked_at_it_and_security_can_deny_it() {
    let Some(mut it) = Company::new(&[], &[]) else {
        return;
    };
    let wheel = simple("secretlib", "1.0", &[]);
    it.offers(&wheel);
    it.vouches(&["web"], &wheel);
    it.install("secretlib").fails(
        4,
        &["missing: at least 2 of (vouch:security, vouch:platform, vouch:web)"],
    );
    it.vouches(&["web", "platform"], &wheel);
    it.install("secretlib").ok();
    let denies = it.teams[0].1.denies(&wheel, "it phones home");
    it.write("vouches/security/set.assay", denies);
    it.install("secretlib").fails(4, &["it phones home"]);
    // The others have no say about other projects.
    let lib = simple("lib", "1.0", &[]);
    it.offers(&lib);
    it.write(
        "vouches/web/set.assay",
        it.teams[2].1.denies(&lib, "we like it not"),
    );
    it.install("lib").ok();
}

#[test]
fn one_publisher_and_what_is_denied() {
    let Some(mut it) = Company::new(&[], &[]) else {
        return;
    };
    let attested = |version: &str, repository: &str| {
        let wheel = upload(&simple("flask", version, &[])).upload_time(LONG_AGO);
        let publisher = Publisher::github(repository)
            .repository_id("11")
            .owner_id("22");
        wheel.attested(&it.sigstore, &publisher, LONG_AGO)
    };
    let (good, bad) = (
        attested("1.0", "pallets/flask"),
        attested("2.0", "mallory/flask"),
    );
    it.public.push(good);
    it.install("flask").ok();
    it.public.push(bad);
    it.install("flask==2.0")
        .fails(4, &["mallory/flask", "pallets/flask"]);
    it.offers(&simple("leftpad", "1.0", &[]))
        .offers(&simple("rightpad", "1.0", &[]));
    it.install("rightpad").ok();
    it.install("leftpad").fails(4, &["SEC-1234"]);
}

#[test]
fn somebody_has_to_look_when_its_days_are_over() {
    let Some(mut it) = Company::new(&[], &[]) else {
        return;
    };
    it.offers(&simple("lib", "1.0", &[]));
    let python = peers::python().unwrap();
    let here = |text: String| text.replace("/usr/bin/python3", python.to_str().unwrap());
    it.policy(|text| here(text).replace("2999-06-30", "2020-06-30"));
    it.install("lib").fails(2, &["policy.toml", "2020-06-30"]);
    it.policy(here);
    it.install("lib").ok();
}
