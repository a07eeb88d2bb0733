//! `assay debug`: what a report of a fault should say.

use assay_index::TlsRoots;
use assay_types::{Printable, python::Libc};
use serde_json::{Value, json};

use super::{
    Context,
    fitting::{self, Fitting},
    target,
};
use crate::{
    args::DebugArgs,
    failure::Result,
    report::pip_format,
    settings::{index, pip::Places},
};

/// How many tags are shown without `-v`.
const TAGS: usize = 10;

/// Facts by name, in the order in which they are shown.
type Facts = Vec<(&'static str, Value)>;

/// Prints what is known of the Python, the platform and the settings. Values of settings are
/// secrets perhaps, so only their names are printed.
pub fn run(args: &DebugArgs, context: &Context<'_>) -> Result<()> {
    let interpreter = target::interpreter(context.python.as_deref(), context)?;
    let tags = Fitting::new(&interpreter, &args.platform)?.tags().names();
    let python = interpreter.python();
    let mut facts: Facts = vec![
        ("assay version", json!(env!("CARGO_PKG_VERSION"))),
        ("pip version followed", json!(pip_format::PIP)),
        ("sys.version", json!(python.version.to_string())),
        ("sys.executable", json!(interpreter.executable())),
        ("sys.prefix", json!(interpreter.prefix())),
        ("sys.platform", json!(python.markers.sys_platform())),
        ("sys.implementation", json!(python.implementation)),
        ("platform", json!(python.platform)),
        ("C library", json!(c_library(python.libc))),
        ("virtual environment", json!(interpreter.venv())),
    ];
    facts.extend(places(context)?);
    let target = given(args)?;
    if context.ui.json() {
        let mut report: serde_json::Map<_, _> = facts
            .into_iter()
            .map(|(name, value)| (name.replace(' ', "-"), value))
            .collect();
        report.insert("tags".to_owned(), json!(tags));
        report.insert("target".to_owned(), json!(target));
        return context.ui.json_output(&report);
    }
    for (name, value) in &facts {
        print(name, value, context)?;
    }
    print_tags(&tags, target.as_deref(), context)
}

/// Folders, certificates, and where settings come from.
fn places(context: &Context<'_>) -> Result<Facts> {
    let (around, folders) = (context.around, &context.folders);
    let places = Places {
        around,
        isolated: context.isolated,
        environment: around.settings_environment.as_deref(),
    };
    let files = places.read().into_iter().map(|(kind, path)| {
        let state = if path.exists() { "" } else { " (not there)" };
        format!("{kind}: {}{state}", path.display())
    });
    let names = around.pip_variables.iter().map(|(name, _)| name.as_str());
    let variables: Vec<_> = names.filter(|_| !context.isolated).collect();
    Ok(vec![
        ("cache", json!(folders.cache())),
        ("state", json!(folders.state())),
        (
            "kept for the next run",
            json!(folders.lasting_state().is_some()),
        ),
        ("trusted certificates", json!(certificates(context)?)),
        ("settings files", json!(files.collect::<Vec<_>>())),
        ("PIP_* variables that are set", json!(variables)),
    ])
}

fn certificates(context: &Context<'_>) -> Result<String> {
    let named = |what: &str, path: &std::path::Path| {
        let state = if path.exists() { "" } else { " (not there)" };
        format!("{what} {}{state}", path.display())
    };
    Ok(match index::roots(&context.network, context.around)? {
        TlsRoots::Platform => "the platform's".to_owned(),
        TlsRoots::Mozilla => "Mozilla's, compiled in".to_owned(),
        TlsRoots::File(path) => named("the file", &path),
        TlsRoots::Folder(path) => named("the folder", &path),
    })
}

fn c_library(libc: Libc) -> Option<String> {
    match libc {
        Libc::Glibc(major, minor) => Some(format!("glibc {major}.{minor}")),
        Libc::Musl(major, minor) => Some(format!("musl {major}.{minor}")),
        Libc::None => None,
    }
}

/// What options say of another Python, in pip's words.
fn given(args: &DebugArgs) -> Result<Option<String>> {
    let sought = fitting::sought(&args.platform)?;
    let list = |items: &[String]| (!items.is_empty()).then(|| format!("{items:?}"));
    let version = sought.version.map(|parts| {
        let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
        format!("'{}'", parts.join("."))
    });
    let values = [
        ("platforms", list(&sought.platforms)),
        ("version_info", version),
        ("abis", list(&sought.abis)),
        (
            "implementation",
            sought.implementation.map(|it| format!("'{it}'")),
        ),
    ];
    let said = values.into_iter();
    let said: Vec<_> = said
        .filter_map(|(name, it)| Some(format!("{name}={}", it?)))
        .collect();
    Ok((!said.is_empty()).then(|| said.join(" ")))
}

/// A list takes a line for each of its items.
fn print(name: &str, value: &Value, context: &Context<'_>) -> Result<()> {
    let text = match value {
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => {
            context.ui.output(format_args!("{name}:"))?;
            let mut items = items.iter().filter_map(Value::as_str);
            return items.try_for_each(|it| context.ui.output(format_args!("  {}", Printable(it))));
        }
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    };
    context
        .ui
        .output(format_args!("{name}: {}", Printable(&text)))
}

fn print_tags(tags: &[String], target: Option<&str>, context: &Context<'_>) -> Result<()> {
    let ui = context.ui;
    let target = target
        .map(|it| format!(" (target: {it})"))
        .unwrap_or_default();
    ui.output(format_args!(
        "Compatible tags: {}{}",
        tags.len(),
        Printable(&target)
    ))?;
    let shown = if ui.is_verbose() { tags.len() } else { TAGS };
    let mut first = tags.iter().take(shown);
    first.try_for_each(|it| ui.output(format_args!("  {}", Printable(it))))?;
    if tags.len() > shown {
        ui.output("  ...")?;
        ui.output(format_args!(
            "  [First {TAGS} tags shown. Pass --verbose to show all.]"
        ))?;
    }
    Ok(())
}
