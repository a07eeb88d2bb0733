//! Start-up code, judged by where it lands.

use assay_trust::{Policy, startup};

use super::Plan;
use crate::Result;

/// Judges every file that the interpreter would read whenever it starts: those at the top of a
/// site-packages folder, and what lies in folders named after `sitecustomize`.
pub(super) fn check(plan: &Plan<'_>, policy: &Policy) -> Result<()> {
    let sites = plan.environment.sites();
    for folder in &plan.tree.folders {
        for site in &sites {
            let Some(below) = folder.place.below(site) else {
                continue;
            };
            // A plain file's name tells whether the folder matters at all.
            let matters = below.is_empty() || startup::Kind::of(&format!("{below}/x")).is_some();
            for item in folder.items.iter().filter(|_| matters) {
                let wheel = plan.wheel(*item);
                let name = wheel.file_name(item.source);
                let path = if below.is_empty() {
                    name.to_owned()
                } else {
                    format!("{below}/{name}")
                };
                if startup::Kind::of(&path).is_some() {
                    let contents = wheel.content(item.source)?;
                    let editable = wheel.editable();
                    let editable = editable.as_deref();
                    startup::judge(wheel.project(), &path, &contents, editable, policy)?;
                }
            }
        }
    }
    Ok(())
}
