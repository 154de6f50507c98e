"""What tells one state of a file from another without reading it; the same as src/wire/file-stamp.ts."""

import os
import stat
import sys

#: The stamp of what is not there.
NO_FILE = ""


def stamp(file: str) -> "str | None":
    """None for what is no file, such as a folder or a pipe."""
    try:
        stats = os.stat(file)
    except (OSError, ValueError):
        return NO_FILE
    if not stat.S_ISREG(stats.st_mode):
        return None
    # On Windows Python calls the time of creation so.
    changed = "" if sys.platform == "win32" else stats.st_ctime_ns
    return f"{stats.st_ino}:{stats.st_size}:{stats.st_mtime_ns}:{changed}"
