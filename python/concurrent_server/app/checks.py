"""What `manage.py runserver` finds wrong with a project at its start, printed as it prints it and told to the server."""

import inspect
import io
import os
import re
import sys
from typing import Any, Callable, Dict, List, Optional, Tuple

Finding = Dict[str, Any]


def report(send: Callable[[Dict[str, Any]], None]) -> None:
    """System checks and unapplied migrations."""
    diagnostics = _system_checks() + _migrations()
    send({"type": "diagnostics", "diagnostics": diagnostics})
    sys.stdout.flush()
    sys.stderr.flush()


def _system_checks() -> List[Finding]:
    from django.core import checks
    from django.core.management.base import BaseCommand, CommandError

    found: List[Any] = []
    run = checks.run_checks

    def remembered(*args: Any, **options: Any) -> Any:
        found.extend(run(*args, **options))
        return found

    # The command prints what it finds and keeps it to itself.
    checks.run_checks = remembered  # type: ignore[assignment]
    try:
        BaseCommand(stdout=sys.stdout, stderr=sys.stderr, no_color=True).check(display_num_errors=True)
    except CommandError as error:
        print(error, file=sys.stderr)
    finally:
        checks.run_checks = run
    return [_finding(message) for message in found if not message.is_silenced()]


def _finding(message: Any) -> Finding:
    from django.core import checks

    level = "error" if message.level >= checks.ERROR else "warning" if message.level >= checks.WARNING else "info"
    text = f"{message.id}: {message.msg}" if message.id else str(message.msg)
    finding: Finding = {"level": level, "text": text}
    if message.hint:
        finding["hint"] = str(message.hint)
    place = _place(message)
    if place is not None:
        finding["file"], finding["line"] = place
    return finding


def _place(message: Any) -> Optional[Tuple[str, int]]:
    """Where a check's message is about: a model, a field of one, an admin, or a setting that it names."""
    try:
        obj = message.obj
        model = getattr(obj, "model", None)
        if inspect.isclass(model) and isinstance(getattr(obj, "name", None), str):
            return _line_in_class(model, rf"\s*{re.escape(obj.name)}\s*[:=]")
        if obj is not None and not isinstance(obj, str):
            return _line_in_class(obj if inspect.isclass(obj) else type(obj), None)
        return _setting(str(message.msg))
    except Exception:  # noqa: BLE001
        # A message without its place is still a message.
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


def _migrations() -> List[Finding]:
    from django.core.management.base import BaseCommand

    said = io.StringIO()
    try:
        BaseCommand(stdout=said, no_color=True).check_migrations()
    except Exception as error:  # noqa: BLE001
        print(f"Migrations can't be checked: {error}", file=sys.stderr)
    text = said.getvalue()
    if not text.strip():
        return []
    print(text.rstrip("\n"))
    return [{"level": "warning", "text": " ".join(text.split())}]
