//! What was asked for, taken in piece by piece.

use std::path::Path;

use assay_resolve::Stated;
use assay_types::{
    Digests, MarkerTree, ProjectName, Requirement, listing::File, requirement::Wanted,
    text::without_secrets,
};

use super::{AskedTree, Base, COMMAND_LINE, Given, Inputs, group, script, target, tree};
use crate::{
    failure::{Failure, Result},
    surroundings::Surroundings,
};

impl Inputs {
    /// One argument of the command line.
    pub(super) fn add_argument(&mut self, text: &str, base: &Base) -> Result<()> {
        if target::is_unnamed(text) {
            let (text, extras) = target::split_extras(text);
            let target = target::Target {
                text,
                extras: &extras,
                marker: MarkerTree::TRUE,
            };
            return self.add_target(&target, Digests::none(), base, COMMAND_LINE);
        }
        let requirement = parse(text, None)?;
        self.add_named(requirement, text, Digests::none(), base, COMMAND_LINE)
    }

    /// `--group`. Groups hold requirements with names and nothing else (PEP 735).
    pub(super) fn add_group(&mut self, value: &str, around: &Surroundings) -> Result<()> {
        let (path, group) = group::split(value)?;
        let shown = path.display().to_string();
        let path = around.absolute(path);
        let items = group::read(&path, &shown, group)?;
        let texts = items.into_iter().map(|it| (it.text, it.from));
        self.add_written(texts, &path)
    }

    /// `--requirements-from-script`. Whether the Python fits is judged by who knows the options.
    pub(super) fn add_script(&mut self, path: &Path, around: &Surroundings) -> Result<()> {
        let shown = path.display().to_string();
        let path = around.absolute(path);
        let script = script::read(&path, &shown)?;
        self.script_python = script.requires_python;
        self.add_written(script.dependencies.into_iter(), &path)
    }

    /// Requirements that stand in a TOML file of the user's, each with its place.
    fn add_written(
        &mut self,
        texts: impl Iterator<Item = (String, String)>,
        file: &Path,
    ) -> Result<()> {
        let base = Base::Local(file.parent().unwrap_or(file).to_owned());
        for (text, from) in texts {
            let requirement = parse(&text, Some(&from))?;
            self.add_named(requirement, &text, Digests::none(), &base, &from)?;
        }
        Ok(())
    }

    /// A requirement with a name. `typed` begins with the name as it was written.
    pub(super) fn add_named(
        &mut self,
        requirement: Requirement,
        typed: &str,
        hashes: Digests,
        base: &Base,
        from: &str,
    ) -> Result<()> {
        self.require_hashes |= !hashes.is_empty();
        self.take_in(&requirement, hashes, base, from)?;
        let root = stated(requirement, from.to_owned());
        self.roots.push(Stated {
            text: spelled(&root.text, typed),
            ..root
        });
        Ok(())
    }

    /// The file that a requirement or constraint names, and the digests that it gives, if it is for
    /// the target: one file may list a project twice, for two Pythons.
    pub(super) fn take_in(
        &mut self,
        requirement: &Requirement,
        hashes: Digests,
        base: &Base,
        from: &str,
    ) -> Result<()> {
        let name = &requirement.name;
        let applies = self.applies(requirement);
        if let Wanted::Direct(direct) = &requirement.wanted {
            let digests = &direct.digests;
            if let Some(place) = tree::of_url(direct, base, from)? {
                tree::check_no_hash(&place, &[digests, &hashes], from)?;
                if applies {
                    self.trees
                        .push(AskedTree::named(requirement, place, direct, from));
                }
                return Ok(());
            }
            target::check_whole(direct, from)?;
            let file = target::file_of_url(&direct.url, digests, base, Some(name), from)?;
            target::check_hashed(base, &[digests, &hashes], from)?;
            if applies {
                self.name_file(file);
                self.give(name, digests.clone(), &format!("the URL in {from}"));
            }
        }
        if applies {
            self.give(name, hashes, from);
        }
        Ok(())
    }

    pub(super) fn applies(&self, requirement: &Requirement) -> bool {
        let markers = self.markers.as_ref();
        markers.is_none_or(|it| requirement.applies(it, &[]))
    }

    /// A path or URL without a name: a source tree, a wheel or an sdist, or a folder of wheels.
    pub(super) fn add_target(
        &mut self,
        target: &target::Target<'_>,
        hashes: Digests,
        base: &Base,
        from: &str,
    ) -> Result<()> {
        let files = match target::found(target.text, base, from)? {
            target::Found::Files(files) => files,
            target::Found::Tree(found) => {
                let (place, direct) = *found;
                tree::check_no_hash(&place, &[&direct.digests, &hashes], from)?;
                self.add_tree(tree::unnamed(place, direct, target, from)?);
                return Ok(());
            }
        };
        for (file, direct) in files {
            let digests = direct.digests.clone();
            target::check_hashed(base, &[&digests, &hashes], from)?;
            let requirement = target::requirement_for(&file, direct, target, from)?;
            self.require_hashes |= !hashes.is_empty();
            if self.applies(&requirement) {
                self.give(file.name.project(), hashes.clone(), from);
                self.give(file.name.project(), digests, &format!("the URL in {from}"));
                self.name_file(file);
            }
            self.roots.push(stated(requirement, from.to_owned()));
        }
        Ok(())
    }

    /// A tree whose place was named. Its project stands among the requirements as soon as it is known.
    pub(super) fn add_tree(&mut self, tree: AskedTree) {
        if let Some(name) = &tree.name {
            let requirement = tree.requirement(name.clone());
            self.roots.push(stated(requirement, tree.from.clone()));
        }
        self.trees.push(tree);
    }

    fn give(&mut self, project: &ProjectName, digests: Digests, from: &str) {
        if !digests.is_empty() {
            let given = Given {
                digests,
                from: from.to_owned(),
            };
            self.hashes.entry(project.clone()).or_default().push(given);
        }
    }

    /// The first file of a project counts; that two were named is the resolver's to say, where the
    /// project is needed at all.
    pub(super) fn name_file(&mut self, file: File) {
        let project = file.name.project().clone();
        self.named.entry(project).or_insert(file);
    }

    /// `--config-settings` behind a requirement.
    pub(super) fn set(&mut self, project: &ProjectName, settings: Vec<String>) {
        if !settings.is_empty() {
            let all = self.config_settings.entry(project.clone()).or_default();
            all.extend(settings);
        }
    }

    /// The same behind a path or URL, which gave these roots. Of a tree it is not known yet which
    /// project it is, so nothing could be said of that.
    pub(super) fn set_since(&mut self, root: usize, settings: &[String], from: &str) -> Result<()> {
        let roots = self.roots.get(root..).unwrap_or_default();
        let names: Vec<_> = roots.iter().map(|it| it.requirement.name.clone()).collect();
        if names.is_empty() && !settings.is_empty() {
            return Err(Failure::usage(format!(
                "{from}: --config-settings behind a source tree without a name"
            ))
            .hint("write NAME @ file:///path/of/the/tree, or give -C on the command line"));
        }
        for name in names {
            self.set(&name, settings.to_vec());
        }
        Ok(())
    }
}

/// A requirement with the place where it stands.
pub(super) fn stated(requirement: Requirement, from: String) -> Stated {
    let bare = Requirement {
        marker: MarkerTree::TRUE,
        ..requirement.clone()
    };
    Stated {
        text: bare.to_string(),
        requirement,
        from,
    }
}

/// A requirement, or where and why it is none.
pub(super) fn parse(text: &str, from: Option<&str>) -> Result<Requirement> {
    Requirement::parse(text).map_err(|error| {
        let text = without_secrets(text);
        let place = from.map(|it| format!("{it}: ")).unwrap_or_default();
        Failure::usage(format!("{place}{text} is no requirement: {error}"))
            .detail(text)
            .detail(format!(
                "{}{}",
                " ".repeat(error.column),
                "^".repeat(error.width)
            ))
    })
}

/// A requirement with its project's name as it was typed.
fn spelled(canonical: &str, typed: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let typed = typed.trim_start();
    let end = typed.find(|c| !is_name(c)).unwrap_or(typed.len());
    let rest = canonical.find(|c| !is_name(c));
    format!(
        "{}{}",
        &typed[..end],
        rest.map_or("", |at| &canonical[at..])
    )
}
