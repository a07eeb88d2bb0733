"""Answers, for each line of JSON [version, platforms, implementation, abis], with pip's tags.

Run with the -I option: only the pip that belongs to this Python is asked.
"""

import json
import sys

from pip._internal.utils.compatibility_tags import get_supported

for line in sys.stdin:
    version, platforms, implementation, abis = json.loads(line)
    tags = get_supported(
        version=version, platforms=platforms, impl=implementation, abis=abis
    )
    print(json.dumps([str(it) for it in dict.fromkeys(tags)]))
