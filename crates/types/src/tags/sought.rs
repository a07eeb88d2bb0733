//! The tags of a Python that options describe (pip's `compatibility_tags`).

use std::sync::Arc;

use super::{
    Tags,
    interpreter::{self, List},
    platform,
};
use crate::python::{Python, Sought};

pub(super) fn add_all(tags: &mut Tags, python: &Python, sought: &Sought) {
    let version = match &sought.version {
        Some(numbers) => numbers.iter().take(2).copied().collect(),
        None => interpreter::major_minor(python),
    };
    let own = interpreter::short_name(python);
    let name = sought
        .implementation
        .as_deref()
        .unwrap_or(own)
        .to_ascii_lowercase();
    let tag = format!("{name}{}", interpreter::joined(&version));
    let mut list = List {
        tags,
        platforms: platforms(python, sought),
    };
    if name == "cp" {
        let abis = match sought.abis.is_empty() {
            false => lowercase(&sought.abis),
            true => interpreter::cpython_abi(python, &version)
                .into_iter()
                .collect(),
        };
        list.add_cpython(&version, abis);
    } else {
        let mut abis = match sought.abis.is_empty() {
            false => lowercase(&sought.abis),
            true => vec![interpreter::own_abi(python)],
        };
        if !abis.iter().any(|it| it == "none") {
            abis.push("none".to_owned());
        }
        abis.iter().for_each(|abi| list.on_platforms(&tag, abi));
    }
    list.add_compatible(&version, Some(tag));
}

fn lowercase(texts: &[String]) -> Vec<String> {
    texts.iter().map(|it| it.to_ascii_lowercase()).collect()
}

/// What was asked for with all that runs there too, each once.
fn platforms(python: &Python, sought: &Sought) -> Vec<Arc<str>> {
    if sought.platforms.is_empty() {
        return platform::of(python);
    }
    let mut all: Vec<Arc<str>> = Vec::new();
    for asked in lowercase(&sought.platforms) {
        for platform in platform::with_older(&asked) {
            if !all.iter().any(|it| **it == *platform) {
                all.push(platform.into());
            }
        }
    }
    all
}
