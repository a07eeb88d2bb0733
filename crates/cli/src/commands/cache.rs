//! `assay cache`.

mod pattern;

use assay_install::{Store, StoredWheel};
use assay_types::Printable;
use serde_json::{Value, json};

use super::Context;
use crate::{
    args::{CacheCommand, CacheFormat},
    failure::{Failure, Result},
};
use pattern::Pattern;

/// Looks at the cache, verifies it or empties it; exit code 1 where something was changed.
pub fn run(command: &CacheCommand, context: &Context<'_>) -> Result<u8> {
    context.folders.expect_cache()?;
    let store = context.folders.store();
    match command {
        CacheCommand::Dir => context.ui.output(context.folders.cache().display())?,
        CacheCommand::Info => info(&store, context)?,
        CacheCommand::Purge => clean(&store, context)?,
        CacheCommand::Verify => return verify(&store, context),
        CacheCommand::List { pattern, format } => {
            list(&chosen(&store, pattern.as_deref())?, *format, context)?;
        }
        CacheCommand::Remove { pattern } => remove(&store, pattern, context)?,
    }
    Ok(0)
}

/// The wheels whose file names match; all of them where there is no pattern.
fn chosen(store: &Store, pattern: Option<&str>) -> Result<Vec<StoredWheel>> {
    let pattern = Pattern::wheels(&pattern.unwrap_or("*").to_ascii_lowercase());
    let mut wheels = store.wheels()?;
    // Names mean the same in any case.
    wheels.retain(|it| pattern.matches(&it.name().as_str().to_ascii_lowercase()));
    Ok(wheels)
}

fn list(wheels: &[StoredWheel], format: CacheFormat, context: &Context<'_>) -> Result<()> {
    let ui = context.ui;
    if ui.json() {
        let rows: Vec<_> = wheels.iter().map(row).collect();
        return ui.json_output(&rows);
    }
    if format == CacheFormat::Abspath {
        return wheels.iter().try_for_each(|it| {
            let folder = it.folder().display().to_string();
            ui.output(Printable(&folder))
        });
    }
    if wheels.is_empty() {
        return ui.line("No wheels cached.");
    }
    ui.line("Cache contents:\n")?;
    wheels.iter().try_for_each(|it| {
        let (name, (_, bytes)) = (it.name().as_str(), it.unpacked());
        ui.output(format_args!(" - {name} ({})", indicatif::HumanBytes(bytes)))
    })
}

fn row(wheel: &StoredWheel) -> Value {
    let (files, bytes) = wheel.unpacked();
    json!({
        "file": wheel.name().as_str(), "sha256": wheel.sha256().to_string(),
        "files": files, "bytes": bytes, "path": wheel.folder(),
    })
}

/// As pip does, `*` takes everything else in the cache, too.
fn remove(store: &Store, pattern: &str, context: &Context<'_>) -> Result<()> {
    if pattern == "*" {
        return clean(store, context);
    }
    let wheels = chosen(store, Some(pattern))?;
    if wheels.is_empty() {
        let text = format!("No matching packages for pattern \"{pattern}\"");
        context.ui.warn(&text);
    }
    for wheel in &wheels {
        store.remove(wheel.sha256())?;
        let text = format!("Removed {}", wheel.name().as_str());
        context.ui.detail(&text);
    }
    if context.ui.json() {
        let rows: Vec<_> = wheels.iter().map(row).collect();
        return context.ui.json_output(&json!({ "removed": rows }));
    }
    let bytes = wheels.iter().map(|it| it.unpacked().1).sum();
    context.ui.line(format_args!(
        "Files removed: {} ({})",
        wheels.len(),
        indicatif::HumanBytes(bytes)
    ))
}

fn info(store: &Store, context: &Context<'_>) -> Result<()> {
    let info = store.info()?;
    let location = context.folders.cache().display().to_string();
    if context.ui.json() {
        return context.ui.json_output(&serde_json::json!({
            "location": location, "wheels": info.wheels, "files": info.files, "bytes": info.bytes,
            "damaged": info.damaged, "unknown": info.unknown,
        }));
    }
    context
        .ui
        .output(format_args!("Location: {}", Printable(&location)))?;
    context.ui.output(format_args!(
        "Wheels:   {} ({} files, {})",
        info.wheels,
        info.files,
        indicatif::HumanBytes(info.bytes)
    ))?;
    if info.damaged > 0 {
        context.ui.output(format_args!(
            "Damaged:  {} (will be fetched again)",
            info.damaged
        ))?;
    }
    if info.unknown > 0 {
        context.ui.output(format_args!(
            "Unknown:  {} (not published by this user; never used)",
            info.unknown
        ))?;
    }
    Ok(())
}

/// Everything in the cache may go at any time, but only what lies in it by our names.
fn clean(store: &Store, context: &Context<'_>) -> Result<()> {
    let wheels = store.purge()?;
    // Without a state no page is believed, so none is kept.
    if let Some(state) = context.folders.lasting_state() {
        assay_index::clear_cache(context.folders.cache(), state)?;
    }
    let folders = &context.folders;
    let others = [
        Some(folders.sdists()),
        Some(folders.build_logs()),
        folders.built(),
    ];
    for folder in others.into_iter().flatten() {
        folder
            .remove()
            .map_err(|error| Failure::could_not(error.to_string()))?;
    }
    if context.ui.json() {
        return context
            .ui
            .json_output(&serde_json::json!({ "wheels-removed": wheels }));
    }
    let noun = if wheels == 1 { "wheel" } else { "wheels" };
    context.ui.line(format_args!(
        "Removed {wheels} {noun}, all index pages and sdists"
    ))
}

fn verify(store: &Store, context: &Context<'_>) -> Result<u8> {
    let found = store.verify()?;
    if context.ui.json() {
        let damaged: Vec<_> = found
            .damaged
            .iter()
            .map(|it| serde_json::json!({ "sha256": it.sha256.to_string(), "why": it.why }))
            .collect();
        context.ui.json_output(&serde_json::json!({ "intact": found.intact, "damaged": damaged, "unknown": found.unknown }))?;
    } else {
        context.ui.line(format_args!(
            "{} wheels are what was unpacked",
            found.intact
        ))?;
        for damage in &found.damaged {
            context.ui.output(format_args!(
                "changed: {} ({}); it will be fetched again",
                damage.sha256,
                Printable(&damage.why)
            ))?;
        }
    }
    Ok(u8::from(!found.damaged.is_empty()))
}
