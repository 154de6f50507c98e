"""Serves a WSGI app (PEP 3333) on a lane: one request at a time, in the thread that reads the lane."""

import io
import json
import platform
import sys
import traceback
from typing import Any, Callable, Dict, Iterable, Optional
from urllib.parse import unquote
from wsgiref.util import FileWrapper

from ..wire.frames import CONTROL, Channel, Lane, frame
from ..output import current_request, outputs_flush
from .response import Answer
from .body import Body, ClientGone

App = Callable[[Dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: What `manage.py runserver` calls itself.
SOFTWARE = f"WSGIServer/0.2 {platform.python_implementation()}/{platform.python_version()}"


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
