//! Rules that are written as options: in requirements files, and `--evidence` on the command line.

use assay_trust::{Author, Cutoff, Policy, ProjectPattern, Required, Rule, Stated};
use assay_types::Timestamp;

use super::{
    PolicyFiles,
    cooldown::{limit, moment},
    policy::check_voices,
    policy_file::evidence_of,
};
use crate::{
    failure::{Failure, Result},
    inputs::{RuleLine, RuleOption},
};

/// Adds what requirements files say. They may come from anybody, so that they only tighten.
pub fn add_lines(
    policy: &mut Policy,
    lines: &[RuleLine],
    files: &PolicyFiles,
    now: Timestamp,
) -> Result<()> {
    for line in lines {
        let rule = rule(line, now)
            .and_then(|it| names_are_known(it, files))
            .map_err(|fact| Failure::usage(format!("{}: {}: {fact}", line.from, line.option)))?;
        policy.add(rule).map_err(|loosening| {
            Failure::usage(loosening.to_string()).hint(format!(
                "if you want this, give the option on your own command line: {} {}",
                line.option, line.value
            ))
        })?;
    }
    check_voices(policy)
}

/// Adds `--evidence [NAME=]EXPRESSION` of the command line.
pub(super) fn add_evidence(
    policy: &mut Policy,
    values: &[String],
    files: &PolicyFiles,
) -> Result<()> {
    for value in values {
        let wrong = |fact| Failure::usage(format!("--evidence: {fact}"));
        let rule = evidence(Author::User, value, "--evidence")
            .and_then(|it| names_are_known(it, files))
            .map_err(wrong)?;
        let loosens = |it: assay_trust::Loosening| Failure::usage(it.to_string());
        policy.add(rule).map_err(loosens)?;
    }
    Ok(())
}

/// An expression names keys, sources and hooks of the policy files, and of nothing else.
fn names_are_known(rule: Rule, files: &PolicyFiles) -> std::result::Result<Rule, String> {
    if let Some(it) = &rule.evidence {
        files.check_words(&it.value.expression)?;
    }
    Ok(rule)
}

fn rule(line: &RuleLine, now: Timestamp) -> std::result::Result<Rule, String> {
    let author = Author::Requirements;
    match line.option {
        RuleOption::Evidence => evidence(author, &line.value, &line.from),
        RuleOption::MinAge => {
            let (pattern, age) = of_project(&line.value);
            let cutoff = limit(age, now)?;
            Ok(aged(author, pattern, cutoff, &line.from))
        }
        RuleOption::UploadedPriorTo => {
            let limit = moment(&line.value, now).map_err(|it| it.fact().to_owned())?;
            Ok(aged(author, None, Cutoff::Strict(limit), &line.from))
        }
    }
}

fn aged(author: Author, pattern: Option<ProjectPattern>, cutoff: Cutoff, place: &str) -> Rule {
    let stated = Stated {
        value: cutoff,
        place: place.to_owned(),
    };
    Rule {
        min_age: Some(stated),
        ..Rule::new(author, pattern.map(|it| vec![it]))
    }
}

fn evidence(author: Author, value: &str, place: &str) -> std::result::Result<Rule, String> {
    let (pattern, text) = of_project(value);
    let required = Required {
        expression: evidence_of(text)?,
        mode: assay_trust::Mode::Require,
    };
    let stated = Stated {
        value: required,
        place: place.to_owned(),
    };
    Ok(Rule {
        evidence: Some(stated),
        ..Rule::new(author, pattern.map(|it| vec![it]))
    })
}

/// `NAME=VALUE`, where a name, or the beginning of one with `*`, stands before the first `=`. No
/// expression looks like that: words that hold a `=` hold a colon before it.
fn of_project(text: &str) -> (Option<ProjectPattern>, &str) {
    let named = text.split_once('=');
    let named = named.and_then(|(name, rest)| Some((ProjectPattern::parse(name.trim())?, rest)));
    match named {
        Some((pattern, rest)) => (Some(pattern), rest),
        None => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use assay_trust::{Cooldown, Grant};
    use assay_types::ProjectName;

    use super::*;

    const NOW: &str = "2026-11-22T12:00:00Z";

    fn line(option: RuleOption, value: &str) -> RuleLine {
        RuleLine {
            option,
            value: value.to_owned(),
            from: "requirements.txt:3".to_owned(),
        }
    }

    fn added(option: RuleOption, value: &str) -> Result<Policy> {
        let mut policy = Policy::new(Cooldown::none());
        let files = PolicyFiles::default();
        let lines = [line(option, value)];
        add_lines(&mut policy, &lines, &files, NOW.parse().unwrap())?;
        Ok(policy)
    }

    fn asked(policy: &Policy, project: &str) -> Vec<String> {
        let project: ProjectName = project.parse().unwrap();
        let required = policy.required(&project);
        required.map(|it| it.value.expression.to_string()).collect()
    }

    #[test]
    fn evidence_is_asked_of_all_or_of_a_project() {
        let policy = added(RuleOption::Evidence, "hash").unwrap();
        assert_eq!(asked(&policy, "app"), ["hash"]);
        let policy = added(RuleOption::Evidence, "Acme-*={ any = ['hash', 'local'] }").unwrap();
        assert_eq!(asked(&policy, "acme-lib"), ["any of (hash, local)"]);
        assert_eq!(asked(&policy, "app"), [""; 0]);
        let publisher = "publisher:github:o/n:owner-id=7";
        let policy = added(RuleOption::Evidence, publisher).unwrap();
        assert_eq!(asked(&policy, "app"), [publisher]);
        for wrong in [
            "",
            "hush",
            "app=",
            "{ any = [] }",
            "{ any = ['hash'] }\nmode = 'warn'",
            "{ any = ['hash']",
            "no name=hash",
            "key:nobody",
            "{ any = ['hash', 'vouch:nobody'] }",
            "app=hook:nobody",
        ] {
            let failure = added(RuleOption::Evidence, wrong).unwrap_err();
            let said = failure.to_string();
            assert!(said.contains("requirements.txt:3: --evidence"), "{said}");
            let mut policy = Policy::new(Cooldown::none());
            assert!(
                add_evidence(&mut policy, &[wrong.to_owned()], &PolicyFiles::default()).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn an_age_in_a_requirements_file_only_tightens() {
        for (option, value) in [
            (RuleOption::MinAge, "3 days"),
            (RuleOption::MinAge, "app=3 days"),
            (RuleOption::UploadedPriorTo, "2026-11-19T12:00:00Z"),
        ] {
            let policy = added(option, value).unwrap();
            let rule = policy.rules().next().unwrap();
            let limit = Cutoff::Strict("2026-11-19T12:00:00Z".parse().unwrap());
            assert_eq!(rule.min_age.as_ref().unwrap().value, limit);
            assert_eq!(rule.covers(&"other".parse().unwrap()), !value.contains('='));
        }
        for value in ["0", "app=0"] {
            let said = added(RuleOption::MinAge, value).unwrap_err().to_string();
            let hint = format!("on your own command line: --min-age {value}");
            assert!(
                said.contains("requirements.txt:3: min-age loosens"),
                "{said}"
            );
            assert!(said.contains(&hint), "{said}");
        }
        assert!(added(RuleOption::MinAge, "soon").is_err());
        assert!(added(RuleOption::UploadedPriorTo, "soon").is_err());
    }

    #[test]
    fn nobody_else_than_the_user_grants() {
        let mut policy = Policy::new(Cooldown::none());
        let project: ProjectName = "app".parse().unwrap();
        for (author, is_refused) in [(Author::Requirements, true), (Author::User, false)] {
            let grant = Stated {
                value: Grant::Startup(project.clone()),
                place: String::new(),
            };
            let rule = Rule {
                grants: vec![grant],
                ..Rule::new(author, None)
            };
            assert_eq!(policy.add(rule).is_err(), is_refused);
        }
    }
}
