"""Prevents the use of bytecode of an older source.

Python uses stored bytecode if the source has the same size and was changed in the same whole second (importlib's
`_validate_timestamp_pyc`). It can't tell two saves of one size within a second apart.
"""

import time
from importlib.machinery import SourceFileLoader
from typing import Any, Callable, Mapping

#: A change this long after another one may have the same time: the coarsest clock of file systems.
FRESH_S = 2.0


def only_of_settled_sources(loads: Callable[[str], None]) -> None:
    """From now on, sources that have just changed are compiled, and their bytecode is not stored.

    `loads` gets the file of each module before the source or the bytecode is read.
    """
    stats_of = SourceFileLoader.path_stats

    def path_stats(self: Any, path: str) -> Mapping[str, Any]:
        loads(path)
        stats = stats_of(self, path)
        if time.time() - stats["mtime"] < FRESH_S:
            # importlib.abc.SourceLoader: after an OSError no bytecode is read or written.
            raise OSError("changed just now")
        return stats

    SourceFileLoader.path_stats = path_stats  # type: ignore[assignment]
