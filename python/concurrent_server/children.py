"""Processes that the app starts itself are told to the server, so that they end with it."""

import os
import subprocess
from typing import Any, Callable, Dict

Send = Callable[[Dict[str, Any]], None]

#: The real one; the app's ``os.fork`` reports.
fork = getattr(os, "fork", None)

_send: Send


def report(send: Send) -> None:
    """Reports children through `send` from now on; called again in a forked process."""
    global _send
    first = "_send" not in globals()
    _send = send
    if first:
        _patch()


def _patch() -> None:
    started = subprocess.Popen.__init__

    def popen(self: Any, args: Any, *rest: Any, **options: Any) -> None:
        started(self, args, *rest, **options)
        words = args if isinstance(args, (str, bytes)) else list(args)[:1]
        _send({"type": "spawned", "pid": self.pid, "command": _text(words)})

    subprocess.Popen.__init__ = popen  # type: ignore[method-assign]
    if fork is not None:

        def reported_fork() -> int:
            pid = fork()
            if pid:
                _send({"type": "spawned", "pid": pid, "command": "python (forked)"})
            return pid

        os.fork = reported_fork
    try:
        from multiprocessing import util
    except ImportError:
        return
    if hasattr(util, "spawnv_passfds"):
        spawn = util.spawnv_passfds

        def reported_spawn(path: Any, args: Any, passfds: Any) -> int:
            pid = spawn(path, args, passfds)
            _send({"type": "spawned", "pid": pid, "command": _text(path)})
            return pid

        util.spawnv_passfds = reported_spawn


def _text(words: Any) -> str:
    if isinstance(words, list):
        words = words[0] if words else ""
    return os.fsdecode(words) if isinstance(words, (bytes, os.PathLike)) else str(words)
