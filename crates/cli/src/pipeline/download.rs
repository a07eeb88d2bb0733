//! `assay download` and `assay wheel`: admitted archives as files, not unpacked.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use assay_resolve::Resolution;
use assay_trust::{Admission, ReadAt};
use assay_types::{ProjectName, listing::File};

use super::{
    build::check_promise,
    world::{Unusable, World},
    written,
};
use crate::failure::{Failure, Result};

/// How many files are fetched at once.
const THREADS: usize = 8;

/// In which form files are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As they are: sdists stay what they are.
    Found,
    /// Wheels: what is none is built.
    Wheels,
}

/// A file that is there now.
#[derive(Debug)]
pub struct Downloaded {
    /// Where.
    pub path: PathBuf,
    /// Why it was accepted.
    pub admission: Admission,
    /// Whether the same bytes lay there already.
    pub was_there: bool,
}

/// Writes every pin's file, admitted, into a folder, in the resolution's order.
pub fn download(
    world: &World<'_>,
    resolution: &Resolution,
    folder: &Path,
    form: Form,
) -> Result<Vec<Downloaded>> {
    world.places.progress.phase("Downloading");
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(resolution.pins.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Relaxed);
                    let Some(pin) = resolution.pins.get(at) else {
                        break;
                    };
                    let result = world.download(&pin.name, pin.candidate.id, folder, form);
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .insert(at, result);
                }
            });
        }
    });
    done.into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .into_values()
        .collect()
}

impl World<'_> {
    fn download(
        &self,
        name: &ProjectName,
        id: usize,
        folder: &Path,
        form: Form,
    ) -> Result<Downloaded> {
        let file = self.file(name, id)?;
        match (Self::is_source(&file), form) {
            (false, _) => {
                let wheel = self.fetched(&file, id)?;
                self.save(wheel.body(), wheel.admission(), folder)
            }
            (true, Form::Wheels) => self.save_built(name, id, &file, folder),
            (true, Form::Found) => {
                let opened = self.opened(name, id, &file)?;
                let sdist = opened.sdist.as_ref().ok_or_else(|| no_file(&file))?;
                self.save(sdist.body(), sdist.admission(), folder)
            }
        }
    }

    /// What is in the store is unpacked: a wheel whose bytes are wanted is built anew.
    fn save_built(
        &self,
        name: &ProjectName,
        id: usize,
        file: &File,
        folder: &Path,
    ) -> Result<Downloaded> {
        let built = self.built_now(name, id, file)?;
        let wheel = &built.wheel;
        let known = self.known(name, id).map_err(|why| match why {
            Unusable::Stop(failure) => failure,
            Unusable::This(why) => Failure::could_not(why),
        })?;
        // It decided the resolution, and may be that of an earlier build.
        check_promise(file.name.as_str(), &known.metadata, wheel.metadata())?;
        self.save(wheel.body(), wheel.admission(), folder)
    }

    fn save(&self, body: &impl ReadAt, admission: &Admission, folder: &Path) -> Result<Downloaded> {
        self.report(admission)?;
        // The name of an archive has no separator: it was parsed.
        let path = folder.join(&admission.artifact().file_name);
        let was_there = written::is_there(&path, admission)?;
        if !was_there {
            written::write(&[(body, &path)])?;
        }
        Ok(Downloaded {
            path,
            admission: admission.clone(),
            was_there,
        })
    }
}

fn no_file(file: &File) -> Failure {
    Failure::usage(format!(
        "{} is a source tree, and no file",
        file.name.as_str()
    ))
    .hint("`assay wheel` builds a wheel of it")
}
