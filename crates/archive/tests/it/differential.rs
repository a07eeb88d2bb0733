//! What is accepted has the names and bytes that CPython's zipfile sees in it.

use std::{collections::BTreeMap, path::Path, process::Command};

use assay_archive::Options;
use assay_testkit::{
    wheel::{WheelBuilder, hex},
    zip::{Archive, Header, extra_field},
};
use sha2::{Digest as _, Sha256};

use assay_testkit::peers;

use crate::support::{CASES, read_all};

const MUTATIONS: u64 = 6_000;
const FILE_NAME: &str = "evil-1.0-py3-none-any.whl";
/// RECORD is out of scope here: what matters is what the two see.
const OPTIONS: Options = Options { bad_record: true };

/// Prints for each file of each archive in a folder: archive, name in hexadecimal, SHA-256.
const PEER: &str = r#"
import hashlib, os, sys, zipfile
RECORD = tuple(".dist-info/RECORD" + it for it in ("", ".jws", ".p7s"))
for archive in sorted(os.listdir(sys.argv[1])):
    with zipfile.ZipFile(os.path.join(sys.argv[1], archive)) as z:
        for name in z.namelist():
            if not name.endswith("/") and not name.endswith(RECORD):
                digest = hashlib.sha256(z.read(name)).hexdigest()
                print(archive, name.encode().hex(), digest)
"#;

#[test]
fn accepted_mutations_are_what_zipfile_sees() {
    let accepted = (0..MUTATIONS).filter_map(|seed| Some((seed, seen(&mutated(seed))?)));
    let accepted: Vec<_> = accepted.collect();
    // Were this small, the test would show nothing.
    assert!(accepted.len() > 300, "{} accepted", accepted.len());
    let archives = accepted
        .iter()
        .map(|(seed, seen)| (format!("{seed:06}"), mutated(*seed), seen.clone()));
    compare(archives.collect());
}

#[test]
fn accepted_hostile_wheels_are_what_zipfile_sees() {
    let mut archives = Vec::new();
    for case in CASES.iter() {
        // The large ones differ from the small ones only in number.
        if case.bytes.len() < 1 << 20
            && let Ok(files) = read_all(&case.file_name, &case.bytes, OPTIONS)
        {
            archives.push((case.id.to_owned(), case.bytes.clone(), digests(files)));
        }
    }
    compare(archives);
}

type Seen = BTreeMap<String, String>;

fn digests(files: Vec<(String, Vec<u8>)>) -> Seen {
    let digest =
        |(name, content): (String, Vec<u8>)| (hex(name.as_bytes()), hex(&Sha256::digest(content)));
    files.into_iter().map(digest).collect()
}

fn seen(bytes: &[u8]) -> Option<Seen> {
    read_all(FILE_NAME, bytes, OPTIONS).ok().map(digests)
}

fn compare(archives: Vec<(String, Vec<u8>, Seen)>) {
    let Some(python) = peers::python() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (id, bytes, _) in &archives {
        std::fs::write(folder.path().join(id), bytes).unwrap();
    }
    let peers = peer(&python, folder.path());
    for (id, _, seen) in archives {
        assert_eq!(peers.get(&id), Some(&seen), "{id}");
    }
}

fn peer(python: &Path, folder: &Path) -> BTreeMap<String, Seen> {
    let output = Command::new(python)
        .args(["-I", "-c", PEER])
        .arg(folder)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let mut archives: BTreeMap<String, Seen> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let mut words = line.split(' ').map(str::to_owned);
        let (id, name, digest) = (words.next(), words.next(), words.next());
        let files = archives.entry(id.unwrap()).or_default();
        let before = files.insert(name.unwrap(), digest.unwrap());
        assert!(before.is_none(), "zipfile lists a name twice: {line}");
    }
    archives
}

/// A small generator of numbers (xorshift64*), so that a seed always makes the same archive.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// A number that is likely to matter.
    fn number(&mut self) -> u64 {
        let special = [0, 1, 2, 3, 6, 8, 20, 45, 0x800, 0xffff, 0xffff_ffff, 0x7075];
        match self.below(3) {
            0 => self.next(),
            1 => 1 << self.below(32),
            _ => special[self.below(special.len())],
        }
    }
}

/// A wheel with one to three changes: to fields of headers, or to single bytes.
fn mutated(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut builder = WheelBuilder::new("evil", "1.0")
        .file("evil/__init__.py", b"print('evil')\n")
        .file("evil/data.bin", &[7; 300])
        .data("data", "share/x", b"x")
        .with_directories();
    if random.below(2) == 0 {
        builder = builder.stored();
    }
    let field_changes = random.below(4);
    let field_seed = random.next();
    let built = builder.archive(move |archive| {
        let mut random = Random::new(field_seed);
        (0..field_changes).for_each(|_| change_archive(archive, &mut random));
    });
    let mut bytes = built.build().bytes;
    if field_changes == 0 {
        (0..1 + random.below(2)).for_each(|_| change_bytes(&mut bytes, &mut random));
    }
    bytes
}

fn change_archive(archive: &mut Archive, random: &mut Random) {
    let count = archive.entries.len();
    let index = random.below(count);
    let entry = archive.entries[index].clone();
    let (field, number) = (random.below(12), random.number());
    archive.entries[index] = match random.below(8) {
        0..=3 => entry.both(|it| change_header(it, field, number)),
        4 => entry.local(|it| change_header(it, field, number)),
        5 => entry.central(|it| change_header(it, field, number)),
        6 => {
            archive.entries.swap(index, random.below(count));
            return;
        }
        _ => {
            let mut order: Vec<usize> = (0..count).collect();
            order.swap(index, random.below(count));
            archive.central_order = Some(order);
            return;
        }
    };
}

fn change_header(header: &mut Header, field: usize, number: u64) {
    let low = number as u16;
    match field {
        0 => header.needed = low,
        1 => header.flags ^= low,
        2 => header.method = low,
        3 => (header.time, header.date) = (low, (number >> 16) as u16),
        4 => header.made_by = low as u8,
        5 => header.system = low as u8,
        6 => header.external = number as u32,
        7 => header.size = header.size.wrapping_add(number as u32),
        8 => header.extra = extra_field(low, &number.to_le_bytes()),
        9 => header.extra = extra_field(0x5455, &number.to_le_bytes()),
        10 => {
            let place = number as usize % header.name.len();
            header.name[place] = (number >> 16) as u8;
        }
        _ => header.name.push((number >> 8) as u8),
    }
}

fn change_bytes(bytes: &mut Vec<u8>, random: &mut Random) {
    let place = random.below(bytes.len());
    match random.below(5) {
        0 | 1 => bytes[place] ^= 1 << random.below(8),
        2 => bytes[place] = random.number() as u8,
        3 => bytes.insert(place, random.number() as u8),
        _ => drop(bytes.remove(place)),
    }
}
