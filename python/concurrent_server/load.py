"""From what the user named to a callable app, and whether it speaks WSGI or ASGI."""

import importlib
import inspect
import os
import re
import sys
from typing import Any, List, NamedTuple, Optional, Tuple

#: Names under which apps are found in a module, the most usual first.
NAMES = ("app", "application", "api")
FACTORIES = ("create_app", "make_app", "create_application")

#: A name has no separator of folders; src/engine/app/python-entry.ts knows the same.
_FILE = re.compile(r"(?P<file>.*\.py)(?::(?P<name>[A-Za-z_][\w.]*(?:\(\))?))?", re.DOTALL)


class Loaded(NamedTuple):
    app: Any
    #: "wsgi" or "asgi".
    style: str
    #: True for a Django project found by its manage.py.
    django_project: bool


class CannotServe(Exception):
    """There is no app where one was named; the text is for a person."""


def load(entry: str) -> Loaded:
    """Loads `manage.py`, `FILE.py`, `FILE.py:NAME`, `module:NAME` or either with `NAME()`. Raises what the app does."""
    file, name = split(entry)
    if file is not None and name is None and os.path.basename(file) == "manage.py":
        from . import django_project

        return Loaded(django_project.load(file), "wsgi", True)
    # As `flask run --debug` has it; who has set it wins.
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
    """The file and the name in an entry; no file where a module is named. A path may have colons of its own."""
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
    # One object of a framework, whatever it is called.
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
    """ASGI apps are coroutine functions or objects with such a `__call__`; all else is WSGI."""
    target = app
    while hasattr(target, "func") and not inspect.isfunction(target) and hasattr(target, "keywords"):
        target = target.func  # functools.partial
    if inspect.isclass(target):
        return "asgi" if hasattr(target, "__await__") else "wsgi"
    if inspect.isfunction(target) or inspect.ismethod(target):
        return "asgi" if inspect.iscoroutinefunction(target) else "wsgi"
    return "asgi" if inspect.iscoroutinefunction(getattr(target, "__call__", None)) else "wsgi"
