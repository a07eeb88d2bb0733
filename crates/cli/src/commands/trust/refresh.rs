//! `assay trust refresh`.

use assay_types::Timestamp;
use serde_json::json;

use super::expect_lasting;
use crate::{args::IndexArgs, commands::Context, failure::Result, settings::index};

/// Renews Sigstore's trusted root, from the public repository or from a mirror.
pub fn run(from: Option<&str>, context: &Context<'_>) -> Result<()> {
    let (folders, ui) = (&context.folders, context.ui);
    expect_lasting("a trusted root", context)?;
    let now = Timestamp::now();
    if let Some(said) = folders.judge_clock(now)? {
        ui.warn(&said);
    }
    // Metadata expires, so the later clock is the strict one.
    let now = folders.latest(now)?;
    let client = index::client(
        &IndexArgs::default(),
        &context.network,
        folders,
        context.around,
    )?;
    let renewed = folders.trust_root().renew(&client, from, now)?;
    if ui.json() {
        return ui.json_output(&json!({
            "from": renewed.from.as_str(),
            "sha256": renewed.digest.to_string(),
            "is-new": renewed.is_new,
        }));
    }
    let how = if renewed.is_new {
        "there is a new trusted root of Sigstore"
    } else {
        "the trusted root of Sigstore has not changed"
    };
    ui.line(format!("{how} (sha256 {})", renewed.digest))
}
