"""What an entry names: a file or a module, and the app in it."""

import ast
import os
import re
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

#: A name has no separator of folders; the same as in src/engine/app/python/named.ts.
_NAME = r"[A-Za-z_][\w.]*(?:\(.*\))?"
_FILE = re.compile(rf"(?P<file>.*?\.py)(?::(?P<name>{_NAME}))?", re.DOTALL)


class CannotServe(BaseException):
    """There is no app that can be served; the text is for the user.

    It is no Exception, so that an `except Exception` of the app does not hide it. `location` has a file and a line.
    """

    def __init__(self, text: str, location: Optional[Tuple[str, int]] = None) -> None:
        super().__init__(text)
        self.location = location


class Call(NamedTuple):
    """A name in a module, and the arguments if it is to be called."""

    path: str
    called: bool
    args: List[Any]
    kwargs: Dict[str, Any]


def split(entry: str) -> Tuple[Optional[str], Optional[str]]:
    """The file and the name in an entry; no file if it names a module. A path may have colons of its own."""
    found = _FILE.fullmatch(entry)
    if found is not None:
        return found["file"], found["name"]
    return None, entry.partition(":")[2] or None


def module_of(file: str) -> Tuple[str, str]:
    """The folder to import from, and the dotted name: packages are those folders that have an `__init__.py`."""
    folder, base = os.path.split(os.path.abspath(file))
    name = base[: -len(".py")]
    parts = [] if name == "__init__" else [name]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        parts.insert(0, name)
    return folder, ".".join(parts)


def read_name(name: str) -> Call:
    """Reads `app`, `pkg.app`, `create_app()` and `create_app('dev', debug=True)`, as Flask's `--app` does."""
    if "(" not in name:
        return Call(name, False, [], {})
    try:
        node = ast.parse(name, mode="eval").body
        if not isinstance(node, ast.Call):
            raise ValueError
        args = [ast.literal_eval(arg) for arg in node.args]
        kwargs = {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords if keyword.arg}
    except (SyntaxError, ValueError):
        raise CannotServe(f"{name} is no call that can be read: its arguments must be plain values") from None
    return Call(name.partition("(")[0], True, args, kwargs)
