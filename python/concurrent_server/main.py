"""Boots a process of an app: reads the server's boot data, loads the app, and serves it."""

import json
import os
import sys
import threading
from typing import Any, Dict, List, Optional, Tuple

from . import child_processes, failure, mark, output, watchdog
from .app import bytecode, debugger, file_access
from .app.entry import CannotServe, split
from .app.load import Loaded, load, ready
from .app.load_watch import LoadWatch
from .app.loaded_files import FileReport, project_folders
from .app.ways_in import HandOver
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
    lifecycle = Lifecycle(channel.control, lambda: False)
    lifecycle.install()
    files = FileReport(channel.control, project_folders(split(boot["entry"])[0]))
    bytecode.only_of_settled_sources(files.loads)
    file_access.report(files)
    Process(channel, boot, outputs, files, lifecycle).run()


class Process:
    """Loads the app and serves it: after the load, or where the app runs itself."""

    def __init__(
        self, channel: Channel, boot: Dict[str, Any], outputs: output.Outputs, files: FileReport, lifecycle: Lifecycle
    ) -> None:
        self._channel = channel
        self._entry: str = boot["entry"]
        self._fork: bool = boot["fork"]
        self._outputs = outputs
        self._files = files
        self._lifecycle = lifecycle
        self._lanes = Lanes(channel, boot)
        self._hand = HandOver(self._serve_given, self._serve_given_in_loop, files.loads)
        self._watch = LoadWatch(self._serves_itself, lambda: self._hand.in_thread)
        debugger.several_processes(boot["multiprocess"])

    def run(self) -> None:
        self._watch.start()
        try:
            loaded = load(self._entry, self._hand)
        except CannotServe as error:
            self._cannot_serve(str(error), error.location)
            sys.exit(1)
        except BaseException as error:
            if self._hand.done or self._lifecycle.ending:
                # This is the end of an app that was served, or of one that was loading.
                raise
            report = failure.describe(error)
            print(report["stack"], file=sys.stderr, flush=True)
            self._channel.control(report)
            sys.exit(1)
        finally:
            self._watch.stop()
        if loaded is not None:
            self._serve(loaded)

    def _serve_given(self, app: Any, options: Dict[str, Any]) -> None:
        self._watch.stop()
        self._serve(ready(app, options.get("debugger", True), options.get("uvicorn")))

    async def _serve_given_in_loop(self, app: Any, options: Dict[str, Any]) -> None:
        self._watch.stop()
        loaded = ready(app, options.get("debugger", True), options.get("uvicorn"))
        if self._fork or loaded.style != "asgi":
            self._serve(loaded)
            return
        from .asgi import server as asgi_server

        self._announce(loaded)
        await asgi_server.serve_in_loop(self._channel, loaded, self._files)

    def _serve(self, loaded: Loaded) -> None:
        if self._fork:
            from . import zygote

            self._files.update()
            zygote.run(self._channel, loaded, self._outputs, self._files, WATCHDOG_FD)
            return
        self._announce(loaded)
        if loaded.style == "asgi":
            from .asgi import server as asgi_server

            asgi_server.serve(self._channel, loaded, self._files)
        else:
            self._lanes.serve(loaded, self._files, self._lifecycle)

    def _announce(self, loaded: Loaded) -> None:
        self._files.update()
        self._channel.control(loaded.serving(SOFTWARE))
        if loaded.style == "asgi":
            loaded.start_report(self._channel.control)

    def _cannot_serve(self, text: str, location: Optional[Tuple[str, int]]) -> None:
        message: Dict[str, Any] = {"type": "nothingToServe", "message": text}
        if location is not None:
            message["location"] = {"file": location[0], "line": location[1]}
        self._channel.control(message)

    def _serves_itself(self, text: str, location: Optional[Tuple[str, int]]) -> None:
        """The main thread does not return, so this thread ends the process."""
        self._cannot_serve(text, location)
        self._outputs.flush()
        os._exit(1)


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
