"""
The terminal that the app's output ends in, if it does.

Descriptors 0, 1 and 2 are the server's pipes here; asked about them, Python answers as it would without the server.
"""

import os
import signal
import sys
from typing import Any, Dict

#: As src/wire/terminal.ts describes it.
_facts: Dict[str, Any] = {"stdin": False}
_NAMES = ("stdin", "stdout", "stderr")

_isatty = os.isatty
_get_terminal_size = os.get_terminal_size


def install(facts: Dict[str, Any]) -> None:
    """Makes ``os.isatty``, ``os.get_terminal_size`` and ``sys.stdin`` tell of the terminal."""
    _facts.update(facts)
    os.isatty = isatty
    os.get_terminal_size = get_terminal_size
    if sys.stdin is not None and facts["stdin"]:
        sys.stdin.isatty = lambda: True  # type: ignore[method-assign]


def resize(size: Dict[str, int]) -> None:
    """The terminal has another size now: tells it the way a terminal does, by SIGWINCH."""
    for name in _NAMES[1:]:
        if name in _facts:
            _facts[name] = size
    if hasattr(signal, "SIGWINCH"):
        os.kill(os.getpid(), signal.SIGWINCH)


def isatty(fd: int) -> bool:
    return bool(_facts.get(_NAMES[fd])) if 0 <= fd <= 2 else _isatty(fd)


def get_terminal_size(fd: int = 1) -> "os.terminal_size":
    size = _facts.get(_NAMES[fd]) if 0 <= fd <= 2 else None
    # Of standard input no more is known than that it is the same terminal.
    if size is True:
        size = _facts.get("stdout") or _facts.get("stderr")
    if isinstance(size, dict):
        return os.terminal_size((size["columns"], size["rows"]))
    return _get_terminal_size(fd)
