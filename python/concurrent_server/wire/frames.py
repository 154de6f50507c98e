"""What travels between the server process and Python: frames of 9 bytes of header and a payload.

The header is u32 payload length, u8 type, u32 id, little-endian; the same as in src/wire/frames.ts. On a *lane*,
a socket that carries one WSGI request at a time, the types are those of ``Lane`` and the id is the request's number.
On a *wire*, which carries the connections of an ASGI app, they are those of ``Wire`` and the id is the connection's.
"""

import json
import struct
import threading
from typing import Any, Dict

HEADER = struct.Struct("<IBI")
HEADER_BYTES = HEADER.size
#: A number in a payload.
U32 = struct.Struct("<I")

#: Both on lanes and on wires: a JSON object about something else than a request.
CONTROL = 11
#: The largest payload of a DATA frame.
MAX_DATA_BYTES = 64 * 1024


class Lane:
    """Types on a lane; src/engine/workers/python/wsgi/lane-frames.ts holds the other side's list."""

    # To Python.
    REQUEST = 1  # environ; there is no body
    REQUEST_WITH_BODY = 2  # environ; DATA follow, then END or GONE
    DATA = 3  # both ways
    END = 4  # both ways; from Python: the answer is complete
    GONE = 5  # to Python: the client has left. From Python: the answer can't be completed
    # From Python.
    ANSWER = 6  # a whole answer: u32 length of the head, u8 flags, head, body
    START = 7  # u8 flags, head; DATA and END follow
    CONTINUE = 8  # the app reads a body that the client has not sent yet
    FREE = 9  # the app is done with the request, so the next one may come


class Wire:
    """Types on the wire of an ASGI app; see src/wire/frames.ts."""

    OPEN = 1
    HEAD = 2
    DATA = 3
    FIN = 4
    RESET = 5
    CREDIT = 6
    STARTED = 7
    DROPPED = 8
    PING = 9
    PONG = 10
    FLUSH = 12
    REVOKE = 13
    REVOKED = 14


#: Flags of an answer's head, so that the server need not look for these headers.
HAS_LENGTH = 1
HAS_DATE = 2
HAS_SERVER = 4


class ServerGone(Exception):
    """The server process is gone, so there is nothing left to do."""


class Channel:
    """One end of a socket or pipe that carries frames. Any thread may send; one reads."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._rest = b""
        self._lock = threading.Lock()

    def send(self, data: bytes) -> None:
        """Sends whole frames; they stay together. Raises ServerGone."""
        try:
            with self._lock:
                self._socket.sendall(data)
        except OSError as error:
            raise ServerGone from error

    def control(self, message: Dict[str, Any]) -> None:
        """Sends a message that is not about a request; lost without an error where the server is gone."""
        try:
            self.send(frame(CONTROL, 0, json.dumps(message).encode()))
        except ServerGone:
            pass

    def try_control(self, message: Dict[str, Any]) -> bool:
        """As `control`, but returns False where a send is under way: a signal handler may have interrupted it."""
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
            if have >= HEADER_BYTES:
                length, kind, number = HEADER.unpack_from(data)
                end = HEADER_BYTES + length
                if have == end:
                    self._rest = b""
                    return kind, number, data[HEADER_BYTES:]
                if have > end:
                    self._rest = data[end:]
                    return kind, number, data[HEADER_BYTES:end]
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
        """Whether something has come that was not read, as far as that can be told without waiting."""
        return bool(self._rest) or self._socket.readable()


def frame(kind: int, number: int, payload: bytes = b"") -> bytes:
    return HEADER.pack(len(payload), kind, number) + payload
