//! Landlock: which paths, and no TCP, signals or abstract sockets out of the domain.

use std::{io, path::Path};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath,
    PathFd, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus,
    Scope,
};

use crate::Tier;

use super::{
    loopback::DOOR,
    message::{During, Fault, Request},
    sight::{self, DEVICES, TEMPORARY},
};

/// The first version that keeps signals and abstract sockets inside (Linux 6.12).
const SCOPED: ABI = ABI::V6;

/// A domain out of which no signal leads; for the calling process and all that it starts.
pub fn keep_signals_inside() -> Result<(), Fault> {
    let step = "Landlock's scopes (Linux 6.12)";
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .scope(Scope::Signal)
        // Moving files between folders is the one right that a domain takes unless it is given.
        .and_then(|it| it.handle_access(AccessFs::Refer));
    let domain = ruleset.and_then(Ruleset::create).during(step)?;
    let domain = allow(domain, Path::new("/"), AccessFs::Refer.into())?;
    enter(domain).during(step)
}

/// The program's domain, ready to be entered.
pub fn for_program(request: &Request) -> Result<RulesetCreated, Fault> {
    let mut rules = create(request.tier).during("Landlock")?;
    let work = request.work_as_seen();
    let all = AccessFs::from_all(SCOPED);
    let special = AccessFs::MakeChar | AccessFs::MakeBlock | AccessFs::IoctlDev;
    let write = all & !special;
    let read = AccessFs::from_read(SCOPED);
    let elsewhere = request.read_only_at.iter().map(|it| it.1.clone());
    for path in sight::readable(request).into_iter().chain(elsewhere) {
        rules = allow(rules, &path, read)?;
    }
    for device in DEVICES {
        rules = allow(
            rules,
            Path::new(device),
            AccessFs::ReadFile | AccessFs::WriteFile,
        )?;
    }
    rules = allow(rules, &work, write)?;
    if request.network {
        let door = NetPort::new(DOOR.port(), AccessNet::ConnectTcp);
        rules = rules.add_rule(door).during("allowing the way out")?;
    }
    for (_, at) in &request.also_at {
        rules = allow(rules, at, write)?;
    }
    match request.tier {
        Tier::Namespaces | Tier::Bubblewrap => {
            rules = allow(rules, Path::new("/tmp"), write)?;
            rules = allow(rules, Path::new("/dev/shm"), write)?;
            rules = allow(
                rules,
                Path::new("/proc"),
                AccessFs::ReadFile | AccessFs::ReadDir,
            )?;
            allow(
                rules,
                Path::new("/etc"),
                AccessFs::ReadFile | AccessFs::ReadDir,
            )
        }
        Tier::Restricted => {
            let temporary = work.join(TEMPORARY);
            std::fs::create_dir_all(&temporary).during(format!("making {temporary:?}"))?;
            ["/proc/cpuinfo", "/proc/meminfo"]
                .iter()
                .try_fold(rules, |rules, it| {
                    allow(rules, Path::new(it), AccessFs::ReadFile.into())
                })
        }
    }
}

/// With name spaces this is the second wall, and as high as the kernel can build it; without, it is the
/// only one, and has to be whole.
fn create(tier: Tier) -> Result<RulesetCreated, RulesetError> {
    let level = match tier {
        Tier::Namespaces | Tier::Bubblewrap => CompatLevel::BestEffort,
        Tier::Restricted => CompatLevel::HardRequirement,
    };
    Ruleset::default()
        .set_compatibility(level)
        .handle_access(AccessFs::from_all(SCOPED))?
        .handle_access(AccessNet::from_all(SCOPED))?
        .scope(Scope::from_all(SCOPED))?
        .create()
}

fn allow(
    rules: RulesetCreated,
    path: &Path,
    mut access: BitFlags<AccessFs>,
) -> Result<RulesetCreated, Fault> {
    let step = || format!("allowing {path:?}");
    if !path.metadata().during(step())?.is_dir() {
        access &= AccessFs::from_file(SCOPED);
    }
    let opened = PathFd::new(path).during(step())?;
    rules
        .add_rule(PathBeneath::new(opened, access))
        .during(step())
}

/// Enters a domain, or fails where the kernel knows none.
pub fn enter(domain: RulesetCreated) -> io::Result<()> {
    let status = domain.restrict_self().map_err(io::Error::other)?;
    match status.ruleset {
        RulesetStatus::NotEnforced => {
            // By number: no other error gets from a starting process to the one that starts it.
            Err(io::Error::from_raw_os_error(libc::EOPNOTSUPP))
        }
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
    }
}
