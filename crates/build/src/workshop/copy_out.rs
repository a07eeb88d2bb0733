//! Taking what a backend made.

use std::{
    fs::File,
    io::{self, Read as _, Write},
    path::Path,
};

use rustix::fs::CWD;

use super::{
    OUT, Workshop,
    files::{limited, open_folder, open_left, too_long},
};
use crate::{Error, Result, names::is_one_part};

/// No wheel is larger, whatever the limits of the build are.
const LARGEST: u64 = 4 << 30;

impl Workshop {
    /// Writes out the file of that name, which [`run`](Self::run) made; how many bytes it has. Only when
    /// every process of the run is known to be dead; only a regular file without another name.
    pub fn copy_out(&self, name: &str, to: &mut dyn Write) -> Result<u64> {
        let path = self.work().join(OUT).join(name);
        let taking = |error| Error::io("taking", &path, error);
        let most = self.largest().map_err(taking)?.min(LARGEST);
        let file = self.open(name, most).map_err(taking)?;
        let copied = io::copy(&mut file.take(most + 1), to).map_err(taking)?;
        match copied > most {
            true => Err(taking(too_long(most))),
            false => Ok(copied),
        }
    }

    /// The content of a small file that a run left, in a folder of `out` where one is named.
    pub(crate) fn left(&self, folder: Option<&str>, name: &str, most: u64) -> io::Result<Vec<u8>> {
        self.largest()?;
        let file = match folder {
            None => self.open(name, most)?,
            Some(folder) => {
                let folder = open_folder(self.out()?, part(folder)?)?;
                open_left(folder, name, most)?
            }
        };
        limited(file, most)
    }

    /// The names of everything that a run left, those that are UTF-8.
    pub(crate) fn names_left(&self) -> io::Result<Vec<String>> {
        self.largest()?;
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(self.out()?)? {
            let name = entry?.file_name().to_str().map(str::to_owned);
            names.extend(name.ok().filter(|it| it != "." && it != ".."));
        }
        Ok(names)
    }

    fn open(&self, name: &str, most: u64) -> io::Result<File> {
        part(name)?;
        open_left(self.out()?, name, most)
    }

    fn out(&self) -> io::Result<File> {
        let work = open_folder(CWD, &self.work())?;
        open_folder(work, Path::new(OUT))
    }

    pub(super) fn largest(&self) -> io::Result<u64> {
        let fact = "something may still write to it";
        self.at_rest.ok_or_else(|| io::Error::other(fact))
    }
}

fn part(name: &str) -> io::Result<&Path> {
    match is_one_part(name) {
        true => Ok(Path::new(name)),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it is not one name",
        )),
    }
}
