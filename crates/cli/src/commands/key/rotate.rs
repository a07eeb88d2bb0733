//! `assay key rotate`: a new key, and the old one's word for it.
//!
//! The statement is written first. Where a run ends there, it speaks for a key that nobody has, which
//! harms nobody; the next run begins anew.

use assay_trust::{
    Label, ProjectPattern,
    statement::{Bundle, Certification, Statement, Times},
};
use assay_types::{Printable, Timestamp, day::LastDay};
use jiff::{SignedDuration, tz::TimeZone};
use serde::Serialize;

use super::{Kept, export::policy, fresh, label, own_keys};
use crate::{
    args::KeyRotateArgs,
    commands::Context,
    failure::{Failure, Result},
    signing::{BundleFile, OpenKey, OwnKeys, Passphrase, Passphrases, PublicKey, Signer, seconds},
};

/// What statements about keys are kept in.
const KEYS: &str = "_keys.assay";
/// How long users have, unless a day is named.
const USUAL: SignedDuration = SignedDuration::from_hours(24 * 182);

/// Makes the new key, has the old one certify it, and tells what users have to do.
pub fn run(args: &KeyRotateArgs, context: &Context<'_>) -> Result<()> {
    let now = seconds(Timestamp::now())?;
    let (name, keys) = (label(&args.name)?, own_keys(context)?);
    let until = last_day(args.until.as_deref(), now)?;
    let old_name = free_name(&name, &keys, now)?;
    let path = args.statements.join(KEYS);
    let mut bundle = BundleFile::read(&path, Bundle::LARGEST_SET)?;
    let file = keys.read(&name)?;
    let was_encrypted = file.is_encrypted();
    let passphrases = Passphrases::new(&args.passphrase, context);
    let old = Signer::of_key(file.open(&passphrases)?);
    let new = OpenKey::generate(old.comment())?;
    let statement = certification(new.public(), &args.projects, (now, until))?;
    bundle.add(&old, &statement)?;
    let passphrase = fresh_passphrase(args, &passphrases, context)?;
    let text = new.to_text(passphrase.as_ref().map(|it| it.as_slice()))?;
    bundle.write(&old, &statement)?;
    let swapped = keys.replace(&name, &old_name, new.public(), &text);
    swapped.map_err(|why| match keys.public(&name) {
        // All but its public line is there.
        Ok(key) if key.raw() == new.public().raw() => why,
        _ => not_swapped(why, &bundle),
    })?;
    let rotated = Rotated {
        new: Kept::new(&name, new.public(), passphrase.is_some(), &keys)?,
        old: Kept::new(&old_name, old.public(), was_encrypted, &keys)?,
        statement: path.display().to_string(),
        projects: args.projects.clone(),
        until: until.to_string(),
    };
    rotated.print(&name, new.public(), context)
}

/// What users see of it, for people and for `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Rotated {
    new: Kept,
    old: Kept,
    statement: String,
    projects: Vec<String>,
    until: String,
}

impl Rotated {
    fn print(&self, name: &Label, key: &PublicKey, context: &Context<'_>) -> Result<()> {
        if context.ui.json() {
            return context.ui.json_output(self);
        }
        let Self {
            new,
            old,
            statement,
            projects,
            until,
        } = self;
        let (statement, projects) = (Printable(statement), projects.join(", "));
        let projects = Printable(&projects);
        let table = policy(name, key)?;
        let ui = context.ui;
        ui.line(format_args!(
            "{name}: {}, in {}",
            new.fingerprint,
            Printable(&new.path)
        ))?;
        ui.line(format_args!(
            "{}: {}, in {}",
            old.name,
            old.fingerprint,
            Printable(&old.path)
        ))?;
        ui.line(format_args!(
            "{statement}: by the old key, that the new one speaks for {projects} until {until}"
        ))?;
        ui.line("\nUsers whose rules accept certified:SOURCE by the old key follow once that file is published.")?;
        ui.line(format_args!(
            "Users who name the key itself must change this before you sign with the new one, and all\n\
             others by {until}:\n{table}"
        ))
    }
}

/// The old key's word, to be signed by it.
fn certification(
    key: &PublicKey,
    projects: &[String],
    (issued, until): (Timestamp, LastDay),
) -> Result<Statement> {
    let patterns = projects.iter().map(|it| {
        let wrong = || Failure::usage(format!("--project {it}: no project has such a name"));
        ProjectPattern::parse(it).ok_or_else(wrong)
    });
    let said = Certification {
        key: key.raw().clone(),
        projects: patterns.collect::<Result<_>>()?,
    };
    let expires = Some(until.end());
    let statement = Statement::certifies(said, Times { issued, expires });
    statement.map_err(|error| Failure::usage(format!("the statement: {error}")))
}

/// Where nothing else is said the new key has the passphrase of the old one's file, or what is typed.
fn fresh_passphrase(
    args: &KeyRotateArgs,
    olds: &Passphrases,
    context: &Context<'_>,
) -> Result<Option<Passphrase>> {
    let named = args.new.new_passphrase_file.as_deref();
    let news = Passphrases::from(named, context);
    let wanted = if news.is_file() { &news } else { olds };
    let wanted = (!args.new.no_passphrase).then_some(wanted);
    fresh(wanted, &format!("the new {}", args.name))
}

/// `NAME-YYYYMMDD`, unless another key has that name.
fn free_name(name: &Label, keys: &OwnKeys, now: Timestamp) -> Result<Label> {
    let day = now
        .to_zoned(TimeZone::UTC)
        .date()
        .to_string()
        .replace('-', "");
    let old = label(&format!("{name}-{day}"))?;
    match keys.has(&old)? && !keys.is_copy(&old, name)? {
        false => Ok(old),
        true => Err(Failure::usage(format!(
            "{name} was rotated today already: there is a key {old}"
        ))
        .hint("the old key's name has the day (UTC) in it: rotate it again tomorrow")),
    }
}

fn last_day(text: Option<&str>, now: Timestamp) -> Result<LastDay> {
    let usual = || (now + USUAL).to_zoned(TimeZone::UTC).date().to_string();
    let text = text.map_or_else(usual, str::to_owned);
    let wrong = |why: String| Failure::usage(format!("--until {text}: {why}"));
    let day: LastDay = text.parse().map_err(|it| wrong(format!("{it}")))?;
    match day.holds_at(now) {
        true => Ok(day),
        false => Err(wrong(format!("that day is over; it is {now:.0}"))),
    }
}

/// The statement is of no use then.
fn not_swapped(why: Failure, bundle: &BundleFile) -> Failure {
    match bundle.take_back() {
        Ok(()) => why.hint("nothing was changed"),
        Err(_) => why.hint(format!(
            "no key was changed; take the new line out of {}: nobody has the key that it is about",
            bundle.path().display()
        )),
    }
}
