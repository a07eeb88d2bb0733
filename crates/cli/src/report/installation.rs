//! `install --report`: pip's installation report, version "1".

use std::{collections::BTreeSet, io::Write as _, path::Path};

use assay_install::Reference;
use assay_resolve::{Pin, Request};
use assay_types::{
    Digests, MarkerEnvironment, Sha256, Url,
    listing::{File, Location, Origin},
    metadata,
    requirement::without_credentials,
};
use serde_json::{Map, Value, json};

use super::pip_format;
use crate::{
    failure::{Failure, Result},
    pipeline::{New, Outcome},
    surroundings::Surroundings,
    ui::Ui,
};

/// The report of what is to be installed. `None` for an outcome: there is nothing to do.
pub fn report(
    outcome: Option<&Outcome>,
    request: &Request,
    markers: &MarkerEnvironment,
) -> Result<Value> {
    let mut packages = Vec::new();
    if let Some(outcome) = outcome {
        for new in &outcome.new {
            packages.push(package(new, &outcome.resolution.pins[new.at], request)?);
        }
    }
    pip_format::document("install", packages, markers)
}

/// Writes it to a file, or to standard output for `-`.
pub fn write(report: &Value, to: &Path, around: &Surroundings, ui: &Ui) -> Result<()> {
    if to == Path::new("-") {
        return ui.json_output(report);
    }
    let to = around.absolute(to);
    let failed = |error: &dyn std::fmt::Display| {
        Failure::could_not(format!("writing the report {}: {error}", to.display()))
    };
    let text = serde_json::to_string_pretty(report).map_err(|error| failed(&error))?;
    let written = assay_files::open_output(&to, false)
        .and_then(|mut file| file.write_all((text + "\n").as_bytes()));
    written.map_err(|error| failed(&error))
}

fn package(new: &New, pin: &Pin, request: &Request) -> Result<Value> {
    let name = &pin.name;
    let described = new.described.as_ref().ok_or_else(|| {
        Failure::could_not(format!(
            "the metadata of {name} for the report is not there"
        ))
    })?;
    let fields = metadata::fields(&described.metadata)
        .map_err(|error| Failure::could_not(format!("{name}: {error}")))?;
    let mut package = json!({
        "download_info": download_info(&new.file, described.sha256)?,
        "is_direct": matches!(new.file.origin, Origin::Direct(_) | Origin::Local(_) | Origin::Repository(_)),
        "is_yanked": pin.candidate.yanked.is_some(),
        "requested": pin.requested,
        "metadata": pip_format::metadata(fields),
    });
    let extras = extras(pin, request);
    if pin.requested && !extras.is_empty() {
        package["requested_extras"] = json!(extras);
    }
    Ok(package)
}

/// What would be taken, as `direct_url.json` would have it.
fn download_info(file: &File, measured: Option<Sha256>) -> Result<Value> {
    match (&file.origin, &file.location) {
        (Origin::Repository(it), _) => Ok(Reference::of_repository(it)),
        (_, Location::Tree(tree)) => Ok(Reference::of_folder(
            &url_of(&tree.project())?,
            tree.editable,
        )),
        _ => Ok(json!({
            "url": url(file)?,
            "archive_info": archive(measured, &file.digests),
        })),
    }
}

/// Where the file's bytes are.
fn url(file: &File) -> Result<String> {
    match (&file.origin, &file.location) {
        (Origin::Direct(url), _) => Ok(url.to_string()),
        (_, Location::Url(url)) => Ok(without_credentials(url).to_string()),
        (_, Location::Path { path, .. }) => url_of(path).map(Into::into),
        (_, Location::Tree(tree)) => url_of(&tree.project()).map(Into::into),
    }
}

fn url_of(path: &Path) -> Result<Url> {
    Url::from_file_path(path)
        .map_err(|()| Failure::could_not(format!("{} is not absolute", path.display())))
}

/// The digest in both forms: what was measured, else what the index lists.
fn archive(measured: Option<Sha256>, listed: &Digests) -> Value {
    let sha256 = measured.or_else(|| listed.sha256());
    let sha256 = sha256.map(|it| ("sha256", it.to_string()));
    let other = || {
        let digest = listed.strong().first()?;
        let text = digest.to_string();
        let (_, hex) = text.split_once(':')?;
        Some((digest.algorithm().name(), hex.to_owned()))
    };
    let hashes: Map<_, _> = sha256
        .or_else(other)
        .map(|(algorithm, digest)| (algorithm.to_owned(), Value::from(digest)))
        .into_iter()
        .collect();
    let mut archive = Map::new();
    if !hashes.is_empty() {
        archive.insert("hashes".to_owned(), Value::Object(hashes));
    }
    pip_format::both_forms(&mut archive);
    Value::Object(archive)
}

/// The extras that the user asked for, sorted.
fn extras(pin: &Pin, request: &Request) -> Vec<String> {
    let roots = request.roots.iter().map(|it| &it.requirement);
    let named = roots.filter(|it| it.name == pin.name && it.applies(&request.markers, &[]));
    let extras: BTreeSet<_> = named.flat_map(|it| &it.extras).collect();
    extras.into_iter().map(ToString::to_string).collect()
}
