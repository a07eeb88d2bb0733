//! Which release a file is of: what its name says is never taken for another.

use assay_trust::statement::Release;
use assay_types::{ProjectName, Version, WheelName, names};

use crate::failure::{Failure, Result};

/// What `--as` says; else what the name of a wheel or an sdist says.
pub fn release(name: &str, stated: Option<&str>) -> Result<Release> {
    let read = of_name(name);
    let Some(stated) = stated else {
        return read.ok_or_else(|| {
            Failure::usage(format!("{name} does not say which release it is of"))
                .hint("say it: --as NAME==VERSION")
        });
    };
    let said = parse(stated).ok_or_else(|| {
        Failure::usage(format!(
            "--as {stated}: it is not of the form NAME==VERSION"
        ))
        .hint("a version such as 1.0 or 2.1.0rc1 (PEP 440), as rules and statements have it")
    })?;
    match read {
        Some(read) if read != said => Err(Failure::usage(format!(
            "--as {stated}: the name of {name} says {}=={}",
            read.project, read.version
        ))),
        _ => Ok(said),
    }
}

/// Reads `NAME==VERSION`; `None` for anything else.
pub fn parse(text: &str) -> Option<Release> {
    let (project, version) = text.split_once("==")?;
    Some(Release {
        project: names::project(project.trim())?,
        version: version.trim().parse().ok()?,
    })
}

/// An sdist's name has one dash (PEP 625); what has more could be read in several ways.
fn of_name(name: &str) -> Option<Release> {
    if let Ok(wheel) = WheelName::parse(name) {
        let (project, version) = (wheel.project().clone(), wheel.version().clone());
        return Some(Release { project, version });
    }
    let (project, version) = name.strip_suffix(".tar.gz")?.split_once('-')?;
    let project: ProjectName = names::project(project)?;
    let version: Version = version.parse().ok()?;
    Some(Release { project, version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_what_the_name_says_or_what_is_said_where_it_says_nothing() {
        let said = |name, stated| {
            let release = release(name, stated).ok()?;
            Some(format!("{}=={}", release.project, release.version))
        };
        let demo = Some("demo-x==1.0".to_owned());
        for name in ["demo_x-1.0-py3-none-any.whl", "demo_x-1.0.tar.gz"] {
            assert_eq!(said(name, None), demo);
            assert_eq!(said(name, Some("Demo.X==1.0")), demo);
            assert_eq!(said(name, Some("demo-x==1.1")), None);
            assert_eq!(said(name, Some("other==1.0")), None);
        }
        for name in [
            "demo-x-1.0.tar.gz",
            "demo_x-1.0.gem",
            "demo_x.tar.gz",
            "demo_x-x.tar.gz",
        ] {
            assert_eq!(said(name, None), None, "{name}");
            assert_eq!(said(name, Some("demo-x==1.0")), demo);
        }
        for stated in ["demo", "demo=1.0", "demo==", "==1.0", "demo==x", "de mo==1"] {
            assert_eq!(said("demo.gem", Some(stated)), None, "{stated}");
        }
    }
}
