"""The functions by which a Python app runs itself, such as Flask's `app.run()`: what `listen` is to Node.

While the app is loaded, these functions serve the app in our place, right where they are called, until the server asks
for the end. So what follows the call, and what a `finally` cleans up, runs at the end, as it does without us. To leave
the module by an exception would clean up before the first request.

Only calls of the thread that loads the app count. In other threads, in forked processes and after the load these
functions do what they always do.
"""

import importlib.machinery
import os
import sys
import threading
from typing import Any, Awaitable, Callable, Dict, List, NoReturn, Optional

from .. import failure
from .entry import CannotServe

NO_TLS = "the server here speaks plain HTTP; the certificate is not used"

Options = Dict[str, Any]
#: Replaces functions of a module that has just been loaded.
Patch = Callable[[Any, "HandOver"], None]


class HandOver:
    """Passes the app that a way in gets to the function that serves it."""

    def __init__(
        self,
        serve: Callable[[Any, Options], None],
        serve_in_loop: Callable[[Any, Options], Awaitable[None]],
        watch_file: Callable[[str], None] = lambda file: None,
    ) -> None:
        self._serve = serve
        self._serve_in_loop = serve_in_loop
        self.watch_file = watch_file
        self._thread = threading.get_ident()
        self._pid = os.getpid()
        self._open = True
        #: An app runs itself in another thread while this one loads it.
        self.in_thread = False
        #: An app was handed over. It has been served already if the call has returned.
        self.done = False

    @property
    def wanted(self) -> bool:
        """Whether a call of the current thread is a way in."""
        return self._open and threading.get_ident() == self._thread and os.getpid() == self._pid

    def note_other(self) -> None:
        """A way in was called that is not `wanted`."""
        if self._open and os.getpid() == self._pid:
            self.in_thread = True

    def close(self) -> None:
        """The app has been loaded, or found in another way."""
        self._open = False

    def give(self, app: Any, **options: Any) -> None:
        """Serves the app until the end. `options` are those of Loaded."""
        self._take()
        self._serve(app, options)

    async def give_in_loop(self, app: Any, **options: Any) -> None:
        """The same for a caller in an event loop."""
        self._take()
        await self._serve_in_loop(app, options)

    def refuse(self, text: str) -> NoReturn:
        """The app brings a server that can't be replaced."""
        self._open = False
        raise CannotServe(text, failure.user_line(sys._getframe(1)))

    def _take(self) -> None:
        self._open = False
        self.done = True


def note(text: str) -> None:
    """Says at the caller's line, in the app's output, what was not taken over."""
    place = failure.user_line(sys._getframe(1))
    where = "" if place is None else f"{os.path.relpath(place[0])}:{place[1]}: "
    print(f"{where}{text}", file=sys.stderr, flush=True)


class PatchingFinder:
    """Runs a patch after its module was loaded, so that no framework is imported that the app does not use."""

    def __init__(self, patches: Dict[str, Patch], hand: HandOver) -> None:
        self._patches = patches
        self._hand = hand

    def install(self) -> None:
        for name, patch in self._patches.items():
            module = sys.modules.get(name)
            if module is not None:
                patch(module, self._hand)
        sys.meta_path.insert(0, self)  # type: ignore[arg-type]

    def remove(self) -> None:
        """Modules that are loaded later stay as they are."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)  # type: ignore[arg-type]

    def find_spec(self, name: str, path: Any, target: Any = None) -> Optional[importlib.machinery.ModuleSpec]:
        patch = self._patches.get(name)
        if patch is None:
            return None
        finders: List[Any] = [finder for finder in sys.meta_path if finder is not self]
        for finder in finders:
            spec = finder.find_spec(name, path, target) if hasattr(finder, "find_spec") else None
            if spec is not None:
                self._wrap(spec, patch)
                return spec  # type: ignore[no-any-return]
        return None

    def _wrap(self, spec: Any, patch: Patch) -> None:
        run: Any = getattr(spec.loader, "exec_module", None)
        # The loader of a built-in module is a class that all modules share.
        if run is None or isinstance(spec.loader, type):
            return

        def exec_module(module: Any) -> None:
            run(module)
            patch(module, self._hand)

        spec.loader.exec_module = exec_module
