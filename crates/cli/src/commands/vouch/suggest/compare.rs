//! How much there is to read.

use serde::Serialize;

use super::{From, Open};
use crate::{
    commands::{
        diff::{Differences, Side, Wanted},
        vouch::looked::Looker,
    },
    failure::{Failure, Result},
};

/// Lines that are counted one by one; above that, what surrounds them is counted, too.
const MOST_LINES: usize = 20_000;

/// What a reviewer of two wheels has before them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// New, changed, renamed and removed ones.
    pub files: usize,
    /// Of text, new and removed ones.
    pub lines: usize,
    /// New or changed files that nobody can read.
    pub native_code: usize,
    /// New or changed files that run whenever Python starts.
    pub start_up_code: usize,
}

/// Looks into as many wheels as that, those of the smallest files first.
pub fn add(open: &mut [Open], limit: usize, looker: &Looker<'_>) {
    let mut left = limit;
    let mut with_base: Vec<_> = open.iter_mut().filter(|it| it.from.is_some()).collect();
    with_base.sort_by_key(|it| it.size.unwrap_or(u64::MAX));
    for it in with_base {
        let Some(from) = it.from.clone() else {
            continue;
        };
        if left < 2 {
            it.not_compared = Some(format!("--limit {limit} was reached"));
            continue;
        }
        left -= 2;
        match compare(it, &from, looker) {
            Ok(difference) => it.difference = Some(difference),
            Err(why) => it.not_compared = Some(why.fact().to_owned()),
        }
    }
}

fn compare(open: &Open, from: &From, looker: &Looker<'_>) -> Result<Difference> {
    let project = open.present.project();
    let side = |version, sha256| {
        let side = looker.side(project, &Wanted::Version(version))?;
        match side.admission().sha256() == sha256 {
            true => Ok(side),
            false => Err(Failure::could_not(format!(
                "an install would take {}, which is another file",
                side.wheel().name().as_str()
            ))),
        }
    };
    let old = side(from.version.clone(), from.sha256)?;
    let new = side(open.present.artifact.version.clone(), open.present.sha256)?;
    Difference::new(&old, &new)
}

impl Difference {
    fn new(old: &Side, new: &Side) -> Result<Self> {
        let all = Differences::new(old, new, Some(MOST_LINES))?;
        let lists = [
            &all.new_files,
            &all.removed_files,
            &all.renamed_files,
            &all.changed_files,
        ];
        let texts = all.text.iter();
        let lines = texts.map(|it| it.changed_lines()).sum();
        let native = all.native_code.iter().filter(|it| it.row.is_there());
        let startup = all.start_up_code.iter().filter(|it| it.row.is_there());
        Ok(Self {
            files: lists.iter().map(|it| it.len()).sum(),
            lines,
            native_code: native.count(),
            start_up_code: startup.count(),
        })
    }
}
