"""Ends a process of an app, and answers control messages."""

import os
import signal
import sys
from typing import Any, Callable, Dict, Optional

from . import terminal


class Lifecycle:
    """Handles control messages: reports memory, and exits when asked, or on SIGTERM once idle."""

    def __init__(self, send: Callable[[Dict[str, Any]], None], busy: Callable[[], bool]) -> None:
        self._send = send
        self._busy = busy
        self._ending = False

    def install(self) -> None:
        """For the main thread, before the app is loaded or right after a fork: the app's own handlers win."""
        if signal.getsignal(signal.SIGTERM) in (signal.SIG_DFL, None) or handles_sigterm():
            signal.signal(signal.SIGTERM, self._on_signal)
        # A terminal sends SIGINT to all processes; the server handles it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    @property
    def ending(self) -> bool:
        """The process was asked to end."""
        return self._ending

    def control(self, message: Dict[str, Any]) -> None:
        kind = message.get("type")
        if kind == "measure":
            self._send({"type": "memory", "bytes": memory()})
        elif kind == "resize":
            terminal.resize(message["size"])
        elif kind == "shutdown":
            self.end()

    def end(self) -> None:
        self._ending = True
        if not self._busy():
            raise SystemExit(0)

    def after_request(self) -> None:
        if self._ending:
            raise SystemExit(0)

    def _on_signal(self, number: int, frame: Any) -> None:
        self.end()


def handles_sigterm() -> bool:
    """False if the app has its own handler for SIGTERM."""
    return isinstance(getattr(signal.getsignal(signal.SIGTERM), "__self__", None), Lifecycle)


def memory() -> int:
    """Resident set in bytes."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return _peak_memory() or 0


def _peak_memory() -> Optional[int]:
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
