"""The checks that `manage.py runserver` runs at its start: printed as there, and reported to the server."""

import inspect
import io
import os
import re
import sys
from typing import Any, Callable, Dict, List, Optional, Tuple

Diagnostic = Dict[str, Any]


def report(send: Callable[[Dict[str, Any]], None]) -> None:
    """System checks and unapplied migrations."""
    diagnostics = _system_checks() + _migrations()
    send({"type": "diagnostics", "diagnostics": diagnostics})
    sys.stdout.flush()
    sys.stderr.flush()


def _system_checks() -> List[Diagnostic]:
    from django.core import checks
    from django.core.management.base import BaseCommand, CommandError

    found: List[Any] = []
    run = checks.run_checks

    def remembered(*args: Any, **options: Any) -> Any:
        found.extend(run(*args, **options))
        return found

    # The command prints the messages and does not return them.
    checks.run_checks = remembered
    try:
        BaseCommand(stdout=sys.stdout, stderr=sys.stderr, no_color=True).check(display_num_errors=True)
    except CommandError as error:
        print(error, file=sys.stderr)
    finally:
        checks.run_checks = run
    return [_diagnostic(message) for message in found if not message.is_silenced()]


def _diagnostic(message: Any) -> Diagnostic:
    from django.core import checks

    level = "error" if message.level >= checks.ERROR else "warning" if message.level >= checks.WARNING else "info"
    text = f"{message.id}: {message.msg}" if message.id else str(message.msg)
    diagnostic: Diagnostic = {"level": level, "text": text}
    if message.hint:
        diagnostic["hint"] = str(message.hint)
    location = _location(message)
    if location is not None:
        diagnostic["file"], diagnostic["line"] = location
    return diagnostic


def _location(message: Any) -> Optional[Tuple[str, int]]:
    """File and line of the subject of a message: a model, one of its fields, an admin, or a setting that it names."""
    try:
        obj = message.obj
        model = getattr(obj, "model", None)
        if inspect.isclass(model) and isinstance(getattr(obj, "name", None), str):
            return _line_in_class(model, rf"\s*{re.escape(obj.name)}\s*[:=]")
        if obj is not None and not isinstance(obj, str):
            return _line_in_class(obj if inspect.isclass(obj) else type(obj), None)
        return _setting(str(message.msg))
    except Exception:
        # A message without a location is still useful.
        return None


def _line_in_class(cls: Any, pattern: Optional[str]) -> Optional[Tuple[str, int]]:
    lines, first = inspect.getsourcelines(cls)
    file = inspect.getsourcefile(cls)
    if file is None or not os.path.isabs(file) or "site-packages" in file or "dist-packages" in file:
        return None
    for offset, line in enumerate(lines):
        if pattern is not None and re.match(pattern, line):
            return file, first + offset
    return file, first


def _setting(text: str) -> Optional[Tuple[str, int]]:
    module = sys.modules.get(os.environ.get("DJANGO_SETTINGS_MODULE", ""))
    file = getattr(module, "__file__", None)
    names = re.findall(r"\b[A-Z][A-Z0-9_]{3,}\b", text)
    if file is None or not names:
        return None
    with open(file, encoding="utf-8") as source:
        for number, line in enumerate(source, 1):
            if any(re.match(rf"{name}\s*(?::[^=]+)?=", line) for name in names):
                return file, number
    return None


def _migrations() -> List[Diagnostic]:
    from django.core.management.base import BaseCommand

    output = io.StringIO()
    try:
        BaseCommand(stdout=output, no_color=True).check_migrations()
    except Exception as error:
        print(f"Migrations can't be checked: {error}", file=sys.stderr)
    text = output.getvalue()
    if not text.strip():
        return []
    print(text.rstrip("\n"))
    return [{"level": "warning", "text": " ".join(text.split())}]
