"""The ways in of WSGI servers, and of those that can't be replaced; see ways_in.py."""

import atexit
import functools
import inspect
from typing import Any, Dict

from . import asgi_servers, debugger, handler_server
from .ways_in import NO_TLS, HandOver, Patch, note


def _http_server(module: Any, hand: HandOver) -> None:
    """`serve_forever()` and `handle_request()` of http.server, wsgiref, Werkzeug and Bottle."""
    server = module.HTTPServer
    bind, activate = server.server_bind, server.server_activate
    forever, handle = server.serve_forever, server.handle_request

    def server_bind(self: Any) -> None:
        try:
            bind(self)
        except OSError as error:
            if not hand.wanted:
                raise
            # Another program may have the port. It does not matter, unless a thread is to serve there.
            self._not_bound = error
            self.server_name, self.server_port = self.server_address[:2]

    def server_activate(self: Any) -> None:
        if not hasattr(self, "_not_bound"):
            activate(self)

    def hands_over(self: Any) -> bool:
        if not hand.wanted:
            if hasattr(self, "_not_bound"):
                raise self._not_bound
            return False
        self.socket.close()
        # A later `shutdown()` waits for this.
        self._BaseServer__is_shut_down.set()
        hand.give(_app_of(self), debugger=False)
        return True

    def serve_forever(self: Any, poll_interval: float = 0.5) -> None:
        if not hands_over(self):
            forever(self, poll_interval)

    def handle_request(self: Any) -> None:
        if not hands_over(self):
            handle(self)

    server.server_bind, server.server_activate = server_bind, server_activate
    server.serve_forever, server.handle_request = serve_forever, handle_request


def _app_of(server: Any) -> Any:
    """The WSGI app of wsgiref's and of Werkzeug's servers; else the class that handles requests, as one."""
    app = server.get_app() if callable(getattr(server, "get_app", None)) else getattr(server, "app", None)
    return app if callable(app) else handler_server.HandlerApp(server)


def _werkzeug(module: Any, hand: HandOver) -> None:
    """`run_simple`, which Flask's `app.run` calls. Werkzeug's own reloader never starts."""
    run = module.run_simple
    signature = inspect.signature(run)

    @functools.wraps(run)
    def run_simple(*args: Any, **kwargs: Any) -> None:
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        options = given.arguments
        if not hand.wanted:
            hand.note_other()
            # WERKZEUG_RUN_MAIN would make `run_simple` look for the reloader's socket.
            names = ("threaded", "processes", "request_handler", "passthrough_errors", "ssl_context")
            rest = {name: options[name] for name in names}
            module.make_server(options["hostname"], options["port"], options["application"], **rest).serve_forever()
            return
        if options.get("ssl_context") is not None:
            note(NO_TLS)
        for file in options.get("extra_files") or ():
            hand.watch_file(str(file))
        app = options["application"]
        if options.get("static_files"):
            from werkzeug.middleware.shared_data import SharedDataMiddleware

            app = SharedDataMiddleware(app, options["static_files"])
        if options.get("use_debugger"):
            app = debugger.wrapped(app, bool(options.get("use_evalex", True)), options["hostname"])
        hand.give(app, debugger=False)

    module.run_simple = run_simple


def _bottle(module: Any, hand: HandOver) -> None:
    """`run()`. The server that it names is replaced, and its reloader does not start."""
    run = module.run

    @functools.wraps(run)
    def run_here(app: Any = None, *args: Any, **kwargs: Any) -> None:
        if not hand.wanted:
            hand.note_other()
            run(app, *args, **kwargs)
            return

        class Adapter(module.ServerAdapter):  # type: ignore[misc,name-defined]
            def run(self, handler: Any) -> None:
                hand.give(handler, debugger=False)

        given = inspect.signature(run).bind(app, *args, **kwargs).arguments
        rest = given.pop("kargs", {})
        # Its first lines would name an address that is not the server's.
        changed: Dict[str, Any] = {"server": Adapter, "reloader": False, "quiet": True}
        run(**{**given, **rest, **changed})

    module.run = run_here


def _waitress(module: Any, hand: HandOver) -> None:
    serve, create = module.serve, module.create_server

    def serve_here(app: Any, **kwargs: Any) -> None:
        if hand.wanted:
            hand.give(app)
        else:
            hand.note_other()
            serve(app, **kwargs)

    def create_here(application: Any, *args: Any, **kwargs: Any) -> Any:
        return _Server(application, hand) if hand.wanted else create(application, *args, **kwargs)

    module.serve, module.create_server = serve_here, create_here


class _Server:
    """What `waitress.create_server` returns, as far as it is used."""

    def __init__(self, app: Any, hand: HandOver) -> None:
        self._app = app
        self._hand = hand
        self.effective_host, self.effective_port = "127.0.0.1", 0

    def run(self) -> None:
        if self._hand.wanted:
            self._hand.give(self._app)

    def close(self) -> None:
        pass

    def print_listen(self, text: str) -> None:
        pass


def _method(cls: str, name: str, app: Any) -> Patch:
    """A way in that is a method; `app` gets its object."""

    def patch(module: Any, hand: HandOver) -> None:
        owner = getattr(module, cls)
        original = getattr(owner, name)

        @functools.wraps(original)
        def here(self: Any, *args: Any, **kwargs: Any) -> Any:
            return hand.give(app(self)) if hand.wanted else original(self, *args, **kwargs)

        setattr(owner, name, here)

    return patch


def _cherrypy(module: Any, hand: HandOver) -> None:
    """`quickstart()` and `engine.block()`: without CherryPy's server, reloader and signal handlers."""
    if not hand.wanted:
        return
    module.server.unsubscribe()
    module.engine.autoreload.unsubscribe()
    module.engine.signals.subscribe = lambda: None
    # It complains about an end that it did not begin.
    atexit.unregister(module.engine._clean_exit)
    block = module.engine.block

    def block_here(*args: Any, **kwargs: Any) -> None:
        if hand.wanted:
            try:
                hand.give(module.tree)
            finally:
                module.engine.stop()
        else:
            block(*args, **kwargs)

    module.engine.block = block_here


def _refuses(name: str, text: str) -> Patch:
    """`name` is a function, or a method of a class."""

    def patch(module: Any, hand: HandOver) -> None:
        owner, _, attribute = name.rpartition(".")
        target = getattr(module, owner) if owner else module
        original = getattr(target, attribute)

        @functools.wraps(original)
        def here(*args: Any, **kwargs: Any) -> Any:
            return hand.refuse(text) if hand.wanted else original(*args, **kwargs)

        setattr(target, attribute, here)

    return patch


NO_AIOHTTP = "aiohttp apps bring a server of their own and are neither WSGI nor ASGI, so they can't be served here"
NO_SANIC = "Sanic's app.run() starts a server of its own; name the app instead, for example server:app"

PATCHES: Dict[str, Patch] = {
    "http.server": _http_server,
    "werkzeug.serving": _werkzeug,
    "bottle": _bottle,
    "waitress": _waitress,
    "uvicorn.main": asgi_servers.uvicorn_main,
    "uvicorn.server": asgi_servers.uvicorn_server,
    "hypercorn.asyncio": asgi_servers.hypercorn,
    "quart.app": asgi_servers.quart,
    "gunicorn.app.base": _method("BaseApplication", "run", lambda self: self.load()),
    "cheroot.wsgi": _method("Server", "start", lambda self: self.wsgi_app),
    "cherrypy": _cherrypy,
    "aiohttp.web": _refuses("run_app", NO_AIOHTTP),
    "sanic.app": _refuses("Sanic.run", NO_SANIC),
}
