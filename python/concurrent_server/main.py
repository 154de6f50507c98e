"""Boots a process of an app: reads what the server wants, loads the app, and serves it."""

import json
import os
import sys
import threading
from typing import Any, Callable, Dict, List

from . import child_processes, failure, mark, output, watchdog
from .app import bytecode, checks, django_project, file_access
from .wire.frames import CONTROL, Channel, ServerGone
from .app.load import CannotServe, Loaded, load, split
from .app.loaded_files import FileReport, project_folders
from .lifecycle import Lifecycle
from .wire.sockets import inherited
from .wsgi.server import SOFTWARE, LaneServer, base_environ

BOOT_VARIABLE = "CONCURRENT_SERVER_WORKER"
CONTROL_FD = 3
WATCHDOG_FD = 4
#: System checks run so long after the start, so that they do not hold up the first request.
REPORT_AFTER_S = 0.3


def main() -> None:
    boot: Dict[str, Any] = json.loads(os.environ.pop(BOOT_VARIABLE))
    sys.argv = [boot["entry"], *boot["args"]]
    # Until this process is known outside, nothing of the app is run that could outlive the server.
    if not os.read(WATCHDOG_FD, 1):
        sys.exit(1)
    watchdog.start(WATCHDOG_FD)
    mark.hold()
    os.set_inheritable(WATCHDOG_FD, False)
    channel = Channel(inherited(CONTROL_FD))
    outputs = output.install(boot)
    child_processes.report(channel)
    lanes = Lanes(channel, boot)
    lifecycle = Lifecycle(channel.control, lambda: False)
    lifecycle.install()
    files = FileReport(channel.control, project_folders(split(boot["entry"])[0]))
    bytecode.only_of_settled_sources(files.loads)
    file_access.report(files)
    loaded = _load(channel, boot["entry"])
    files.update()
    if boot["fork"]:
        from . import zygote

        zygote.run(channel, loaded, outputs, files, WATCHDOG_FD)
    elif loaded.style == "asgi":
        from .asgi import server as asgi

        channel.control(serving(loaded))
        start_report(loaded, channel.control)
        asgi.serve(channel, loaded.app, files)
    else:
        channel.control(serving(loaded))
        lanes.serve(loaded, files, lifecycle)


def _load(channel: Channel, entry: str) -> Loaded:
    try:
        return load(entry)
    except CannotServe as error:
        channel.control({"type": "nothingToServe", "message": str(error)})
        sys.exit(1)
    except BaseException as error:
        report = failure.describe(error)
        print(report["stack"], file=sys.stderr, flush=True)
        channel.control(report)
        sys.exit(1)


def serving(loaded: Loaded) -> Dict[str, Any]:
    """The message that the app was loaded."""
    return {"type": "serving", "style": loaded.style, "software": SOFTWARE}


def closing_of(loaded: Loaded) -> Callable[[Any], bool]:
    """Tells whether a response of this app is closed in no time."""
    return django_project.closes_quickly if loaded.django_project else lambda result: False


def start_report(loaded: Loaded, send: Callable[[Dict[str, Any]], None]) -> None:
    if loaded.django_project:
        timer = threading.Timer(REPORT_AFTER_S, _report, [send])
        timer.daemon = True
        timer.start()


def _report(send: Callable[[Dict[str, Any]], None]) -> None:
    checks.report(send)
    django_project.before_fork()


class Lanes:
    """Thread mode: a lane for each thread, and a thread for each lane once the server wants to use it."""

    def __init__(self, channel: Channel, boot: Dict[str, Any]) -> None:
        self._channel = channel
        self._lanes: List[Channel] = [Channel(inherited(fd)) for fd in boot["lanes"]]
        self._base = base_environ(len(self._lanes) > 1, boot["multiprocess"])

    def serve(self, loaded: Loaded, files: FileReport, lifecycle: Lifecycle) -> None:
        self._app = loaded.app
        self._loaded = loaded
        self._files = files
        self._lifecycle = lifecycle
        self._channel.control({"type": "listen", "index": 0, "asked": {}, "raw": False, "tls": False})
        start_report(loaded, self._channel.control)
        try:
            while True:
                kind, _, payload = self._channel.read()
                if kind == CONTROL:
                    self._control(json.loads(payload))
        except ServerGone:
            watchdog.end()

    def _control(self, message: Dict[str, Any]) -> None:
        if message.get("type") == "lane":
            lane = self._lanes[message["index"]]
            name = f"concurrent-server lane {message['index']}"
            threading.Thread(target=self._run, args=(lane,), name=name, daemon=True).start()
        else:
            self._lifecycle.control(message)

    def _run(self, lane: Channel) -> None:
        try:
            LaneServer(
                lane, self._app, self._base, lambda message: None, self._files.update, closing_of(self._loaded)
            ).run()
        except ServerGone:
            pass
