//! The way of a requirement: resolve, fetch, admit, unpack. Joins the rooms that do not know each
//! other.

mod after;
mod beside;
mod build;
mod clock;
mod described;
mod download;
mod elsewhere;
mod every_file;
mod explain;
mod filter;
mod foresight;
mod gaps;
mod heard;
mod installed;
mod look_back;
mod offers;
mod page;
mod programs;
mod publishers;
mod queue;
mod satisfied;
mod sets;
mod signers;
mod slots;
mod source;
mod trees;
mod wheel;
mod wheel_signature;
mod world;
mod written;

use assay_install::Approved;
use assay_resolve::Resolution;
use assay_types::{ProjectName, Timestamp, Version, listing::File};

pub use beside::Beside;
pub use build::{Builder, Builds, Means, Own, Products, Workbench};
pub use described::Described;
pub use download::{Downloaded, Form, download};
pub use every_file::every_file;
pub use heard::Ears;
pub use installed::Installed;
pub use offers::{Offer, Offers, offers};
pub use satisfied::satisfied;
pub use sets::{AtHand, Denied, Reading, Sets, set_files};
pub use signers::Signers;
pub use trees::{Ways, settle};
pub use wheel_signature::judge_signature;
pub use world::{Places, World};
pub use written::write;

use crate::{
    failure::Result,
    pipeline::queue::{CloseOnDrop, Job},
};

/// How many requests may be under way at once. Most threads wait for the network.
const THREADS: usize = 16;

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// Which versions.
    pub resolution: Resolution,
    /// What the target does not have yet, in the order of the pins.
    pub new: Vec<New>,
}

/// A pin that the target does not have yet.
#[derive(Debug)]
pub struct New {
    /// Its place among the pins.
    pub at: usize,
    /// `Name` as its metadata spells it; unescaped.
    pub spelling: String,
    /// The listed file.
    pub file: File,
    /// The wheel, where wheels were wanted.
    pub approved: Option<Approved>,
    /// The earliest upload of its project that its index says was attested.
    pub attested_since: Option<Timestamp>,
    /// The highest version that it has from before then, unattested.
    pub unattested_up_to: Option<Version>,
    /// All of its metadata, where a report was wanted.
    pub described: Option<Described>,
}

/// Resolves, and where wheels are wanted fetches and admits every wheel that is to be installed.
/// Downloads begin as soon as the resolver settles on a version.
pub fn run(world: &World<'_>) -> Result<Outcome> {
    std::thread::scope(|scope| {
        let _close = CloseOnDrop(&world.queue);
        for _ in 0..THREADS {
            scope.spawn(|| world.work());
        }
        world.without_gaps(|| attempt(world))
    })
}

fn attempt(world: &World<'_>) -> Result<Outcome> {
    world.places.progress.phase("Resolving");
    let resolution = assay_resolve::resolve(&world.request, world);
    world.check_clock()?;
    let resolution = resolution.map_err(|failure| explain::explain(failure, world))?;
    world.check_hashes_given(&resolution)?;
    world.report_fresh_pins(&resolution)?;
    let new = collect(world, &resolution)?;
    Ok(Outcome { resolution, new })
}

/// Waits for all wheels, where they are wanted; whatever no thread has begun is done here.
fn collect(world: &World<'_>, resolution: &Resolution) -> Result<Vec<New>> {
    let pins = || {
        let pins = resolution.pins.iter().enumerate();
        pins.filter(|(_, pin)| !pin.candidate.installed)
    };
    let job: Option<fn(ProjectName, usize) -> Job> = match &world.places {
        places if places.wheels => Some(Job::Wheel),
        places if places.foresight => Some(Job::Foresight),
        _ => None,
    };
    if let Some(job) = job {
        world.places.progress.phase("Fetching");
        // Builds take turns, and whoever waits for one fetches nothing.
        let (sources, wheels): (Vec<_>, Vec<_>) = pins().partition(|it| it.1.candidate.source);
        let jobs = wheels.into_iter().chain(sources);
        let jobs = jobs.map(|(_, pin)| job(pin.name.clone(), pin.candidate.id));
        jobs.for_each(|it| world.queue.push(it));
    }
    let new = pins().map(|(at, pin)| {
        let id = pin.candidate.id;
        let approved = world.places.wheels.then(|| world.wheel(&pin.name, id));
        let approved = approved.transpose()?;
        if let Some(approved) = &approved {
            world.report(approved.admission())?;
        } else if world.places.foresight {
            world.foresee(&pin.name, id)?;
        }
        let described = || world.described(&pin.name, id, approved.as_ref());
        let described = world.places.describe.then(described).transpose()?;
        let file = world.file(&pin.name, id)?;
        let (attested_since, unattested_up_to) = world.beginning_of(&file)?;
        Ok(New {
            at,
            spelling: world.spelling(&pin.name, id),
            attested_since,
            unattested_up_to,
            file,
            approved,
            described,
        })
    });
    new.collect()
}
