"""Flask's debug pages: Werkzeug's debugger, as `flask run --debug` has it."""

import os
import sys
from typing import Any

#: Whether other processes serve this app. A page's console works only in the process that made the page.
_several = False

ONE_PROCESS = (
    "Flask's debug pages have no console while several processes serve the app; "
    "they have one with --mode thread --processes 1"
)


def several_processes(several: bool) -> None:
    global _several
    _several = several


def debugged(app: Any) -> Any:
    """The app with the debugger around it, if it is a Flask app in debug mode."""
    flask = sys.modules.get("flask")
    cls = getattr(flask, "Flask", None)
    if cls is None or not isinstance(app, cls) or not app.debug:
        return app
    return wrapped(app, True, os.environ.get("HOST", ""))


def wrapped(app: Any, evalex: bool, host: str) -> Any:
    """`evalex` asks for consoles in the pages; `host` is one more name under which they may be used."""
    from werkzeug.debug import DebuggedApplication

    if evalex and _several:
        evalex = False
        print(ONE_PROCESS, flush=True)
    made = DebuggedApplication(app, evalex=evalex)
    trusted = getattr(made, "trusted_hosts", None)
    if isinstance(trusted, list):
        trusted.extend(name for name in (host, os.environ.get("HOST", "")) if name)
    return made
