//! What is allowed but worth a word.

use assay_types::ProjectName;

use super::{Notice, Plan, tree::FolderPlan};

/// Commands that people type without thinking.
const COMMON_COMMANDS: &[&str] = &[
    "apt", "awk", "bash", "cat", "cd", "chmod", "chown", "cp", "curl", "docker", "env", "find",
    "gcc", "git", "gpg", "grep", "kill", "ln", "login", "ls", "make", "mkdir", "mv", "node", "npm",
    "passwd", "perl", "pip", "pip3", "ps", "rm", "rsync", "scp", "sed", "sh", "ssh", "su", "sudo",
    "tar", "vi", "vim", "wget", "which", "zsh",
];

/// All of it.
pub(super) fn of(plan: &Plan<'_>) -> Vec<Notice> {
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
        if let Some(project) = plan.project_below(*child) {
            warn(project, plan.tree.folders[*child].name());
        }
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
