"""Marks this process and the programs that it starts as its own; the counterpart of src/wire/marker.ts.

The mark is in a variable of the environment and in a descriptor. Programs inherit the descriptor even if they are
started with an empty environment. Other processes can read both on Linux only.
"""

import os
import tempfile
from typing import Optional, Tuple

from .wire.constants import MARKER_FD, MARKER_VARIABLE

_held: Optional[Tuple[int, int]] = None


def hold(mark: Optional[str] = None) -> None:
    """Takes a mark, or the one of the environment. A forked process has its own and calls this again."""
    global _held
    if mark is not None:
        os.environ[MARKER_VARIABLE] = mark
    mark = os.environ.get(MARKER_VARIABLE)
    if mark is None or not os.path.isdir("/proc/self/fd"):
        return
    # Anything else with that number belongs to the app, or is a lane.
    if not descriptors() and os.path.exists(f"/proc/self/fd/{MARKER_FD}"):
        return
    try:
        file = _nameless(f"concurrent-server-{mark}")
    except OSError:
        return
    os.dup2(file, MARKER_FD, inheritable=True)
    os.close(file)
    _held = _identity()


def descriptors() -> Tuple[int, ...]:
    """The descriptors to pass on; none if the app has closed it."""
    return (MARKER_FD,) if _held is not None and _identity() == _held else ()


def _identity() -> Optional[Tuple[int, int]]:
    try:
        stat = os.fstat(MARKER_FD)
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
