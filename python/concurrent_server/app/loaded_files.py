"""Which files the running app consists of, and which it writes itself, for reload on save."""

import os
import sys
import sysconfig
import threading
import time
from typing import Any, Callable, Dict, Iterable, List, Set

from . import django_project
from ..wire.file_stamp import stamp

#: The folder of this package.
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: Folders of others, wherever they are.
_FOREIGN = {"site-packages", "dist-packages", "node_modules", "__pycache__", ".git", ".hg", ".svn"}
#: So many files that are read are told; an app that reads more reads its users' data.
MAX_READ = 5000
#: That a file is being written is told again after so many seconds; see src/engine/reload/own-writes.ts.
WRITE_S = 0.25


class FileReport:
    """Tells the server each file once, before the app has loaded it, and how the file is at that moment."""

    def __init__(self, send: Callable[[Dict[str, Any]], None], folders: Iterable[str]) -> None:
        self.send = send
        self._folders = tuple({os.path.join(folder, "") for folder in folders})
        self._pid = os.getpid()
        self._known: Set[str] = set()
        self._read: Set[str] = set()
        self._written: Dict[str, float] = {}
        self._seen_modules = 0
        self._seen_templates = 0
        self._lock = threading.Lock()
        paths = sysconfig.get_paths()
        self._foreign = tuple(
            os.path.join(folder, "")
            for folder in {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")} | {_HERE}
        )

    def forked(self, send: Callable[[Dict[str, Any]], None]) -> None:
        """This is another process now, with a channel of its own."""
        self.send = send
        self._pid = os.getpid()

    def loads(self, file: str) -> None:
        """A module is about to be loaded from this file."""
        if file not in self._known and self._is_own(file):
            self._tell([file])

    def reads(self, file: str) -> None:
        """The app opens a file; it counts if it is one of the project."""
        if file in self._read or len(self._read) >= MAX_READ:
            return
        self._read.add(file)
        path = os.path.abspath(file)
        if path not in self._known and self._is_of_project(path):
            self._tell([path])

    def writes(self, file: str) -> None:
        """The app is about to write, delete or replace a file."""
        path = os.path.abspath(file)
        now = time.monotonic()
        if now - self._written.get(path, 0.0) < WRITE_S or not self._is_of_project(path):
            return
        if len(self._written) >= 1000:
            self._written.clear()
        self._written[path] = now
        if os.getpid() == self._pid:
            self.send({"type": "wrote", "files": [os.path.realpath(path)]})

    def update(self) -> None:
        """Looks for new files that were loaded some other way; cheap enough for after every request."""
        modules = len(sys.modules)
        templates = django_project.template_count()
        if modules == self._seen_modules and templates == self._seen_templates:
            return
        with self._lock:
            files: List[str] = []
            if modules != self._seen_modules:
                files += [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
            if templates != self._seen_templates:
                files += django_project.template_files()
            self._seen_modules = modules
            self._seen_templates = templates
            new = [file for file in dict.fromkeys(files) if file not in self._known and self._is_own(file)]
        if new:
            self._tell(new)

    def _tell(self, files: List[str]) -> None:
        # A process that the app forked shares this channel, and is no worker.
        if os.getpid() != self._pid:
            return
        self._known.update(files)
        stamps = [(file, stamp(file)) for file in files]
        there = [(file, mark) for file, mark in stamps if mark is not None]
        if there:
            names, marks = zip(*there)
            self.send({"type": "loaded", "files": names, "stamps": marks})

    def _is_own(self, file: str) -> bool:
        if not os.path.isabs(file) or file.startswith(self._foreign):
            return False
        return not any(part in ("site-packages", "dist-packages") for part in file.split(os.sep))

    def _is_of_project(self, path: str) -> bool:
        if not path.startswith(self._folders) or path.startswith(self._foreign):
            return False
        return not any(part in _FOREIGN for part in path.split(os.sep))


def project_folders(file: "str | None") -> List[str]:
    """The folder that the app runs in, the one it is in, and the repository of that, unless this is the home folder."""
    folders = [os.getcwd()]
    if file is None:
        return folders
    folder = os.path.dirname(os.path.abspath(file))
    folders += [folder, os.path.realpath(folder)]
    home = os.path.join(os.path.expanduser("~"), "")
    above = folders[-1]
    while above != os.path.dirname(above) and not home.startswith(os.path.join(above, "")):
        if os.path.exists(os.path.join(above, ".git")):
            folders.append(above)
            break
        above = os.path.dirname(above)
    return folders
