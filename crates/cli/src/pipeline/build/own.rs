//! `assay build`: a project of the user's own, packed and built as others will get it.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_archive::{Sdist, Wheel};
use assay_build::Hook;
use assay_index::Buffer;
use assay_trust::{
    Admission, Admitted, Artifact, Cooldown, Evidence, Measuring, Policy, Staged, admit,
};
use assay_types::{
    FileName, ProjectName, SdistName, TreeName, Version, WheelName,
    listing::{Origin, Tree},
};

use super::{
    Builder,
    opened::{Opened, Source, TreeSource},
    run::Made,
};
use crate::failure::{Failure, Result};

/// What is built of a project.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// Its folder, absolute.
    pub folder: &'a Path,
    /// Folders in it that hold what earlier builds made.
    pub left_out: &'a [PathBuf],
    /// Whether an sdist is wanted; a wheel is then built from that.
    pub sdist: bool,
    /// Whether a wheel is wanted.
    pub wheel: bool,
}

/// What was made of a project, read as strictly as what is downloaded.
pub struct Products {
    /// The sdist, where it was wanted.
    pub sdist: Option<Arc<Sdist<Buffer>>>,
    /// The wheel, where it was wanted.
    pub wheel: Option<Wheel<Buffer>>,
    /// What held the builds.
    pub tier: String,
}

impl Builder<'_> {
    /// Builds a project of the user's own. Nothing is written to its folder.
    pub fn build_own(&self, own: &Own<'_>) -> Result<Products> {
        let root = Tree {
            root: own.folder.to_owned(),
            subdirectory: None,
            editable: false,
            named_in: Arc::from("the command line"),
        };
        let tree = self.copy(&root, None, own.left_out)?;
        self.check_allowed(&tree.source, tree.source.project.as_ref())?;
        let sdist = match own.sdist {
            true => Some(Arc::new(self.pack(own, &tree)?)),
            false => None,
        };
        let wheel = match (&sdist, own.wheel) {
            (_, false) => None,
            (Some(sdist), true) => Some(self.wheel_of_sdist(sdist)?),
            (None, true) => Some(self.wheel_of_tree(own, &tree)?),
        };
        Ok(Products {
            sdist,
            wheel,
            tier: self.tier()?.to_string(),
        })
    }

    fn check_may_build(&self, project: &ProjectName) -> Result<()> {
        self.means
            .policy
            .may_build(project)
            .map_err(|rule| Failure::refused(format!("{project}: {rule}")).hint(rule.way_out()))
    }

    /// The sdist, which whoever gets it has to be able to open.
    fn pack(&self, own: &Own<'_>, tree: &TreeSource) -> Result<Sdist<Buffer>> {
        let source = &tree.source;
        self.make(source, Hook::Sdist, |workshop, made| {
            let of = &source.of;
            let name = SdistName::guess(&made.name).map_err(|error| {
                Failure::refused(format!("the build of {of} made no sdist: {error}"))
                    .detail("rule: the name of an sdist (PEP 625)")
                    .hint("a newer build backend may name it as it has to be")
            })?;
            self.check_project(source, name.project())?;
            let client = self.means.client;
            let staged = client.stage_from(None, |to| workshop.copy_out(&made.name, to).map(drop));
            let staged = staged.map_err(|error| Failure::could_not(format!("{of}: {error}")))?;
            let release = (name.project(), name.version());
            let admitted = self.admit_own(staged, own.folder, name.as_str(), release)?;
            Sdist::open(admitted).map_err(|error| unfit(name.as_str(), &error))
        })
    }

    /// As whoever installs the sdist will build it.
    fn wheel_of_sdist(&self, sdist: &Arc<Sdist<Buffer>>) -> Result<Wheel<Buffer>> {
        let source = Source::of_sdist(Arc::clone(sdist));
        if let Some(fixed) = &source.fixed {
            let _ = source.promised.set(Arc::clone(fixed));
        }
        let opened = Opened {
            admission: sdist.admission().clone(),
            source: Arc::new(source),
            sdist: Some(Arc::clone(sdist)),
        };
        self.make(&opened.source, Hook::Wheel, |workshop, made| {
            checked(self.read_wheel(&opened, workshop, made)?)
        })
    }

    fn wheel_of_tree(&self, own: &Own<'_>, tree: &TreeSource) -> Result<Wheel<Buffer>> {
        let source = &tree.source;
        if let Some(fixed) = &source.fixed {
            let _ = source.promised.set(Arc::clone(fixed));
        }
        self.make(source, Hook::Wheel, |workshop, made| {
            let opened = Opened {
                admission: self.admission_of_tree(own, tree, made)?,
                source: Arc::clone(source),
                sdist: None,
            };
            checked(self.read_wheel(&opened, workshop, made)?)
        })
    }

    /// The verdict about a tree, of which nobody but its wheel may say which version it is.
    fn admission_of_tree(
        &self,
        own: &Own<'_>,
        tree: &TreeSource,
        made: &Made,
    ) -> Result<Admission> {
        let of = &tree.source.of;
        let wheel = WheelName::parse(&made.name).map_err(|error| {
            Failure::refused(format!("the build of {of} made no wheel: {error}"))
                .detail("rule: the name of a wheel (PEP 427)")
                .hint("a newer build backend may name it as it has to be")
        })?;
        self.check_project(&tree.source, wheel.project())?;
        let mut measuring = Measuring::new(Vec::new(), []);
        let listed = measuring.write_all(&tree.listing);
        listed.map_err(|error| Failure::could_not(error.to_string()))?;
        let release = (wheel.project(), wheel.version());
        // As in receipts of what is installed from a tree.
        let name = TreeName::new(release.0.clone(), release.1.clone());
        let name = FileName::Tree(name);
        let admitted = self.admit_own(measuring.finish(), own.folder, name.as_str(), release)?;
        Ok(admitted.into_parts().1)
    }

    /// A backend makes what the project says.
    fn check_project(&self, source: &Source, made: &ProjectName) -> Result<()> {
        match &source.project {
            Some(project) if project != made => Err(Failure::refused(format!(
                "the build of {project} made something of {made}"
            ))
            .detail("rule: a build makes what its source says")
            .hint("look at what the build backend does")),
            Some(_) => Ok(()),
            None => self.check_may_build(made),
        }
    }

    /// It is the user's own, and goes nowhere but into a folder: what rules ask of what is installed is
    /// asked when it is installed.
    fn admit_own<B>(
        &self,
        staged: Staged<B>,
        folder: &Path,
        file_name: &str,
        (project, version): (&ProjectName, &Version),
    ) -> Result<Admitted<B>> {
        let artifact = Artifact {
            project: project.clone(),
            version: version.clone(),
            file_name: file_name.to_owned(),
            origin: Origin::Local(Arc::from(folder)),
            size: None,
        };
        let evidence = [Evidence::Local {
            named_in: "the command line".to_owned(),
        }];
        let policy = Policy::new(Cooldown::none());
        Ok(admit(
            staged,
            &artifact,
            &evidence,
            &policy,
            self.means.now,
        )?)
    }
}

/// Every file's content is what RECORD says.
fn checked(wheel: Wheel<Buffer>) -> Result<Wheel<Buffer>> {
    for index in 0..wheel.files().len() {
        let read = wheel.extract(index, &mut io::sink());
        read.map_err(|error| unfit(wheel.name().as_str(), &error))?;
    }
    Ok(wheel)
}

/// What was built is nothing that could be published.
fn unfit(name: &str, error: &assay_archive::ArchiveError) -> Failure {
    let failure = Failure::archive(name, error);
    failure.hint("nothing was written: no assay would take this archive")
}
