//! The way of a requirement: resolve, fetch, admit, unpack. Joins the rooms that do not know each
//! other.

mod after;
mod download;
mod explain;
mod installed;
mod page;
mod queue;
mod satisfied;
mod slots;
mod source;
mod wheel;
mod world;

use assay_install::Approved;
use assay_resolve::Resolution;

pub use download::{Downloaded, download};
pub use installed::Installed;
pub use satisfied::satisfied;
pub use world::{Places, World};

use crate::{
    failure::Result,
    pipeline::queue::{CloseOnDrop, Job},
};

/// How many requests may be under way at once. Most threads wait for the network.
const THREADS: usize = 16;

/// A resolution and, where wheels were wanted, the approved wheel of every new pin, in its order.
#[derive(Debug)]
pub struct Outcome {
    /// Which versions.
    pub resolution: Resolution,
    /// Pins that the target does not have yet, with their wheels.
    pub approved: Vec<(usize, Approved)>,
}

/// Resolves, and where wheels are wanted fetches and admits every wheel that is to be installed.
/// Downloads begin as soon as the resolver settles on a version.
pub fn run(world: &World<'_>) -> Result<Outcome> {
    std::thread::scope(|scope| {
        let _close = CloseOnDrop(&world.queue);
        for _ in 0..THREADS {
            scope.spawn(|| world.work());
        }
        world.places.progress.phase("Resolving");
        let resolution = assay_resolve::resolve(&world.request, world)
            .map_err(|failure| explain::explain(failure, world))?;
        world.check_hashes_given(&resolution)?;
        world.report_fresh_pins(&resolution)?;
        let approved = if world.places.wheels {
            collect(world, &resolution)?
        } else {
            Vec::new()
        };
        Ok(Outcome {
            resolution,
            approved,
        })
    })
}

/// Waits for all wheels; whatever no thread has begun is done here.
fn collect(world: &World<'_>, resolution: &Resolution) -> Result<Vec<(usize, Approved)>> {
    world.places.progress.phase("Fetching");
    let new = || {
        resolution
            .pins
            .iter()
            .enumerate()
            .filter(|(_, pin)| !pin.candidate.installed)
    };
    for (_, pin) in new() {
        world
            .queue
            .push(Job::Wheel(pin.name.clone(), pin.candidate.id));
    }
    new()
        .map(|(at, pin)| Ok((at, world.wheel(&pin.name, pin.candidate.id)?)))
        .collect()
}
