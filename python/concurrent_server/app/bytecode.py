"""Keeps an app from being run as it was a moment ago.

Python takes stored bytecode for that of a source which has the same size and was changed in the same whole second
(importlib's `_validate_timestamp_pyc`). Two saves within a second, of one size, are the same to it.
"""

import time
from importlib.machinery import SourceFileLoader
from typing import Any, Callable, Mapping

#: For so long after a change, another may come that bytecode can't tell from it: the coarsest clock of file systems.
FRESH_S = 2.0


def only_of_settled_sources(loads: Callable[[str], None]) -> None:
    """From now on, what has just been changed is compiled again, and its bytecode is not stored.

    `loads` gets the file of each module before it is read, be it as source or as bytecode.
    """
    stats_of = SourceFileLoader.path_stats

    def path_stats(self: Any, path: str) -> Mapping[str, Any]:
        loads(path)
        stats = stats_of(self, path)
        if time.time() - stats["mtime"] < FRESH_S:
            # What importlib.abc.SourceLoader says of it: no bytecode is read or written then.
            raise OSError("changed just now")
        return stats

    SourceFileLoader.path_stats = path_stats  # type: ignore[method-assign]
