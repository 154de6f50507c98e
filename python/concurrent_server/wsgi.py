"""Serves a WSGI app (PEP 3333) on a lane: one request at a time, in the thread that reads the lane."""

import io
import json
import platform
import sys
import traceback
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple
from urllib.parse import unquote
from wsgiref.util import FileWrapper

from .frames import (
    CONTROL,
    HAS_DATE,
    HAS_LENGTH,
    HAS_SERVER,
    HEADER,
    MAX_DATA_BYTES,
    Channel,
    Lane,
    frame,
)
from .output import current_request, outputs_flush

App = Callable[[Dict[str, Any], Callable[..., Any]], Iterable[bytes]]

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


#: What `manage.py runserver` calls itself.
SOFTWARE = f"WSGIServer/0.2 {platform.python_implementation()}/{platform.python_version()}"


class ClientGone(ConnectionError):
    """The client has left before it got its answer, or before it had sent its request."""


def base_environ(multithread: bool, multiprocess: bool) -> Dict[str, Any]:
    """What is alike in the environ of all requests."""
    return {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SCRIPT_NAME": "",
        "SERVER_SOFTWARE": SOFTWARE,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": multiprocess,
        "wsgi.run_once": False,
        # A body ends by itself even where no length is given (chunked); Werkzeug asks for this.
        "wsgi.input_terminated": True,
        "wsgi.file_wrapper": FileWrapper,
    }


class LaneServer:
    """Reads requests from a channel and runs the app for each."""

    def __init__(
        self,
        channel: Channel,
        app: App,
        base: Dict[str, Any],
        control: Callable[[Dict[str, Any]], None],
        after_request: Callable[[], None] = lambda: None,
        closes_quickly: Callable[[Any], bool] = lambda result: False,
    ) -> None:
        self.channel = channel
        self.busy = False
        self._app = app
        self._base = base
        self._control = control
        self._after_request = after_request
        self._closes_quickly = closes_quickly

    def run(self) -> None:
        """Serves until the server process is gone (ServerGone), or a control message ends this process."""
        read = self.channel.read
        while True:
            kind, number, payload = read()
            if kind == Lane.REQUEST or kind == Lane.REQUEST_WITH_BODY:
                self.busy = True
                self._serve(number, payload, kind == Lane.REQUEST_WITH_BODY)
                self.busy = False
                self._after_request()
            elif kind == CONTROL:
                self._control(json.loads(payload))
            # Else it is the end of a request that is over.

    def _serve(self, number: int, payload: bytes, has_body: bool) -> None:
        current_request.set(number)
        parts = iter(payload.decode("latin-1").split("\0"))
        environ = self._base.copy()
        environ.update(zip(parts, parts))
        # Not before the variables were parted: an escaped NUL would part them too.
        environ["PATH_INFO"] = unquote(environ["PATH_INFO"], "latin-1")
        environ["wsgi.errors"] = sys.stderr
        body: Optional[Body] = None
        if has_body:
            # RFC 9110, 10.1.1: HTTP/1.0 knows no interim answers.
            expects = "HTTP_EXPECT" in environ and environ["SERVER_PROTOCOL"] != "HTTP/1.0"
            body = Body(self.channel, number, expects, self._control)
            environ["wsgi.input"] = io.BufferedReader(body)
        else:
            environ["wsgi.input"] = io.BytesIO()
        answer = Answer(self.channel, number, environ["REQUEST_METHOD"] == "HEAD", body)
        try:
            result = self._app(environ, answer.start_response)
            close = getattr(result, "close", None)
            answer.is_last = not has_body and (close is None or self._closes_quickly(result))
            try:
                answer.send(result)
            finally:
                if close is not None:
                    close()
            if answer.held:
                # One message instead of two, where nothing that takes time comes after the answer.
                outputs_flush()
                current_request.set(0)
                self.channel.send(answer.held + frame(Lane.FREE, number))
                return
        except ClientGone:
            answer.abort()
        except BaseException:
            # SystemExit too: a view that exits is an error of that view, not the end of its neighbours.
            traceback.print_exc(file=sys.stderr)
            answer.fail()
        if body is not None:
            body.skip()
        outputs_flush()
        current_request.set(0)
        # What is held here is an error page, or an answer whose `close` failed.
        self.channel.send(answer.held + frame(Lane.FREE, number))


class Answer:
    """Turns what the app returns into frames."""

    def __init__(self, channel: Channel, number: int, head_only: bool, body: "Optional[Body]") -> None:
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

    def _head(self) -> "tuple[bytes, int]":
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
                    self._length = int(value)
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
        """A frame that came on the lane while this request is served."""
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
        """Takes the rest from the lane; the server ends the body once it has the answer."""
        while not self._ended:
            self.take(*self._channel.read())
            self._parts.clear()
