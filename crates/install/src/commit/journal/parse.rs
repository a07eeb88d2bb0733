//! Reading a journal: strictly, for anybody who runs code in the environment could have written it.

use std::{
    collections::HashSet,
    io::{self, Read as _},
};

use assay_types::Sha256;

use super::{HEAD, Journal, NAME, TRASH, Way};
use crate::{
    hash,
    sys::{Dir, leads_out},
};

/// Far above any journal: an uninstall of ten thousand files takes one megabyte.
const LARGEST: u64 = 256 * 1024 * 1024;

impl Journal {
    /// Reads the journal of a staging folder, whose digest its run noted, or says what is wrong with
    /// it. A system's error that may pass is the outer one.
    pub fn read(folder: &Dir, noted: Sha256) -> io::Result<Result<Self, &'static str>> {
        let file = match folder.read(NAME) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Err("it has no journal"));
            }
            Err(error) if leads_out(&error) || error.kind() == io::ErrorKind::Other => {
                return Ok(Err("its journal is no file"));
            }
            file => file?,
        };
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(
            Self::parse(&bytes).and_then(|journal| match hash::bytes(&bytes) == noted {
                true => Ok(journal),
                false => Err("its journal is not the one that it wrote"),
            }),
        )
    }

    fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let end = bytes.iter().position(|it| *it == b'\n');
        let (head, body) = bytes.split_at(end.ok_or("its journal is cut short")?);
        let body = &body[1..];
        let head = std::str::from_utf8(head).map_err(|_| "its journal is none")?;
        let (format, digest) = head.rsplit_once(' ').ok_or("its journal is none")?;
        if format != HEAD {
            return Err("its journal has another format");
        }
        if digest != hash::bytes(body).to_string() {
            return Err("its journal is damaged");
        }
        let journal: Self = serde_json::from_slice(body).map_err(|_| "its journal is none")?;
        journal.check()?;
        Ok(journal)
    }

    /// Every place is a plain one beneath a root, outside of every staging folder, and is spoken
    /// of once.
    fn check(&self) -> Result<(), &'static str> {
        let is_digest = |text: &String| Sha256::from_hex(text).is_some();
        let mut digests = self.roots.iter().chain([&self.site, &self.ledger]);
        if !digests.all(is_digest) {
            return Err("its journal has something else in place of a digest");
        }
        self.work.check()?;
        let (mut places, mut staged) = (HashSet::new(), HashSet::new());
        for group in &self.groups {
            let is_staging = match group.way {
                Way::Out => group.staging == TRASH,
                Way::In => group.staging.parse::<u32>().is_ok() && is_plain(&group.staging),
            };
            if group.root >= self.roots.len() || !is_staging || !is_beneath(&group.folder) {
                return Err("its journal names a folder that no run has");
            }
            for thing in &group.things {
                let is_ours = group.folder.is_empty() && thing.name.starts_with(".assay-");
                if is_ours || !is_plain(&thing.name) || !is_plain(&thing.staged) {
                    return Err("its journal names a file that no run moves");
                }
                let place = (group.way, group.root, &group.folder, &thing.name);
                let is_new = places.insert(place)
                    && staged.insert((group.root, &group.staging, &thing.staged));
                if !is_new {
                    return Err("its journal moves one file twice");
                }
            }
        }
        Ok(())
    }
}

/// A path of plain names, or the root itself; no staging folder.
fn is_beneath(path: &str) -> bool {
    path.is_empty() || (path.split('/').all(is_plain) && !path.starts_with(".assay-"))
}

fn is_plain(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\0'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{Group, Thing, Work},
        *,
    };
    use crate::sys::Facts;

    fn thing(name: &str, staged: &str) -> Thing {
        Thing {
            name: name.to_owned(),
            staged: staged.to_owned(),
            facts: Facts::File(3, -1, 999_999_999),
        }
    }

    fn group(way: Way, folder: &str, staging: &str, things: &[(&str, &str)]) -> Group {
        Group {
            way,
            root: 0,
            folder: folder.to_owned(),
            staging: staging.to_owned(),
            things: things.iter().map(|(a, b)| thing(a, b)).collect(),
        }
    }

    fn journal(groups: Vec<Group>) -> Journal {
        Journal {
            work: Work::example(),
            site: hash::bytes(b"/env/site-packages").to_string(),
            roots: vec![hash::bytes(b"/env").to_string()],
            ledger: hash::bytes(b"").to_string(),
            groups,
        }
    }

    fn sound() -> Journal {
        journal(vec![
            group(Way::Out, "lib/a", "old", &[("x.py", "0"), ("ü", "1")]),
            group(Way::In, "lib/a", "3", &[("x.py", "x.py")]),
            group(Way::In, "", "0", &[("bin", "bin")]),
        ])
    }

    fn text(journal: &Journal) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        let noted = journal.write(&dir).unwrap();
        let text = std::fs::read(folder.path().join(NAME)).unwrap();
        assert_eq!(Journal::read(&dir, noted).unwrap(), Journal::parse(&text));
        if Journal::parse(&text).is_ok() {
            let said = Journal::read(&dir, hash::bytes(b"another")).unwrap();
            assert_eq!(said, Err("its journal is not the one that it wrote"));
        }
        text
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Journal::parse(&text(&sound())), Ok(sound()));
    }

    #[test]
    fn a_journal_that_is_cut_short_or_changed_is_recognised() {
        let whole = text(&sound());
        for end in 0..whole.len() {
            assert!(Journal::parse(&whole[..end]).is_err(), "{end}");
            let mut flipped = whole.clone();
            flipped[end] ^= 1;
            assert!(Journal::parse(&flipped).is_err(), "{end}");
            // What a power cut leaves of a file whose length is known and whose content is not.
            let mut hollow = whole.clone();
            hollow[end..].fill(0);
            assert!(Journal::parse(&hollow).is_err(), "{end}");
        }
        let later = [b"assay-journal 2".as_slice(), &whole[HEAD.len()..]].concat();
        let said = Journal::parse(&later).unwrap_err();
        assert_eq!(said, "its journal has another format");
        let folder = tempfile::tempdir().unwrap();
        let noted = hash::bytes(&whole);
        let read = || Journal::read(&Dir::open(folder.path()).unwrap(), noted).unwrap();
        assert_eq!(read(), Err("it has no journal"));
        std::fs::write(folder.path().join("real"), whole).unwrap();
        std::os::unix::fs::symlink("real", folder.path().join(NAME)).unwrap();
        assert_eq!(read(), Err("its journal is no file"));
        std::fs::remove_file(folder.path().join(NAME)).unwrap();
        std::fs::create_dir(folder.path().join(NAME)).unwrap();
        assert_eq!(read(), Err("its journal is no file"));
    }

    #[test]
    fn what_should_be_a_digest_is_one() {
        let parsed = |site: &str, ledger: &str| {
            let mut journal = sound();
            (journal.site, journal.ledger) = (site.to_owned(), ledger.to_owned());
            Journal::parse(&text(&journal)).is_ok()
        };
        let digest = hash::bytes(b"").to_string();
        assert!(parsed(&digest, &digest));
        assert!(!parsed("/env/site-packages", &digest) && !parsed(&digest, ""));
    }

    #[test]
    fn fields_that_nobody_knows_are_refused() {
        let more = |text: &str| {
            let (_, body) = text.split_once('\n').unwrap();
            let body = body.replacen('{', "{\"more\":1,", 1);
            format!("{HEAD} {}\n{body}", hash::bytes(body.as_bytes()))
        };
        let text = String::from_utf8(text(&sound())).unwrap();
        assert!(Journal::parse(more(&text).as_bytes()).is_err());
    }

    #[test]
    fn places_that_lead_out_or_into_staging_are_refused_and_their_neighbours_are_not() {
        let accepts = |groups: Vec<Group>| Journal::parse(&text(&journal(groups))).is_ok();
        let one =
            |folder: &str, name: &str| accepts(vec![group(Way::In, folder, "0", &[(name, "a")])]);
        for folder in ["", "a", "a/b", "..a", "a/.assay-x"] {
            assert!(one(folder, "x"), "{folder:?}");
        }
        for folder in [
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "a/../b",
            "a/..",
            ".assay-done-0",
            "a\0",
        ] {
            assert!(!one(folder, "x"), "{folder:?}");
        }
        for name in ["..x", "x y", ".assay"] {
            assert!(one("", name), "{name:?}");
        }
        for name in ["", ".", "..", "a/b", "/", ".assay-stage-0", "a\0"] {
            assert!(!one("", name), "{name:?}");
        }
        let staging = |way, staging: &str, staged: &str| {
            accepts(vec![group(way, "a", staging, &[("x", staged)])])
        };
        assert!(staging(Way::Out, "old", "0") && staging(Way::In, "12", "x"));
        assert!(!staging(Way::Out, "12", "0") && !staging(Way::In, "old", "x"));
        assert!(!staging(Way::In, "..", "x") && !staging(Way::In, "1/2", "x"));
        assert!(!staging(Way::Out, "old", "../journal") && !staging(Way::In, "1", ".."));
        let mut foreign = group(Way::In, "a", "0", &[("x", "x")]);
        foreign.root = 1;
        assert!(!accepts(vec![foreign]));
    }

    #[test]
    fn a_place_is_spoken_of_once_each_way() {
        let accepts = |groups: Vec<Group>| Journal::parse(&text(&journal(groups))).is_ok();
        let out = |name, staged| group(Way::Out, "a", "old", &[(name, staged)]);
        assert!(accepts(vec![out("x", "0"), out("y", "1")]));
        assert!(!accepts(vec![out("x", "0"), out("x", "1")]));
        assert!(!accepts(vec![out("x", "0"), out("y", "0")]));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Journal::parse(&bytes).is_err());
            let mut signed = format!("{HEAD} {}\n", hash::bytes(&bytes)).into_bytes();
            signed.extend(&bytes);
            prop_assert!(Journal::parse(&signed).is_err());
        }
    }
}
