//! Where a file of a resolution is no wheel: its metadata, and the wheel that it is built into.

use std::{borrow::Cow, sync::Arc};

use assay_archive::{Sdist, Wheel};
use assay_build::NativeModule;
use assay_index::Buffer;
use assay_install::{Approved, Lookup};
use assay_trust::{Admission, Admitted, Measuring, Staged, admit_built};
use assay_types::{
    FileName, ProjectName, SafePath, Sha256,
    listing::{File, Location, Origin, Tree},
    metadata::Metadata,
};

use super::{
    Builder, Builds,
    in_place::are_in,
    memo::Memo,
    opened::{BuiltNow, Opened, Source},
    run::Made,
};
use crate::{
    failure::{Failure, Result},
    pipeline::{
        wheel::digests,
        world::{Known, Unusable, World},
    },
};

impl World<'_> {
    /// Whether a file has to be built.
    pub(in crate::pipeline) fn is_source(file: &File) -> bool {
        matches!(file.name, FileName::Sdist(_) | FileName::Tree(_))
    }

    fn builder(&self, file: &File) -> Result<&Builder<'_>> {
        match self.places.builds {
            Builds::With(builder) => Ok(builder),
            Builds::Listed => Err(Failure::could_not(format!(
                "{} would have to be built",
                file.name.as_str()
            ))),
            Builds::Not(why) => Err(Failure::could_not(format!(
                "{} would have to be built, and {why}",
                file.name.as_str()
            ))),
        }
    }

    /// Metadata of a source: by its own word where that is final, else by its backend's.
    pub(in crate::pipeline) fn source_known(
        &self,
        name: &ProjectName,
        id: usize,
        file: &File,
    ) -> Result<Known, Unusable> {
        let metadata = self
            .source_metadata(name, id, file)
            .map_err(Unusable::Stop)?;
        Ok(Known {
            metadata,
            sidecar: None,
        })
    }

    fn source_metadata(&self, name: &ProjectName, id: usize, file: &File) -> Result<Arc<Metadata>> {
        let builder = self.builder(file)?;
        if let Some(approved) = self.built_before(builder, file)? {
            return Ok(Arc::new(approved.stored().metadata()?));
        }
        let opened = self.opened(name, id, file)?;
        let source = &opened.source;
        let metadata = match builder.metadata_of(source)? {
            Some(metadata) => metadata,
            None => return Ok(Arc::new(self.wheel(name, id)?.stored().metadata()?)),
        };
        check_identity(file, &metadata)?;
        // Whoever comes first has said the same.
        let _ = source.promised.set(Arc::clone(&metadata));
        Ok(metadata)
    }

    /// The wheel of a source: built before from all the same, or now.
    pub(in crate::pipeline) fn built(
        &self,
        name: &ProjectName,
        id: usize,
        file: &File,
    ) -> Result<Approved> {
        let builder = self.builder(file)?;
        if let Some(approved) = self.built_before(builder, file)? {
            return Ok(approved);
        }
        Ok(self.built_now(name, id, file)?.approved.clone())
    }

    /// The wheel of a source, with its bytes: built in this run, whatever was built before.
    pub(in crate::pipeline) fn built_now(
        &self,
        name: &ProjectName,
        id: usize,
        file: &File,
    ) -> Result<Arc<BuiltNow>> {
        self.built.get(&(name.clone(), id), || {
            let builder = self.builder(file)?;
            let opened = self.opened(name, id, file)?;
            builder.make_wheel(&opened.source, |workshop, made| {
                let wheel = builder.read_wheel(&opened, workshop, made)?;
                let in_place = builder.made_in_place(&opened.source, workshop)?;
                self.keep(builder, &opened, made, wheel, &in_place)
                    .map(Arc::new)
            })
        })
    }

    fn keep(
        &self,
        builder: &Builder<'_>,
        opened: &Opened,
        made: &Made,
        wheel: Wheel<Buffer>,
        in_place: &[NativeModule],
    ) -> Result<BuiltNow> {
        let stored = self.places.store.publish(&wheel, 1)?;
        let admission = wheel.admission().clone();
        let measured = opened.admission.measured();
        if let Some(built) = admission.built() {
            let built_as = (wheel.name(), admission.sha256());
            let memo = Memo::new(measured, made, built_as, &built.how, in_place);
            builder.remember(&opened.source, measured.sha256(), &memo);
        }
        let approved = Approved::new(admission, stored)?;
        Ok(BuiltNow { approved, wheel })
    }

    /// The source behind a candidate, read and judged; once in a run.
    pub(in crate::pipeline) fn opened(
        &self,
        name: &ProjectName,
        id: usize,
        file: &File,
    ) -> Result<Arc<Opened>> {
        self.sources
            .get(&(name.clone(), id), || match &file.location {
                Location::Tree(tree) => self.open_tree(file, tree).map(Arc::new),
                Location::Url(_) | Location::Path { .. } => self.open_sdist(file).map(Arc::new),
            })
    }

    fn open_sdist(&self, file: &File) -> Result<Opened> {
        let admitted = self.admitted_sdist(file)?;
        let admission = admitted.admission().clone();
        let sdist =
            Sdist::open(admitted).map_err(|error| Failure::archive(file.name.as_str(), &error))?;
        let sdist = Arc::new(sdist);
        Ok(Opened {
            admission,
            source: Arc::new(Source::of_sdist(Arc::clone(&sdist))),
            sdist: Some(sdist),
        })
    }

    /// From the cache where it was fetched before, and judged either way.
    fn admitted_sdist(&self, file: &File) -> Result<Admitted<Buffer>> {
        let builder = self.builder(file)?;
        let evidence = self.evidence(file);
        let expected: Vec<_> = digests(&evidence).collect();
        let known = self.known_sha256(file);
        if let Some(staged) = known.and_then(|it| builder.kept(it, &expected)) {
            self.check_words(file)?;
            return self.admitted_as(file, staged);
        }
        let admitted = self.admitted(file)?;
        if let Some(sha256) = known {
            builder.keep(file, sha256, admitted.body());
        }
        Ok(admitted)
    }

    /// A tree is judged by the list of its files.
    fn open_tree(&self, file: &File, tree: &Tree) -> Result<Opened> {
        let builder = self.builder(file)?;
        let copied = builder.tree(tree, Some(file.name.project()))?;
        let mut measuring = Measuring::new(Vec::new(), []);
        std::io::Write::write_all(&mut measuring, &identity(file, &copied.listing))
            .map_err(|error| Failure::could_not(error.to_string()))?;
        let admitted = self.admitted_as(file, measuring.finish())?;
        Ok(Opened {
            admission: admitted.into_parts().1,
            source: Arc::clone(&copied.source),
            sdist: None,
        })
    }

    /// What the state remembers of a build of all the same, judged again.
    fn built_before(&self, builder: &Builder<'_>, file: &File) -> Result<Option<Approved>> {
        if self.wants_wheel_signature(file.name.project()) {
            return Ok(None);
        }
        let (source, editable, admission) = match &file.location {
            Location::Tree(tree) => {
                let opened = self.open_tree(file, tree)?;
                let editable = tree.editable.then(|| tree.project());
                (opened.admission.sha256(), editable, Some(opened.admission))
            }
            Location::Url(_) | Location::Path { .. } => match self.known_sha256(file) {
                Some(sha256) => (sha256, None, None),
                None => return Ok(None),
            },
        };
        let project = file.name.project();
        let Some(memo) = builder.memo(source, Some(project), editable.as_deref())? else {
            return Ok(None);
        };
        let is_whole = editable.is_none_or(|it| are_in(&it, &memo.in_place));
        let is_allowed = is_whole && builder.allows(&memo.tier);
        if !is_allowed || builder.required(project.as_ref(), &memo.requires)?.with != memo.with {
            return Ok(None);
        }
        let admission = match admission {
            Some(admission) => Some(admission),
            None => self.source_admission(file, source, &memo)?,
        };
        match admission {
            Some(admission) => self.stored_build(&memo, &admission),
            None => Ok(None),
        }
    }

    /// Judges a source that was measured before, from what its listing says today.
    fn source_admission(
        &self,
        file: &File,
        sha256: Sha256,
        memo: &Memo,
    ) -> Result<Option<Admission>> {
        let Some(measured) = memo.source() else {
            return Ok(None);
        };
        let judged = self.judged_again(file, sha256, Staged::remembered((), measured))?;
        Ok(judged.map(|it| it.into_parts().1))
    }

    fn stored_build(&self, memo: &Memo, source: &Admission) -> Result<Option<Approved>> {
        let Some((name, sha256)) = memo.wheel() else {
            return Ok(None);
        };
        let Lookup::Hit(stored, measured) = self.places.store.find(sha256)? else {
            return Ok(None);
        };
        if self.target.tags.rank(&name).is_none() || !stored.serves(&name, false) {
            return Ok(None);
        }
        let staged = Staged::remembered(stored, measured);
        let admitted = admit_built(staged, &name, source, memo.how(), self.now)?;
        let (stored, admission) = admitted.into_parts();
        Ok(Some(Approved::new(admission, stored)?))
    }
}

impl Builder<'_> {
    /// Whether a wheel that was built in such a sandbox will do today.
    fn allows(&self, tier: &str) -> bool {
        tier != assay_sandbox::Tier::Restricted.to_string() || self.means.settings.restricted
    }
}

/// What stands for a tree's bytes: the list of its files, or the commit that they are of, which each checkout
/// writes down otherwise. Its version may come from a tag, which is no part of a commit.
fn identity<'a>(file: &File, listing: &'a [u8]) -> Cow<'a, [u8]> {
    match &file.origin {
        Origin::Repository(it) => {
            let folder = it.subdirectory.as_ref().map_or("", SafePath::as_str);
            let name = file.name.as_str();
            Cow::Owned(format!("git {}\n{folder}\n{name}\n", it.commit).into_bytes())
        }
        _ => Cow::Borrowed(listing),
    }
}

/// A backend says what its source is; it does not choose.
fn check_identity(file: &File, metadata: &Metadata) -> Result<()> {
    let (name, version) = (file.name.project(), file.version());
    if (&metadata.name, &metadata.version) == (name, version) {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "{}: its build says that it is {} {}",
        file.name.as_str(),
        metadata.name,
        metadata.version
    ))
    .detail("rule: a build makes what its source says")
    .hint("do not install it; tell its authors"))
}
