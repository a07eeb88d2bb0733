//! Requirements and constraints files, with what they include.

use std::path::Path;

use assay_files::read_input;
use assay_types::{
    Digests, Url,
    requirement::redacted,
    requirements_file::{self, Entry, Line, LineError},
};

use super::{
    Base, Fetch, Inputs, LinkLine, RuleLine, RuleOption,
    taking::stated,
    target::{self, shown},
    tree, variables,
};
use crate::{
    args::RequirementArgs,
    failure::{Failure, Result},
    surroundings::Surroundings,
};

/// What a file's lines mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Each line is wanted.
    Requirements,
    /// Each line limits what is wanted elsewhere.
    Constraints,
}

/// Reads files into [`Inputs`].
pub struct Reader<'a> {
    inputs: &'a mut Inputs,
    around: &'a Surroundings,
    fetch: Fetch<'a>,
    /// `--allow-variables`.
    allowed_hosts: &'a [String],
    /// Files that are being read, as what they are and as what is shown of them: an include of one
    /// of them would never end.
    open: Vec<(String, String)>,
}

/// A file that includes a file that includes a file …
const DEPTH: usize = 32;
/// Longest requirements file in bytes.
pub const LONGEST: u64 = 1 << 24;

impl<'a> Reader<'a> {
    /// A reader that adds to `inputs`.
    pub fn new(
        inputs: &'a mut Inputs,
        args: &'a RequirementArgs,
        around: &'a Surroundings,
        fetch: Fetch<'a>,
    ) -> Self {
        Self {
            inputs,
            around,
            fetch,
            allowed_hosts: &args.allow_variables,
            open: Vec::new(),
        }
    }

    /// Reads one file, by path or URL, relative to what names it.
    pub fn read(&mut self, name: &str, base: &Base, role: Role) -> Result<()> {
        let (shown, bytes, own) = self.load(name, base)?;
        let identity = match &own {
            Base::Local(_) => shown.clone(),
            Base::Remote(url) => url.to_string(),
        };
        let is_open = self.open.iter().any(|(it, _)| *it == identity);
        if is_open || self.open.len() >= DEPTH {
            let names: Vec<_> = self.open.iter().map(|(_, shown)| shown.as_str()).collect();
            return Err(Failure::usage(format!(
                "{shown} includes itself: {}",
                names.join(" -> ")
            )));
        }
        let text = requirements_file::decode(&bytes).map_err(|error| at(&shown, &error))?;
        let variable = |name: &str| match own {
            Base::Local(_) => self.around.variable(name),
            // What the user keeps in variables is not for files from the network to use.
            Base::Remote(_) => None,
        };
        let parsed =
            requirements_file::parse(&text, &variable).map_err(|error| at(&shown, &error))?;
        let plain = requirements_file::parse(&text, &|_| None).ok();
        variables::check(&parsed, plain.as_ref(), short(&shown), self.allowed_hosts)?;
        self.open.push((identity, shown.clone()));
        for line in parsed.lines {
            self.line(line, &own, &shown, role)?;
        }
        self.open.pop();
        Ok(())
    }

    /// The file's shown name, its bytes, and the base of what it names.
    fn load(&self, name: &str, base: &Base) -> Result<(String, Vec<u8>, Base)> {
        let url = match base {
            Base::Remote(parent) => Some(
                parent
                    .join(name)
                    .map_err(|error| Failure::usage(format!("{}: {error}", shown(name))))?,
            ),
            Base::Local(_) => match Url::parse(name) {
                Ok(url) => Some(url).filter(|it| matches!(it.scheme(), "http" | "https" | "file")),
                Err(error) if name.contains("://") => {
                    return Err(Failure::usage(format!("{}: {error}", shown(name))));
                }
                Err(_) => None,
            },
        };
        match url {
            Some(url) if url.scheme() == "file" && matches!(base, Base::Remote(_)) => {
                Err(Failure::refused(format!(
                    "{}: a file from the network may not include a local one",
                    redacted(&url)
                )))
            }
            Some(url) if url.scheme() == "file" => {
                let path = url
                    .to_file_path()
                    .map_err(|()| Failure::usage(format!("{url} names no local path")))?;
                read_local(&path)
            }
            Some(url) => Ok((
                redacted(&url).to_string(),
                (self.fetch)(&url)?,
                Base::Remote(url),
            )),
            None => match base {
                Base::Local(folder) => read_local(&folder.join(name)),
                Base::Remote(_) => Err(Failure::usage(format!("{name} is no URL"))),
            },
        }
    }

    fn line(&mut self, line: Line, base: &Base, file: &str, role: Role) -> Result<()> {
        let file = match base {
            Base::Local(_) => short(file),
            // Whose word a line is must be seen in what it leads to.
            Base::Remote(_) => file,
        };
        let from = format!("{file}:{}", line.number);
        match line.entry {
            Entry::Named {
                requirement,
                spelling,
                options,
            } if role == Role::Requirements => {
                if self.inputs.applies(&requirement) {
                    self.inputs.set(&requirement.name, options.config_settings);
                }
                let hashes = options.hashes.into_iter().collect();
                self.inputs
                    .add_named(requirement, &spelling, hashes, base, &from)
            }
            Entry::Named {
                requirement,
                options,
                ..
            } => {
                let hashes = options.hashes.into_iter().collect();
                self.constrain(requirement, hashes, base, from)
            }
            Entry::Unnamed {
                target,
                extras,
                marker,
                options,
            } if role == Role::Requirements => {
                let target = target::Target {
                    text: &target,
                    extras: &extras,
                    marker,
                };
                let hashes = options.hashes.into_iter().collect();
                let before = self.inputs.roots.len();
                self.inputs.add_target(&target, hashes, base, &from)?;
                self.inputs
                    .set_since(before, &options.config_settings, &from)
            }
            Entry::Unnamed { .. } => Err(Failure::usage(format!(
                "{from}: Unnamed requirements are not allowed as constraints"
            ))),
            Entry::Editable(_) if role == Role::Constraints => Err(Failure::usage(format!(
                "{from}: Editable requirements are not allowed as constraints"
            ))),
            Entry::Editable(text) => {
                let tree = tree::editable(&text, base, &from)?;
                self.inputs.add_tree(tree);
                Ok(())
            }
            Entry::Requirements(name) => self.read(&name, base, role),
            Entry::Constraints(name) => self.read(&name, base, Role::Constraints),
            other => self.option(other, base, &from),
        }
    }

    fn constrain(
        &mut self,
        requirement: assay_types::Requirement,
        hashes: Digests,
        base: &Base,
        from: String,
    ) -> Result<()> {
        if !requirement.extras.is_empty() {
            return Err(Failure::usage(format!(
                "{from}: Constraints cannot have extras: {}",
                requirement.name
            ))
            .hint("leave [extra] out; name it where the project is required"));
        }
        self.inputs.take_in(&requirement, hashes, base, &from)?;
        self.inputs.constraints.push(stated(requirement, from));
        Ok(())
    }

    /// Options; none of them may come from the network where it decides whom to ask.
    fn option(&mut self, entry: Entry, base: &Base, from: &str) -> Result<()> {
        let options = &mut self.inputs.options;
        let decides_whom_to_ask = matches!(
            entry,
            Entry::IndexUrl(_)
                | Entry::ExtraIndexUrl(_)
                | Entry::NoIndex
                | Entry::FindLinks(_)
                | Entry::TrustedHost(_)
        );
        let Base::Local(folder) = base else {
            if decides_whom_to_ask {
                return Err(Failure::refused(format!(
                    "{from}: a requirements file from the network may not set an index"
                ))
                .hint("give the index on your own command line"));
            }
            return self.harmless_option(entry, from);
        };
        match entry {
            Entry::IndexUrl(url) => options.index_url = Some(url),
            Entry::ExtraIndexUrl(url) => options.extra_index_url.push(url),
            Entry::FindLinks(link) => options.find_links.push(LinkLine {
                place: anchored(&link, folder),
                named_in: format!("--find-links {link} in {from}"),
            }),
            Entry::NoIndex => options.no_index = true,
            Entry::TrustedHost(host) => options.trusted_host.push(host),
            other => return self.harmless_option(other, from),
        }
        Ok(())
    }

    fn harmless_option(&mut self, entry: Entry, from: &str) -> Result<()> {
        match entry {
            Entry::Evidence(value) => self.rule(RuleOption::Evidence, value, from),
            Entry::MinAge(value) => self.rule(RuleOption::MinAge, value, from),
            Entry::UploadedPriorTo(value) => self.rule(RuleOption::UploadedPriorTo, value, from),
            Entry::RequireHashes => self.inputs.require_hashes = true,
            Entry::Pre => self.inputs.options.choice.pre = true,
            Entry::AllReleases(names) => self.inputs.options.choice.all_releases.push(names),
            Entry::OnlyFinal(names) => self.inputs.options.choice.only_final.push(names),
            Entry::NoBinary(names) => self.inputs.options.choice.no_binary.push(names),
            Entry::OnlyBinary(names) => self.inputs.options.choice.only_binary.push(names),
            Entry::PreferBinary => self.inputs.options.choice.prefer_binary = true,
            other => return Err(Failure::usage(format!("{other:?} is not understood here"))),
        }
        Ok(())
    }

    fn rule(&mut self, option: RuleOption, value: String, from: &str) {
        self.inputs.options.rules.push(RuleLine {
            option,
            value,
            from: from.to_owned(),
        });
    }
}

fn read_local(path: &Path) -> Result<(String, Vec<u8>, Base)> {
    let bytes = read_input(path, LONGEST).map_err(|error| {
        Failure::could_not(format!("requirements file {}: {error}", path.display()))
    })?;
    let folder = path.parent().unwrap_or(path).to_owned();
    Ok((path.display().to_string(), bytes, Base::Local(folder)))
}

/// A folder next to the file that names it, else as it was written.
fn anchored(link: &str, folder: &Path) -> String {
    let path = folder.join(link);
    if !link.contains("://") && path.exists() {
        path.display().to_string()
    } else {
        link.to_owned()
    }
}

fn short(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn at(file: &str, error: &LineError) -> Failure {
    Failure::usage(format!("{file}:{}:{}: {error}", error.line, error.column)).detail(error.caret())
}
