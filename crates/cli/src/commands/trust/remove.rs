//! `assay trust remove`.

use assay_trust::PublisherPins;
use assay_types::{ProjectName, Url, requirement::redacted};

use super::{
    change::{Change, print_all},
    lasting,
    named::Named,
    projects,
};
use crate::{
    args::TrustRemoveArgs,
    commands::Context,
    failure::{Failure, Result},
    settings::index,
};

/// Forgets projects, or some of what is accepted of them; all of that or nothing.
pub fn run(args: &TrustRemoveArgs, context: &Context<'_>) -> Result<()> {
    let projects = projects("trust remove", &args.names)?;
    let named = Named::parse_all(&args.identities)?;
    let typed = args.index.as_deref().map(index::canonical).transpose()?;
    let changes = lasting(context)?.update(|pins| {
        let mut left = pins.clone();
        let each = |project| remove(&mut left, typed.as_ref(), project, &named);
        let changes = projects.iter().map(each).collect::<Result<Vec<_>>>()?;
        *pins = left;
        Ok::<_, Failure>(changes)
    })??;
    for (project, change) in projects.iter().zip(&changes) {
        if change.leaves_nothing() {
            context.ui.note(&format!(
                "nothing is known of {project} any more: its next install is at first sight"
            ));
        }
    }
    print_all(&changes, context)
}

fn remove(
    pins: &mut PublisherPins,
    typed: Option<&Url>,
    project: &ProjectName,
    named: &[Named],
) -> Result<Change> {
    let index = match typed {
        Some(index) => index.clone(),
        None => only_index(pins, project)?,
    };
    let shown = redacted(&index);
    let unknown = || Failure::could_not(format!("nothing is known of {project} from {shown}"));
    let mut pin = pins.get(&index, project).cloned().ok_or_else(unknown)?;
    let all = Named::all_of(&pin);
    let removed = match named {
        [] => all,
        named => named.to_vec(),
    };
    for each in &removed {
        if !each.take_from(&mut pin) {
            let fact = format!("{each} is not accepted of {project} from {shown}");
            return Err(
                Failure::could_not(fact).hint(format!("assay trust list {project} shows what is"))
            );
        }
    }
    let left = Named::all_of(&pin);
    match left.is_empty() {
        true => drop(pins.remove(&index, project)),
        false => pins.set(index.clone(), project.clone(), pin.clone()),
    }
    let mut change = Change::new(project, &index);
    change.removed(&removed, &left);
    change.is_now(&pin);
    Ok(change)
}

/// The index on which a project is known, if it is one.
fn only_index(pins: &PublisherPins, project: &ProjectName) -> Result<Url> {
    let known = pins.iter().filter(|it| it.1 == project).map(|it| it.0);
    match known.collect::<Vec<_>>()[..] {
        [index] => Ok(index.clone()),
        [] => Err(Failure::could_not(format!("nothing is known of {project}"))),
        ref several => {
            let hints = several.iter().map(|it| format!("--index {}", redacted(it)));
            let fact = format!("{project} is known from several indexes: say which one");
            Err(Failure::usage(fact).hints(hints))
        }
    }
}
