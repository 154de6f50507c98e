"""Properties of the terminal that shows the app's output, if there is one.

Descriptors 0, 1 and 2 are pipes to the server. These functions answer as if they were the terminal.
"""

import os
import signal
import sys
from typing import Any, Dict

#: As src/wire/terminal.ts describes it.
_properties: Dict[str, Any] = {"stdin": False}
_NAMES = ("stdin", "stdout", "stderr")

_isatty = os.isatty
_get_terminal_size = os.get_terminal_size


def install(properties: Dict[str, Any]) -> None:
    """Makes ``os.isatty``, ``os.get_terminal_size`` and ``sys.stdin`` describe the terminal."""
    _properties.update(properties)
    os.isatty = isatty
    os.get_terminal_size = get_terminal_size
    if sys.stdin is not None and properties["stdin"]:
        sys.stdin.isatty = lambda: True  # type: ignore[assignment]


def resize(size: Dict[str, int]) -> None:
    """The terminal's size has changed: sends SIGWINCH, as a terminal does."""
    for name in _NAMES[1:]:
        if name in _properties:
            _properties[name] = size
    if hasattr(signal, "SIGWINCH"):
        os.kill(os.getpid(), signal.SIGWINCH)


def isatty(fd: int) -> bool:
    return bool(_properties.get(_NAMES[fd])) if 0 <= fd <= 2 else _isatty(fd)


def get_terminal_size(fd: int = 1) -> "os.terminal_size":
    size = _properties.get(_NAMES[fd]) if 0 <= fd <= 2 else None
    # Standard input is the same terminal, without a size of its own.
    if size is True:
        size = _properties.get("stdout") or _properties.get("stderr")
    if isinstance(size, dict):
        return os.terminal_size((size["columns"], size["rows"]))
    return _get_terminal_size(fd)
