"""Runs the WSGI server of python/concurrent_server on a real socket, with the test as the server process."""

import contextlib
import io
import socket
import threading
import unittest
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

from concurrent_server.wire.constants import Lane
from concurrent_server.wire.frames import Channel, ServerGone, frame
from concurrent_server.wire.sockets import from_socket
from concurrent_server.wsgi.server import LaneServer, base_environ

#: Every step is fast; a missing result must fail the test, not delay it.
DEADLINE_S = 10


class Answered(NamedTuple):
    #: Status line without the version, and headers; empty if none was sent.
    head: str
    body: bytes
    #: The answer was ended, not cut or left open.
    complete: bool
    #: The app's output about it.
    errors: str
    #: The types of all frames, except the one that frees the lane.
    kinds: List[int]


class LaneTest(unittest.TestCase):
    """A test whose `serve` starts a lane for one app; `ask` sends a request to it."""

    def serve(self, app: Callable[..., Any], closes_quickly: Callable[[Any], bool] = lambda result: False) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(DEADLINE_S)
        self.errors = io.StringIO()
        self.server = Channel(ours)
        self._number = 0
        channel = Channel(from_socket(theirs))

        def run() -> None:
            try:
                base = base_environ(True, False)
                LaneServer(channel, app, base, lambda message: None, closes_quickly=closes_quickly).run()
            except ServerGone:
                pass
            finally:
                # As if a lane's thread had died: the test sees the end at once.
                channel.close()

        thread = threading.Thread(target=run)
        redirected = contextlib.redirect_stderr(self.errors)
        redirected.__enter__()
        self.addCleanup(redirected.__exit__, None, None, None)
        self.addCleanup(thread.join, DEADLINE_S)
        self.addCleanup(ours.close)
        thread.start()

    def begin(self, has_body: bool = False, **environ: Any) -> int:
        """Sends the head of a request; returns its number."""
        self._number += 1
        given = {"REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1", "PATH_INFO": "/", **environ}
        payload = "\0".join(part for pair in given.items() for part in pair).encode("latin-1")
        self.server.send(frame(Lane.REQUEST_WITH_BODY if has_body else Lane.REQUEST, self._number, payload))
        return self._number

    def answer(self) -> Answered:
        """All frames until the lane is free."""
        head = body = b""
        kinds: List[int] = []
        while True:
            kind, number, payload = self.server.read()
            self.assertEqual(number, self._number)
            if kind == Lane.FREE:
                break
            kinds.append(kind)
            if kind == Lane.ANSWER:
                size = int.from_bytes(payload[:4], "little")
                head, body = payload[5 : 5 + size], payload[5 + size :]
            elif kind == Lane.START:
                head = payload[1:]
            elif kind == Lane.DATA:
                body += payload
        complete = bool(kinds) and kinds[-1] in (Lane.ANSWER, Lane.END)
        return Answered(head.decode("latin-1"), body, complete, self.errors.getvalue(), kinds)

    def ask(self, **environ: Any) -> Answered:
        self.begin(**environ)
        return self.answer()

    def environ_of(self, **environ: str) -> Dict[str, Any]:
        """The environs that an app gets."""
        seen: List[Dict[str, Any]] = []

        def app(given: Dict[str, Any], start_response: Callable[..., Any]) -> List[bytes]:
            seen.append(given)
            start_response("200 OK", [])
            return []

        self.serve(app)
        self.ask(**environ)
        return seen[0]

    def frames_of(self, number: int, *parts: bytes) -> bytes:
        """A body in these frames, with its end."""
        return b"".join(frame(Lane.DATA, number, part) for part in parts) + frame(Lane.END, number)


def giving(status: Any, headers: List[Tuple[Any, Any]], result: Any) -> Callable[..., Any]:
    """An app that always returns this answer; a callable result is called for each."""

    def app(environ: Dict[str, Any], start_response: Callable[..., Any]) -> Any:
        start_response(status, headers)
        return result() if callable(result) else result

    return app
