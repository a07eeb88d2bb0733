//! `assay hook check`: whether a program keeps to the protocol.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    time::{Duration, Instant},
};

use assay_trust::hook::Answer;
use serde::Serialize;

use super::{
    made_up::MadeUp,
    situations::{ALL, AT_ONCE, Right, Situation},
};
use crate::{
    args::HookCheckArgs,
    commands::Context,
    failure::{Failure, Result},
    hooks::{Call, Copy, Fault, Hooks, Tail, line},
    settings::{self, Hook},
    ui::Table,
};

/// Tries everything, and tells; 1 where something is wrong.
pub fn run(args: &HookCheckArgs, context: &Context<'_>) -> Result<u8> {
    let hook = hook(args, context)?;
    hook.check()?;
    let hooks = Hooks::at_once(AT_ONCE);
    let mut rows: Vec<Row> = Vec::new();
    for situation in &ALL {
        let first = rows.first().and_then(|it| it.answer);
        rows.push(tried(situation, &hook, &hooks, first)?);
    }
    let is_fine = rows.iter().all(|it| it.problem.is_none());
    report(&rows, context)?;
    Ok(u8::from(!is_fine))
}

/// As a policy file would name it.
fn hook(args: &HookCheckArgs, context: &Context<'_>) -> Result<Hook> {
    let (program, arguments) = args
        .command
        .split_first()
        .ok_or_else(|| Failure::usage("name a program"))?;
    if !program.contains('/') {
        let fact = format!("{program} is no path: a policy file names a hook by its absolute path");
        return Err(Failure::usage(fact).hint(format!("write ./{program}, or where else it is")));
    }
    let program = settings::plain(&context.around.absolute(program.as_ref()));
    let program = program.to_str().ok_or_else(|| {
        Failure::usage("the path of the program is not UTF-8, as in a policy file it has to be")
    })?;
    let words = [program.to_owned()].into_iter();
    Ok(Hook {
        label: "check".parse().map_err(Failure::usage)?,
        command: words.chain(arguments.iter().cloned()).collect(),
        timeout: settings::hook_timeout(&args.within)
            .map_err(|it| Failure::usage(format!("--within: {it}")))?,
        place: "the command line".to_owned(),
    })
}

/// What came of one situation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    situation: &'static str,
    /// `accept`, `refuse` or `abstain`.
    answer: Option<&'static str>,
    reason: Option<String>,
    /// Of the slowest answer.
    seconds: f64,
    /// What is wrong.
    problem: Option<String>,
    /// The last lines of standard error.
    said: Vec<String>,
}

/// One answer, or none.
struct Tried {
    outcome: Result<Answer, Fault>,
    took: Duration,
    said: Tail,
    is_copy_whole: bool,
}

fn tried(
    situation: &Situation,
    hook: &Hook,
    hooks: &Hooks,
    first: Option<&'static str>,
) -> Result<Row> {
    let file = (situation.file)()?;
    let all = std::thread::scope(|scope| {
        let ask = || ask(situation, &file, hook, hooks);
        let asked: Vec<_> = (0..situation.times).map(|_| scope.spawn(ask)).collect();
        let joined = asked.into_iter().map(|it| it.join());
        let all: Result<Vec<_>> = joined
            .map(|it| it.unwrap_or_else(|_| Err(crashed())))
            .collect();
        all
    })?;
    let seconds = all.iter().map(|it| it.took.as_secs_f64());
    let seconds = seconds.fold(0.0, f64::max);
    let problems = all.iter().map(|it| it.problem(situation.right, first));
    // The one to tell is the first that has one.
    let worst = problems.enumerate().find(|it| it.1.is_some());
    let (at, problem) = worst.unwrap_or((0, None));
    let shown = all.get(at);
    let answer = shown.and_then(|it| it.outcome.as_ref().ok());
    Ok(Row {
        situation: situation.name,
        answer: answer.map(|it| it.verdict().word()),
        reason: answer.and_then(|it| it.reason()).map(str::to_owned),
        seconds,
        problem,
        said: shown.map(|it| it.said.lines()).unwrap_or_default(),
    })
}

fn crashed() -> Failure {
    Failure::could_not("a thread that asked the hook ended")
}

fn ask(situation: &Situation, file: &MadeUp, hook: &Hook, hooks: &Hooks) -> Result<Tried> {
    let authenticated = file.authenticated()?;
    hooks.with_copy(file.file_name(), &authenticated, |copy| {
        let path = copy.path();
        let facts = (situation.change)(file.facts(&path.to_string_lossy())?);
        let facts = facts.map(|it| line(&it)).transpose()?.unwrap_or_default();
        if situation.is_sealed {
            seal(path)?;
        }
        let work = copy.work();
        let call = Call {
            facts: &facts,
            folder: &work,
            has_home: situation.has_home,
        };
        let (mut said, started) = (Tail::default(), Instant::now());
        let outcome = hooks.answer(hook, &call, &mut said);
        Ok(Tried {
            outcome,
            took: started.elapsed(),
            said,
            is_copy_whole: is_whole(file, copy),
        })
    })
}

/// Nothing can be made beside the copy.
fn seal(copy: &Path) -> Result<()> {
    let Some(folder) = copy.parent() else {
        return Ok(());
    };
    let failed = |error| Failure::could_not(format!("{}: {error}", folder.display()));
    fs::set_permissions(folder, Permissions::from_mode(0o500)).map_err(failed)
}

fn is_whole(file: &MadeUp, copy: &Copy) -> bool {
    fs::read(copy.path()).is_ok_and(|it| file.is(&it))
}

impl Tried {
    /// What is wrong with it.
    fn problem(&self, right: Right, first: Option<&'static str>) -> Option<String> {
        let answered = self.outcome.as_ref().map(|it| it.verdict().word());
        match (right, answered) {
            (Right::NoAccept, Ok("accept")) => {
                return Some("it accepts what it cannot understand".to_owned());
            }
            (Right::NoAccept, Err(Fault::TimedOut(_) | Fault::NotStarted(_)))
            | (Right::Answer | Right::Same, Err(_)) => {
                return self.outcome.as_ref().err().map(|it| format!("it {it}"));
            }
            (Right::Same, Ok(answer)) if first != Some(answer) => {
                let first = first.unwrap_or("nothing");
                return Some(format!("it answers {answer}, and {first} at first"));
            }
            _ => {}
        }
        (!self.is_copy_whole).then(|| "it changed or removed its copy".to_owned())
    }
}

fn report(rows: &[Row], context: &Context<'_>) -> Result<()> {
    if context.ui.json() {
        return context.ui.json_output(&rows);
    }
    let mut table = Table::new(["Situation", "Answer", "Seconds", "Verdict"]);
    for row in rows {
        let verdict = row.problem.as_deref().unwrap_or("fine");
        let seconds = format!("{:.2}", row.seconds);
        table.row([row.situation, row.answer.unwrap_or("-"), &seconds, verdict]);
    }
    table.print(context.ui)?;
    let wrong: Vec<_> = rows.iter().filter(|it| it.problem.is_some()).collect();
    for row in &wrong {
        for line in &row.said {
            context
                .ui
                .note(&format!("{}: it said: {line}", row.situation));
        }
    }
    context.ui.line(match wrong.len() {
        0 => "it keeps to the protocol".to_owned(),
        some => format!(
            "it does not keep to the protocol in {some} of {} situations",
            rows.len()
        ),
    })
}
