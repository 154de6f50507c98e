"""Reports the start and the end of processes that the app starts, so that the server can end them."""

import collections
import os
import subprocess
import sys
from typing import Any, Callable, Deque, Dict, Optional, Set

from . import mark
from .wire.frames import Channel

#: The original; the ``os.fork`` of the app reports.
fork: Callable[[], int] = getattr(os, "fork", None)  # type: ignore[assignment]

_channel: Optional[Channel] = None
#: Processes that were reported.
_running: Set[int] = set()
#: Those of them that have exited, until that is reported.
_exited: Deque[int] = collections.deque()


def report(channel: Channel) -> None:
    """Reports children through `channel` from now on; called again in a forked process."""
    global _channel
    first, _channel = _channel is None, channel
    _forget()
    if first:
        _patch()


def _forget() -> None:
    _running.clear()
    _exited.clear()


def _on_start(pid: int, command: str) -> None:
    _running.add(pid)
    message: Dict[str, Any] = {"type": "spawned", "pid": pid, "command": command}
    time = _start_time(pid)
    if time is not None:
        message["startTime"] = time
    assert _channel is not None
    _channel.control(message)
    _report_exits()


def _on_exit(pid: int) -> None:
    if pid in _running:
        _running.discard(pid)
        _exited.append(pid)
        _report_exits()


def _report_exits() -> None:
    """Never blocks: apps wait for children in signal handlers too, which may have interrupted a send."""
    while _exited:
        pid = _exited.popleft()
        if _channel is not None and not _channel.try_control({"type": "childExited", "pid": pid}):
            _exited.appendleft(pid)
            return


def _start_time(pid: int) -> Optional[str]:
    """Field 22 of ``stat`` (proc(5)). No other process gets the child's pid before the app has waited for it."""
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
            _on_start(pid, _text(path))
            return pid

        util.spawnv_passfds = reported_spawn


def _patch_popen() -> None:
    popen: Any = subprocess.Popen
    start, poll, wait = popen.__init__, popen.poll, popen.wait

    def reported_start(self: Any, args: Any, *rest: Any, **options: Any) -> None:
        passed = mark.descriptors()
        # Without `close_fds`, which may also be the seventh of the rest, children inherit the descriptor anyway.
        if passed and len(rest) < 7 and options.get("close_fds", True):
            options["pass_fds"] = (*options.get("pass_fds", ()), *passed)
        start(self, args, *rest, **options)
        words = args if isinstance(args, (str, bytes)) else list(args)[:1]
        _on_start(self.pid, _text(words))

    def reported_poll(self: Any) -> Any:
        code = poll(self)
        if code is not None:
            _on_exit(self.pid)
        return code

    def reported_wait(self: Any, timeout: Any = None) -> Any:
        code = wait(self, timeout)
        _on_exit(self.pid)
        return code

    popen.__init__, popen.poll, popen.wait = reported_start, reported_poll, reported_wait


def _patch_os() -> None:
    if sys.platform == "win32":
        return

    def reported_fork() -> int:
        pid = fork()
        if pid:
            _on_start(pid, "python (forked)")
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
            _on_exit(result[0])
        return result

    return reported


def _text(words: Any) -> str:
    if isinstance(words, list):
        words = words[0] if words else ""
    return os.fsdecode(words) if isinstance(words, (bytes, os.PathLike)) else str(words)
