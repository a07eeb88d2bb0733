//! `assay trust accept`.

use assay_trust::{Identity, PublisherPin, PublisherPins, attestation::Kind};
use assay_types::{ProjectName, Timestamp, Url};

use super::{asked::AskedIndexes, change::Change, lasting, named::Named, project};
use crate::{
    args::TrustAcceptArgs, commands::Context, failure::Result, settings::PolicyFiles, ui::Ui,
};

/// Adds to what is accepted of a project.
pub fn run(args: &TrustAcceptArgs, context: &Context<'_>) -> Result<()> {
    let (project, named) = (project(&args.name)?, Named::parse_all(&args.identities)?);
    let now = Timestamp::now();
    let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
    let asked = AskedIndexes::new(args.index.as_deref(), &files, context)?;
    let index = asked.one_for(&project)?;
    let known = lasting(context)?;
    let change = known.update(|pins| accept(pins, &index, &project, &named, now))?;
    if let Some(doubt) = asked.doubt(&project) {
        context.ui.note(&doubt);
    }
    remark(&project, &named, &files, context.ui);
    if context.ui.json() {
        return context.ui.json_output(&change);
    }
    change.print(context.ui)
}

/// Unites what is known of a project with what was named.
pub fn accept(
    pins: &mut PublisherPins,
    index: &Url,
    project: &ProjectName,
    named: &[Named],
    now: Timestamp,
) -> Change {
    let known = pins.get(index, project).cloned();
    let mut pin = known.unwrap_or_else(|| PublisherPin::new(now));
    let mut change = Change::new(project, index);
    for each in named {
        change.accepted(each, each.add_to(&mut pin));
    }
    if change.is_any() {
        pins.set(index.clone(), project.clone(), pin);
    }
    change
}

/// What the user may not expect of it.
pub fn remark(project: &ProjectName, named: &[Named], files: &PolicyFiles, ui: &Ui) {
    for list in files.publishers().filter(|it| it.project == project) {
        let place = &list.place;
        ui.warn(&match list.lead() {
            true => format!(
                "{place} names the publishers of {project}: that goes before what is accepted here"
            ),
            false => format!("{place} names the publishers of {project}: that holds besides"),
        });
    }
    for each in named {
        if let Named::Publisher(identity) = each
            && is_name_alone(identity)
        {
            ui.note(&format!(
                "{identity} names no repository-id: whoever has that name one day may publish \
                 {project}"
            ));
        }
    }
}

/// Names of repositories are given away again, numbers are not.
fn is_name_alone(identity: &Identity) -> bool {
    let has_number = matches!(identity.kind(), Kind::GitHub | Kind::GitLab);
    has_number && identity.repository_id().is_none()
}
