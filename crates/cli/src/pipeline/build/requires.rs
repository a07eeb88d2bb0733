//! What a build requires, resolved under the same policy to admitted wheels: nothing is ever built for a
//! build.

use std::sync::Arc;

use assay_install::Approved;
use assay_resolve::{Request, Stated};
use assay_types::{ProjectName, Requirement, requirement::Wanted};

use super::{Builder, Builds};
use crate::{
    failure::{Failure, Result},
    pipeline::{self, Installed, Places, World},
    settings::Formats,
};

/// The wheels that a build runs with.
#[derive(Debug)]
pub(super) struct Required {
    /// In an order in which they can be installed.
    pub approved: Vec<Approved>,
    /// What they are: `setuptools 80.9.0 (sha256:…)`, sorted.
    pub with: Vec<String>,
}

const NOTHING_BUILT: &str = "what a build requires is never built itself";

impl Builder<'_> {
    /// The wheels for these requirements, as they are written.
    pub(super) fn required(&self, of: &str, texts: &[String]) -> Result<Arc<Required>> {
        let mut key = texts.to_vec();
        key.sort();
        key.dedup();
        self.bench.required.get(&key, || {
            let required = self.resolve_required(of, &key);
            required.map(Arc::new).map_err(|it| about(of, it))
        })
    }

    fn resolve_required(&self, of: &str, texts: &[String]) -> Result<Required> {
        let means = &self.means;
        let mut request = Request::new(means.markers.clone(), means.target.python.clone());
        let inputs = &means.settings.constraints;
        request.roots = stated(of, texts)?;
        request.foreign = true;
        request.constraints = inputs.constraints.clone();
        if request.roots.is_empty() {
            return Ok(Required {
                approved: Vec::new(),
                with: Vec::new(),
            });
        }
        let places = Places {
            client: means.client,
            indexes: means.indexes,
            inputs,
            installed: &Installed::default(),
            signers: means.signers,
            store: means.store,
            progress: &means.quiet,
            formats: &Formats::default(),
            builds: Builds::Not(NOTHING_BUILT),
            wheels: true,
            foresight: false,
            describe: false,
        };
        let policy = means.policy.clone();
        let target = means.target.clone();
        let world = World::new(places, Arc::new(request), policy, target, means.now);
        let outcome = pipeline::run(&world);
        means.progress.add_bytes_of(&means.quiet);
        world.warnings().into_iter().for_each(|it| self.warn(it));
        let new = outcome?.new.into_iter();
        let approved: Vec<_> = new.filter_map(|it| it.approved).collect();
        let mut with: Vec<_> = approved.iter().map(line).collect();
        with.sort();
        Ok(Required { approved, with })
    }
}

/// Requirements of a build: by name, so that they come from where everything comes from.
fn stated(of: &str, texts: &[String]) -> Result<Vec<Stated>> {
    let mut roots = Vec::new();
    for text in texts {
        let requirement = Requirement::parse(text).map_err(|error| {
            let fact = format!("{of} wants {text:?} to be built, which is no requirement: {error}");
            Failure::could_not(fact).hint("tell its authors")
        })?;
        if let Wanted::Direct(_) = &requirement.wanted {
            return Err(by_url(of, &requirement.name));
        }
        roots.push(Stated {
            text: requirement.to_string(),
            requirement,
            from: format!("the build of {of}"),
        });
    }
    Ok(roots)
}

fn by_url(of: &str, name: &ProjectName) -> Failure {
    Failure::refused(format!(
        "{of} wants {name} from a URL of its own to be built"
    ))
    .detail("rule: what a build requires is resolved by name, under your policy")
    .hint("build a wheel with the project's own tools if you trust it, and install that")
}

fn line(approved: &Approved) -> String {
    let admission = approved.admission();
    let artifact = admission.artifact();
    format!(
        "{} {} (sha256:{})",
        artifact.project,
        artifact.version,
        admission.sha256()
    )
}

fn about(of: &str, failure: Failure) -> Failure {
    failure.detail(format!("asked for by the build of {of}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_build_requires_is_named_and_has_no_address() {
        let check = |text: &str| stated("demo 1.0", &[text.to_owned()]);
        assert_eq!(check("x[y]>=1; os_name == 'x'").unwrap().len(), 1);
        for (text, fragment) in [
            ("x @ http://127.0.0.1:9/x-1.0-py3-none-any.whl", "URL"),
            ("x @ file:///x.whl", "URL"),
            ("x@git+https://example.com/x", "URL"),
            ("./x", "no requirement"),
            ("x y", "no requirement"),
        ] {
            let failure = check(text).unwrap_err();
            assert!(failure.fact().contains(fragment), "{text}: {failure:?}");
            assert!(!failure.ways_out().is_empty(), "{text}");
        }
    }
}
