"""The app's output, with its request.

Output goes to descriptors 1 and 2, like that of ``os.write``, C code and children. The system has it before a call
returns, because the process may die in its next step. Marks show the request of the output; see
src/wire/output-marks.ts.
"""

import base64
import contextvars
import io
import os
import select
import struct
import sys
import threading
from typing import Any, Dict, Iterator, Optional, Tuple

from . import terminal
from .wire.constants import MAX_MARKED_BYTES

#: Number of the current request; 0 outside of requests.
current_request: "contextvars.ContextVar[int]" = contextvars.ContextVar("concurrent_server_request", default=0)

_MARK = struct.Struct("<IB")
#: The original; the app may replace ``os.write``.
_write = os.write


def marked(secret: bytes, request: int, fd: int, data: bytes) -> Iterator[bytes]:
    """The writes to descriptor 1 for a piece of output of `fd`, in order."""
    if not request and fd == 1:
        yield data
        return
    begin = secret + _MARK.pack(request, fd)
    end = secret + _MARK.pack(0, 0)
    room = MAX_MARKED_BYTES - len(begin) - len(end)
    for at in range(0, len(data), room):
        yield begin + data[at : at + room] + end


def write_all(fd: int, data: bytes) -> None:
    """Blocks until the system has all of it. It is lost without an error if the server has exited."""
    view = memoryview(data)
    while view:
        try:
            view = view[_write(fd, view) :]
        except BlockingIOError:
            # Something made it non-blocking.
            select.select([], [fd], [])
        except OSError:
            return


def _identity(fd: int) -> Optional[Tuple[int, int]]:
    """The file that a descriptor stands for; None if it is closed."""
    try:
        status = os.fstat(fd)
    except OSError:
        return None
    return status.st_dev, status.st_ino


class Output(io.TextIOBase):
    """Replaces ``sys.stdout`` or ``sys.stderr``."""

    def __init__(self, name: str, fd: int, secret: bytes) -> None:
        super().__init__()
        self._name = name
        self._fd = fd
        self._secret = secret
        self._partial = threading.local()
        self._original = _identity(fd)
        self._shared = fd

    def attach(self, shared: int) -> None:
        """Its descriptor was replaced. Output goes to `shared`, which keeps the order of both streams."""
        self._original = _identity(self._fd)
        self._shared = shared

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return "backslashreplace"

    @property
    def name(self) -> str:
        return f"<{self._name}>"

    @property
    def line_buffering(self) -> bool:
        return True

    @property
    def buffer(self) -> "Bytes":
        return Bytes(self)

    def fileno(self) -> int:
        return self._fd

    def isatty(self) -> bool:
        return terminal.isatty(self._fd)

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        whole = getattr(self._partial, "text", "") + text
        at = whole.rfind("\n") + 1
        self._partial.text = whole[at:]
        if at:
            self._emit(whole[:at])
        return len(text)

    def write_bytes(self, data: bytes) -> None:
        self.flush()
        self._write(data)

    def flush(self) -> None:
        rest = getattr(self._partial, "text", "")
        if rest:
            self._partial.text = ""
            self._emit(rest)

    def reconfigure(self, **options: Any) -> None:
        """Ignored: the server always reads UTF-8. ``io.TextIOWrapper`` has this method."""

    def _emit(self, text: str) -> None:
        self._write(text.encode("utf-8", "backslashreplace"))

    def _write(self, data: bytes) -> None:
        if _identity(self._fd) != self._original:
            # The app replaced the descriptor: its file gets what it would get without this server.
            write_all(self._fd, data)
            return
        for piece in marked(self._secret, current_request.get(), self._fd, data):
            write_all(self._shared, piece)


class Bytes(io.RawIOBase):
    """``sys.stdout.buffer``: bytes go to the same output, unchanged."""

    def __init__(self, text: Output) -> None:
        super().__init__()
        self._text = text

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._text.fileno()

    def isatty(self) -> bool:
        return self._text.isatty()

    def write(self, data: Any) -> int:
        self._text.write_bytes(bytes(data))
        return memoryview(data).nbytes

    def flush(self) -> None:
        self._text.flush()


class Outputs:
    """Both streams."""

    def __init__(self, secret: bytes) -> None:
        self.stdout = Output("stdout", 1, secret)
        self.stderr = Output("stderr", 2, secret)
        self._shared: Optional[int] = None
        self.attach()

    def attach(self) -> None:
        """Takes the current descriptors 1 and 2. Call it again after replacing them."""
        if self._shared is not None:
            os.close(self._shared)
        self._shared = os.dup(1)
        self.stdout.attach(self._shared)
        self.stderr.attach(self._shared)

    def install(self) -> None:
        sys.stdout = self.stdout  # type: ignore[assignment]
        sys.stderr = self.stderr  # type: ignore[assignment]
        for original in (sys.__stdout__, sys.__stderr__):
            if original is not None:
                original.reconfigure(line_buffering=True)

    def flush(self) -> None:
        self.stdout.flush()
        self.stderr.flush()


outputs: Optional[Outputs] = None


def install(boot: Dict[str, Any]) -> Outputs:
    """Before anything of the app runs."""
    global outputs
    terminal.install(boot["terminal"])
    outputs = Outputs(base64.b64decode(boot["secret"]))
    outputs.install()
    return outputs


def outputs_flush() -> None:
    """Sends unfinished lines, so that they are not taken for output of the next request."""
    if outputs is not None:
        outputs.flush()
