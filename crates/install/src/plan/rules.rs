//! Rules about names and places that need no look at the environment, and warnings.

use assay_trust::{Policy, Refusal, RefusalKind};
use assay_types::{ProjectName, names};

use super::{Notice, Plan, tree::FolderPlan};
use crate::{Environment, Result, environment::Place};

/// Commands that people type without thinking.
const COMMON_COMMANDS: &[&str] = &[
    "apt", "awk", "bash", "cat", "cd", "chmod", "chown", "cp", "curl", "docker", "env", "find",
    "gcc", "git", "gpg", "grep", "kill", "ln", "login", "ls", "make", "mkdir", "mv", "node", "npm",
    "passwd", "perl", "pip", "pip3", "ps", "rm", "rsync", "scp", "sed", "sh", "ssh", "su", "sudo",
    "tar", "vi", "vim", "wget", "which", "zsh",
];

/// Files that the shells' activate scripts are made of.
const ACTIVATORS: &[&str] = &[
    "activate",
    "activate.bat",
    "activate.csh",
    "activate.fish",
    "activate.nu",
    "activate.ps1",
    "activate_this.py",
    "deactivate.bat",
];

/// Refuses a stored wheel whose RECORD was wrong, unless the user allows that now: that it was
/// allowed when the wheel was unpacked is no permission.
pub(super) fn check_records(plan: &Plan<'_>, policy: &Policy) -> Result<()> {
    let refused = plan.wheels.iter().find(|wheel| {
        !wheel.stored().is_record_verified() && !policy.bad_record.contains(wheel.project())
    });
    let Some(wheel) = refused else {
        return Ok(());
    };
    let project = wheel.project();
    let fact = "its RECORD was not verified when it was unpacked".to_owned();
    let mut refusal = refusal(project, &wheel.site, "RECORD", fact);
    refusal.file_name = wheel.stored().name().as_str().to_owned();
    refusal.hint = Some(format!("repeat with --allow-bad-record {project}"));
    Err(refusal.into())
}

/// Refuses files that no distribution may bring, wherever in the wheel they come from.
pub(super) fn check_places(plan: &Plan<'_>) -> Result<()> {
    let schemes = plan.environment.schemes();
    for place in [&schemes.scripts, &schemes.data] {
        let Some(folder) = plan.tree.find(place) else {
            continue;
        };
        for item in &folder.items {
            let wheel = plan.wheel(*item);
            let file = place.join(wheel.file_name(item.source));
            if is_protected(plan.environment, &file) {
                let fact = "belongs to the environment itself".to_owned();
                return Err(refusal(wheel.project(), &file, "environment's own file", fact).into());
            }
        }
    }
    Ok(())
}

/// The interpreter, its configuration and the activate scripts: never written, never removed.
pub(super) fn is_protected(environment: &Environment, place: &Place) -> bool {
    let schemes = environment.schemes();
    let Some((folder, name)) = place.split() else {
        return true;
    };
    let name = name.to_lowercase();
    if folder == schemes.data && name == "pyvenv.cfg" {
        return true;
    }
    folder == schemes.scripts
        && (names::is_interpreter(&name) || ACTIVATORS.contains(&name.as_str()))
}

/// What is allowed but worth a word.
pub(super) fn warnings(plan: &Plan<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for site in plan.environment.sites() {
        if let Some(folder) = plan.tree.find(site) {
            shadowed_modules(plan, folder, &mut notices);
        }
    }
    if let Some(folder) = plan.tree.find(&plan.environment.schemes().scripts) {
        shadowed_commands(plan, folder, &mut notices);
    }
    sourceless(plan, &mut notices);
    notices
}

fn shadowed_modules(plan: &Plan<'_>, site: &FolderPlan, notices: &mut Vec<Notice>) {
    let interpreter = plan.environment.interpreter();
    let mut warn = |project: &ProjectName, module: &str| {
        if interpreter.is_standard_module(module) {
            let (project, module) = (project.clone(), module.to_owned());
            notices.push(Notice::ShadowsModule { project, module });
        }
    };
    for item in &site.items {
        let wheel = plan.wheel(*item);
        let mut parts = wheel.file_name(item.source).split('.');
        if let (Some(stem), Some("py" | "pyc" | "so" | "pyd")) = (parts.next(), parts.next_back()) {
            warn(wheel.project(), stem);
        }
    }
    for child in &site.children {
        if let Some(project) = first_project(plan, *child) {
            warn(project, plan.tree.folders[*child].name());
        }
    }
}

/// Whose files a folder holds, at whatever depth the first one lies.
fn first_project<'p>(plan: &'p Plan<'_>, folder: usize) -> Option<&'p ProjectName> {
    let folder = &plan.tree.folders[folder];
    match folder.items.first() {
        Some(item) => Some(plan.wheel(*item).project()),
        None => folder
            .children
            .iter()
            .find_map(|it| first_project(plan, *it)),
    }
}

fn shadowed_commands(plan: &Plan<'_>, scripts: &FolderPlan, notices: &mut Vec<Notice>) {
    for item in &scripts.items {
        let wheel = plan.wheel(*item);
        let command = wheel.file_name(item.source);
        let is_pip = command.starts_with("pip") && wheel.project().as_ref() == "pip";
        if COMMON_COMMANDS.contains(&command) && !is_pip {
            notices.push(Notice::ShadowsCommand {
                project: wheel.project().clone(),
                command: command.to_owned(),
            });
        }
    }
}

fn sourceless(plan: &Plan<'_>, notices: &mut Vec<Notice>) {
    for folder in &plan.tree.folders {
        for item in &folder.items {
            let wheel = plan.wheel(*item);
            let name = wheel.file_name(item.source);
            let Some(stem) = name.strip_suffix(".pyc") else {
                continue;
            };
            let source = format!("{stem}.py");
            let mut files = folder.items.iter();
            if !files.any(|it| plan.wheel(*it).file_name(it.source) == source) {
                notices.push(Notice::Sourceless {
                    project: wheel.project().clone(),
                    path: folder.place.join(name).path,
                });
            }
        }
    }
}

/// A refusal about one file.
pub(super) fn refusal(project: &ProjectName, place: &Place, rule: &str, fact: String) -> Refusal {
    Refusal {
        kind: RefusalKind::Content,
        project: Some(project.clone()),
        file_name: place.path.clone(),
        rule: rule.to_owned(),
        fact,
        found: vec![format!("it comes with {project}")],
        missing: Vec::new(),
        hint: None,
    }
}

/// Whether a file can be executed or imported: where two distributions differ about such a file,
/// one of them would run the other's code.
pub(super) fn is_code(name: &str, executable: bool, in_scripts: bool) -> bool {
    const ENDINGS: &[&str] = &[
        "py", "pyc", "pyo", "pyw", "pth", "start", "so", "pyd", "dll", "dylib", "exe", "sh", "bat",
        "cmd", "ps1",
    ];
    let parts = name.split('.').skip(1);
    // Versioned libraries are called `libx.so.6`.
    executable
        || in_scripts
        || parts.clone().any(|it| it == "so")
        || parts
            .last()
            .is_some_and(|it| ENDINGS.contains(&it.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_from_data() {
        for name in [
            "a.py",
            "a.PY",
            "a.cpython-312-x86_64-linux-gnu.so",
            "liba.so.6",
            "a.pth",
        ] {
            assert!(is_code(name, false, false), "{name}");
        }
        for name in ["LICENSE", "a.txt", "py.typed", "a.pyi", "py", "README.md"] {
            assert!(!is_code(name, false, false), "{name}");
        }
        assert!(is_code("tool", true, false) && is_code("tool", false, true));
    }
}
