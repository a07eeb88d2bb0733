//! `assay inspect`.

use assay_install::Distribution;
use assay_types::Url;
use serde_json::{Map, Value, json};

use super::{
    Context,
    look::{self, View},
};
use crate::{
    args::InspectArgs,
    failure::Result,
    report::pip_format::{self, direct_url},
};

/// Prints what is installed in pip's format.
pub fn run(args: &InspectArgs, context: &Context<'_>) -> Result<()> {
    let view = View::new(&args.look, context)?;
    let installed = view.distributions.iter();
    let installed: Vec<_> = installed.map(|it| entry(it, context)).collect();
    let markers = &view.environment.interpreter().python().markers;
    let report = pip_format::document("installed", installed, markers)?;
    context.ui.json_output(&report)
}

/// One distribution. What cannot be read of it is told and left out.
fn entry(distribution: &Distribution, context: &Context<'_>) -> Value {
    let mut entry = Map::new();
    let fields = told(distribution.fields(), context).unwrap_or_default();
    entry.insert("metadata".to_owned(), pip_format::metadata(fields));
    let location = distribution.path().display().to_string();
    entry.insert("metadata_location".to_owned(), Value::from(location));
    let direct = told(distribution.direct_url(), context).flatten();
    let project = || look::editable(distribution, context);
    let direct = direct.map(direct_url).or_else(|| {
        // What an .egg-link leads to is editable, though no file says so in PEP 610's words.
        let url = Url::from_file_path(project()?).ok()?;
        Some(json!({ "url": url.as_str(), "dir_info": { "editable": true } }))
    });
    let installer = told(distribution.installer(), context).flatten();
    let requested = told(distribution.requested(), context).flatten();
    let others = [
        ("direct_url", direct),
        ("installer", installer.map(Value::from)),
        ("requested", requested.map(Value::from)),
    ];
    for (name, value) in others {
        entry.extend(value.map(|it| (name.to_owned(), it)));
    }
    Value::Object(entry)
}

fn told<T>(read: assay_install::Result<T>, context: &Context<'_>) -> Option<T> {
    read.inspect_err(|error| context.ui.warn(&error.to_string()))
        .ok()
}
