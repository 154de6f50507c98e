"""Decides by its text whether a file is to be run as `__main__`, as `python FILE` runs it, or only imported."""

import ast
from typing import Any, Iterator, List, Optional, Set

from .find import FACTORIES, FRAMEWORKS, NAMES

#: Names of the functions by which an app runs itself; see ways_in.py.
_WAYS = {
    "run",
    "serve",
    "serve_forever",
    "run_simple",
    "run_app",
    "run_task",
    "runsimple",
    "handle_request",
    "quickstart",
    "block",
}
#: What has a `run` of another kind.
_OTHERS = {"asyncio", "subprocess", "trio", "anyio", "unittest", "runpy", "cProfile", "sp", "pytest"}
#: Arguments of a way in that do not change the app.
_OF_SERVER = {"host", "port", "reload", "use_reloader", "reloader", "workers", "log_level", "threads", "threaded"}


def runs_as_main(source: str) -> bool:
    """True if the block under `if __name__ == "__main__"` makes the app, prepares something for it, or configures it.

    A block that only runs the app of the module adds nothing, so such a module is imported.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    guard = next((node for node in tree.body if isinstance(node, ast.If) and _is_guard(node.test)), None)
    if guard is None or not any(_is_way(node) for node in ast.walk(tree)):
        return False
    names = _bound([node for node in tree.body if node is not guard])
    has_app = "*" in names or any(name in names for name in NAMES + FACTORIES) or "" in names
    return not has_app or not all(_adds_nothing(node) for node in guard.body)


def _is_guard(test: ast.expr) -> bool:
    nodes = list(ast.walk(test))
    named = any(isinstance(node, ast.Name) and node.id == "__name__" for node in nodes)
    return named and any(isinstance(node, ast.Constant) and node.value == "__main__" for node in nodes)


def _is_way(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = _last(node.func)
    if name not in _WAYS:
        return False
    return not (isinstance(node.func, ast.Attribute) and _first(node.func) in _OTHERS)


def _adds_nothing(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)):
        return True
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return True
    return isinstance(node.value, ast.Call) and _is_way(node.value) and all(map(_of_server, node.value.keywords))


def _of_server(keyword: ast.keyword) -> bool:
    if keyword.arg == "debug":
        return isinstance(keyword.value, ast.Constant) and keyword.value.value is True
    return keyword.arg in _OF_SERVER


def _bound(body: List[ast.stmt]) -> Set[str]:
    """The names that these statements bind; "" for an object of a framework, "*" for names that can't be known."""
    names: Set[str] = set()
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
            if isinstance(node.value, ast.Call) and _last(node.value.func) in FRAMEWORKS:
                names.add("")
        else:
            names |= _bound(list(_blocks(node)))
    return names


def _blocks(node: Any) -> Iterator[ast.stmt]:
    for field in ("body", "orelse", "finalbody"):
        yield from getattr(node, field, [])
    for handler in getattr(node, "handlers", []):
        yield from handler.body


def _last(node: ast.expr) -> Optional[str]:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _first(node: ast.expr) -> Optional[str]:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
