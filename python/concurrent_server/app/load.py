"""Loads the app that an entry names. It may also run itself while it is loaded; see ways_in.py."""

import importlib
import importlib.util
import io
import os
import sys
import threading
import types
from typing import Any, Callable, Dict, List, NamedTuple, Optional

from . import checks, debugger, django_project
from .entry import CannotServe, module_of, split
from .find import attribute, find, is_app, style_of
from .main_guard import runs_as_main
from .servers import PATCHES
from .ways_in import HandOver, PatchingFinder

#: System checks run this long after the start.
REPORT_AFTER_S = 0.3


class Loaded(NamedTuple):
    app: Any
    #: "wsgi" or "asgi".
    style: str
    #: True for a Django project that was named by its manage.py.
    is_django_project: bool
    #: Options of uvicorn.Config that the app gave to uvicorn.
    uvicorn: Dict[str, Any]

    def serving(self, software: str) -> Dict[str, Any]:
        """The message that the app was loaded; `software` is the value of the `Server` header."""
        return {"type": "serving", "style": self.style, "software": software}

    def closes_quickly(self, result: Any) -> bool:
        """Whether closing this result of a WSGI app takes no time."""
        return self.is_django_project and django_project.closes_quickly(result)

    def start_report(self, send: Callable[[Dict[str, Any]], None]) -> None:
        """Reports soon what the framework finds wrong with the app, without delaying the first request."""
        if self.is_django_project:
            timer = threading.Timer(REPORT_AFTER_S, _report, [send])
            timer.daemon = True
            timer.start()


def ready(app: Any, debugger_too: bool = True, uvicorn: Optional[Dict[str, Any]] = None) -> Loaded:
    """An app that was found or handed over, with Flask's debugger if it is in debug mode."""
    if debugger_too:
        app = debugger.debugged(app)
    return Loaded(app, style_of(app), False, uvicorn or {})


def load(entry: str, hand: HandOver) -> Optional[Loaded]:
    """Loads `manage.py`, `FILE.py[:NAME]` or `module:NAME`, with `()` for a factory. Raises what the app raises.

    Returns None if the app was handed over meanwhile; then it has been served already.
    """
    file, name = split(entry)
    if file is not None and name is None and os.path.basename(file) == "manage.py" and _is_django(file):
        return Loaded(django_project.load(file), "wsgi", True, {})
    # As `flask run --debug` sets them. A value that is there already wins.
    os.environ.setdefault("FLASK_DEBUG", "1")
    os.environ.setdefault("WERKZEUG_RUN_MAIN", "true")
    finder = PatchingFinder(PATCHES, hand)
    finder.install()
    try:
        app = _load_file(file, name, hand) if file is not None else _load_module(entry, name, hand)
    finally:
        hand.close()
        finder.remove()
    return None if hand.done else ready(app)


def _is_django(file: str) -> bool:
    """A manage.py may also be that of Flask-Script or of Flask's own commands."""
    text = _source(file)
    return "django" in text or "flask" not in text.lower()


def _load_module(entry: str, name: Optional[str], hand: HandOver) -> Any:
    _search(os.getcwd())
    module = import_unlocked(entry.partition(":")[0])
    if hand.done:
        return None
    return attribute(module, name) if name else find(module)


def _load_file(file: str, name: Optional[str], hand: HandOver) -> Any:
    folder, module_name = module_of(file)
    _search(folder, os.getcwd())
    source = _source(file)
    as_main = name is None and (os.path.basename(file) == "__main__.py" or runs_as_main(source))
    as_main = as_main or _is_taken(module_name, file)
    module = run_main(file, module_name) if as_main else import_unlocked(module_name)
    if hand.done:
        return None
    if name is not None:
        return attribute(module, name)
    try:
        return find(module)
    except CannotServe:
        if as_main or "__main__" not in source:
            raise
    # The app may be made under the guard only, behind a `from … import *` that hides it.
    run_main(file, module_name)
    if hand.done:
        return None
    return find(sys.modules["__main__"])


def _is_taken(name: str, file: str) -> bool:
    """Whether Python has loaded another module of this name, such as its own `site` or `code`."""
    known = sys.modules.get(name)
    path = getattr(known, "__file__", None)
    return known is not None and (path is None or os.path.realpath(path) != os.path.realpath(file))


def _search(*folders: str) -> None:
    for path in dict.fromkeys((os.path.join(os.getcwd(), "src"), *folders)):
        if path not in sys.path and os.path.isdir(path):
            sys.path.insert(0, path)


def _source(file: str) -> str:
    import tokenize

    try:
        with io.open_code(file) as stream:
            raw = io.BytesIO(stream.read())
        encoding, _ = tokenize.detect_encoding(raw.readline)
        return raw.getvalue().decode(encoding)
    except (OSError, SyntaxError, UnicodeDecodeError):
        # Python reports it better when it loads the file.
        return ""


def import_unlocked(name: str) -> Any:
    """Imports a module without its lock: while the app serves from within it, its threads may import it too."""
    known = sys.modules.get(name)
    if known is not None:
        return known
    parent, _, child = name.rpartition(".")
    if parent:
        importlib.import_module(parent)
        if name in sys.modules:
            return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        # Raises the usual error, or returns a namespace package.
        return importlib.import_module(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    if parent:
        setattr(sys.modules[parent], child, module)
    return sys.modules.get(name, module)


def run_main(file: str, name: str) -> Any:
    """Runs a file as `python FILE` does, or as `python -m PACKAGE` for a `__main__.py`.

    The module also gets its importable name, so that what imports it does not run it again.
    """
    package, _, own = name.rpartition(".")
    if package:
        importlib.import_module(package)
    module = types.ModuleType("__main__")
    module.__file__ = file
    if own == "__main__" or package:
        module.__package__ = package
    sys.modules["__main__"] = module
    if own != "__main__" and not _is_taken(name, file):
        sys.modules[name] = module
    sys.argv[0] = file
    with io.open_code(file) as stream:
        source = stream.read()
    try:
        exec(compile(source, file, "exec", dont_inherit=True), module.__dict__)
    except SystemExit as error:
        # A script may end by `sys.exit(main())` after it has set up its app.
        if error.code or not _has_app(module):
            raise
    return module


def _has_app(module: Any) -> bool:
    candidates: List[Any] = [getattr(module, name, None) for name in ("app", "application", "api")]
    return any(is_app(value) for value in candidates)


def _report(send: Callable[[Dict[str, Any]], None]) -> None:
    checks.report(send)
    # A connection to a database belongs to its thread, and this one ends here.
    django_project.close_connections()
