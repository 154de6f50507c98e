"""Boots a process of an app: reads the server's boot data, loads the app, and serves it."""

import json
import os
import sys
import threading
from typing import Any, Dict, List

from . import child_processes, failure, mark, output, watchdog
from .app import bytecode, file_access
from .app.load import CannotServe, Loaded, load, split
from .app.loaded_files import FileReport, project_folders
from .lifecycle import Lifecycle
from .wire.constants import BOOT_VARIABLE, CONTROL_FD, WATCHDOG_FD
from .wire.frames import CONTROL, Channel, ServerGone
from .wire.sockets import inherited
from .wsgi.server import SOFTWARE, LaneServer, base_environ


def main() -> None:
    boot: Dict[str, Any] = json.loads(os.environ.pop(BOOT_VARIABLE))
    sys.argv = [boot["entry"], *boot["args"]]
    # Code of the app runs only after the server has written this process to its ledger: nothing can outlive the server.
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
        from .asgi import server as asgi_server

        channel.control(loaded.serving(SOFTWARE))
        loaded.start_report(channel.control)
        asgi_server.serve(channel, loaded.app, files)
    else:
        channel.control(loaded.serving(SOFTWARE))
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


class Lanes:
    """Thread mode: one lane per thread. A lane's thread starts when the server first uses the lane."""

    def __init__(self, channel: Channel, boot: Dict[str, Any]) -> None:
        self._channel = channel
        self._lanes: List[Channel] = [Channel(inherited(fd)) for fd in boot["lanes"]]
        self._base = base_environ(len(self._lanes) > 1, boot["multiprocess"])

    def serve(self, loaded: Loaded, files: FileReport, lifecycle: Lifecycle) -> None:
        self._loaded = loaded
        self._files = files
        self._lifecycle = lifecycle
        self._channel.control({"type": "listen", "index": 0, "asked": {}, "raw": False, "tls": False})
        loaded.start_report(self._channel.control)
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
            loaded, update = self._loaded, self._files.update
            LaneServer(lane, loaded.app, self._base, lambda message: None, update, loaded.closes_quickly).run()
        except ServerGone:
            pass
