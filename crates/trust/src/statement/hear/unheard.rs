//! Lines about a file by somebody who has no say, so that nobody wonders why they do not count.

use std::collections::BTreeSet;

use super::{Shown, question::Question, voice::Place};
use crate::statement::content::Content;

/// Everything but what was heard.
#[derive(Default)]
pub(super) struct Unheard {
    /// Bundle and line.
    heard: BTreeSet<(usize, usize)>,
}

impl Unheard {
    /// This line was heard.
    pub fn leave_out(&mut self, place: Place<'_>) {
        self.heard.insert((place.bundle, place.line.number));
    }

    /// What to say of the rest. Sets are full of statements about other files; what lies beside a file
    /// should be about it.
    pub fn lines(&self, shown: &[Shown<'_>], question: &Question<'_>) -> Vec<String> {
        let project = question.project();
        let mut all = Vec::new();
        for (bundle, it) in shown.iter().enumerate() {
            let unheard = it.bundle.lines.iter();
            let unheard = unheard.filter(|line| !self.heard.contains(&(bundle, line.number)));
            let is_about = |it: &&Content| question.is_about(it) || it.is_malformed();
            let (about, other): (Vec<_>, Vec<_>) =
                unheard.map(|it| &it.content).partition(is_about);
            let is_read = |it: &&&Content| !matches!(it, Content::Foreign);
            let other = other.iter().filter(is_read).count();
            let about = about
                .iter()
                .filter(|line| it.source.is_none() || !line.is_malformed());
            let (about, document) = (about.count(), it.document);
            if about > 0 {
                let (who, about) = ("by nobody whose word counts for", counted(about));
                all.push(format!("{document} has {about} about it {who} {project}"));
            }
            if other > 0 && it.source.is_none() {
                let other = counted(other);
                all.push(format!("{document} has {other} about other files"));
            }
        }
        all
    }
}

fn counted(statements: usize) -> String {
    match statements {
        1 => "1 statement".to_owned(),
        more => format!("{more} statements"),
    }
}
