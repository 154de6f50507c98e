"""Reports the files that the app opens. It may keep their content, so a change of them is a change of the app.

Python raises an audit event (PEP 578) for every ``open``, whoever calls it.
"""

import os
import sys
from types import FrameType
from typing import Any, Optional, Tuple

from .loaded_files import FileReport

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

#: Modules that open a file to send it and do not keep its content.
_SENDERS = {
    "werkzeug.utils",
    "werkzeug.middleware.shared_data",
    "django.views.static",
    "starlette.responses",
    "whitenoise.responders",
    # Starlette and FastAPI open the files that they send in its threads. A function of the app there is one more frame.
    "anyio._backends._asyncio",
}


def report(files: FileReport) -> None:
    """Reports from now on. An audit hook can't be removed."""

    def hook(event: str, args: Tuple[Any, ...]) -> None:
        if event == "open":
            name, _, flags = args
            path = _text(name)
            if path is None:
                return
            if isinstance(flags, int) and flags & _WRITING:
                files.writes(path)
            elif not _is_sent(sys._getframe(1)):
                files.reads(path)
        elif event in ("os.rename", "os.remove", "os.truncate"):
            for name in args[:2] if event == "os.rename" else args[:1]:
                path = _text(name)
                if path is not None:
                    files.writes(path)

    sys.addaudithook(hook)


def _text(name: Any) -> Optional[str]:
    if type(name) is str:
        return name
    if isinstance(name, (bytes, os.PathLike)):
        return os.fsdecode(name)
    return None


def _is_sent(frame: Optional[FrameType]) -> bool:
    while frame is not None and frame.f_globals.get("__name__") in ("pathlib", "pathlib._local"):
        frame = frame.f_back
    if frame is None:
        return False
    module = frame.f_globals.get("__name__")
    return module in _SENDERS or (module == "bottle" and frame.f_code.co_name == "static_file")
