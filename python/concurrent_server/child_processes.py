"""Processes that the app starts itself are told to the server, so that they end with it, and so is their end."""

import collections
import os
import subprocess
import sys
from typing import Any, Callable, Deque, Dict, Optional, Set

from . import mark
from .wire.frames import Channel

#: The real one; the app's ``os.fork`` reports.
fork = getattr(os, "fork", None)

_channel: Optional[Channel] = None
#: Those that were told.
_running: Set[int] = set()
#: Of these, those that have ended, until that can be told.
_over: Deque[int] = collections.deque()


def report(channel: Channel) -> None:
    """Reports children through `channel` from now on; called again in a forked process."""
    global _channel
    first, _channel = _channel is None, channel
    _forget()
    if first:
        _patch()


def _forget() -> None:
    _running.clear()
    _over.clear()


def _started(pid: int, command: str) -> None:
    _running.add(pid)
    message: Dict[str, Any] = {"type": "spawned", "pid": pid, "command": command}
    time = _start_time(pid)
    if time is not None:
        message["startTime"] = time
    assert _channel is not None
    _channel.control(message)
    _tell_ended()


def _ended(pid: int) -> None:
    if pid in _running:
        _running.discard(pid)
        _over.append(pid)
        _tell_ended()


def _tell_ended() -> None:
    """Apps wait for their children in signal handlers too, which must not wait for what they have interrupted."""
    while _over:
        pid = _over.popleft()
        if _channel is not None and not _channel.try_control({"type": "childExited", "pid": pid}):
            _over.appendleft(pid)
            return


def _start_time(pid: int) -> Optional[str]:
    """As long as nobody has waited for the child, its pid can't be another's (proc(5): field 22 of ``stat``)."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[19].decode()
    except (OSError, IndexError):
        return None


def _patch() -> None:
    _patch_popen()
    _patch_os()
    try:
        from multiprocessing import util
    except ImportError:
        return
    if hasattr(util, "spawnv_passfds"):
        spawn = util.spawnv_passfds

        def reported_spawn(path: Any, args: Any, passfds: Any) -> int:
            pid = spawn(path, args, [*passfds, *mark.descriptors()])
            _started(pid, _text(path))
            return pid

        util.spawnv_passfds = reported_spawn


def _patch_popen() -> None:
    popen: Any = subprocess.Popen
    start, poll, wait = popen.__init__, popen.poll, popen.wait

    def reported_start(self: Any, args: Any, *rest: Any, **options: Any) -> None:
        passed = mark.descriptors()
        # Without `close_fds`, which may also be the seventh of the rest, all is passed on anyway.
        if passed and len(rest) < 7 and options.get("close_fds", True):
            options["pass_fds"] = (*options.get("pass_fds", ()), *passed)
        start(self, args, *rest, **options)
        words = args if isinstance(args, (str, bytes)) else list(args)[:1]
        _started(self.pid, _text(words))

    def reported_poll(self: Any) -> Any:
        code = poll(self)
        if code is not None:
            _ended(self.pid)
        return code

    def reported_wait(self: Any, timeout: Any = None) -> Any:
        code = wait(self, timeout)
        _ended(self.pid)
        return code

    popen.__init__, popen.poll, popen.wait = reported_start, reported_poll, reported_wait


def _patch_os() -> None:
    if fork is None:
        return

    def reported_fork() -> int:
        pid = fork()
        if pid:
            _started(pid, "python (forked)")
        else:
            _forget()
        return pid

    os.fork = reported_fork
    for name in ("wait", "wait3", "wait4", "waitpid"):
        if hasattr(os, name):
            setattr(os, name, _reported_wait(getattr(os, name)))


def _reported_wait(wait: Callable[..., Any]) -> Callable[..., Any]:
    """`wait` returns a pid and a status first."""

    def reported(*args: Any, **options: Any) -> Any:
        result = wait(*args, **options)
        if result[0] and not os.WIFSTOPPED(result[1]) and not os.WIFCONTINUED(result[1]):
            _ended(result[0])
        return result

    return reported


def _text(words: Any) -> str:
    if isinstance(words, list):
        words = words[0] if words else ""
    return os.fsdecode(words) if isinstance(words, (bytes, os.PathLike)) else str(words)
