"""Describes the running interpreter as `assay_types::python::Python` and lists its tags.

The first argument is the folder that holds the `packaging` module.
"""

import json
import os
import platform
import struct
import sys
import sysconfig

sys.path.insert(0, sys.argv[1])
from packaging.markers import default_environment  # noqa: E402
from packaging.tags import sys_tags  # noqa: E402

libc, _, libc_version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
print(
    json.dumps(
        {
            "version": platform.python_version(),
            "markers": default_environment(),
            "implementation": sys.implementation.name,
            "platform": sysconfig.get_platform(),
            "glibc": [int(it) for it in libc_version.split(".")[:2]] if libc else None,
            "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
            "pointer_width": struct.calcsize("P") * 8,
            "tags": [[it.interpreter, it.abi, it.platform] for it in sys_tags()],
        }
    )
)
