"""How what this process starts is known to be its own; the counterpart of src/wire/marker.ts.

A variable of the environment names the mark, and so does a descriptor, which also programs inherit that are started
with an empty environment. Both can be read on Linux alone.
"""

import os
import tempfile
from typing import Optional, Tuple

VARIABLE = "CONCURRENT_SERVER_ID"
DESCRIPTOR = 99

_held: Optional[Tuple[int, int]] = None


def hold(mark: Optional[str] = None) -> None:
    """Takes on a mark, or the one of the environment; called again in a forked process, which has its own."""
    global _held
    if mark is not None:
        os.environ[VARIABLE] = mark
    mark = os.environ.get(VARIABLE)
    if mark is None or not os.path.isdir("/proc/self/fd"):
        return
    # What else has that number is the app's, or a lane's.
    if not descriptors() and os.path.exists(f"/proc/self/fd/{DESCRIPTOR}"):
        return
    try:
        file = _nameless(f"concurrent-server-{mark}")
    except OSError:
        return
    os.dup2(file, DESCRIPTOR, inheritable=True)
    os.close(file)
    _held = _identity()


def descriptors() -> Tuple[int, ...]:
    """What is to be passed on; nothing where the app has closed it."""
    return (DESCRIPTOR,) if _held is not None and _identity() == _held else ()


def _identity() -> Optional[Tuple[int, int]]:
    try:
        stat = os.fstat(DESCRIPTOR)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _nameless(name: str) -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create(name)
    path = os.path.join(tempfile.gettempdir(), name)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.unlink(path)
    return file
