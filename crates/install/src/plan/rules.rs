//! What the rules about files have in common.

use assay_trust::{Policy, Refusal, RefusalKind};
use assay_types::ProjectName;

use super::Plan;
use crate::{Result, environment::Place};

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

/// Whether a file can be executed, imported or loaded, or decides whom to trust: where two
/// distributions differ about such a file, one of them would run the other's code or believe its
/// certificates.
pub(super) fn is_code(name: &str, executable: bool, in_scripts: bool) -> bool {
    const ENDINGS: &[&str] = &[
        "py", "pyc", "pyo", "pyw", "pth", "start", "so", "pyd", "dll", "dylib", "exe", "sh", "bat",
        "cmd", "ps1", "whl", "zip", "egg", "pyz", "jar", "js", "mjs", "wasm", "pkl", "pickle",
        "pem", "crt",
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
            "a.whl",
            "a.zip",
            "a.egg",
            "a.pyz",
            "a.jar",
            "a.js",
            "a.mjs",
            "a.wasm",
            "a.pkl",
            "a.pickle",
            "cacert.pem",
            "a.CRT",
        ] {
            assert!(is_code(name, false, false), "{name}");
        }
        for name in [
            "LICENSE",
            "a.txt",
            "py.typed",
            "a.pyi",
            "py",
            "README.md",
            "a.json",
            "a.zip.txt",
            "pem",
        ] {
            assert!(!is_code(name, false, false), "{name}");
        }
        assert!(is_code("tool", true, false) && is_code("tool", false, true));
    }
}
