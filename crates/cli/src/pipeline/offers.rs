//! What indexes offer of projects, for `list --outdated` and `index versions`.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use assay_resolve::{LeftOut, Why};
use assay_types::{ProjectName, Version, listing::File};

use super::{THREADS, page::Page, world::World};
use crate::failure::Result;

/// The versions of one project that could be installed.
#[derive(Debug, Default)]
pub struct Offers {
    /// Newest first; neither yanked ones nor what the policy leaves out.
    pub versions: Vec<Offer>,
    /// The newest file that the policy alone leaves out, where it is newer than all of these.
    pub held_back: Option<HeldBack>,
}

/// A version that could be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub version: Version,
    pub kind: Kind,
}

/// What a version comes as; a wheel where there is one that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Wheel,
    Sdist,
}

/// A file that the policy leaves out.
#[derive(Debug, Clone)]
pub struct HeldBack {
    pub version: Version,
    /// A sentence, unescaped.
    pub why: String,
}

/// `--only-binary` and `--no-binary`.
#[derive(Debug, Default)]
pub struct Formats<'a> {
    pub only_binary: &'a [String],
    pub no_binary: &'a [String],
}

impl Kind {
    /// pip's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wheel => "wheel",
            Self::Sdist => "sdist",
        }
    }
}

impl Offers {
    /// The newest, or with `--prefer-binary` the newest wheel where there is one.
    pub fn best(mut self, prefer_binary: bool) -> Option<Offer> {
        let is_wheel = |it: &Offer| it.kind == Kind::Wheel;
        let wheel = self.versions.iter().position(is_wheel);
        let at = wheel.filter(|_| prefer_binary).unwrap_or_default();
        (!self.versions.is_empty()).then(|| self.versions.swap_remove(at))
    }
}

impl Formats<'_> {
    fn admits(&self, name: &ProjectName, kind: Kind) -> bool {
        match kind {
            Kind::Wheel => !names(self.no_binary, name),
            Kind::Sdist => !names(self.only_binary, name),
        }
    }
}

/// Whether an option's values name a project. `:none:` takes back what stands before it.
fn names(values: &[String], name: &ProjectName) -> bool {
    let words = values.iter().flat_map(|it| it.split(',')).map(str::trim);
    words.fold(false, |so_far, word| match word {
        ":none:" => false,
        ":all:" => true,
        word => so_far || assay_types::names::project(word).as_ref() == Some(name),
    })
}

/// What is offered of each project, in their order. Pages are fetched by several threads.
pub fn offers(
    world: &World<'_>,
    projects: &[&ProjectName],
    formats: &Formats<'_>,
) -> Vec<Result<Offers>> {
    let next = AtomicUsize::new(0);
    let fetch = || {
        while let Some(name) = projects.get(next.fetch_add(1, Relaxed)) {
            // Whatever comes of it stays with the world, where it is found below.
            let _ = world.page(name);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(projects.len()) {
            scope.spawn(fetch);
        }
    });
    let pages = projects.iter().map(|name| (name, world.page(name)));
    pages
        .map(|(name, page)| Ok(world.offered(name, &page?, formats)))
        .collect()
}

impl World<'_> {
    fn offered(&self, name: &ProjectName, page: &Page, formats: &Formats<'_>) -> Offers {
        let early = self.request.prereleases.of(name) == Some(true);
        let mut offers = Offers::default();
        for version in page.project.versions() {
            if version.any_prerelease() && !early {
                continue;
            }
            let wheel = page.project.candidate(version);
            let wheel = wheel.filter(|it| it.yanked.is_none() && formats.admits(name, Kind::Wheel));
            let kind = match wheel {
                Some(_) => Some(Kind::Wheel),
                None => self.source(page, version, formats).map(|_| Kind::Sdist),
            };
            match kind {
                Some(kind) => offers.versions.push(Offer {
                    version: version.clone(),
                    kind,
                }),
                None if offers.versions.is_empty() && offers.held_back.is_none() => {
                    offers.held_back = self.held_back(page, version);
                }
                None => {}
            }
        }
        offers
    }

    /// A source distribution of a version that nothing speaks against.
    fn source<'p>(
        &self,
        page: &'p Page,
        version: &Version,
        formats: &Formats<'_>,
    ) -> Option<&'p File> {
        let name = page.project.name();
        let mut sources = sources(page, version);
        let fits =
            |file: &&File| self.takes_python(file) && self.policy.judge_file(file, false).is_none();
        sources.find(|it| formats.admits(name, Kind::Sdist) && fits(it))
    }

    fn takes_python(&self, file: &File) -> bool {
        // As in pip, a pre-release of Python counts as its release.
        let python = self.target.python.only_release();
        let wanted = file.requires_python.as_ref();
        self.target.ignore_requires_python || wanted.is_none_or(|it| it.contains(&python))
    }

    /// Why the policy leaves a version out, if nothing else does.
    fn held_back(&self, page: &Page, version: &Version) -> Option<HeldBack> {
        let by_policy = |it: &&LeftOut| matches!(it.why, Why::Policy(_));
        let wheel = page.project.left_out_of(version).iter().find(by_policy);
        let why = match wheel {
            Some(wheel) => format!("{} was held back: {}", wheel.file, wheel.why),
            None => {
                let mut sources = sources(page, version).filter(|it| self.takes_python(it));
                let (name, reason) = sources
                    .find_map(|it| Some((it.name.as_str(), self.policy.judge_file(it, false)?)))?;
                format!("{name} was held back: left out by policy: {reason}")
            }
        };
        let version = version.clone();
        Some(HeldBack { version, why })
    }
}

/// The source distributions of a version that were not yanked.
fn sources<'p>(page: &'p Page, version: &Version) -> impl Iterator<Item = &'p File> {
    let files = page.listing.iter().flat_map(|it| &it.files);
    files.filter(move |it| {
        it.version() == version && it.name.wheel().is_none() && it.yanked.is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_wheel_is_better_only_where_wheels_are_preferred() {
        let best = |kinds: &[(&str, Kind)], prefer_binary| {
            let versions = kinds.iter().map(|(version, kind)| Offer {
                version: version.parse().unwrap(),
                kind: *kind,
            });
            let offers = Offers {
                versions: versions.collect(),
                held_back: None,
            };
            offers.best(prefer_binary).map(|it| it.version.to_string())
        };
        let both = [("3", Kind::Sdist), ("2", Kind::Wheel), ("1", Kind::Wheel)];
        assert_eq!(best(&both, true).as_deref(), Some("2"));
        assert_eq!(best(&both, false).as_deref(), Some("3"));
        assert_eq!(best(&both[..1], true).as_deref(), Some("3"));
        assert_eq!(best(&[], true), None);
    }

    #[test]
    fn options_name_projects_by_any_spelling_and_none_takes_back() {
        let name = "some-name".parse().unwrap();
        let named = |values: &[&str]| {
            let values: Vec<_> = values.iter().map(|it| (*it).to_owned()).collect();
            names(&values, &name)
        };
        assert!(named(&["a,Some.Name"]));
        assert!(named(&[":all:"]));
        assert!(named(&[":none:,some_name"]));
        assert!(!named(&[]));
        assert!(!named(&["a", "b"]));
        assert!(!named(&["some-name", ":none:"]));
    }
}
