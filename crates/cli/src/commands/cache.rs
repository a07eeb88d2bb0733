//! `assay cache`.

use assay_install::Store;
use assay_types::Printable;

use super::Context;
use crate::{args::CacheCommand, failure::Result};

/// Looks at the cache, verifies it or empties it; exit code 1 where something was changed.
pub fn run(command: &CacheCommand, context: &Context<'_>) -> Result<u8> {
    let store = context.folders.store();
    match command {
        CacheCommand::Dir => context.ui.output(context.folders.cache().display())?,
        CacheCommand::Info => info(&store, context)?,
        CacheCommand::Purge => clean(&store, context)?,
        CacheCommand::Verify => return verify(&store, context),
        CacheCommand::List { .. } | CacheCommand::Remove { .. } => {
            return Err(crate::failure::Failure::usage("not offered yet"));
        }
    }
    Ok(0)
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
    if context.ui.json() {
        return context
            .ui
            .json_output(&serde_json::json!({ "wheels-removed": wheels }));
    }
    context
        .ui
        .line(format_args!("Removed {wheels} wheels and all index pages"))
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
