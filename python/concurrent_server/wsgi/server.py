"""Serves a WSGI app (PEP 3333) on a lane: one request at a time, in the thread that reads the lane."""

import io
import json
import platform
import sys
import traceback
from typing import Any, Callable, Dict, Iterable, Optional
from urllib.parse import unquote
from wsgiref.util import FileWrapper

from ..output import current_request, outputs_flush
from ..wire.constants import Lane
from ..wire.frames import CONTROL, Channel, frame
from .body import Body, ClientGone
from .response import Response

App = Callable[[Dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: The name that `manage.py runserver` gives itself.
SOFTWARE = f"WSGIServer/0.2 {platform.python_implementation()}/{platform.python_version()}"


def base_environ(multithread: bool, multiprocess: bool) -> Dict[str, Any]:
    """The part of the environ that all requests share."""
    return {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SCRIPT_NAME": "",
        "SERVER_SOFTWARE": SOFTWARE,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": multiprocess,
        "wsgi.run_once": False,
        # A body ends by itself even if it has no length (chunked); Werkzeug asks for this.
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
        """Serves until the server process has exited (ServerGone), or a control message ends this process."""
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
            # Anything else belongs to a request that has ended.

    def _serve(self, number: int, payload: bytes, has_body: bool) -> None:
        current_request.set(number)
        parts = iter(payload.decode("latin-1").split("\0"))
        environ = self._base.copy()
        environ.update(zip(parts, parts))
        # After the split into variables: an escaped NUL would split them too.
        environ["PATH_INFO"] = unquote(environ["PATH_INFO"], "latin-1")
        environ["wsgi.errors"] = sys.stderr
        body: Optional[Body] = None
        if has_body:
            # RFC 9110, 10.1.1: HTTP/1.0 has no interim responses.
            expects = "HTTP_EXPECT" in environ and environ["SERVER_PROTOCOL"] != "HTTP/1.0"
            body = Body(self.channel, number, expects, self._control)
            environ["wsgi.input"] = io.BufferedReader(body)
        else:
            environ["wsgi.input"] = io.BytesIO()
        response = Response(self.channel, number, environ["REQUEST_METHOD"] == "HEAD", body)
        try:
            result = self._app(environ, response.start_response)
            close = getattr(result, "close", None)
            response.is_last = not has_body and (close is None or self._closes_quickly(result))
            try:
                response.send(result)
            finally:
                if close is not None:
                    close()
            if response.held:
                # One message instead of two: nothing that takes time comes after this.
                outputs_flush()
                current_request.set(0)
                self.channel.send(response.held + frame(Lane.FREE, number))
                return
        except ClientGone:
            response.abort()
        except BaseException:
            # SystemExit too: a view that exits must not end the requests beside it.
            traceback.print_exc(file=sys.stderr)
            response.fail()
        if body is not None:
            body.skip()
        outputs_flush()
        current_request.set(0)
        # Held here: an error page, or a response whose `close` failed.
        self.channel.send(response.held + frame(Lane.FREE, number))
