"""A client's connection on the wire, for uvicorn's protocols: an asyncio transport without a socket."""

import asyncio
import collections
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from ..wire.constants import CREDIT_STEP_BYTES, MAX_DATA_BYTES, STREAM_WINDOW_BYTES, Wire
from ..wire.frames import HEADER, U32, frame


class Connection(asyncio.Transport):
    """A client's connection; for uvicorn a transport like that of a socket."""

    def __init__(
        self,
        number: int,
        info: Dict[str, Any],
        make_protocol: Callable[[], asyncio.Protocol],
        send: Callable[[bytes], None],
        forget: Callable[[int], None],
    ) -> None:
        """`info` is the payload of OPEN. `send` takes frames, `forget` the number of a connection that was closed."""
        super().__init__(
            {
                "peername": (info["remoteAddress"], info["remotePort"]),
                "sockname": (info["localAddress"], info["localPort"]),
            }
        )
        self.dropping = False
        self._number = number
        self._make_protocol = make_protocol
        self._send_frame = send
        self._forget = forget
        self._protocol: Any = None
        self._window = STREAM_WINDOW_BYTES
        self._credit_due = 0
        self._waiting: Deque[bytes] = collections.deque()
        self._paused_writing = False
        self._held: Optional[List[bytes]] = None
        self._end_held = False
        self._closing = False
        self._lost = False

    # From the wire

    def on_request(self, data: bytes) -> None:
        if self._protocol is None:
            self._protocol = self._make_protocol()
            self._protocol.connection_made(self)
        self._deliver(data)

    def on_frame(self, kind: int, payload: bytes) -> None:
        if kind == Wire.RESET:
            self._lose(ConnectionResetError("The client has left"), reset=False)
        elif kind == Wire.CREDIT:
            self._window += U32.unpack(payload)[0]
            self._pump()
        elif self.dropping or self._protocol is None:
            return
        elif kind == Wire.DATA:
            self._deliver(payload)
        elif kind == Wire.FIN:
            self._end()

    def _deliver(self, data: bytes) -> None:
        if self._held is not None:
            self._held.append(data)
            return
        self._credit_due += len(data)
        if self._credit_due >= CREDIT_STEP_BYTES:
            self._send_frame(frame(Wire.CREDIT, self._number, U32.pack(self._credit_due)))
            self._credit_due = 0
        if data and not self._closing:
            self._protocol.data_received(data)

    def _end(self) -> None:
        if self._held is not None:
            self._end_held = True
        elif not self._closing and not self._protocol.eof_received():
            self.close()

    # asyncio.Transport

    def set_protocol(self, protocol: Any) -> None:
        self._protocol = protocol

    def get_protocol(self) -> Any:
        return self._protocol

    def is_closing(self) -> bool:
        return self._closing

    def pause_reading(self) -> None:
        if self._held is None:
            self._held = []

    def resume_reading(self) -> None:
        held, self._held = self._held, None
        for at, data in enumerate(held or ()):
            self._deliver(data)
            if self._held is not None:
                self._held.extend((held or [])[at + 1 :])
                return
        if self._end_held:
            self._end_held = False
            self._end()

    def is_reading(self) -> bool:
        return self._held is None and not self._closing

    def write(self, data: Any) -> None:
        if self._closing or not data:
            return
        data = bytes(data)
        if self._waiting or self._window < len(data):
            self._waiting.append(data)
            self._pump()
            if self._waiting and not self._paused_writing:
                self._paused_writing = True
                self._protocol.pause_writing()
        else:
            self._send(data)

    def writelines(self, parts: Any) -> None:
        self.write(b"".join(parts))

    def set_write_buffer_limits(self, high: Any = None, low: Any = None) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return sum(len(data) for data in self._waiting)

    def get_write_buffer_limits(self) -> Tuple[int, int]:
        return 0, STREAM_WINDOW_BYTES

    def can_write_eof(self) -> bool:
        return False

    def write_eof(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        if self._closing:
            return
        self._closing = True
        if not self._waiting:
            self._finish()

    def abort(self) -> None:
        self._closing = True
        self._lose(None, reset=True)

    # Below

    def _send(self, data: bytes) -> None:
        self._window -= len(data)
        if len(data) <= MAX_DATA_BYTES:
            self._send_frame(HEADER.pack(len(data), Wire.DATA, self._number) + data)
            return
        for at in range(0, len(data), MAX_DATA_BYTES):
            self._send_frame(frame(Wire.DATA, self._number, data[at : at + MAX_DATA_BYTES]))

    def _pump(self) -> None:
        while self._waiting and self._window > 0:
            data = self._waiting.popleft()
            if len(data) > self._window:
                self._waiting.appendleft(data[self._window :])
                data = data[: self._window]
            self._send(data)
        if self._waiting:
            return
        if self._paused_writing:
            self._paused_writing = False
            self._protocol.resume_writing()
        if self._closing and not self._lost:
            self._finish()

    def _finish(self) -> None:
        self._send_frame(frame(Wire.FIN, self._number))
        self._lose(None, reset=True)

    def _lose(self, error: Optional[Exception], reset: bool) -> None:
        if self._lost:
            return
        self._lost = self._closing = True
        self._waiting.clear()
        self._forget(self._number)
        if reset:
            self._send_frame(frame(Wire.RESET, self._number))
        if self._protocol is not None:
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, error)
