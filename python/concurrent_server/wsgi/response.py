"""A WSGI app's response (PEP 3333), as frames on its lane."""

from typing import Any, Callable, Iterable, List, Optional, Tuple

from ..wire.constants import MAX_DATA_BYTES, Lane
from ..wire.frames import HEADER, Channel, frame
from .body import Body, ClientGone
from .head import BODILESS, Head, make_head

_CRASHED = (
    b"<!doctype html><title>500 Internal Server Error</title><h1>Internal Server Error</h1>"
    b"<p>The app raised an exception; the traceback is in its output.</p>"
)


class Response:
    """Turns the app's result into frames."""

    def __init__(self, channel: Channel, number: int, head_only: bool, body: Optional[Body]) -> None:
        self._channel = channel
        self._number = number
        self._head_only = head_only
        self._body = body
        self._head: Optional[Head] = None
        self._started = False
        self._finished = False
        self._sent = 0
        #: A whole response may be held until the app has finished, because that is at once.
        self.is_last = False
        self.held = b""

    def start_response(
        self, status: str, headers: List[Tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        if exc_info:
            try:
                if self._started:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self._head:
            raise AssertionError("start_response was called twice without exc_info")
        # If this head is refused, the one before stays.
        self._head = make_head(status, headers)
        return self.write

    def send(self, result: Iterable[bytes]) -> None:
        """Sends the whole response, in one piece if it is small and complete."""
        if isinstance(result, (list, tuple)) or getattr(result, "streaming", None) is False:
            # All parts are there already; Django says so by `streaming`.
            whole = b"".join(result)
            if self._started or self._surplus(whole) > 0:
                self.write(whole)
            else:
                self._send_whole(whole)
        else:
            for chunk in result:
                self.write(chunk)
        if not self._started:
            self._send_whole(b"")
        elif not self._finished:
            self._end()

    def write(self, chunk: bytes) -> None:
        """The callable of start_response, and every part of an iterable."""
        # Checked before anything is sent, so that an error page is still possible.
        if not isinstance(chunk, (bytes, bytearray, memoryview)):
            raise TypeError(f"The app must return bytes, not {type(chunk).__name__}")
        if not chunk:
            return
        surplus = self._surplus(chunk)
        if not self._finished:
            if surplus <= 0:
                self._send_part(chunk)
            elif self._started:
                self._send_part(chunk[: len(chunk) - surplus])
                self._end()
            else:
                self._send_whole(chunk[: len(chunk) - surplus])
        if surplus > 0:
            # PEP 3333: bytes beyond the length are not sent, and the app gets an error.
            raise ValueError(f"The app sends more than the {self._given().length} bytes of its Content-Length")

    def _send_part(self, chunk: bytes) -> None:
        if not self._started:
            head = self._given()
            if head.length == len(chunk) <= MAX_DATA_BYTES:
                self._send_whole(chunk)
                return
            self._started = True
            start = frame(Lane.START, self._number, bytes((head.flags,)) + head.text)
        else:
            self._notice_client()
            start = b""
        self._sent += len(chunk)
        for at in range(0, len(chunk), MAX_DATA_BYTES):
            self._channel.send(start + frame(Lane.DATA, self._number, chunk[at : at + MAX_DATA_BYTES]))
            start = b""

    def fail(self) -> None:
        """The app raised an exception: sends an error page, or cuts a response that has started."""
        if self._finished:
            return
        if self._started:
            self.abort()
            return
        self._head = make_head("500 Internal Server Error", [("Content-Type", "text/html; charset=utf-8")])
        self._send_whole(_CRASHED)

    def abort(self) -> None:
        if self._finished:
            return
        self._finished = True
        self._channel.send(frame(Lane.GONE, self._number))

    def _end(self) -> None:
        head = self._given()
        # The response is shorter than its Content-Length, so cutting it is the only way to end it.
        if self._sent < head.length and not self._bodiless(head):
            self.abort()
            raise ValueError(f"The app sent {self._sent} bytes and a Content-Length of {head.length}")
        self._finished = True
        self._channel.send(frame(Lane.END, self._number))

    def _send_whole(self, data: bytes) -> None:
        """Sends the head and the whole body. `write` refuses bodies that are longer than their Content-Length."""
        head = self._given()
        short = len(data) < head.length and not (self._bodiless(head) and not data)
        if len(data) > MAX_DATA_BYTES or short:
            self._started = True
            self._channel.send(frame(Lane.START, self._number, bytes((head.flags,)) + head.text))
            self.write(data)
            self._end()
            return
        self._started = self._finished = True
        self._sent += len(data)
        size = len(head.text)
        whole = b"".join(
            (
                HEADER.pack(5 + size + len(data), Lane.ANSWER, self._number),
                size.to_bytes(4, "little"),
                bytes((head.flags,)),
                head.text,
                data,
            )
        )
        if self.is_last:
            self.held = whole
        else:
            self._channel.send(whole)

    def _given(self) -> Head:
        if self._head is None:
            raise AssertionError("The app sent a body before it called start_response")
        return self._head

    def _surplus(self, chunk: bytes) -> int:
        """How many bytes of a part are beyond the Content-Length; 0 or less if none."""
        head = self._given()
        return 0 if head.length < 0 or self._bodiless(head) else self._sent + len(chunk) - head.length

    def _bodiless(self, head: Head) -> bool:
        """Whether no body is sent, whatever the app returns. A response to HEAD still has the Content-Length."""
        return self._head_only or head.code in BODILESS

    def _notice_client(self) -> None:
        """Raises ClientGone if the client has disconnected. Does not wait."""
        while self._channel.arrived():
            kind, number, payload = self._channel.read()
            if number == self._number and kind == Lane.GONE:
                raise ClientGone("The client has left")
            if self._body is not None:
                self._body.take(kind, number, payload)
