"""Serves an ASGI app by uvicorn's own protocols, fed with connections that come over the wire.

The bytes of each client connection are unchanged, so what works under uvicorn works here, WebSockets included. No
port is opened. A thread reads the wire, so that a request that a stuck event loop has not begun can be taken back;
everything else happens in the loop, which also answers the server's pings.
"""

import asyncio
import collections
import contextlib
import email.utils
import inspect
import json
import logging
import os
import signal
import struct
import sys
import threading
import time
from typing import Any, Deque, Dict, List, Optional, Tuple

from .. import terminal, watchdog
from .connection import Connection
from ..wire.frames import CONTROL, U32, Channel, ServerGone, Wire, frame
from ..app.loaded_files import FileReport
from ..output import current_request
from ..lifecycle import handles_sigterm, memory

#: An event loop that has not turned for so long after it was told to end is taken for stuck.
TURN_S = 0.2

NO_UVICORN = "uvicorn is not installed in {python}, and an ASGI app needs it; run: {python} -m pip install uvicorn[standard]"

_HEAD = struct.Struct("<II")
_STARTED = struct.Struct("<IBIII")


def serve(channel: Channel, app: Any, files: FileReport) -> None:
    """Serves until the server asks for the end. Exits with status 1 where uvicorn or the app's start fails."""
    try:
        import uvicorn  # noqa: F401
    except ImportError:
        channel.control({"type": "nothingToServe", "message": NO_UVICORN.format(python=sys.executable)})
        sys.exit(1)
    with contextlib.suppress(ServerGone):
        asyncio.run(_serve(channel, app, files))
        return
    watchdog.end()


async def _serve(channel: Channel, app: Any, files: FileReport) -> None:
    import uvicorn
    from uvicorn.server import ServerState

    config = uvicorn.Config(
        app, log_config=None, access_log=False, proxy_headers=False, timeout_keep_alive=1_000_000, lifespan="auto"
    )
    if not logging.getLogger("uvicorn.error").handlers:
        logging.getLogger("uvicorn").setLevel(logging.WARNING)
    config.load()
    lifespan = config.lifespan_class(config)
    await lifespan.startup()
    if lifespan.should_exit:
        channel.control({"type": "exception", "message": "The app's lifespan startup failed", "stack": ""})
        sys.exit(1)
    server = WireServer(channel, config, ServerState(), lifespan, files)
    await server.run()
    await lifespan.shutdown()


class WireServer:
    """The worker's end of the wire; the counterpart of src/engine/workers/node/inside/worker-link.ts."""

    def __init__(self, channel: Channel, config: Any, state: Any, lifespan: Any, files: FileReport) -> None:
        self._channel = channel
        self._config = config
        self._state = state
        self._files = files
        self._loop = asyncio.get_running_loop()
        self._done = self._loop.create_future()
        self._told_to_end = False
        self._again: Optional[threading.Timer] = None
        self._connections: Dict[int, Connection] = {}
        self._options: Dict[str, Any] = {"config": config, "server_state": state, "_loop": self._loop}
        if "app_state" in inspect.signature(config.http_protocol_class.__init__).parameters:
            self._options["app_state"] = lifespan.state
        # Shared with the reading thread.
        self._incoming: Deque[Tuple[int, int, bytes]] = collections.deque()
        self._lock = threading.Lock()
        self._offered: Dict[int, int] = {}
        #: By slot, so that it stays small whatever becomes of the requests.
        self._revoked: Dict[int, int] = {}
        self._woken = False
        # Of the loop alone.
        self._out: List[bytes] = []
        self._flushing = False
        self._yielding = False

    async def run(self) -> None:
        tick = asyncio.ensure_future(self._tick())
        threading.Thread(target=self._read, name="concurrent-server wire", daemon=True).start()
        if handles_sigterm():
            signal.signal(signal.SIGTERM, self._on_signal)
        self._channel.control({"type": "listen", "index": 0, "asked": {}, "raw": False, "tls": False})
        try:
            await self._done
        finally:
            tick.cancel()

    def protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self._config.http_protocol_class(**self._options)
        return made

    def send(self, data: bytes) -> None:
        self._out.append(data)
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def forget(self, number: int) -> None:
        self._connections.pop(number, None)

    async def _tick(self) -> None:
        while True:
            date = email.utils.formatdate(usegmt=True).encode()
            headers = list(self._config.encoded_headers)
            if getattr(self._config, "date_header", True):
                headers = [(b"date", date), *headers]
            self._state.default_headers = headers
            self._files.update()
            await asyncio.sleep(1)

    def _flush(self) -> None:
        self._flushing = False
        data, self._out = b"".join(self._out), []
        if not data:
            return
        try:
            self._channel.send(data)
        except ServerGone:
            watchdog.end()

    # The reading thread

    def _read(self) -> None:
        try:
            while True:
                kind, number, payload = self._channel.read()
                if kind == Wire.REVOKE:
                    self._revoke(payload)
                    continue
                with self._lock:
                    if kind == Wire.HEAD:
                        request, slot = _HEAD.unpack_from(payload)
                        self._offered[slot] = request
                    self._incoming.append((kind, number, payload))
                    wake, self._woken = not self._woken, True
                if wake:
                    self._loop.call_soon_threadsafe(self._process)
        except (ServerGone, RuntimeError):
            pass  # The watchdog knows what the end of the wire means; a closed loop needs no waking.

    def _revoke(self, payload: bytes) -> None:
        request, slot = _HEAD.unpack_from(payload)
        with self._lock:
            revoked = self._offered.get(slot) == request
            if revoked:
                del self._offered[slot]
                self._revoked[slot] = request
        self._channel.send(frame(Wire.REVOKED, 0, U32.pack(slot) + bytes((revoked,))))

    def _claim(self, slot: int, request: int) -> bool:
        with self._lock:
            if self._revoked.pop(slot, None) == request:
                return False
            self._offered.pop(slot, None)
            return True

    # The loop

    def _process(self) -> None:
        if self._yielding:
            return
        while True:
            with self._lock:
                if not self._incoming:
                    self._woken = False
                    return
                kind, number, payload = self._incoming.popleft()
            if kind == Wire.HEAD:
                if self._on_head(number, payload):
                    return
            elif kind == Wire.OPEN:
                self._connections[number] = Connection(self, number, json.loads(payload))
            elif kind == Wire.PING:
                self.send(frame(Wire.PONG, 0))
            elif kind == CONTROL:
                self._on_control(json.loads(payload))
            elif kind != Wire.FLUSH:
                connection = self._connections.get(number)
                if connection is not None:
                    connection.on_frame(kind, payload)

    def _on_head(self, number: int, payload: bytes) -> bool:
        """Returns true when the handler is to run before anything else is read."""
        request, slot = _HEAD.unpack_from(payload)
        connection = self._connections.get(number)
        # The app may have closed its end while the request was on its way. It is not claimed: another stream can carry it.
        if connection is None or connection.is_closing() or connection.dropping or not self._claim(slot, request):
            if connection is not None:
                # What comes next on it would be taken for the bytes that are missing; the server ends it.
                connection.dropping = True
            self.send(frame(Wire.DROPPED, number, U32.pack(slot)))
            return False
        started = time.perf_counter()
        current_request.set(request)
        connection.on_request(payload[8:])
        current_request.set(0)
        self._yielding = True
        # The handler's first step was put into the loop before this, and where it only lets others go first
        # (`await asyncio.sleep(0)`) its second one before the call after that.
        self._loop.call_soon(self._loop.call_soon, self._begun, number, slot, started)
        return True

    def _begun(self, number: int, slot: int, started: float) -> None:
        micros = min(int((time.perf_counter() - started) * 1e6), 0xFFFFFFFF)
        self.send(_STARTED.pack(8, Wire.STARTED, number, slot, micros))
        self._yielding = False
        self._process()
        # The next step of a handler may block.
        self._flush()

    def _on_control(self, message: Dict[str, Any]) -> None:
        kind = message.get("type")
        if kind == "measure":
            self._channel.control({"type": "memory", "bytes": memory()})
        elif kind == "resize":
            terminal.resize(message["size"])
        elif kind == "shutdown":
            self._end()

    def _end(self) -> None:
        if self._again is not None:
            self._again.cancel()
        if not self._done.done():
            self._done.set_result(None)

    def _on_signal(self, number: int, frame: Any) -> None:
        """
        The app's lifespan ends, unless the loop does not turn any more: then only an exception in what it is stuck in
        ends the process.
        """
        if self._done.done():
            return
        if self._told_to_end:
            raise SystemExit(0)
        self._told_to_end = True
        self._loop.call_soon_threadsafe(self._end)
        self._again = threading.Timer(TURN_S, os.kill, [os.getpid(), signal.SIGTERM])
        self._again.daemon = True
        self._again.start()
