"""Finds and loads the app that the user named, and distinguishes WSGI apps from ASGI apps."""

import importlib
import inspect
import os
import re
import sys
import threading
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from . import checks, django_project

#: Names of apps in a module, the most usual first.
NAMES = ("app", "application", "api")
FACTORIES = ("create_app", "make_app", "create_application")

#: A name has no separator of folders; the same as in src/engine/app/python-entry.ts.
_FILE = re.compile(r"(?P<file>.*\.py)(?::(?P<name>[A-Za-z_][\w.]*(?:\(\))?))?", re.DOTALL)


#: System checks run this long after the start.
REPORT_AFTER_S = 0.3


class Loaded(NamedTuple):
    app: Any
    #: "wsgi" or "asgi".
    style: str
    #: True for a Django project that was named by its manage.py.
    is_django_project: bool

    def serving(self, software: str) -> Dict[str, Any]:
        """The message that the app was loaded; `software` is the value of the `Server` header."""
        return {"type": "serving", "style": self.style, "software": software}

    def closes_quickly(self, result: Any) -> bool:
        """Whether closing this result of a WSGI app takes no time."""
        return self.is_django_project and django_project.closes_quickly(result)

    def start_report(self, send: Callable[[Dict[str, Any]], None]) -> None:
        """Reports the framework's diagnostics soon, without delaying the first request."""
        if self.is_django_project:
            timer = threading.Timer(REPORT_AFTER_S, _report, [send])
            timer.daemon = True
            timer.start()


class CannotServe(Exception):
    """There is no app under the given name; the text is for the user."""


def load(entry: str) -> Loaded:
    """Loads `manage.py`, `FILE.py[:NAME]` or `module:NAME`, with `()` for a factory. Raises what the app raises."""
    file, name = split(entry)
    if file is not None and name is None and os.path.basename(file) == "manage.py":
        return Loaded(django_project.load(file), "wsgi", True)
    # As `flask run --debug` sets it. A value that is there already wins.
    os.environ.setdefault("FLASK_DEBUG", "1")
    if file is not None:
        folder, module_name = module_of(file)
        for path in dict.fromkeys((folder, os.getcwd())):
            if path not in sys.path:
                sys.path.insert(0, path)
    else:
        module_name = entry.partition(":")[0]
        sys.path.insert(0, os.getcwd())
    module = importlib.import_module(module_name)
    app = _attribute(module, name) if name else _find(module)
    return Loaded(app, style_of(app), False)


def split(entry: str) -> Tuple[Optional[str], Optional[str]]:
    """The file and the name in an entry; no file if it names a module. A path may contain colons."""
    found = _FILE.fullmatch(entry)
    if found is not None:
        return found["file"], found["name"]
    return None, entry.partition(":")[2] or None


def module_of(file: str) -> Tuple[str, str]:
    """The folder to import from, and the dotted name: packages are those folders that have an `__init__.py`."""
    folder, base = os.path.split(os.path.abspath(file))
    parts = [base[: -len(".py")]]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    return folder, ".".join(parts)


def _attribute(module: Any, name: str) -> Any:
    call = name.endswith("()")
    value: Any = module
    for part in (name[:-2] if call else name).split("."):
        try:
            value = getattr(value, part)
        except AttributeError:
            raise CannotServe(f"{module.__name__} has no {part}") from None
    if not callable(value):
        raise CannotServe(f"{module.__name__}:{name} is not callable, so it is not an app")
    return value() if call else value


def _find(module: Any) -> Any:
    for name in NAMES:
        if callable(getattr(module, name, None)):
            return getattr(module, name)
    for name in FACTORIES:
        if callable(getattr(module, name, None)):
            return getattr(module, name)()
    # One object of a framework, whatever its name is.
    found: List[Any] = []
    for value in vars(module).values():
        if type(value).__name__ in ("Flask", "FastAPI", "Starlette", "Quart", "Bottle") and value not in found:
            found.append(value)
    if len(found) == 1:
        return found[0]
    looked = ", ".join(NAMES + tuple(f"{name}()" for name in FACTORIES))
    raise CannotServe(
        f"{module.__name__} has no app: looked for {looked}; name it, for example {module.__name__}:my_app"
    )


def style_of(app: Any) -> str:
    """ASGI apps are coroutine functions or objects with such a `__call__`; all others are WSGI apps."""
    target = app
    while hasattr(target, "func") and not inspect.isfunction(target) and hasattr(target, "keywords"):
        target = target.func  # functools.partial
    if inspect.isclass(target):
        return "asgi" if hasattr(target, "__await__") else "wsgi"
    if inspect.isfunction(target) or inspect.ismethod(target):
        return "asgi" if inspect.iscoroutinefunction(target) else "wsgi"
    return "asgi" if inspect.iscoroutinefunction(getattr(target, "__call__", None)) else "wsgi"  # noqa: B004


def _report(send: Callable[[Dict[str, Any]], None]) -> None:
    checks.report(send)
    # A connection to a database belongs to its thread, and this one ends here.
    django_project.close_connections()
