//! `assay index versions`.

use assay_types::Version;
use serde_json::json;

use super::{Context, look::View, offered, target};
use crate::{
    args::{EnvironmentArgs, IndexVersionsArgs},
    failure::{Failure, Result},
    pipeline::Offers,
    settings::names,
};

/// Prints the versions of a project that could be installed, newest first.
pub fn run(args: &IndexVersionsArgs, context: &Context<'_>) -> Result<()> {
    let name = names("index versions", std::slice::from_ref(&args.name))?;
    let [name] = name.as_slice() else {
        return Err(Failure::usage("index versions: name one project"));
    };
    let interpreter = target::interpreter(context.python.as_deref(), context)?;
    let how = offered::How {
        platform: &args.platform,
        ignore_requires_python: args.ignore_requires_python,
        choice: &args.choice,
        policy: &args.policy,
        index: &args.index,
    };
    let offers = offered::ask(&[name], &interpreter, how, context)?;
    let offers = offers.into_iter().next().transpose()?.unwrap_or_default();
    if let Some(held_back) = &offers.held_back {
        context.ui.note(&held_back.why);
    }
    let view = View::everything(&EnvironmentArgs::default(), context)?;
    let installed = view.get(name).map(|it| it.version());
    print(&args.name, &offers, installed, context)
}

fn print(
    name: &str,
    offers: &Offers,
    installed: Option<&Version>,
    context: &Context<'_>,
) -> Result<()> {
    let versions: Vec<_> = offers
        .versions
        .iter()
        .map(|it| it.version.to_string())
        .collect();
    let [newest, ..] = offers.versions.as_slice() else {
        let fact = format!("No matching distribution found for {name}");
        return Err(Failure::could_not(fact));
    };
    let latest = &newest.version;
    if context.ui.json() {
        let mut report =
            json!({ "name": name, "versions": versions, "latest": latest.to_string() });
        if let Some(installed) = installed {
            report["installed_version"] = json!(installed.to_string());
        }
        if let Some(held_back) = &offers.held_back {
            report["held_back"] = json!(held_back.why);
        }
        return context.ui.json_output(&report);
    }
    let ui = context.ui;
    ui.output(format_args!("{name} ({latest})"))?;
    ui.output(format_args!("Available versions: {}", versions.join(", ")))?;
    let Some(installed) = installed else {
        return Ok(());
    };
    let early = match latest.any_prerelease() {
        true => " (pre-release; install with `assay install --pre`)",
        false => "",
    };
    ui.output(format_args!("  INSTALLED: {installed}"))?;
    ui.output(format_args!("  LATEST:    {latest}{early}"))
}
