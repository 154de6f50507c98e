"""What a WSGI app answers (PEP 3333), as frames on its lane."""

from typing import Any, Callable, Iterable, List, Optional, Tuple

from .frames import HAS_DATE, HAS_LENGTH, HAS_SERVER, HEADER, MAX_DATA_BYTES, Channel, Lane, frame
from .wsgi_body import Body, ClientGone

#: Headers that are the server's, not the app's (RFC 2616, 13.5.1, as PEP 3333 wants it).
_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_FLAGS = {"content-length": HAS_LENGTH, "date": HAS_DATE, "server": HAS_SERVER}
_SPECIAL = _HOP_BY_HOP | set(_FLAGS)

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
        self._status = ""
        self._headers: List[Tuple[str, str]] = []
        self._started = False
        self._finished = False
        self._length = -1
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
        elif self._status:
            raise AssertionError("start_response was called twice without exc_info")
        self._status = status
        self._headers = list(headers)
        return self.write

    def send(self, result: Iterable[bytes]) -> None:
        """Sends all of an answer. Small ones that are whole go in one piece."""
        if isinstance(result, (list, tuple)) or getattr(result, "streaming", None) is False:
            # Nothing is to be waited for; Django says so by `streaming`.
            whole = b"".join(result)
            if not self._started:
                self._send_whole(whole)
                return
            self.write(whole)
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
            raise TypeError(f"The app is to give bytes, not {type(chunk).__name__}")
        if not chunk:
            return
        if self._finished:
            return
        if not self._started:
            head, flags = self._head()
            if self._length == len(chunk) <= MAX_DATA_BYTES:
                self._send_whole(chunk, head, flags)
                return
            self._started = True
            start = frame(Lane.START, self._number, bytes((flags,)) + head)
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
        self._status = "500 Internal Server Error"
        self._headers = [("Content-Type", "text/html; charset=utf-8")]
        self._send_whole(_CRASHED)

    def abort(self) -> None:
        if self._finished:
            return
        self._finished = True
        self._channel.send(frame(Lane.GONE, self._number))

    def _end(self) -> None:
        # An answer that is shorter than it said can't be ended in any other way than by cutting it.
        if 0 <= self._sent < self._length and not self._head_only:
            self.abort()
            raise ValueError(f"The app sent {self._sent} bytes and a Content-Length of {self._length}")
        self._finished = True
        self._channel.send(frame(Lane.END, self._number))

    def _send_whole(self, data: bytes, head: Optional[bytes] = None, flags: int = 0) -> None:
        if head is None:
            head, flags = self._head()
        # HEAD and 304 tell the length of a body that they don't have.
        bodiless = not data and (self._head_only or self._status.startswith("304"))
        if len(data) > MAX_DATA_BYTES or (len(data) < self._length and not bodiless):
            self._started = True
            self._channel.send(frame(Lane.START, self._number, bytes((flags,)) + head))
            self.write(data)
            self._end()
            return
        self._started = self._finished = True
        size = len(head)
        whole = b"".join(
            (
                HEADER.pack(5 + size + len(data), Lane.ANSWER, self._number),
                size.to_bytes(4, "little"),
                bytes((flags,)),
                head,
                data,
            )
        )
        if self.is_last:
            self.held = whole
        else:
            self._channel.send(whole)

    def _head(self) -> Tuple[bytes, int]:
        status = self._status
        if not status:
            raise AssertionError("The app gave a body without having called start_response")
        flags = 0
        # A head that could not be sent may have had a length; this one may be that of the error page.
        self._length = -1
        lines = [status]
        for name, value in self._headers:
            lower = name.lower()
            if lower in _SPECIAL:
                if lower in _HOP_BY_HOP:
                    continue
                flags |= _FLAGS[lower]
                if lower == "content-length":
                    self._length = _content_length(value)
            lines.append(f"{name}: {value}")
        text = "\r\n".join(lines)
        if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1 or "\0" in text:
            raise ValueError("A header or the status has a line break in it")
        code = status[:3]
        # Behind an interim status (1xx) the client would wait for another answer.
        if len(status) < 4 or not (code.isascii() and code.isdigit()) or code < "200" or status[3] != " ":
            raise ValueError(f"The status must be three digits from 200 on, a space and a reason, not {status!r}")
        return text.encode("latin-1") + b"\r\n", flags

    def _notice_client(self) -> None:
        """Raises ClientGone when the client has left; looks without waiting."""
        while self._channel.arrived():
            kind, number, payload = self._channel.read()
            if number == self._number and kind == Lane.GONE:
                raise ClientGone("The client has left")
            if self._body is not None:
                self._body.take(kind, number, payload)


def _content_length(value: str) -> int:
    """Bytes (RFC 9110, 8.6); `int` alone would take signs and underscores as well."""
    digits = value.strip(" \t")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"The Content-Length must be a number of bytes, not {value!r}")
    return int(digits)
