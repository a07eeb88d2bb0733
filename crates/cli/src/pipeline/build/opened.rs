//! A source that may be built: read, judged, and laid out when somebody wants more of it.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use assay_archive::{Sdist, Wheel};
use assay_build::{BuildSystem, Error, ProjectTable, Workshop};
use assay_index::Buffer;
use assay_install::Approved;
use assay_trust::Admission;
use assay_types::{ProjectName, Requirement, listing::Tree, metadata::Metadata};

use super::Builder;
use crate::failure::{Failure, Result};

/// A source, and the verdict about it.
pub struct Opened {
    /// Why it may be built.
    pub admission: Admission,
    /// What it is made of.
    pub(super) source: Arc<Source>,
    /// The sdist, where it is one.
    pub sdist: Option<Arc<Sdist<Buffer>>>,
}

/// A wheel that was built in this run.
pub struct BuiltNow {
    /// The verdict, and the wheel in the store.
    pub approved: Approved,
    /// Its bytes.
    pub wheel: Wheel<Buffer>,
}

/// What is built.
pub(super) struct Source {
    /// `demo 1.0`, or a folder whose name nobody knows yet.
    pub of: String,
    /// Whose settings hold for it.
    pub project: Option<ProjectName>,
    /// Its metadata, where it says so itself and no backend has to be asked (PEP 643, PEP 621).
    pub fixed: Option<Arc<Metadata>>,
    /// What was said of it while it was resolved: its wheel must say the same.
    pub promised: OnceLock<Arc<Metadata>>,
    /// Whether the user named it as a folder or repository.
    pub is_tree: bool,
    /// The user's own folder, where the target is to run what lies there.
    pub editable: Option<PathBuf>,
    /// And the tree's, in which that may be a part.
    pub editable_root: Option<PathBuf>,
    layout: Mutex<Layout>,
}

/// How far it is on the way to its build.
enum Layout {
    Packed(Arc<Sdist<Buffer>>),
    LaidOut(Box<Workshop>),
    /// Somebody failed to lay it out.
    Lost,
}

/// A tree as it was when it was copied.
pub(super) struct TreeSource {
    /// The list of its files with their digests, which stands for its bytes.
    pub listing: Vec<u8>,
    pub source: Arc<Source>,
}

impl Source {
    /// Of an sdist; nothing is written yet.
    pub fn of_sdist(sdist: Arc<Sdist<Buffer>>) -> Self {
        let artifact = sdist.admission().artifact();
        Self {
            of: format!("{} {}", artifact.project, artifact.version),
            project: Some(artifact.project.clone()),
            fixed: assay_build::static_metadata(sdist.metadata_bytes()).map(Arc::new),
            promised: OnceLock::new(),
            is_tree: false,
            editable: None,
            editable_root: None,
            layout: Mutex::new(Layout::Packed(sdist)),
        }
    }

    /// Works on it, which one does at a time.
    pub fn work<T>(
        &self,
        builder: &Builder<'_>,
        work: impl FnOnce(&mut Workshop) -> Result<T>,
    ) -> Result<T> {
        let mut layout = self.layout.lock().unwrap_or_else(PoisonError::into_inner);
        if let Layout::Packed(sdist) = &*layout {
            let mut workshop = builder.workshop()?;
            match workshop.lay_out_sdist(sdist) {
                Ok(()) => *layout = Layout::LaidOut(Box::new(workshop)),
                Err(error) => {
                    *layout = Layout::Lost;
                    return Err(builder.not_laid_out(&self.of, &error));
                }
            }
        }
        match &mut *layout {
            Layout::LaidOut(workshop) => work(workshop),
            Layout::Packed(_) | Layout::Lost => Err(Failure::could_not(format!(
                "{} could not be laid out",
                self.of
            ))),
        }
    }
}

impl Builder<'_> {
    pub(super) fn workshop(&self) -> Result<Workshop> {
        Workshop::new(&self.folder()?)
            .map_err(|error| Failure::could_not(format!("making a folder for a build: {error}")))
    }

    pub(super) fn not_laid_out(&self, of: &str, error: &assay_build::Error) -> Failure {
        Failure::could_not(format!("{of}: {error}"))
    }

    /// A tree that the user named, copied as it is now; once in a run.
    pub(super) fn tree(&self, tree: &Tree, name: Option<&ProjectName>) -> Result<Arc<TreeSource>> {
        let key = (tree.project(), tree.editable);
        self.bench
            .trees
            .get(&key, || self.copy(tree, name, &[]).map(Arc::new))
    }

    /// A copy as it is now, without the folders that are to be left out.
    pub(super) fn copy(
        &self,
        tree: &Tree,
        name: Option<&ProjectName>,
        left_out: &[PathBuf],
    ) -> Result<TreeSource> {
        let shown = tree.project().display().to_string();
        let failed = |error: &assay_build::Error| self.not_laid_out(&shown, error);
        let folders = left_out.iter();
        let mut workshop = folders.fold(self.workshop()?, |it, folder| it.without(folder));
        let laid_out = workshop
            .lay_out_tree(&tree.root, tree.subdirectory.as_ref())
            .map_err(|it| failed(&it))?;
        for path in &laid_out.left_out {
            self.warn(format!(
                "{} is no file and was left out of {shown}",
                path.display()
            ));
        }
        if let Some(why) = &laid_out.no_repository {
            self.warn(format!(
                "a build of {shown} finds no git repository: {why}; where it asks git for the version, name \
                 a clone of the repository in its place"
            ));
        }
        let table = ProjectTable::read(&workshop.project()).map_err(|it| failed(&it))?;
        let own = table.as_ref().map(|it| it.name.clone());
        let source = Source {
            of: own
                .as_ref()
                .or(name)
                .map_or(shown.clone(), ToString::to_string),
            project: own.or_else(|| name.cloned()),
            fixed: table.and_then(|it| it.metadata()).map(Arc::new),
            promised: OnceLock::new(),
            is_tree: true,
            editable: tree.editable.then(|| tree.project()),
            editable_root: tree.editable.then(|| tree.root.clone()),
            layout: Mutex::new(Layout::LaidOut(Box::new(workshop))),
        };
        Ok(TreeSource {
            listing: laid_out.listing,
            source: Arc::new(source),
        })
    }
}

/// What a source says of its build.
pub(super) fn system(of: &str, workshop: &Workshop) -> Result<BuildSystem> {
    workshop.build_system().map_err(|error| {
        let fact = format!("{of}: {error}");
        let failure = match error {
            Error::Project { .. } => {
                Failure::refused(fact).detail("rule: how a project is built (PEP 517, PEP 518)")
            }
            _ => Failure::could_not(fact),
        };
        failure.hint("tell its authors")
    })
}

/// Requirements as texts that compare.
pub(super) fn texts(requirements: &[Requirement]) -> Vec<String> {
    requirements.iter().map(ToString::to_string).collect()
}
