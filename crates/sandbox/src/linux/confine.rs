//! What the program's process does to itself before it becomes the program.

use std::{
    io,
    os::fd::{AsFd, OwnedFd},
};

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
    channel::{self, Handed},
    filter,
    message::{During, Fault, Request},
    raw, rules, sight,
};

/// Open files of each process.
const FILES: u64 = 4096;

/// Everything that can be prepared beforehand.
pub struct Confinement {
    limits: Vec<(Resource, u64)>,
    domain: Option<RulesetCreated>,
    filters: Vec<BpfProgram>,
    told: BpfProgram,
    untold: Option<BpfProgram>,
    host: OwnedFd,
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
            told: filter::told(request.tier),
            untold: filter::untold(request.tier),
            host: own_output().during("talking to assay")?,
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
            apply(filter)?;
        }
        self.tell_the_host()
    }

    /// Only words are lost where the kernel cannot, or somebody around us is told already.
    fn tell_the_host(&self) -> io::Result<()> {
        match raw::apply_told_filter(&self.told) {
            Ok(calls) => channel::hand(self.host.as_fd(), Handed::Calls, calls.as_fd()),
            Err(_) => self.untold.as_ref().map_or(Ok(()), apply),
        }
    }
}

fn apply(filter: &BpfProgram) -> io::Result<()> {
    seccompiler::apply_filter(filter).map_err(|_| io::ErrorKind::PermissionDenied.into())
}

/// Where the init reports; the program has it no more.
fn own_output() -> io::Result<OwnedFd> {
    io::stdout().as_fd().try_clone_to_owned()
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
        // Not 0: where the system hands memory images to a program of its own, which runs as root and
        // outside, that one is started all the same. A limit of 1 is the kernel's word for no image at all.
        (Resource::Core, 1),
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
