//! What the program's process does to itself before it becomes the program.

use std::io;

use landlock::RulesetCreated;
use rustix::{
    process::{
        Resource, Rlimit, Signal, getrlimit, set_parent_process_death_signal, setrlimit, setsid,
    },
    thread::{
        CapabilitySet, CapabilitySets, clear_ambient_capability_set, set_capabilities,
        set_no_new_privs,
    },
};
use seccompiler::BpfProgram;

use crate::{Limits, Tier};

use super::{
    filter,
    message::{During, Fault, Request},
    rules, sight,
};

/// Open files of each process.
const FILES: u64 = 4096;

/// Everything that can be prepared beforehand.
pub struct Confinement {
    limits: Vec<(Resource, u64)>,
    domain: Option<RulesetCreated>,
    filters: Vec<BpfProgram>,
}

impl Confinement {
    /// Opens the paths and compiles the filters.
    pub fn of(request: &Request) -> Result<Self, Fault> {
        let others = match (request.tier, request.user) {
            // The limit counts what the user has anywhere, not what the program has.
            (Tier::Restricted, None) => {
                sight::own_tasks().during("counting the user's processes")?
            }
            _ => 0,
        };
        Ok(Self {
            limits: resources(&request.limits, others),
            domain: Some(rules::for_program(request)?),
            filters: filter::filters(request.tier).during("compiling the system call filter")?,
        })
    }

    /// Gives up everything, the means to give up more last.
    pub fn enter(&mut self) -> io::Result<()> {
        setsid()?;
        set_parent_process_death_signal(Some(Signal::KILL))?;
        for (resource, most) in self.limits.drain(..) {
            limit(resource, most)?;
        }
        clear_ambient_capability_set()?;
        set_capabilities(None, NOTHING)?;
        set_no_new_privs(true)?;
        let domain = self.domain.take().ok_or(io::ErrorKind::InvalidInput)?;
        rules::enter(domain)?;
        for filter in &self.filters {
            seccompiler::apply_filter(filter).map_err(|_| io::ErrorKind::PermissionDenied)?;
        }
        Ok(())
    }
}

const NOTHING: CapabilitySets = CapabilitySets {
    effective: CapabilitySet::empty(),
    permitted: CapabilitySet::empty(),
    inheritable: CapabilitySet::empty(),
};

fn resources(limits: &Limits, others: u64) -> Vec<(Resource, u64)> {
    vec![
        (Resource::Cpu, limits.cpu.as_secs().max(1)),
        (Resource::As, limits.memory),
        (Resource::Fsize, limits.file),
        (Resource::Nproc, limits.processes + others),
        (Resource::Nofile, FILES),
        (Resource::Core, 0),
    ]
}

/// Never above what the host itself may have.
fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let allowed = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    // At the soft limit of processor time a signal tells why; at the hard one the kernel kills.
    let grace = u64::from(resource == Resource::Cpu);
    let limit = Rlimit {
        current: Some(most.min(allowed)),
        maximum: Some(most.saturating_add(grace).min(allowed)),
    };
    Ok(setrlimit(resource, limit)?)
}
