"""Starts a worker: the program that the server runs in the user's Python.

The app must find its own ``sys.path``, so the folder of this file is removed from it again.
"""

import sys

_here = sys.path.pop(0)
sys.path.insert(0, _here)

from concurrent_server.main import main  # noqa: E402

sys.path.remove(_here)
main()
