//! seccomp: which system calls a program has no business with.
//!
//! A call is refused as if the kernel did not have it, or did not allow it; what programs try and do
//! without is never a reason to kill them.

use std::collections::BTreeMap;

use libc::{ENOSYS, EPERM};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, sock_filter,
};

use crate::Tier;

type Rules = BTreeMap<i64, Vec<SeccompRule>>;
type Result<T, E = BackendError> = std::result::Result<T, E>;

/// Set-user-id and set-group-id: nobody shall gain anything from what a build leaves.
const PRIVILEGED_MODE: [u64; 2] = [0o4000, 0o2000];

/// What the program's process installs, in this order. No call is in two of them.
pub fn filters(tier: Tier) -> Result<Vec<BpfProgram>> {
    let mut filters = Vec::new();
    if cfg!(target_arch = "x86_64") {
        filters.push(no_x32());
    }
    filters.push(compile(unknown()?, SeccompAction::Errno(ENOSYS as u32))?);
    filters.push(compile(pretended(tier)?, SeccompAction::Errno(0))?);
    filters.push(compile(
        forbidden(tier)?,
        SeccompAction::Errno(EPERM as u32),
    )?);
    Ok(filters)
}

/// A program for another architecture than ours is killed by what this compiles to.
fn compile(rules: Rules, action: SeccompAction) -> Result<BpfProgram> {
    let target = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, SeccompAction::Allow, action, target)?.try_into()
}

/// What asks for a network, of which the host is told: what it wanted can be said then.
pub fn told(tier: Tier) -> BpfProgram {
    on_number(
        JUMP_IF_EQUAL,
        asking(tier) as u32,
        libc::SECCOMP_RET_USER_NOTIF,
    )
}

/// Where the host cannot be told, and would not be there to refuse it.
pub fn untold(tier: Tier) -> Option<BpfProgram> {
    let refused = libc::SECCOMP_RET_ERRNO | EPERM as u32;
    (!tier.network()).then(|| on_number(JUMP_IF_EQUAL, asking(tier) as u32, refused))
}

/// With a network of its own a program may try to connect, and fails by other rules; without, it has no
/// sockets.
fn asking(tier: Tier) -> i64 {
    match tier.network() {
        true => libc::SYS_connect,
        false => libc::SYS_socket,
    }
}

/// The calls of x32 have the architecture of x86-64 and numbers of their own.
fn no_x32() -> BpfProgram {
    let refused = libc::SECCOMP_RET_ERRNO | ENOSYS as u32;
    on_number(JUMP_IF_AT_LEAST, 0x4000_0000, refused)
}

const JUMP_IF_AT_LEAST: u32 = libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K;
const JUMP_IF_EQUAL: u32 = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;

/// What is done with the calls whose number compares so.
fn on_number(compare: u32, number: u32, action: u32) -> BpfProgram {
    const LOAD_NUMBER: u32 = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
    const RETURN: u32 = libc::BPF_RET | libc::BPF_K;
    let step = |code: u32, jt, jf, k| sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    };
    vec![
        step(LOAD_NUMBER, 0, 0, 0),
        step(compare, 0, 1, number),
        step(RETURN, 0, 0, action),
        step(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
    ]
}

/// Calls whose arguments no filter can see, for which programs have another way; and those for which
/// they have none, but look.
fn unknown() -> Result<Rules> {
    let mut rules = Rules::new();
    always(
        &mut rules,
        &[
            libc::SYS_clone3,
            libc::SYS_fchmodat2,
            libc::SYS_openat2,
            libc::SYS_io_uring_setup,
            libc::SYS_io_uring_enter,
            libc::SYS_io_uring_register,
        ],
    );
    Ok(rules)
}

/// What programs ask for without a need, and what is claimed to have been done.
fn pretended(tier: Tier) -> Result<Rules> {
    let mut rules = memory_images()?;
    if tier == Tier::Restricted {
        rules.extend(modes()?);
    }
    Ok(rules)
}

/// The limit of memory images stays what it is: with one of 0 the system's program for them is started.
fn memory_images() -> Result<Rules> {
    let own = on(0, SeccompCmpOp::Eq, 0)?;
    let of_images = on(0, SeccompCmpOp::Eq, u64::from(libc::RLIMIT_CORE))?;
    Ok(Rules::from([
        (libc::SYS_prlimit64, vec![new_for_images(own)?]),
        (
            libc::SYS_setrlimit,
            vec![SeccompRule::new(vec![of_images])?],
        ),
    ]))
}

/// `prlimit(process, RLIMIT_CORE, new, …)`, where a new one is given.
fn new_for_images(process: SeccompCondition) -> Result<SeccompRule> {
    let of_images = on(1, SeccompCmpOp::Eq, u64::from(libc::RLIMIT_CORE))?;
    let is_given = SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Ne, 0)?;
    SeccompRule::new(vec![process, of_images, is_given])
}

/// Without a mount name space `chmod` reaches every file of the user's own: it only ever sets 0700, and
/// claims to have set whatever else it is asked for. Copying a file asks for that all the time.
fn modes() -> Result<Rules> {
    let mut rules = Rules::new();
    let another = |argument| -> Result<SeccompRule> {
        SeccompRule::new(vec![on(argument, SeccompCmpOp::Ne, 0o700)?])
    };
    #[cfg(target_arch = "x86_64")]
    rules.insert(libc::SYS_chmod, vec![another(1)?]);
    rules.insert(libc::SYS_fchmodat, vec![another(2)?]);
    Ok(rules)
}

fn forbidden(tier: Tier) -> Result<Rules> {
    let mut rules = Rules::new();
    always(&mut rules, ALWAYS);
    #[cfg(target_arch = "x86_64")]
    always(&mut rules, ALWAYS_X86);
    rules.insert(libc::SYS_clone, new_name_spaces()?);
    rules.insert(libc::SYS_ioctl, terminal_input()?);
    privileged_files(&mut rules, tier)?;
    match tier {
        Tier::Namespaces | Tier::Bubblewrap => {
            let another = on(0, SeccompCmpOp::Ne, 0)?;
            rules.insert(libc::SYS_prlimit64, vec![new_for_images(another)?]);
            rules.insert(libc::SYS_socket, other_families()?)
        }
        Tier::Restricted => {
            always(&mut rules, SHARED_WITH_THE_HOST);
            others(&mut rules)?;
            rules.insert(libc::SYS_socketpair, not_local()?)
        }
    };
    Ok(rules)
}

fn always(rules: &mut Rules, calls: &[i64]) {
    rules.extend(calls.iter().map(|it| (*it, Vec::new())));
}

const ALWAYS: &[i64] = &[
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    // Keys of the session, which no name space separates.
    libc::SYS_add_key,
    libc::SYS_keyctl,
    libc::SYS_request_key,
    // Doors into the kernel with a history.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_fanotify_init,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_quotactl,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_vhangup,
    // Name spaces and mounts.
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    // Files that are none.
    libc::SYS_mknodat,
    // The machine.
    libc::SYS_reboot,
    libc::SYS_kexec_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
];

#[cfg(target_arch = "x86_64")]
const ALWAYS_X86: &[i64] = &[
    libc::SYS_mknod,
    libc::SYS_kexec_file_load,
    libc::SYS_ioperm,
    libc::SYS_iopl,
    libc::SYS_modify_ldt,
    libc::SYS_uselib,
];

/// What name spaces would have separated; sockets are [`told`] of.
const SHARED_WITH_THE_HOST: &[i64] = &[
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    libc::SYS_inotify_init1,
    libc::SYS_fchownat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_ioprio_set,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_inotify_init,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lchown,
];

/// Name spaces are asked for by flags of `clone`, too.
fn new_name_spaces() -> Result<Vec<SeccompRule>> {
    let flags = [
        libc::CLONE_NEWNS,
        libc::CLONE_NEWCGROUP,
        libc::CLONE_NEWUTS,
        libc::CLONE_NEWIPC,
        libc::CLONE_NEWUSER,
        libc::CLONE_NEWPID,
        libc::CLONE_NEWNET,
    ];
    let rule = |flag| SeccompRule::new(vec![has(0, flag as u64)?]);
    flags.into_iter().map(rule).collect()
}

/// What is typed into a terminal is read by whoever comes next.
fn terminal_input() -> Result<Vec<SeccompRule>> {
    // Of another type with each C library; these are the numbers of all architectures we know.
    const TIOCSTI: u64 = 0x5412;
    const TIOCLINUX: u64 = 0x541c;
    let requests = [TIOCSTI, TIOCLINUX];
    let rule = |it| SeccompRule::new(vec![on(1, SeccompCmpOp::Eq, it)?]);
    requests.into_iter().map(rule).collect()
}

/// No file with the bits of [`PRIVILEGED_MODE`] is made, whichever call sets its mode.
fn privileged_files(rules: &mut Rules, tier: Tier) -> Result<()> {
    // Where other calls pretend, they set none.
    #[cfg(target_arch = "x86_64")]
    if tier.mounts() {
        rules.insert(libc::SYS_chmod, privileged(1, None)?);
    }
    if tier.mounts() {
        rules.insert(libc::SYS_fchmodat, privileged(2, None)?);
    }
    rules.insert(libc::SYS_fchmod, privileged(1, None)?);
    rules.insert(libc::SYS_openat, privileged(3, Some(2))?);
    rules.insert(libc::SYS_mkdirat, privileged(2, None)?);
    #[cfg(target_arch = "x86_64")]
    {
        rules.insert(libc::SYS_open, privileged(2, Some(1))?);
        rules.insert(libc::SYS_creat, privileged(1, None)?);
        rules.insert(libc::SYS_mkdir, privileged(1, None)?);
    }
    Ok(())
}

/// `flags` is the argument without whose `O_CREAT` or `O_TMPFILE` there is no mode.
fn privileged(mode: u8, flags: Option<u8>) -> Result<Vec<SeccompRule>> {
    // Of the two bits of O_TMPFILE, the one that O_DIRECTORY does not have.
    let creating = [libc::O_CREAT, libc::O_TMPFILE & !libc::O_DIRECTORY];
    let mut rules = Vec::new();
    for bit in PRIVILEGED_MODE {
        match flags {
            None => rules.push(SeccompRule::new(vec![has(mode, bit)?])?),
            Some(flags) => {
                for it in creating {
                    let both = vec![has(flags, it as u64)?, has(mode, bit)?];
                    rules.push(SeccompRule::new(both)?);
                }
            }
        }
    }
    Ok(rules)
}

/// In a network name space of its own a program may have sockets, which lead nowhere; but netlink, vsock
/// and what else there is know no such space, or are not worth the risk.
fn other_families() -> Result<Vec<SeccompRule>> {
    let known = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6];
    let others = known.map(|it| on(0, SeccompCmpOp::Ne, it as u64));
    let others = others.into_iter().collect::<Result<_>>()?;
    Ok(vec![SeccompRule::new(others)?])
}

/// Pairs of sockets lead to each other alone.
fn not_local() -> Result<Vec<SeccompRule>> {
    let local = on(0, SeccompCmpOp::Ne, libc::AF_UNIX as u64)?;
    Ok(vec![SeccompRule::new(vec![local])?])
}

/// Calls by which a process changes another of the same user. Their own process is number 0.
fn others(rules: &mut Rules) -> Result<()> {
    for (call, process) in [
        (libc::SYS_prlimit64, 0),
        (libc::SYS_setpriority, 1),
        (libc::SYS_sched_setscheduler, 0),
        (libc::SYS_sched_setparam, 0),
        (libc::SYS_sched_setattr, 0),
        (libc::SYS_sched_setaffinity, 0),
    ] {
        let another = on(process, SeccompCmpOp::Ne, 0)?;
        rules.insert(call, vec![SeccompRule::new(vec![another])?]);
    }
    Ok(())
}

/// Flags and modes are compared as the kernel does: their lower half.
fn has(argument: u8, bit: u64) -> Result<SeccompCondition> {
    on(argument, SeccompCmpOp::MaskedEq(bit), bit)
}

fn on(argument: u8, how: SeccompCmpOp, value: u64) -> Result<SeccompCondition> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, how, value)
}
