"""Says where an app is that takes long to load, and ends one that serves itself by a loop of its own."""

import os
import socket
import sys
import threading
import weakref
from types import FrameType
from typing import Any, Callable, List, Optional, Set, Tuple

from .. import failure

#: An app that loads for longer is said to, in s.
LONG_S = 5.0
_SAMPLE_S = 0.5

Place = Tuple[str, int]

#: Modules in which a loop waits for clients.
_WAITERS = {"selectors", "socket", "asyncio", "gevent", "eventlet", "tornado", "uvloop", "twisted", "socketserver"}
_WAITS = (".accept(", "select(", ".poll(", ".recv(")
#: The same for a thread that waits for another one.
_IDLE = {"threading"}
_SLEEPS = ("sleep(", ".join(", ".wait(")

IN_THREAD = (
    "The app is run in a thread, while the main thread waits and never gets to its end; "
    "run the app in the main thread, for example with app.run() as the last line"
)


class LoadWatch:
    """Watches the thread that loads the app, from `start` to `stop`."""

    def __init__(
        self,
        own_server: Callable[[str, Optional[Place]], None],
        runs_in_thread: Callable[[], bool],
        seconds: float = LONG_S,
    ) -> None:
        self._own_server = own_server
        self._runs_in_thread = runs_in_thread
        self._seconds = seconds
        self._thread = threading.get_ident()
        self._pid = os.getpid()
        self._sockets: "List[weakref.ref[socket.socket]]" = []
        self._stopped = threading.Event()

    def start(self) -> None:
        sys.addaudithook(self._hook)
        self._watcher = threading.Thread(target=self._run, name="concurrent-server load watch", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Its thread has ended afterwards, so that the process can be forked."""
        self._stopped.set()
        if threading.current_thread() is not self._watcher:
            self._watcher.join(1)

    def _hook(self, event: str, args: Tuple[Any, ...]) -> None:
        if event == "socket.bind" and not self._stopped.is_set() and threading.get_ident() == self._thread:
            self._sockets.append(weakref.ref(args[0]))

    def _run(self) -> None:
        if self._stopped.wait(self._seconds) or os.getpid() != self._pid:
            return
        place = self._place()
        said = False
        while True:
            if self._stopped.wait(_SAMPLE_S):
                return
            before, place = place, self._place()
            if place == before and self._listens() and self._waits(_WAITERS, _WAITS):
                self._own_server(_sentence(), place)
                return
            if place == before and self._runs_in_thread() and self._waits(_WAITERS | _IDLE, _WAITS + _SLEEPS):
                self._own_server(IN_THREAD, place)
                return
            if not said:
                said = True
                where = "" if place is None else f"{os.path.relpath(place[0])}:{place[1]}: "
                print(
                    f"{where}the app has been loading for {self._seconds:g} s and is at this line; "
                    "it is served when this is over",
                    file=sys.stderr,
                    flush=True,
                )

    def _frame(self) -> Optional[FrameType]:
        return sys._current_frames().get(self._thread)

    def _place(self) -> Optional[Place]:
        return failure.user_line(self._frame())

    def _listens(self) -> bool:
        """Whether the thread has opened a server."""
        for reference in self._sockets:
            found = reference()
            try:
                if found is not None and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    return True
            except OSError:
                pass
        return False

    def _waits(self, modules: Set[str], words: Tuple[str, ...]) -> bool:
        """Whether the thread waits, in one of these modules or at a line with one of these words."""
        frame = self._frame()
        if frame is None:
            return False
        if str(frame.f_globals.get("__name__")).partition(".")[0] in modules:
            return True
        import linecache

        return any(word in linecache.getline(frame.f_code.co_filename, frame.f_lineno) for word in words)


def _sentence() -> str:
    for name in ("tornado", "gevent", "eventlet", "twisted"):
        if name in sys.modules:
            return (
                f"The app serves itself with {name.capitalize()}, whose server can't be replaced; "
                "name a WSGI or ASGI app instead, for example module:app"
            )
    return (
        "The app serves itself in a loop of its own, so its requests can't be passed to it; "
        "name a WSGI or ASGI app instead, for example module:app"
    )
