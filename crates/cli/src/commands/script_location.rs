//! Commands in a folder where no shell looks for them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use assay_install::Plan;
use assay_types::Printable;

use super::Context;
use crate::args::InstallArgs;

/// Warns of commands that came with a plan, unless their folder is on the `PATH` or is the
/// interpreter's own: whoever started that knows the way. A target or a prefix is not meant to be
/// found.
pub fn warn(args: &InstallArgs, plan: &Plan<'_>, context: &Context<'_>) {
    let elsewhere = [&args.target.target, &args.scheme.prefix, &args.scheme.root];
    if args.no_warn_script_location || elsewhere.iter().any(|it| it.is_some()) {
        return;
    }
    let (names, folder) = plan.commands();
    let interpreter = plan.interpreter().executable().parent();
    let search_path = context.around.path.as_deref().unwrap_or_default();
    let known = std::env::split_paths(search_path).chain(interpreter.map(PathBuf::from));
    let warning = text(&names, folder, known);
    warning.iter().for_each(|it| context.ui.warn(it));
}

fn text(names: &[&str], folder: &Path, mut known: impl Iterator<Item = PathBuf>) -> Option<String> {
    // Compared part by part, so that a slash at the end does not count.
    if names.is_empty() || known.any(|it| it == folder) {
        return None;
    }
    let names: BTreeSet<_> = names.iter().map(|it| Printable(it).to_string()).collect();
    let names: Vec<_> = names.into_iter().collect();
    let what = match names.as_slice() {
        [one] => format!("The script {one} is"),
        [most @ .., last] => format!("The scripts {} and {last} are", most.join(", ")),
        [] => return None,
    };
    let folder = folder.to_string_lossy();
    Some(format!(
        "{what} installed in '{}' which is not on PATH; add it there, or leave this out with \
         --no-warn-script-location",
        Printable(&folder)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_on_the_path_needs_no_word() {
        let ask = |names: &[&str], known: &[&str]| {
            let known = known.iter().map(PathBuf::from);
            text(names, Path::new("/home/me/.local/bin"), known)
        };
        assert_eq!(ask(&["a"], &["/bin", "/home/me/.local/bin/"]), None);
        assert_eq!(ask(&[], &["/bin"]), None);
        let one = ask(&["a"], &["/bin", "/home/me/.local"]).unwrap();
        let where_ = "The script a is installed in '/home/me/.local/bin' which is not on PATH";
        assert!(one.starts_with(where_), "{one}");
        let more = ask(&["c", "a", "b"], &[]).unwrap();
        assert!(more.starts_with("The scripts a, b and c are"), "{more}");
    }
}
