"""Starts a worker: the program that the server runs in a Python of the user's choice.

The app is to find ``sys.path`` as without us, so the folder of this file is taken off it again.
"""

import sys

_here = sys.path.pop(0)
sys.path.insert(0, _here)

from concurrent_server.main import main  # noqa: E402

sys.path.remove(_here)
main()
