//! Python that backends run, ready-made.

/// Tries this and notes what became of it in `_build.json`, under `found` and the name: a text that
/// begins with `reached` where no exception came.
pub fn attempt(name: &str, code: &str) -> String {
    let lines = code.lines().map(|it| format!("    {it}\n"));
    let lines: String = lines.collect();
    format!("def attempt():\n{lines}try_to({name:?}, attempt)\n")
}

/// For [`Backend::instead`](super::Backend::instead) of `build_wheel`: compiles `native.c` of the
/// project's package with the system's compiler to `native.so` beside it, for this platform.
pub fn c_library() -> &'static str {
    "
import subprocess, sysconfig
source, target = module() + '/native.c', module() + '/native.so'
subprocess.run(['cc', '-O1', '-shared', '-fPIC', '-o', target, source], check=True)
tag = 'py3-none-' + re.sub('[-.]', '_', sysconfig.get_platform())
return pack(folder, config_settings, tag=tag)
"
}
