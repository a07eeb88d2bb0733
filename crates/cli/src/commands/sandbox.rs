//! `assay sandbox check`: what this machine can hold a build with.

use assay_sandbox::{Finding, Report};
use serde::Serialize;

use super::Context;
use crate::{args::SandboxCommand, failure::Result, settings};

/// 0 where a build is run without a word from the user.
pub fn run(command: &SandboxCommand, context: &Context<'_>) -> Result<u8> {
    let SandboxCommand::Check = command;
    let report = settings::check_sandbox(&context.folders);
    if context.ui.json() {
        context.ui.json_output(&Told::of(&report))?;
    } else {
        for line in report.lines() {
            context.ui.line(line)?;
        }
    }
    Ok(u8::from(report.best(false).is_none()))
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Told<'a> {
    tiers: Vec<Tried<'a>>,
    /// The tier in which builds run unasked.
    best: Option<String>,
    /// The tier in which they run with `--allow-restricted-sandbox`.
    best_if_restricted_is_allowed: Option<String>,
    advice: &'a [String],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Tried<'a> {
    tier: String,
    works: bool,
    layers: &'static str,
    why_not: Option<&'a str>,
}

impl<'a> Told<'a> {
    fn of(report: &'a Report) -> Self {
        let word = |it: Option<assay_sandbox::Tier>| it.map(|it| it.to_string());
        Self {
            tiers: report.findings.iter().map(Tried::of).collect(),
            best: word(report.best(false)),
            best_if_restricted_is_allowed: word(report.best(true)),
            advice: &report.advice,
        }
    }
}

impl<'a> Tried<'a> {
    fn of(finding: &'a Finding) -> Self {
        Self {
            tier: finding.tier.to_string(),
            works: finding.holds.is_ok(),
            layers: finding.tier.layers(),
            why_not: finding.holds.as_ref().err().map(String::as_str),
        }
    }
}
