//! What indexes offer of projects, for `list --outdated` and `index versions`.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use assay_resolve::{Candidate, LeftOut, Why};
use assay_types::{ProjectName, Version};

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

impl Kind {
    fn of(candidate: &Candidate) -> Self {
        match candidate.source {
            false => Self::Wheel,
            true => Self::Sdist,
        }
    }

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

/// What is offered of each project, in their order. Pages are fetched by several threads.
pub fn offers(world: &World<'_>, projects: &[&ProjectName]) -> Vec<Result<Offers>> {
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
        .map(|(name, page)| Ok(world.offered(name, &page?)))
        .collect()
}

impl World<'_> {
    fn offered(&self, name: &ProjectName, page: &Page) -> Offers {
        let early = self.request.prereleases.of(name) == Some(true);
        let mut offers = Offers::default();
        for version in page.project.versions() {
            if version.any_prerelease() && !early {
                continue;
            }
            let candidate = page.project.candidate(version);
            match candidate.filter(|it| it.yanked.is_none()) {
                Some(candidate) => offers.versions.push(Offer {
                    version: version.clone(),
                    kind: Kind::of(candidate),
                }),
                None if offers.versions.is_empty() && offers.held_back.is_none() => {
                    offers.held_back = held_back(page, version);
                }
                None => {}
            }
        }
        offers
    }
}

/// Why the policy leaves a version out, if nothing else does.
fn held_back(page: &Page, version: &Version) -> Option<HeldBack> {
    let by_policy = |it: &&LeftOut| matches!(it.why, Why::Policy(_));
    let file = page.project.left_out_of(version).iter().find(by_policy)?;
    Some(HeldBack {
        version: version.clone(),
        why: format!("{} was held back: {}", file.file, file.why),
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
}
