//! What a person can do where the resolver found nothing.

use assay_resolve::{Failure as NoResolution, Stated};

use super::world::World;
use crate::failure::Failure;

/// The resolver's explanation, with what only this side knows: who was asked, and what lies in the
/// working folder under the name that was typed.
pub(super) fn explain(failure: NoResolution<Failure>, world: &World<'_>) -> Failure {
    let (explanation, hints) = match failure {
        NoResolution::Source(failure) => return failure,
        NoResolution::Unsatisfiable {
            explanation, hints, ..
        } => (explanation, hints),
    };
    let is_missing = explanation.contains("was not found");
    let mut failure = Failure::could_not(explanation).hints(hints);
    if is_missing {
        failure = failure.detail(format!("asked: {}", asked(world))).hints(
            world
                .request
                .roots
                .iter()
                .filter_map(|it| namesake(it, world)),
        );
    }
    failure
}

fn asked(world: &World<'_>) -> String {
    let indexes = world.places.indexes;
    let urls = indexes
        .extra
        .iter()
        .chain(&indexes.main)
        .map(|it| it.origin().to_string());
    let links = indexes.find_links.iter().map(|it| it.origin().to_string());
    let all: Vec<_> = urls.chain(links).collect();
    if all.is_empty() {
        "nobody (--no-index)".to_owned()
    } else {
        all.join(", ")
    }
}

/// A file or folder of that name, which the user may have meant.
fn namesake(root: &Stated, world: &World<'_>) -> Option<String> {
    let name: &str = root.requirement.name.as_ref();
    let entries = std::fs::read_dir(&world.places.inputs.working_dir).ok()?;
    let names = entries.filter_map(|it| it.ok()?.file_name().into_string().ok());
    let mut same =
        names.filter(|it| assay_types::names::project(it).is_some_and(|it| it.as_ref() == name));
    let file = same.next()?;
    let is_list = std::path::Path::new(&file)
        .extension()
        .is_some_and(|it| it == "txt");
    Some(match is_list {
        true => format!("a file {file} is here: did you mean -r {file}?"),
        false => format!("{file} is here: a path begins with ./, as in ./{file}"),
    })
}
