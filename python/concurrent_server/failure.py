"""The report about an app that does not start: the exception, and the line of the user's own code."""

import os
import sys
import traceback
from types import FrameType, TracebackType
from typing import Any, Dict, Optional, Tuple

_HERE = os.path.dirname(os.path.abspath(__file__))
#: The folder of boot.py.
_BOOT = os.path.dirname(_HERE)


def describe(error: BaseException) -> Dict[str, Any]:
    """The message to the server."""
    own = _without_loader(error.__traceback__)
    stack = "".join(traceback.format_exception(type(error), error, own))
    message = "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()[-1]
    report: Dict[str, Any] = {"type": "exception", "message": message, "stack": stack}
    file, line = where(error)
    if file is not None:
        report["location"] = {"file": file, "line": line, **_column(error)}
    return report


def _column(error: BaseException) -> Dict[str, int]:
    return {"column": error.offset} if isinstance(error, SyntaxError) and error.offset else {}


def where(error: BaseException) -> Tuple[Optional[str], int]:
    """File and line in the user's code that raised the error; no file if none did."""
    if isinstance(error, SyntaxError) and error.filename and os.path.isabs(error.filename):
        return error.filename, error.lineno or 1
    found: Tuple[Optional[str], int] = (None, 0)
    for frame, line in traceback.walk_tb(error.__traceback__):
        if _is_users(frame.f_code.co_filename):
            found = (frame.f_code.co_filename, line)
    return found


def user_line(frame: Optional[FrameType]) -> Optional[Tuple[str, int]]:
    """File and line of the innermost frame in the user's code."""
    while frame is not None:
        if _is_users(frame.f_code.co_filename):
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return None


def _is_users(file: str) -> bool:
    parts = file.split(os.sep)
    if not os.path.isabs(file) or file.startswith((_HERE, sys.base_prefix + os.sep + "lib")):
        return False
    return os.path.dirname(file) != _BOOT and "site-packages" not in parts and "dist-packages" not in parts


def _without_loader(trace: Optional[TracebackType]) -> Optional[TracebackType]:
    """The traceback without the frames that load the app, which say nothing to the user."""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith(_HERE) and not file.startswith("<frozen ") and not _is_import_machinery(file):
            return trace
        trace = trace.tb_next
    return trace


def _is_import_machinery(file: str) -> bool:
    return os.path.basename(file) == "runpy.py" or file.endswith(os.path.join("importlib", "__init__.py"))
