//! Unpacking a wheel into the store.

use std::{
    io::{self, Write},
    thread,
    time::Duration,
};

use assay_archive::Wheel;
use assay_trust::ReadAt;
use assay_types::{Sha256, metadata::Metadata};

use super::{
    Lookup, Manifest, Mark, MemoFile, Store, StoredWheel,
    manifest::{self, Head, NewRow, Script},
    sweep, turn,
};
use crate::{
    Error, Result, hash,
    sys::{self, Dir, Scratch},
    workers,
};

/// How often an entry is made before the cache is given up.
const ATTEMPTS: usize = 3;
/// How often an entry without a memo is looked at where no lock tells whether somebody is about to
/// write one, and the pause between.
const UNLOCKED_LOOKS: usize = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

impl Store {
    /// Unpacks an admitted wheel. Every file is verified against RECORD while it is written, by
    /// `threads` threads; when one fails, nothing is published.
    ///
    /// Shipped `__pycache__` files are left out: an interpreter would prefer them to the source
    /// that people read. Nothing is synced to the disk: after a power cut an entry's files may be
    /// shorter than its manifest says, which the check before their use finds.
    ///
    /// Whoever empties the cache meanwhile takes unfinished entries along, so what is gone is made
    /// again, a few times.
    pub fn publish<B: ReadAt>(&self, wheel: &Wheel<B>, threads: usize) -> Result<StoredWheel> {
        for _ in 1..ATTEMPTS {
            match self.unpack(wheel, threads) {
                Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                done => return done,
            }
        }
        self.unpack(wheel, threads)
    }

    fn unpack<B: ReadAt>(&self, wheel: &Wheel<B>, threads: usize) -> Result<StoredWheel> {
        let entries = self.open()?;
        let scratch = Scratch::new(&entries, sweep::UNPACKING)?;
        let mtime = jiff::Timestamp::now().as_second();
        let unpacking = Unpacking {
            wheel,
            into: scratch.dir(),
            mtime,
        };
        let rows = unpacking.run(threads)?;
        let head = head_of(wheel, mtime)?;
        let path = scratch.dir().path().join("manifest");
        let context = |error: io::Error| Error::io("writing", &path, error);
        let bytes = manifest::write(&head, rows).map_err(|error| context(error.into()))?;
        let mut file = scratch.dir().create("manifest", 0o600)?;
        file.write_all(&bytes).map_err(context)?;
        self.put_in_place(scratch, &entries, wheel, bytes)
    }

    /// Moves a finished entry to its name, in place of one that this user knows nothing about.
    /// Entry and memo change together, under a lock: two processes may publish one wheel. Where
    /// no lock can be had, whoever was faster gets the time to write its memo; should two memos
    /// cross all the same, the entry is found to be damaged when it is used, and fetched again.
    fn put_in_place<B: ReadAt>(
        &self,
        scratch: Scratch<'_>,
        entries: &Dir,
        wheel: &Wheel<B>,
        manifest: Vec<u8>,
    ) -> Result<StoredWheel> {
        let lock = turn::publishing(&self.locks)?;
        let sha256 = wheel.admission().sha256();
        let name = sha256.to_string();
        if entries.kind(&name)?.is_some() {
            let looks = if lock.is_some() { 1 } else { UNLOCKED_LOOKS };
            if let Some(stored) = self.published_meanwhile(wheel, looks)? {
                return Ok(stored);
            }
            let trash = Scratch::new(entries, sweep::REPLACED)?;
            entries.rename_to(&name, trash.dir(), "entry")?;
        }
        if let Err(error) = scratch.publish(&name) {
            return self
                .published_meanwhile(wheel, UNLOCKED_LOOKS)?
                .ok_or(error);
        }
        let digest = hash::bytes(&manifest);
        MemoFile::write(&self.memos, wheel.admission().measured(), digest)?;
        Manifest::parse(manifest)
            .and_then(|it| StoredWheel::new(self.entry(sha256), sha256, it))
            .map_err(|why| Error::Damaged {
                sha256,
                file_name: wheel.name().as_str().to_owned(),
                why: why.to_owned(),
            })
    }

    /// The entry of a process that was faster, looked for so many times.
    fn published_meanwhile<B: ReadAt>(
        &self,
        wheel: &Wheel<B>,
        looks: usize,
    ) -> Result<Option<StoredWheel>> {
        for look in 0..looks {
            if look > 0 {
                thread::sleep(BETWEEN_LOOKS);
            }
            if let Lookup::Hit(stored, _) = self.look(wheel.admission().sha256())?
                && stored.serves(wheel.name(), !wheel.is_record_verified())
            {
                return Ok(Some(stored));
            }
        }
        Ok(None)
    }
}

/// One wheel on its way into a folder.
struct Unpacking<'a, B> {
    wheel: &'a Wheel<B>,
    into: &'a Dir,
    mtime: i64,
}

impl<B: ReadAt> Unpacking<'_, B> {
    /// Writes every file but those of `__pycache__`.
    fn run(&self, threads: usize) -> Result<Vec<NewRow>> {
        let files = self.wheel.files();
        let is_cached = |index: &usize| files[*index].path.parts().any(|it| it == "__pycache__");
        let mut queue: Vec<usize> = (0..files.len()).filter(|it| !is_cached(it)).collect();
        // Largest first, so that no thread ends with a giant.
        queue.sort_by_key(|index| std::cmp::Reverse(files[*index].size));
        workers::run(&queue, threads, || (), |(), index| self.write(*index))
    }

    fn write(&self, index: usize) -> Result<NewRow> {
        let file = &self.wheel.files()[index];
        let stored = index.to_string();
        let path = self.into.path().join(&stored);
        let context = |error: io::Error| Error::io("writing", &path, error);
        let mut out = Counter {
            inner: self.into.create(&stored, 0o600)?,
            start: Vec::new(),
            size: 0,
        };
        let digest = self.extract(index, &mut out)?;
        let mark = self.mark(index, &out.start);
        sys::seal(&out.inner, mark != Mark::Plain, self.mtime).map_err(context)?;
        Ok(NewRow {
            path: file.path.as_str().to_owned(),
            index,
            mark,
            size: out.size,
            digest: digest.to_record(),
        })
    }

    fn extract(&self, index: usize, out: &mut Counter) -> Result<Sha256> {
        let context = |source| Error::Archive {
            file_name: self.wheel.name().as_str().to_owned(),
            source,
        };
        self.wheel.extract(index, out).map_err(context)
    }

    /// Whatever lies among the scripts is a command, whether its archive says so or not.
    fn mark(&self, index: usize, start: &[u8]) -> Mark {
        let file = &self.wheel.files()[index];
        let below = self
            .wheel
            .data()
            .and_then(|data| file.path.strip_prefix(data));
        let is_script = below.is_some_and(|it| it.strip_prefix("scripts").is_some());
        if is_script && start.starts_with(b"#!python") {
            Mark::PythonScript
        } else if is_script || file.executable {
            Mark::Executable
        } else {
            Mark::Plain
        }
    }
}

fn head_of<B>(wheel: &Wheel<B>, mtime: i64) -> Result<Head> {
    let scripts = wheel.entry_points().iter().map(|it| Script {
        name: it.name.clone(),
        module: it.module.clone(),
        object: it.object.clone(),
    });
    Ok(Head {
        format: manifest::FORMAT,
        file_name: wheel.name().as_str().to_owned(),
        dist_info: wheel.dist_info().to_owned(),
        data: wheel.data().map(str::to_owned),
        root_is_purelib: wheel.info().root_is_purelib,
        metadata: essentials(wheel)?,
        entry_points: scripts.collect(),
        mtime,
        record_verified: wheel.is_record_verified(),
    })
}

/// The headers of METADATA that an installer needs, unchanged. What they say must be what all of
/// METADATA says.
fn essentials<B>(wheel: &Wheel<B>) -> Result<String> {
    const FIELDS: [&str; 6] = [
        "metadata-version",
        "name",
        "version",
        "requires-python",
        "requires-dist",
        "provides-extra",
    ];
    let text = String::from_utf8_lossy(wheel.metadata_bytes());
    let mut kept = String::new();
    let mut keeps = false;
    for line in text.lines().take_while(|line| !line.is_empty()) {
        if !line.starts_with([' ', '\t']) {
            let field = line
                .split(':')
                .next()
                .unwrap_or(line)
                .trim()
                .to_ascii_lowercase();
            keeps = FIELDS.contains(&field.as_str());
        }
        if keeps {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    match Metadata::parse(kept.as_bytes()) {
        Ok(metadata) if metadata == *wheel.metadata() => Ok(kept),
        _ => Err(Error::Distribution {
            name: wheel.name().as_str().to_owned(),
            why: "its METADATA reads differently without its description".to_owned(),
        }),
    }
}

/// Counts what is written and keeps the first bytes.
struct Counter {
    inner: std::fs::File,
    start: Vec<u8>,
    size: u64,
}

impl Write for Counter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        let missing = 16_usize.saturating_sub(self.start.len());
        self.start.extend_from_slice(&buffer[..count.min(missing)]);
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
