"""Ends this process and its children when the server process has exited, for whatever reason.

A thread reads a pipe whose other end only the server process holds. It works while the app loops or sleeps. A process
that never releases Python's lock is left to the server's reaper.
"""

import os
import signal
import subprocess
import sys
import threading


def start(fd: int) -> None:
    """Starts to watch the pipe `fd`. Every forked process calls it again."""
    threading.Thread(target=_watch, args=(fd,), name="concurrent-server watchdog", daemon=True).start()


def lead_group() -> None:
    """Makes this process the leader of its own group, which can be killed as a whole."""
    if sys.platform != "win32" and os.getpgrp() != os.getpid():
        os.setpgid(0, 0)


def _watch(fd: int) -> None:
    try:
        while os.read(fd, 64):
            pass
    except OSError:
        pass
    end()


def end() -> None:
    """Ends this process and its group at once."""
    if sys.platform == "win32":
        root = os.environ.get("SystemRoot", r"C:\Windows")
        tool = os.path.join(root, "System32", "taskkill.exe")
        subprocess.call([tool, "/PID", str(os.getpid()), "/T", "/F"])
    elif os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)
