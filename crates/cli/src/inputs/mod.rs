//! What the user asks for: the command line and requirements files, gathered into one value.

mod file;
mod group;
mod options;
mod script;
mod target;
mod toml_text;
mod tree;
mod variables;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use assay_resolve::Stated;
use assay_trust::Evidence;
use assay_types::{
    Digests, FileName, MarkerEnvironment, MarkerTree, ProjectName, Requirement, Url,
    VersionSpecifiers,
    listing::{File, Location, Origin},
    requirement::Wanted,
    text::without_secrets,
};

pub use file::LONGEST;
pub use options::{FileOptions, LinkLine, RuleLine, RuleOption};
pub use target::is_unnamed;
pub use tree::{AskedTree, Place, Settled};

use crate::{
    args::RequirementArgs,
    failure::{Failure, Result},
    settings::Temporary,
    surroundings::Surroundings,
};

/// Everything that was asked for.
#[derive(Debug, Default)]
pub struct Inputs {
    /// What to install.
    pub roots: Vec<Stated>,
    /// Limits on what may be installed.
    pub constraints: Vec<Stated>,
    /// Files that the user named, by project.
    pub named: BTreeMap<ProjectName, File>,
    /// Source trees that the user named. Nobody has looked at them: what they are becomes known when they
    /// are settled, and then they stand among the `named`, too.
    pub trees: Vec<AskedTree>,
    /// Where checkouts lie, for as long as this is there.
    pub checkouts: Option<Temporary>,
    /// Digests that the user gave, by project. A file must match one digest of each entry.
    pub hashes: BTreeMap<ProjectName, Vec<Given>>,
    /// Whether a requirement carried `--hash`, which demands one of every requirement, or the
    /// file said `--require-hashes`.
    pub require_hashes: bool,
    /// The target's marker values: what is not for it neither names files nor gives digests.
    /// `None` where there is no target yet, and everything counts.
    pub markers: Option<MarkerEnvironment>,
    /// Where relative paths of the command line start.
    pub working_dir: PathBuf,
    /// `--config-settings` behind requirements in files, by project.
    pub config_settings: BTreeMap<ProjectName, Vec<String>>,
    /// Index options that requirements files set.
    pub options: FileOptions,
    /// `requires-python` of a script that was named, and its place.
    pub script_python: Option<(VersionSpecifiers, String)>,
}

/// Digests that one requirement gives.
#[derive(Debug, Clone)]
pub struct Given {
    /// Any of these may match: one for each file of the version.
    pub digests: Digests,
    /// `requirements.txt:3`.
    pub from: String,
}

/// Fetches a requirements file from a URL.
pub type Fetch<'a> = &'a dyn Fn(&Url) -> Result<Vec<u8>>;

/// Where a requirement stands; decides what it may say.
#[derive(Debug, Clone)]
pub(crate) enum Base {
    /// The command line or a local file; relative paths start here.
    Local(PathBuf),
    /// A file from the network: it may neither set an index nor name local paths.
    Remote(Url),
}

/// Where a requirement stands that was typed.
pub const COMMAND_LINE: &str = "the command line";

/// Reads the command line and every file that it names.
pub fn gather(
    args: &RequirementArgs,
    around: &Surroundings,
    markers: Option<&MarkerEnvironment>,
    fetch: Fetch<'_>,
) -> Result<Inputs> {
    let mut inputs = Inputs {
        markers: markers.cloned(),
        working_dir: around.working_dir.clone(),
        ..Inputs::default()
    };
    let here = Base::Local(around.working_dir.clone());
    for text in &args.requirements {
        inputs.add_argument(text, &here)?;
    }
    for text in &args.editable {
        inputs.add_tree(tree::editable(text, &here, COMMAND_LINE)?);
    }
    for value in &args.group {
        inputs.add_group(value, around)?;
    }
    let mut reader = file::Reader::new(&mut inputs, args, around, fetch);
    for name in &args.requirement {
        reader.read(name, &here, file::Role::Requirements)?;
    }
    for name in &args.constraint {
        reader.read(name, &here, file::Role::Constraints)?;
    }
    for given in &around.pip.constraint {
        reader
            .read(&given.value, &here, file::Role::Constraints)
            .map_err(|failure| given.blamed(failure))?;
    }
    match args.requirements_from_script.as_slice() {
        [] => {}
        [script] => inputs.add_script(script, around)?,
        _ => {
            return Err(Failure::usage(
                "--requirements-from-script can be given once only",
            ));
        }
    }
    Ok(inputs)
}

/// Constraints alone, from files that hold nothing else.
pub fn constraints(
    files: &[String],
    markers: Option<&MarkerEnvironment>,
    around: &Surroundings,
    fetch: Fetch<'_>,
) -> Result<Inputs> {
    let mut inputs = Inputs {
        markers: markers.cloned(),
        working_dir: around.working_dir.clone(),
        ..Inputs::default()
    };
    let here = Base::Local(around.working_dir.clone());
    let args = RequirementArgs::default();
    let mut reader = file::Reader::new(&mut inputs, &args, around, fetch);
    for name in files {
        reader.read(name, &here, file::Role::Constraints)?;
    }
    match files.first() {
        Some(name) if inputs.options != FileOptions::default() => {
            let name = without_secrets(name);
            Err(Failure::usage(format!(
                "--build-constraint {name}: it sets options, and only constraints are for builds"
            ))
            .hint("options of a requirements file hold for builds, too; take them out of this one"))
        }
        _ => Ok(inputs),
    }
}

impl Inputs {
    /// One argument of the command line.
    fn add_argument(&mut self, text: &str, base: &Base) -> Result<()> {
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
    fn add_group(&mut self, value: &str, around: &Surroundings) -> Result<()> {
        let (path, group) = group::split(value)?;
        let shown = path.display().to_string();
        let path = around.absolute(path);
        let items = group::read(&path, &shown, group)?;
        let texts = items.into_iter().map(|it| (it.text, it.from));
        self.add_written(texts, &path)
    }

    /// `--requirements-from-script`. Whether the Python fits is judged by who knows the options.
    fn add_script(&mut self, path: &Path, around: &Surroundings) -> Result<()> {
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
    fn add_named(
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
    fn take_in(
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

    fn applies(&self, requirement: &Requirement) -> bool {
        let markers = self.markers.as_ref();
        markers.is_none_or(|it| requirement.applies(it, &[]))
    }

    /// A path or URL without a name: a source tree, a wheel or an sdist, or a folder of wheels.
    fn add_target(
        &mut self,
        target: &target::Target<'_>,
        hashes: Digests,
        base: &Base,
        from: &str,
    ) -> Result<()> {
        let files = match target::found(target.text, base, from)? {
            target::Found::Files(files) => files,
            target::Found::Tree(place, direct) => {
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
    fn add_tree(&mut self, tree: AskedTree) {
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
    fn name_file(&mut self, file: File) {
        let project = file.name.project().clone();
        self.named.entry(project).or_insert(file);
    }

    /// `--config-settings` behind a requirement.
    fn set(&mut self, project: &ProjectName, settings: Vec<String>) {
        if !settings.is_empty() {
            let all = self.config_settings.entry(project.clone()).or_default();
            all.extend(settings);
        }
    }

    /// The same behind a path or URL, which gave these roots. Of a tree it is not known yet which
    /// project it is, so nothing could be said of that.
    fn set_since(&mut self, root: usize, settings: &[String], from: &str) -> Result<()> {
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

    /// The user's own digests as evidence.
    pub fn hash_evidence(&self, project: &ProjectName) -> impl Iterator<Item = Evidence> + '_ {
        self.hashes
            .get(project)
            .into_iter()
            .flatten()
            .map(|given| Evidence::Hash {
                digests: given.digests.clone(),
                given_in: given.from.clone(),
            })
    }
}

/// A requirement with the place where it stands.
fn stated(requirement: Requirement, from: String) -> Stated {
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
fn parse(text: &str, from: Option<&str>) -> Result<Requirement> {
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

/// A file that a path names; `from` is where the path stands.
fn local_file(path: &Path, name: FileName, from: &str) -> File {
    let location = Location::Path {
        path: path.to_owned(),
        named_in: Arc::from(from),
    };
    File::new(name, location, Origin::Local(Arc::from(path)))
}

#[cfg(test)]
mod tests;
