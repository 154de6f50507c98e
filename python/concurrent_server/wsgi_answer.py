"""What a WSGI app answers (PEP 3333), as frames on its lane."""

from typing import Any, Callable, Iterable, List, Optional, Tuple

from .frames import HEADER, MAX_DATA_BYTES, Channel, Lane, frame
from .wsgi_body import Body, ClientGone
from .wsgi_head import BODILESS, Head, make_head

_CRASHED = (
    b"<!doctype html><title>500 Internal Server Error</title><h1>Internal Server Error</h1>"
    b"<p>The app raised an exception; the traceback is in its output.</p>"
)


class Answer:
    """Turns what the app returns into frames."""

    def __init__(self, channel: Channel, number: int, head_only: bool, body: Optional[Body]) -> None:
        self._channel = channel
        self._number = number
        self._head_only = head_only
        self._body = body
        self._head: Optional[Head] = None
        self._started = False
        self._finished = False
        self._sent = 0
        #: Whether a whole answer may be held back until the app is done, which is at once.
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
        # A head that is refused here does not count: what was given before stays.
        self._head = make_head(status, headers)
        return self.write

    def send(self, result: Iterable[bytes]) -> None:
        """Sends all of an answer. Small ones that are whole go in one piece."""
        if isinstance(result, (list, tuple)) or getattr(result, "streaming", None) is False:
            # Nothing is to be waited for; Django says so by `streaming`.
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
        # Before anything of the answer is sent, so that there still can be an error page.
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
            # PEP 3333: what is beyond the length is not sent, and an error tells the app.
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
        """The app raised something: answers with an error page, or cuts the answer that has begun."""
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
        # An answer that is shorter than it said can't be ended in any other way than by cutting it.
        if self._sent < head.length and not self._bodiless(head):
            self.abort()
            raise ValueError(f"The app sent {self._sent} bytes and a Content-Length of {head.length}")
        self._finished = True
        self._channel.send(frame(Lane.END, self._number))

    def _send_whole(self, data: bytes) -> None:
        """Sends the head, and all of the body. Longer than its length: that is for `write` to refuse."""
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
        """How many bytes of a part are beyond the length that the app gave; 0 or less where none are."""
        head = self._given()
        return 0 if head.length < 0 or self._bodiless(head) else self._sent + len(chunk) - head.length

    def _bodiless(self, head: Head) -> bool:
        """Whether nothing of a body is sent, whatever the app gives; HEAD tells the length of one all the same."""
        return self._head_only or head.code in BODILESS

    def _notice_client(self) -> None:
        """Raises ClientGone when the client has left; looks without waiting."""
        while self._channel.arrived():
            kind, number, payload = self._channel.read()
            if number == self._number and kind == Lane.GONE:
                raise ClientGone("The client has left")
            if self._body is not None:
                self._body.take(kind, number, payload)
