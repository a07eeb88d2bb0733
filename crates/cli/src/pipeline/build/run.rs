//! A backend's hooks, run in the sandbox until they have what they ask for.

use std::sync::Arc;

use assay_build::{Error, Hook, Order, Said, Workshop};
use assay_sandbox::{Limits, Tier};
use assay_types::metadata::Metadata;

use super::{
    Builder,
    failed::failed,
    opened::{Source, system, texts},
    requires::Required,
};
use crate::failure::{Failure, Result};

/// How often a backend may ask for more: what it asks for depends on nothing that changes.
const MOST_ROUNDS: usize = 3;

/// What a hook made, and with what.
pub(super) struct Made {
    /// Its file name in the workshop.
    pub name: String,
    /// The wheels that it ran with.
    pub required: Arc<Required>,
    /// What they were asked for by, static and dynamic.
    pub given: Vec<String>,
    /// What held it.
    pub tier: String,
}

/// What a hook said, and the rest of [`Made`].
struct Ran {
    said: Said,
    required: Arc<Required>,
    given: Vec<String>,
    tier: Tier,
}

impl Builder<'_> {
    /// The metadata of a source, by its backend; `None` where the backend makes it with a wheel only.
    pub(super) fn ask_metadata(&self, source: &Source) -> Result<Option<Metadata>> {
        let editable = source.editable.is_some();
        let bytes = source.work(self, |workshop| {
            let ran = self.run(source, workshop, Hook::Metadata { editable })?;
            match ran.said {
                Said::Metadata(bytes) => Ok(Some(bytes)),
                Said::NoHook => Ok(None),
                Said::Made(_) | Said::Needs(_) => Err(nonsense(&source.of)),
            }
        })?;
        let metadata = bytes.map(|it| Metadata::parse(&it)).transpose();
        metadata
            .map_err(|error| Failure::could_not(format!("{}: its metadata: {error}", source.of)))
    }

    /// Builds the wheel; `take` gets it while nobody else works on the source.
    pub(super) fn make_wheel<T>(
        &self,
        source: &Source,
        take: impl FnOnce(&Workshop, &Made) -> Result<T>,
    ) -> Result<T> {
        let hook = match source.editable {
            Some(_) => Hook::Editable,
            None => Hook::Wheel,
        };
        self.make(source, hook, take)
    }

    /// The same of any hook that makes a file.
    pub(super) fn make<T>(
        &self,
        source: &Source,
        hook: Hook,
        take: impl FnOnce(&Workshop, &Made) -> Result<T>,
    ) -> Result<T> {
        source.work(self, |workshop| {
            let ran = self.run(source, workshop, hook)?;
            match ran.said {
                Said::Made(name) => take(
                    workshop,
                    &Made {
                        name,
                        required: ran.required,
                        given: ran.given,
                        tier: ran.tier.to_string(),
                    },
                ),
                Said::NoHook => Err(not_editable(&source.of)),
                Said::Metadata(_) | Said::Needs(_) => Err(nonsense(&source.of)),
            }
        })
    }

    fn run(&self, source: &Source, workshop: &mut Workshop, hook: Hook) -> Result<Ran> {
        let of = &source.of;
        let mut tier = self.tier()?;
        let system = system(of, workshop)?;
        let settings = &self.means.settings;
        let config = settings.config_for(source.project.as_ref(), source.is_tree);
        let network = settings.network_for(source.project.as_ref());
        let mut given = texts(&system.requires);
        let mut rounds = 0;
        while rounds < MOST_ROUNDS {
            let required = self.required(of, &given)?;
            let environment = self.environment(&required, tier)?;
            let _turn = self.bench.turns.take();
            self.means
                .progress
                .building(of, &tier.to_string(), word(hook));
            let order = Order {
                tier,
                python: &environment.python,
                environment: Some(&environment.path),
                readable: &environment.readable,
                system: &system,
                hook,
                settings: &config,
                variables: &settings.variables,
                given: &given,
                network,
                limits: Limits::default(),
                at: source.editable_root.as_deref(),
            };
            match workshop.run(&order) {
                Ok(Said::Needs(more)) => given = joined(given, more),
                Ok(said) => {
                    return Ok(Ran {
                        said,
                        required,
                        given,
                        tier,
                    });
                }
                // What an earlier run of assay found may not be so any more.
                Err(error) if is_not_set_up(&error) && self.tier_anew()? != tier => {
                    tier = self.tier_anew()?;
                    continue;
                }
                Err(error) => return Err(failed(self, of, workshop, error)),
            }
            rounds += 1;
        }
        let fact = format!("building {of}: its backend asks for more each time it is asked");
        Err(Failure::could_not(fact).hint("tell its authors"))
    }
}

/// Whether nothing was run, because what should hold it could not be put up.
fn is_not_set_up(error: &Error) -> bool {
    use assay_sandbox::Error::NotSetUp;
    matches!(error, Error::Sandbox(NotSetUp { .. }))
}

fn joined(mut given: Vec<String>, more: Vec<String>) -> Vec<String> {
    for it in more {
        if !given.contains(&it) {
            given.push(it);
        }
    }
    given
}

fn not_editable(of: &str) -> Failure {
    Failure::could_not(format!(
        "{of}: its backend makes no editable wheels (PEP 660)"
    ))
    .hint("install it without -e, or use a newer backend")
}

fn nonsense(of: &str) -> Failure {
    Failure::could_not(format!(
        "building {of}: its backend answered another question"
    ))
    .hint("tell its authors")
}

/// What the user reads meanwhile.
fn word(hook: Hook) -> &'static str {
    match hook {
        Hook::Metadata { .. } => "Asking for the metadata of",
        Hook::Wheel | Hook::Editable => "Building",
        Hook::Sdist => "Packing",
    }
}
