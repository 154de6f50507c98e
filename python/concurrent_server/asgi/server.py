"""Serves an ASGI app by uvicorn's own protocols, which get connections that come over the wire.

The bytes of each client connection are unchanged, so everything that works under uvicorn works here, WebSockets
included. No port is opened. A thread reads the wire (``reader.py``); everything else happens in the event loop, which
also answers the server's pings.
"""

import asyncio
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
from typing import Any, Dict, List, Optional

from .. import terminal, watchdog
from ..app.load import Loaded
from ..app.loaded_files import FileReport
from ..lifecycle import handles_sigterm, memory
from ..output import current_request
from ..wire.constants import Wire
from ..wire.frames import CONTROL, U32, Channel, ServerGone, frame
from .connection import Connection
from .reader import REQUEST_AND_SLOT, WireReader

#: The event loop counts as blocked if it has not turned for this time after it was asked to end.
TURN_S = 0.2

NO_UVICORN = (
    "uvicorn is not installed in {python}, and an ASGI app needs it; run: {python} -m pip install uvicorn[standard]"
)

#: A whole STARTED frame: header, claim slot, microseconds.
_STARTED = struct.Struct("<IBIII")


def serve(channel: Channel, loaded: Loaded, files: FileReport) -> None:
    """Serves until the server asks for the end. Exits with status 1 if uvicorn is missing or the app does not start."""
    # A worker may be forked from within an event loop of the app.
    asyncio._set_running_loop(None)
    asyncio.run(serve_in_loop(channel, loaded, files))


async def serve_in_loop(channel: Channel, loaded: Loaded, files: FileReport) -> None:
    """The same in the running event loop."""
    try:
        import uvicorn  # noqa: F401
    except ImportError:
        channel.control({"type": "nothingToServe", "message": NO_UVICORN.format(python=sys.executable)})
        sys.exit(1)
    with contextlib.suppress(ServerGone):
        await _serve(channel, loaded, files)
        return
    watchdog.end()


async def _serve(channel: Channel, loaded: Loaded, files: FileReport) -> None:
    import uvicorn
    from uvicorn.server import ServerState

    options: Dict[str, Any] = {"lifespan": "auto", **loaded.uvicorn}
    config = uvicorn.Config(
        loaded.app, log_config=None, access_log=False, proxy_headers=False, timeout_keep_alive=1_000_000, **options
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
        self._reader = WireReader(channel, self._wake)
        self._done = self._loop.create_future()
        self._asked_to_end = False
        self._again: Optional[threading.Timer] = None
        self._connections: Dict[int, Connection] = {}
        self._options: Dict[str, Any] = {"config": config, "server_state": state, "_loop": self._loop}
        if "app_state" in inspect.signature(config.http_protocol_class.__init__).parameters:
            self._options["app_state"] = lifespan.state
        self._out: List[bytes] = []
        self._flushing = False
        self._yielding = False

    async def run(self) -> None:
        tick = asyncio.ensure_future(self._tick())
        self._reader.start()
        if handles_sigterm():
            signal.signal(signal.SIGTERM, self._on_signal)
        self._channel.control({"type": "listen", "index": 0, "asked": {}, "raw": False, "tls": False})
        try:
            await self._done
        finally:
            tick.cancel()

    async def _tick(self) -> None:
        while True:
            date = email.utils.formatdate(usegmt=True).encode()
            headers = list(self._config.encoded_headers)
            if getattr(self._config, "date_header", True):
                headers = [(b"date", date), *headers]
            self._state.default_headers = headers
            self._files.update()
            await asyncio.sleep(1)

    def _wake(self) -> None:
        self._loop.call_soon_threadsafe(self._process)

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self._config.http_protocol_class(**self._options)
        return made

    def _forget(self, number: int) -> None:
        self._connections.pop(number, None)

    def _send(self, data: bytes) -> None:
        self._out.append(data)
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        data, self._out = b"".join(self._out), []
        if not data:
            return
        try:
            self._channel.send(data)
        except ServerGone:
            watchdog.end()

    def _process(self) -> None:
        if self._yielding:
            return
        while True:
            received = self._reader.next()
            if received is None:
                return
            kind, number, payload = received
            if kind == Wire.HEAD:
                if self._on_head(number, payload):
                    return
            elif kind == Wire.OPEN:
                self._connections[number] = Connection(
                    number, json.loads(payload), self._protocol, self._send, self._forget
                )
            elif kind == Wire.PING:
                self._send(frame(Wire.PONG, 0))
            elif kind == CONTROL:
                self._on_control(json.loads(payload))
            elif kind != Wire.FLUSH:
                connection = self._connections.get(number)
                if connection is not None:
                    connection.on_frame(kind, payload)

    def _on_head(self, number: int, payload: bytes) -> bool:
        """Returns True if the handler must run before anything else is read."""
        request, slot = REQUEST_AND_SLOT.unpack_from(payload)
        connection = self._connections.get(number)
        # The app may have closed its end while the request was on its way. Then the request is not claimed, so
        # another connection can carry it.
        if (
            connection is None
            or connection.is_closing()
            or connection.dropping
            or not self._reader.claim(slot, request)
        ):
            if connection is not None:
                # The server ends this connection. Until then its bytes must not be taken for those of the request.
                connection.dropping = True
            self._send(frame(Wire.DROPPED, number, U32.pack(slot)))
            return False
        started = time.perf_counter()
        current_request.set(request)
        connection.on_request(payload[8:])
        current_request.set(0)
        self._yielding = True
        # The handler's first step is in the loop already. If that is only `await asyncio.sleep(0)`, its second step is
        # in the loop before the inner call.
        self._loop.call_soon(self._loop.call_soon, self._on_started, number, slot, started)
        return True

    def _on_started(self, number: int, slot: int, started: float) -> None:
        micros = min(int((time.perf_counter() - started) * 1e6), 0xFFFFFFFF)
        self._send(_STARTED.pack(8, Wire.STARTED, number, slot, micros))
        self._yielding = False
        self._process()
        # A handler's next step may block.
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

    def _on_signal(self, number: int, stack: Any) -> None:
        """
        Ends the app's lifespan. If the loop does not turn any more, only an exception in the code that it is stuck in
        ends the process.
        """
        if self._done.done():
            return
        if self._asked_to_end:
            raise SystemExit(0)
        self._asked_to_end = True
        self._loop.call_soon_threadsafe(self._end)
        self._again = threading.Timer(TURN_S, os.kill, [os.getpid(), signal.SIGTERM])
        self._again.daemon = True
        self._again.start()
