//! Bringing the run of a process that died to its end: forwards if it was decided, backwards if it
//! had failed. Each step leaves a state from which it can be begun again.

use std::path::Path;

use super::{
    Leftover, Staging,
    journal::Journal,
    moves::Moves,
    note::Note,
    staging::Phase,
    survey::{Stop, Survey},
    tidy,
};
use crate::{Environment, Error, Result, ledger::Pending};

/// Takes a dead run to its end and says what was done.
pub(super) fn run(
    environment: &Environment,
    mut staging: Staging<'_>,
    state_dir: &Path,
) -> Result<Leftover> {
    let pending = Pending::of(state_dir, environment, staging.run());
    let note = Note::of(state_dir, staging.run());
    let ended = match staging.phase() {
        Phase::Staged => pending
            .discard()
            .and_then(|()| note.remove())
            .map(|()| Leftover::Removed(staging.paths())),
        Phase::Moving | Phase::Undoing => mend(environment, &mut staging, &pending, &note),
        Phase::Done => clear(environment, &staging, &note),
        Phase::GivenUp => Ok(Leftover::GivenUp {
            folders: staging.paths(),
            why: None,
        }),
    };
    ended.map_err(|source| Error::Unfinished {
        folders: staging.paths(),
        source: Box::new(source),
    })
}

/// Everything is in place; folders may be empty.
fn clear(environment: &Environment, staging: &Staging<'_>, note: &Note) -> Result<Leftover> {
    let lead = staging.lead()?;
    if let Some(noted) = note.journal_in(lead)?
        && let Ok(journal) = Journal::read(lead, noted).map_err(io(staging))?
        && let Some(journal) = journal.bind(environment)
    {
        tidy::remove_empty_folders(environment, &journal);
    }
    note.remove()?;
    Ok(Leftover::Removed(staging.paths()))
}

fn mend(
    environment: &Environment,
    staging: &mut Staging<'_>,
    pending: &Pending,
    note: &Note,
) -> Result<Leftover> {
    let Some(noted) = note.journal_in(staging.lead()?)? else {
        return Ok(Leftover::Unknown(staging.paths()));
    };
    let journal = match Journal::read(staging.lead()?, noted).map_err(io(staging))? {
        Ok(journal) => journal,
        Err(why) => return give_up(staging, pending, why.to_owned()),
    };
    let Some(journal) = journal.bind(environment) else {
        return Ok(Leftover::Elsewhere(staging.paths()));
    };
    let work = journal.work.to_string();
    let mended = match staging.phase() {
        Phase::Moving => forward(environment, staging, &journal, pending),
        _ => back(environment, staging, &journal, pending),
    };
    let is_noted = match mended {
        Ok(is_noted) => is_noted,
        Err(Stop::Failed(error)) => return Err(error),
        Err(Stop::Obstacle(why)) => return give_up(staging, pending, why),
    };
    let was = staging.phase();
    staging.enter(Phase::Done)?;
    tidy::remove_empty_folders(environment, &journal);
    note.remove()?;
    Ok(match was {
        Phase::Moving => Leftover::Finished { work, is_noted },
        _ => Leftover::MovedBack { work },
    })
}

/// Gives whether the digests of its receipts are known to the user's state.
fn forward(
    environment: &Environment,
    staging: &Staging<'_>,
    journal: &Journal,
    pending: &Pending,
) -> Result<bool, Stop> {
    let due = Survey::new(environment, staging, journal)?.due(staging)?;
    let moves = Moves {
        environment,
        staging,
    };
    moves.forward(&due)?;
    pending.settle_if(&journal.ledger).map_err(Stop::Failed)
}

fn back(
    environment: &Environment,
    staging: &Staging<'_>,
    journal: &Journal,
    pending: &Pending,
) -> Result<bool, Stop> {
    let due = Survey::new(environment, staging, journal)?.due_back(staging)?;
    let moves = Moves {
        environment,
        staging,
    };
    moves.back(&due)?;
    pending.discard().map_err(Stop::Failed)?;
    Ok(true)
}

/// From here on it is named and left alone.
fn give_up(staging: &mut Staging<'_>, pending: &Pending, why: String) -> Result<Leftover> {
    pending.discard()?;
    staging.enter(Phase::GivenUp)?;
    Ok(Leftover::GivenUp {
        folders: staging.paths(),
        why: Some(why),
    })
}

fn io(staging: &Staging<'_>) -> impl FnOnce(std::io::Error) -> Error + use<> {
    let path = staging.paths().into_iter().next().unwrap_or_default();
    move |error| Error::io("reading the journal in", path, error)
}
