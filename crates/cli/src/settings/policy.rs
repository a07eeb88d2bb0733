//! Options and policy files to a [`Policy`].

use assay_trust::{CommittedPin, Cooldown, Policy, Stated};
use assay_types::{ProjectName, Timestamp, Url};

use super::{
    PolicyFiles, cooldown::cooldown, pip::Preset, policy_file::NamedPublishers,
    written_rules::add_evidence,
};
use crate::{
    args::PolicyArgs,
    failure::{Failure, Result},
};

/// The rules in force. `require_hashes` comes from the option or from requirements files.
pub fn policy(
    args: &PolicyArgs,
    set: &Preset,
    require_hashes: bool,
    files: &PolicyFiles,
    pypi: &Url,
    now: Timestamp,
) -> Result<Policy> {
    let mut policy = Policy::new(cooldown(args, set.uploaded_prior_to.as_ref(), pypi, now)?);
    if require_hashes {
        policy = policy.require_hashes();
    }
    policy.startup = names("--allow-startup", &args.allow_startup)?
        .into_iter()
        .collect();
    policy.bad_record = names("--allow-bad-record", &args.allow_bad_record)?
        .into_iter()
        .collect();
    policy.builds = names("--allow-build", &args.allow_build)?
        .into_iter()
        .collect();
    for pair in &args.allow_overwrite {
        let (writer, owner) = pair.split_once(':').ok_or_else(|| {
            Failure::usage(format!(
                "--allow-overwrite: {pair} is not of the form WRITER:OWNER"
            ))
        })?;
        policy.overwrite.insert((
            name("--allow-overwrite", writer)?,
            name("--allow-overwrite", owner)?,
        ));
    }
    add_evidence(&mut policy, &args.evidence, files)?;
    files.apply(&mut policy)?;
    files.add_principals(&mut policy)?;
    check_voices(&policy)?;
    policy.publishers = files.publishers().map(committed).collect();
    Ok(policy)
}

/// What can be wrong with the keys and sources that files name: a key that is none, and numbers of which
/// two may be one.
pub fn check_principals(files: &PolicyFiles) -> Result<()> {
    let mut policy = Policy::new(Cooldown::none());
    files.apply(&mut policy)?;
    files.add_principals(&mut policy)?;
    check_voices(&policy)
}

/// Of how many somebody asks for, no two may be one.
pub(super) fn check_voices(policy: &Policy) -> Result<()> {
    let asked = policy.rules().filter_map(|it| it.evidence.as_ref());
    for Stated { value, place } in asked {
        if let Some(shared) = policy.one_voice(&value.expression) {
            return Err(Failure::usage(format!("{place}: {shared}"))
                .hint("give each of them keys of its own, or count it once"));
        }
    }
    Ok(())
}

fn committed(named: NamedPublishers<'_>) -> CommittedPin {
    CommittedPin {
        author: named.author,
        project: named.project.clone(),
        identities: named.identities.to_vec(),
        place: named.place,
    }
}

/// Project names of an option that may be repeated or hold commas.
pub fn names(option: &str, values: &[String]) -> Result<Vec<ProjectName>> {
    values
        .iter()
        .flat_map(|it| it.split(','))
        .map(|it| name(option, it))
        .collect()
}

/// A project's name as an option or argument has it, which a message names.
pub fn name(option: &str, text: &str) -> Result<ProjectName> {
    assay_types::names::project(text.trim())
        .ok_or_else(|| Failure::usage(format!("{option}: \"{text}\" is no project's name")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_grant_is_for_a_name_that_is_one() {
        let read = |startup: &str, overwrite: &str| {
            let args = PolicyArgs {
                allow_startup: vec![startup.to_owned()],
                allow_overwrite: vec![overwrite.to_owned()],
                ..PolicyArgs::default()
            };
            policy(
                &args,
                &Preset::default(),
                false,
                &PolicyFiles::default(),
                &"https://pypi.example/simple/".parse().unwrap(),
                Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(48),
            )
        };
        let policy = read("Some.Name", "a:b").unwrap();
        assert!(policy.startup.contains(&"some-name".parse().unwrap()));
        assert!(
            policy
                .overwrite
                .contains(&("a".parse().unwrap(), "b".parse().unwrap()))
        );
        assert!(read("*", "a:b").is_err());
        assert!(read("a", "a").is_err());
    }
}
