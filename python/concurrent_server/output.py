"""What the app prints and logs, line by line, with the request it belongs to."""

import contextvars
import io
import sys
import threading
from typing import Any, Callable, Dict, Optional

#: Number of the request that is being served here; 0 outside of requests.
current_request: "contextvars.ContextVar[int]" = contextvars.ContextVar("concurrent_server_request", default=0)

Send = Callable[[Dict[str, Any]], None]


class Output(io.TextIOBase):
    """Takes the place of ``sys.stdout`` or ``sys.stderr``."""

    def __init__(self, name: str, send: Send, original: Any) -> None:
        super().__init__()
        self._name = name
        self.send = send
        self._original = original
        self._partial = threading.local()

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
    def buffer(self) -> "Bytes":
        return Bytes(self)

    def fileno(self) -> int:
        return int(self._original.fileno())

    def isatty(self) -> bool:
        return False

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

    def flush(self) -> None:
        rest = getattr(self._partial, "text", "")
        if rest:
            self._partial.text = ""
            self._emit(rest)

    def _emit(self, text: str) -> None:
        message: Dict[str, Any] = {"type": "log", "stream": self._name, "text": text}
        request = current_request.get()
        if request:
            message["request"] = request
        self.send(message)


class Bytes(io.RawIOBase):
    """``sys.stdout.buffer``: bytes that are written there end in the same output."""

    def __init__(self, text: Output) -> None:
        super().__init__()
        self._text = text

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._text.write(bytes(data).decode("utf-8", "backslashreplace"))
        return len(data)

    def flush(self) -> None:
        self._text.flush()


class Outputs:
    """Both streams, and where they go to; a forked process sends them elsewhere."""

    def __init__(self, send: Send) -> None:
        self.stdout = Output("stdout", send, sys.__stdout__)
        self.stderr = Output("stderr", send, sys.__stderr__)

    def install(self) -> None:
        sys.stdout = self.stdout  # type: ignore[assignment]
        sys.stderr = self.stderr  # type: ignore[assignment]

    def redirect(self, send: Send) -> None:
        self.stdout.send = self.stderr.send = send

    def flush(self) -> None:
        self.stdout.flush()
        self.stderr.flush()


outputs: Optional[Outputs] = None


def install(send: Send) -> Outputs:
    global outputs
    outputs = Outputs(send)
    outputs.install()
    return outputs


def outputs_flush() -> None:
    """Sends lines that were begun and not ended, so that they are not taken for the next request's."""
    if outputs is not None:
        outputs.flush()
