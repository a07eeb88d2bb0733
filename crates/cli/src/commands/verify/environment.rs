//! `assay verify`, where nothing is named.

use assay_install::{Audit, Audited, Finding, Standing, StartUp, Verdict};
use assay_types::{Printable, ProjectName};
use serde_json::{Value, json};

use super::denied::Denials;
use crate::{
    args::EnvironmentArgs,
    commands::{Context, target},
    failure::Result,
};

/// Threads that hash.
const THREADS: usize = 4;
/// How much of a list is printed without `-v`.
const FEW: usize = 20;

/// Compares an environment with what was installed; exit code 1 where something differs, 4 where
/// the user's state or somebody to whom the policy listens speaks against it.
pub fn run(args: &EnvironmentArgs, context: &Context<'_>) -> Result<u8> {
    let environment = target::inspect(args, context)?;
    let denials = Denials::of(&environment, context)?;
    let audit = environment.audit(context.folders.state(), THREADS)?;
    denials.warn(context);
    if context.ui.json() {
        let folder = environment.folder().to_string_lossy();
        context
            .ui
            .json_output(&to_json(&audit, &denials, &folder))?;
    } else {
        print(&audit, &denials, context)?;
    }
    Ok(match audit.verdict() {
        _ if denials.is_refusal() => 4,
        Verdict::Accounted => 0,
        Verdict::Differs => 1,
        Verdict::Contradicted => 4,
    })
}

fn print(audit: &Audit, denials: &Denials, context: &Context<'_>) -> Result<()> {
    let denied = denials.lines();
    let is_denied = !denied.is_empty();
    list(
        "Denied by those to whom the policy listens",
        denied,
        context,
    )?;
    let startup = audit.startup.iter().map(|it| start_up_lines(it, audit));
    list(
        "Start-up code, run or read whenever Python starts",
        startup.collect(),
        context,
    )?;
    let contradicted = of_kind(audit, |it| matches!(it, Standing::Contradicted(_)));
    let is_contradicted = !contradicted.is_empty();
    list("Changed after assay installed it", contradicted, context)?;
    let at_start = |it: &&Finding| audit.startup.iter().any(|other| other.path == it.path);
    let others = audit.findings.iter().filter(|it| !at_start(it));
    list("Not as RECORD says", others.map(line).collect(), context)?;
    let unvouched = of_kind(audit, |it| matches!(it, Standing::SelfConsistent(_)));
    list("Vouched for by nobody", unvouched, context)?;
    let old = of_kind(audit, |it| matches!(it, Standing::ReceiptOnly));
    list("Vouched for in part", old, context)?;
    print_limits(audit, context)?;
    if is_contradicted {
        context.ui.note(
            "what another tool did at your wish is vouched for again after assay install \
             --force-reinstall NAME",
        );
    }
    if is_denied {
        let note = "choose another version of what is denied; nothing outweighs a denial";
        context.ui.note(note);
    }
    context.ui.line(summary(audit))
}

/// A heading and what belongs to it; nothing where that is nothing.
fn list(heading: &str, items: Vec<String>, context: &Context<'_>) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    context.ui.output(format_args!("{heading}:"))?;
    let most = match context.ui.is_verbose() {
        true => items.len(),
        false => FEW,
    };
    for item in items.iter().take(most) {
        context.ui.output(format_args!("  {item}"))?;
    }
    match items.len().saturating_sub(most) {
        0 => Ok(()),
        more => context.ui.output(format_args!("  … and {more} more (-v)")),
    }
}

fn start_up_lines(file: &StartUp, audit: &Audit) -> String {
    let facts = audit.findings.iter().filter(|it| it.path == file.path);
    let facts = facts.map(|it| format!("\n    ! {}", it.fact));
    let does = file.does.iter();
    let does = does.map(|it| format!("\n    {}", Printable(it)));
    let head = named(&file.path, &file.projects);
    std::iter::once(head).chain(facts).chain(does).collect()
}

fn line(finding: &Finding) -> String {
    let head = named(&finding.path, &finding.projects);
    format!("{head} {}", finding.fact)
}

/// A path and whose it is.
fn named(path: &str, projects: &[ProjectName]) -> String {
    match projects {
        [] => Printable(path).to_string(),
        _ => format!("{} ({})", Printable(path), names(projects).join(", ")),
    }
}

fn names(projects: &[ProjectName]) -> Vec<String> {
    projects.iter().map(ToString::to_string).collect()
}

fn of_kind(audit: &Audit, is: impl Fn(&Standing) -> bool) -> Vec<String> {
    let some = audit.distributions.iter().filter(|it| is(&it.standing));
    some.map(|it| format!("{} {}: {}", it.project, it.version, it.standing))
        .collect()
}

/// What is not covered is always named, and explained with `-v`.
fn print_limits(audit: &Audit, context: &Context<'_>) -> Result<()> {
    if context.ui.is_verbose() {
        let all = audit.not_covered.iter();
        let all = all.map(|it| format!("{}: {}", Printable(&it.path), Printable(&it.why)));
        return list("Not covered", all.collect(), context);
    }
    let mut paths: Vec<_> = audit
        .not_covered
        .iter()
        .map(|it| it.path.as_str())
        .collect();
    paths.dedup();
    if paths.is_empty() {
        return Ok(());
    }
    let more = paths.len().saturating_sub(FEW);
    paths.truncate(FEW);
    let mut paths = Printable(&paths.join(", ")).to_string();
    if more > 0 {
        paths.push_str(&format!(" and {more} more"));
    }
    context
        .ui
        .output(format_args!("Not covered: {paths} (-v says why)"))
}

fn summary(audit: &Audit) -> String {
    let is_vouched =
        |it: &&Audited| matches!(it.standing, Standing::Vouched | Standing::ReceiptOnly);
    let (all, vouched) = (
        audit.distributions.len(),
        audit.distributions.iter().filter(is_vouched).count(),
    );
    let verdict = match (audit.verdict(), audit.findings.len()) {
        (Verdict::Accounted, _) => "every file is accounted for".to_owned(),
        (_, 0) => "every file is as the RECORDs say".to_owned(),
        (_, 1) => "1 difference".to_owned(),
        (_, more) => format!("{more} differences"),
    };
    format!(
        "{} files compared: {verdict}. {vouched} of {all} receipts are as assay wrote them.",
        audit.compared
    )
}

fn to_json(audit: &Audit, denials: &Denials, folder: &str) -> Value {
    let outcome = match audit.verdict() {
        _ if denials.is_refusal() => "denied",
        Verdict::Accounted => "accounted-for",
        Verdict::Differs => "differences",
        Verdict::Contradicted => "contradictions",
    };
    let findings = |path: Option<&str>| -> Vec<Value> {
        let all = audit.findings.iter();
        let all = all.filter(|it| path.is_none_or(|path| it.path == path));
        all.map(finding_json).collect()
    };
    let startup = audit.startup.iter().map(|it| {
        json!({
            "path": it.path, "projects": names(&it.projects), "does": it.does,
            "findings": findings(Some(&it.path)),
        })
    });
    let distributions = audit.distributions.iter().map(|it| {
        json!({
            "name": it.project.to_string(), "version": it.version.to_string(),
            "standing": it.standing.kind(), "why": it.standing.to_string(),
        })
    });
    let limits = audit.not_covered.iter();
    let limits = limits.map(|it| json!({ "path": it.path, "why": it.why }));
    json!({
        "environment": folder,
        "outcome": outcome,
        "denied": denials.denied_json(),
        "unheard": denials.unheard_json(),
        "startup": startup.collect::<Vec<_>>(),
        "findings": findings(None),
        "distributions": distributions.collect::<Vec<_>>(),
        "not-covered": limits.collect::<Vec<_>>(),
        "files-compared": audit.compared,
        "bytecode-passed-over": audit.bytecode,
    })
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "path": finding.path, "projects": names(&finding.projects),
        "kind": finding.fact.kind(), "fact": finding.fact.to_string(),
    })
}
