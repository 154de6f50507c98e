"""The frames between the server process and Python: each is a header of 9 bytes and a payload.

The header is u32 payload length, u8 type, u32 id, little-endian; the same as in src/wire/frames.ts. On a *lane*, a
socket that carries one WSGI request at a time, the types are those of ``Lane`` and the id is the request's number. On a
*wire*, which carries the connections of an ASGI app, they are those of ``Wire`` and the id is the connection's.
"""

import json
import struct
import threading
from typing import Any, Dict

from .constants import FRAME_HEADER_BYTES, Wire

HEADER = struct.Struct("<IBI")
assert HEADER.size == FRAME_HEADER_BYTES
#: A number in a payload.
U32 = struct.Struct("<I")

#: The same type on lanes and on wires: a JSON object that is not about a request.
CONTROL = Wire.CONTROL


class ServerGone(Exception):
    """The server process has exited, so there is nothing left to do."""


class Channel:
    """One end of a socket or pipe that carries frames. Any thread may send; one thread reads."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._rest = b""
        self._lock = threading.Lock()

    def send(self, data: bytes) -> None:
        """Sends whole frames in one piece. Raises ServerGone."""
        try:
            with self._lock:
                self._socket.sendall(data)
        except OSError as error:
            raise ServerGone from error

    def control(self, message: Dict[str, Any]) -> None:
        """Sends a message that is not about a request. It is lost without an error if the server has exited."""
        try:
            self.send(frame(CONTROL, 0, json.dumps(message).encode()))
        except ServerGone:
            pass

    def try_control(self, message: Dict[str, Any]) -> bool:
        """Like `control`, but returns False during a send: a signal handler may have interrupted that send."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            self._socket.sendall(frame(CONTROL, 0, json.dumps(message).encode()))
        except OSError:
            pass
        finally:
            self._lock.release()
        return True

    def read(self) -> "tuple[int, int, bytes]":
        """The next frame: type, id, payload. Raises ServerGone at the end."""
        data = self._rest
        while True:
            have = len(data)
            if have >= FRAME_HEADER_BYTES:
                length, kind, number = HEADER.unpack_from(data)
                end = FRAME_HEADER_BYTES + length
                if have == end:
                    self._rest = b""
                    return kind, number, data[FRAME_HEADER_BYTES:]
                if have > end:
                    self._rest = data[end:]
                    return kind, number, data[FRAME_HEADER_BYTES:end]
            try:
                more = self._socket.recv(256 * 1024)
            except OSError as error:
                raise ServerGone from error
            if not more:
                raise ServerGone
            data = data + more if data else more

    def fileno(self) -> int:
        return int(self._socket.fileno())

    def close(self) -> None:
        self._socket.close()

    def arrived(self) -> bool:
        """Whether there are unread bytes. Does not wait, and is False if only waiting could show."""
        return bool(self._rest) or self._socket.readable()


def frame(kind: int, number: int, payload: bytes = b"") -> bytes:
    return HEADER.pack(len(payload), kind, number) + payload
