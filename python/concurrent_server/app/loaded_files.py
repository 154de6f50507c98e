"""Reports the files that the app loads, and those that it writes itself, for reload on save."""

import os
import sys
import sysconfig
import threading
import time
from typing import Any, Callable, Dict, Iterable, List, Set

from ..wire.file_stamp import stamp
from . import django_project

#: The folder of this package.
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: Folders that are not part of the app, at any depth.
_FOREIGN = {"site-packages", "dist-packages", "node_modules", "__pycache__", ".git", ".hg", ".svn"}
#: The most files that are reported as read. An app that reads more reads its users' data.
MAX_READ = 5000
#: Seconds between two reports of writes to one file; see src/engine/reload/own-writes.ts.
WRITE_S = 0.25


class FileReport:
    """Reports each file once, before the app has loaded it, with its stamp at that moment."""

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
        """For a forked process, which has its own channel."""
        self.send = send
        self._pid = os.getpid()

    def loads(self, file: str) -> None:
        """A module is about to be loaded from this file."""
        if file not in self._known and self._is_own(file):
            self._report([file])

    def reads(self, file: str) -> None:
        """The app opens a file. Only files of the project are reported."""
        if file in self._read or len(self._read) >= MAX_READ:
            return
        self._read.add(file)
        path = os.path.abspath(file)
        if path not in self._known and self._is_of_project(path):
            self._report([path])

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
        """Looks for files that were loaded in another way. Cheap enough to run after every request."""
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
            self._report(new)

    def _report(self, files: List[str]) -> None:
        # A process that the app forked shares this channel and is not a worker.
        if os.getpid() != self._pid:
            return
        self._known.update(files)
        stamps = [(file, stamp(file)) for file in files]
        found = [(file, text) for file, text in stamps if text is not None]
        if found:
            names, texts = zip(*found)
            self.send({"type": "loaded", "files": names, "stamps": texts})

    def _is_own(self, file: str) -> bool:
        if not os.path.isabs(file) or file.startswith(self._foreign):
            return False
        return not any(part in ("site-packages", "dist-packages") for part in file.split(os.sep))

    def _is_of_project(self, path: str) -> bool:
        if not path.startswith(self._folders) or path.startswith(self._foreign):
            return False
        return not any(part in _FOREIGN for part in path.split(os.sep))


def project_folders(file: "str | None") -> List[str]:
    """The current folder, the folder of the app's file, and its repository unless that is the home folder."""
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
