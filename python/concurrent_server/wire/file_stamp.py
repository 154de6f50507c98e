"""A stamp shows whether a file has changed, without reading it; the same as src/wire/file-stamp.ts."""

import os
import stat
import sys

#: The stamp of a file that does not exist.
NO_FILE = ""


def stamp(file: str) -> "str | None":
    """None for anything but a regular file, such as a folder or a pipe."""
    try:
        stats = os.stat(file)
    except (OSError, ValueError):
        return NO_FILE
    if not stat.S_ISREG(stats.st_mode):
        return None
    # On Windows this is the time of creation.
    changed = "" if sys.platform == "win32" else stats.st_ctime_ns
    return f"{stats.st_ino}:{stats.st_size}:{stats.st_mtime_ns}:{changed}"
