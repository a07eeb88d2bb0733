//! Where it was measured: without this line a figure says nothing.

use std::{fs, io, path::Path, process::Command};

use crate::{
    programs::{Programs, version},
    tools::Tool,
};

/// Processor, kernel, file system and versions, in one line.
pub fn describe(folder: &Path, programs: &Programs, tools: &[Tool]) -> io::Result<String> {
    let cores = std::thread::available_parallelism()?;
    let mut parts = vec![
        format!("{cores} cores of {}", processor()),
        kernel(),
        file_system(folder).to_owned(),
        version(&mut Command::new(&programs.python))?,
    ];
    for tool in tools {
        let version = match tool {
            Tool::Assay | Tool::Attested => version(&mut Command::new(&programs.assay))?,
            Tool::Uv => version(&mut Command::new(&programs.uv))?,
            Tool::Pip => version(Command::new(&programs.python).args(["-m", "pip"]))?,
        };
        if !parts.contains(&version) {
            parts.push(version);
        }
    }
    Ok(parts.join("; "))
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find(|it| it.starts_with("model name"));
    let name = model.and_then(|it| it.split_once(": "));
    name.map_or("an unknown processor", |it| it.1).to_owned()
}

fn kernel() -> String {
    let system = rustix::system::uname();
    let text = |it: &std::ffi::CStr| it.to_string_lossy().into_owned();
    format!("{} {}", text(system.sysname()), text(system.release()))
}

/// Whether folders there live in memory, so that removing them costs the next run nothing.
pub fn is_in_memory(folder: &Path) -> bool {
    file_system(folder) == "tmpfs"
}

fn file_system(folder: &Path) -> &'static str {
    match rustix::fs::statfs(folder).map(|it| it.f_type) {
        Ok(0x0102_1994) => "tmpfs",
        Ok(0xEF53) => "ext4",
        Ok(0x9123_683E) => "btrfs",
        Ok(0x5846_5342) => "xfs",
        Ok(0x794c_7630) => "overlayfs",
        _ => "another file system",
    }
}
