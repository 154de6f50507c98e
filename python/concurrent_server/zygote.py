"""Fork mode: this process loads the app once, serves no requests, and forks a worker when the server asks for one.

A worker costs a fork instead of a start of the app, and shares memory until a process writes to it. The zygote has its
main thread and the watchdog's, which holds no lock.
"""

import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import warnings
from typing import Any, Dict, List, Optional

from . import child_processes, mark, terminal, watchdog
from .app import django_project
from .app.load import Loaded
from .app.loaded_files import FileReport
from .lifecycle import Lifecycle
from .output import Outputs
from .wire.frames import CONTROL, Channel, ServerGone
from .wire.sockets import from_socket
from .wsgi.server import SOFTWARE, LaneServer, base_environ

#: Time limit for the server's connections to a new worker.
CONNECT_S = 10
#: Sockets per worker.
CONNECTIONS = 3


def run(channel: Channel, loaded: Loaded, outputs: Outputs, files: FileReport, watchdog_fd: int) -> None:
    Zygote(channel, loaded, outputs, files, watchdog_fd).run()


class Zygote:
    def __init__(self, channel: Channel, loaded: Loaded, outputs: Outputs, files: FileReport, watchdog_fd: int) -> None:
        self._channel = channel
        self._loaded = loaded
        self._outputs = outputs
        self._files = files
        self._watchdog_fd = watchdog_fd
        self._workers: Dict[int, int] = {}
        self._forked = False

    def run(self) -> None:
        wake, wake_end = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(wake_end, False)
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self._wake = (wake, wake_end)
        # A garbage collection in a worker does not touch frozen objects, so it does not copy their memory.
        gc.collect()
        gc.freeze()
        self._channel.control(self._loaded.serving(SOFTWARE))
        try:
            while True:
                if not self._channel.arrived():
                    ready, _, _ = select.select([self._channel.fileno(), wake], [], [])
                    if wake in ready:
                        self._drain(wake)
                        self._reap()
                    if len(ready) == 1 and wake in ready:
                        continue
                kind, _, payload = self._channel.read()
                if kind == CONTROL:
                    self._control(json.loads(payload))
        except ServerGone:
            watchdog.end()

    @staticmethod
    def _drain(wake: int) -> None:
        try:
            while os.read(wake, 4096):
                pass
        except BlockingIOError:
            pass

    def _control(self, message: Dict[str, Any]) -> None:
        kind = message.get("type")
        if kind == "fork":
            self._fork(message["worker"], message["mark"])
        elif kind == "resize":
            terminal.resize(message["size"])
        elif kind == "shutdown":
            sys.exit(0)

    def _fork(self, worker: int, own_mark: str) -> None:
        connections = self._connect(worker)
        if connections is None:
            return
        django_project.close_connections()
        self._outputs.flush()
        first, self._forked = not self._forked, True
        with warnings.catch_warnings():
            # Python warns because of the watchdog's thread; see above.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = child_processes.fork()
        if pid == 0:
            status = 1
            try:
                self._become_worker(connections, own_mark, first)
                status = 0
            except SystemExit as error:
                status = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
            except ServerGone:
                watchdog.end()
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                _leave(status)
        self._workers[pid] = worker
        for connection in connections:
            connection.close()
        self._channel.control({"type": "forked", "worker": worker, "pid": pid})

    def _connect(self, worker: int) -> "Optional[List[socket.socket]]":
        """Private sockets to the server: the lane or wire, then the worker's stdout and stderr.

        Their name exists for a moment, in a folder that only this user can open.
        """
        folder = tempfile.mkdtemp(prefix="concurrent-server-")
        try:
            with socket.socket(socket.AF_UNIX) as listener:
                name = os.path.join(folder, "s")
                listener.bind(name)
                listener.listen(CONNECTIONS)
                listener.settimeout(CONNECT_S)
                self._channel.control({"type": "lane", "worker": worker, "path": name})
                return [listener.accept()[0] for _ in range(CONNECTIONS)]
        except OSError as error:
            self._channel.control({"type": "notForked", "worker": worker, "reason": str(error)})
            return None
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _become_worker(self, connections: "List[socket.socket]", own_mark: str, first: bool) -> None:
        watchdog.lead_group()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for fd in self._wake:
            os.close(fd)
        self._channel.close()
        wire, *outputs = connections
        for fd, connection in enumerate(outputs, 1):
            connection.setblocking(True)
            os.dup2(connection.fileno(), fd)
            connection.close()
        self._outputs.attach()
        channel = Channel(from_socket(wire))
        # The server sends a first frame once it has written this process to its ledger.
        channel.read()
        watchdog.start(self._watchdog_fd)
        mark.hold(own_mark)
        child_processes.report(channel)
        self._files.forked(channel.control)
        if self._loaded.style == "asgi":
            from .asgi import server as asgi_server

            asgi_server.serve(channel, self._loaded, self._files)
            return
        base = base_environ(multithread=False, multiprocess=True)
        lifecycle = Lifecycle(channel.control, lambda: server.busy)

        def after_request() -> None:
            self._files.update()
            lifecycle.after_request()

        loaded = self._loaded
        server = LaneServer(channel, loaded.app, base, lifecycle.control, after_request, loaded.closes_quickly)
        lifecycle.install()
        channel.control({"type": "listen", "index": 0, "asked": {}, "raw": False, "tls": False})
        if first:
            loaded.start_report(channel.control)
        server.run()

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            worker = self._workers.pop(pid, None)
            if worker is None:
                continue
            code = -1 if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            name = signal.Signals(number).name if number else None
            self._channel.control({"type": "exited", "worker": worker, "code": code, "signal": name})


def _leave(status: int) -> None:
    """Ends a worker like `sys.exit`, without returning into the zygote's code."""
    import atexit
    import threading

    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            if stream is not None:
                stream.flush()
    finally:
        os._exit(status)
