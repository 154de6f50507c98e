"""The ways in of ASGI servers; see ways_in.py."""

import functools
import inspect
from typing import Any, Dict

from .ways_in import NO_TLS, HandOver, note

#: Options of uvicorn.Config that change what the app sees or what clients get.
_UVICORN = (
    "root_path",
    "lifespan",
    "http",
    "ws",
    "ws_max_size",
    "ws_ping_interval",
    "ws_ping_timeout",
    "ws_per_message_deflate",
    "headers",
    "server_header",
    "date_header",
    "h11_max_incomplete_event_size",
)


def uvicorn_main(module: Any, hand: HandOver) -> None:
    run = module.run

    @functools.wraps(run)
    def run_here(app: Any, **kwargs: Any) -> None:
        if hand.wanted:
            # Without a process that supervises others.
            kwargs = {**kwargs, "reload": False, "workers": 1}
        run(app, **kwargs)

    module.run = run_here


def uvicorn_server(module: Any, hand: HandOver) -> None:
    server = module.Server
    run, serve = server.run, server.serve

    def run_here(self: Any, *args: Any, **kwargs: Any) -> None:
        if not hand.wanted:
            run(self, *args, **kwargs)
            return
        self.started = True
        hand.give(_uvicorn_app(self.config), uvicorn=_uvicorn_options(self.config))

    async def serve_here(self: Any, *args: Any, **kwargs: Any) -> None:
        if not hand.wanted:
            await serve(self, *args, **kwargs)
            return
        self.started = True
        await hand.give_in_loop(_uvicorn_app(self.config), uvicorn=_uvicorn_options(self.config))

    server.run, server.serve = run_here, serve_here


def _uvicorn_app(config: Any) -> Any:
    from uvicorn.importer import import_from_string

    if getattr(config, "ssl_keyfile", None) or getattr(config, "ssl_certfile", None):
        note(NO_TLS)
    app = import_from_string(config.app)
    return app() if getattr(config, "factory", False) else app


def _uvicorn_options(config: Any) -> Dict[str, Any]:
    return {name: getattr(config, name) for name in _UVICORN if hasattr(config, name)}


def hypercorn(module: Any, hand: HandOver) -> None:
    serve = module.serve

    @functools.wraps(serve)
    async def serve_here(app: Any, *args: Any, **kwargs: Any) -> None:
        if hand.wanted:
            await hand.give_in_loop(app)
        else:
            await serve(app, *args, **kwargs)

    module.serve = serve_here


def quart(module: Any, hand: HandOver) -> None:
    run = module.Quart.run

    @functools.wraps(run)
    def run_here(self: Any, *args: Any, **kwargs: Any) -> None:
        if not hand.wanted:
            run(self, *args, **kwargs)
            return
        given = inspect.signature(run).bind(self, *args, **kwargs).arguments
        if given.get("debug") is not None:
            self.debug = given["debug"]
        if given.get("certfile") is not None:
            note(NO_TLS)
        hand.give(self)

    module.Quart.run = run_here
