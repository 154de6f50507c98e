"""The body of a request to a WSGI app: `wsgi.input` (PEP 3333), read from the lane when the app reads it."""

import io
import json
from typing import Any, Callable, Dict, List

from ..wire.constants import Lane
from ..wire.frames import CONTROL, Channel, frame


class ClientGone(ConnectionError):
    """The client closed the connection before it had the response, or before it had sent the request."""


class Body(io.RawIOBase):
    """`wsgi.input` of a request with a body: reads from the lane when the app does."""

    def __init__(
        self,
        channel: Channel,
        number: int,
        expects_continue: bool,
        control: Callable[[Dict[str, Any]], None],
    ) -> None:
        super().__init__()
        self._channel = channel
        self._number = number
        self._expects_continue = expects_continue
        self._control = control
        self._parts: List[bytes] = []
        self._ended = False
        self._gone = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._expects_continue:
            self._expects_continue = False
            self._channel.send(frame(Lane.CONTINUE, self._number))
        while not self._parts:
            if self._gone:
                raise ClientGone("The client has left before it had sent its request")
            if self._ended:
                return 0
            self.take(*self._channel.read())
        first = self._parts[0]
        size = min(len(buffer), len(first))
        buffer[:size] = first[:size]
        if size == len(first):
            self._parts.pop(0)
        else:
            self._parts[0] = first[size:]
        return size

    def take(self, kind: int, number: int, payload: bytes) -> None:
        """Handles a frame that came on the lane during this request."""
        if kind == CONTROL:
            self._control(json.loads(payload))
        elif number != self._number:
            return
        elif kind == Lane.DATA:
            self._parts.append(payload)
        elif kind == Lane.END:
            self._ended = True
        elif kind == Lane.GONE:
            self._gone = self._ended = True

    def skip(self) -> None:
        """Reads the rest from the lane; the server ends the body once it has the response."""
        while not self._ended:
            self.take(*self._channel.read())
            self._parts.clear()
