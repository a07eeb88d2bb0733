"""Facts about the interpreter that runs this, as one line of JSON on standard output.

Started with -I -S: no environment variable, no site-packages and no code of a distribution has a
say. BASE stands for the prefix of a virtual environment.
"""
import json
import os
import platform
import struct
import sys
import sysconfig


def scheme(wanted):
    names = sysconfig.get_scheme_names()
    if wanted == "prefix":
        return prefix_scheme()
    if wanted == "install":
        default = getattr(sysconfig, "get_default_scheme", None)
        if default is None:
            default = sysconfig._get_default_scheme
        return default()
    if wanted == "user":
        # A framework build of macOS has a user scheme of its own.
        preferred = getattr(sysconfig, "get_preferred_scheme", None)
        return preferred("user") if preferred else "posix_user"
    return "venv" if "venv" in names else "posix_prefix"


def paths(wanted, values):
    found = sysconfig.get_paths(scheme(wanted), vars=values)
    keys = ("purelib", "platlib", "scripts", "data", "include", "stdlib")
    return {key: found[key] for key in keys}


def prefix_scheme():
    """The scheme of an installation elsewhere. Distributors' and frameworks' own are not for that."""
    preferred = getattr(sysconfig, "get_preferred_scheme", None)
    names = sysconfig.get_scheme_names()
    if preferred is not None:
        name = preferred("prefix")
    else:
        name = sys.implementation.name if sys.implementation.name in names else "posix_prefix"
    return "posix_prefix" if name in ("posix_local", "osx_framework_library") else name


def user_base():
    """Where a user's own packages lie, below the home folder (PEP 370)."""
    framework = getattr(sys, "_framework", "")
    if sys.platform == "darwin" and framework:
        return "Library/{}/{}.{}".format(framework, *sys.version_info[:2])
    return ".local"


def sites():
    # Importing it changes nothing: -S keeps it from reading .pth files.
    import site
    return site.getsitepackages([sys.base_prefix, sys.base_exec_prefix])


def implementation_version():
    info = sys.implementation.version
    text = "{0.major}.{0.minor}.{0.micro}".format(info)
    if info.releaselevel != "final":
        text += info.releaselevel[0] + str(info.serial)
    return text


def c_library():
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, OSError, ValueError):
        return ""


def standard_modules():
    names = set(getattr(sys, "stdlib_module_names", ())) or set(sys.builtin_module_names)
    if not hasattr(sys, "stdlib_module_names"):
        for entry in os.listdir(sysconfig.get_path("stdlib")):
            name = entry.split(".")[0]
            if name.isidentifier():
                names.add(name)
    return sorted(name for name in names if name != "__pycache__")


# What stands for an installation's folder in sysconfig's schemes.
BASES = ("base", "platbase", "installed_base", "installed_platbase", "prefix", "exec_prefix")
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

print(json.dumps({
    "markers": {
        "implementation_name": sys.implementation.name,
        "implementation_version": implementation_version(),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version().rstrip("+"),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    },
    "executable": getattr(sys, "_base_executable", None) or sys.executable,
    "prefix": sys.base_prefix,
    "platform": sysconfig.get_platform(),
    "c_library": c_library(),
    "free_threaded": FREE_THREADED,
    "pointer_width": struct.calcsize("P") * 8,
    "install": paths("install", {}),
    "venv": paths("venv", {"base": "BASE", "platbase": "BASE"}),
    "prefix_paths": paths("prefix", dict.fromkeys(BASES, "BASE")),
    "user": paths("user", {"userbase": "BASE"}),
    "user_base": user_base(),
    "sites": sites(),
    "standard_modules": standard_modules(),
}))
