"""Which files the running app consists of, for reload on save."""

import os
import sys
import sysconfig
import threading
from typing import Any, Callable, Dict, List, Set

from . import django_project

_HERE = os.path.dirname(os.path.abspath(__file__))


class FileReport:
    """Tells the server each file once, as soon as the app has loaded it."""

    def __init__(self, send: Callable[[Dict[str, Any]], None]) -> None:
        self.send = send
        self._known: Set[str] = set()
        self._seen_modules = 0
        self._seen_templates = 0
        self._lock = threading.Lock()
        paths = sysconfig.get_paths()
        self._foreign = tuple(
            os.path.join(folder, "")
            for folder in {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")} | {_HERE}
        )

    def update(self) -> None:
        """Looks for new files where there may be any; cheap enough for after every request."""
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
            self._known.update(new)
        if new:
            self.send({"type": "loaded", "files": new})

    def _is_own(self, file: str) -> bool:
        if not os.path.isabs(file) or file.startswith(self._foreign):
            return False
        return not any(part in ("site-packages", "dist-packages") for part in file.split(os.sep))
