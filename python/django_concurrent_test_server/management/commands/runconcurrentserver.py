"""`manage.py runconcurrentserver [port or addr:port]`: serves this project by Concurrent Server, in the foreground."""

import os
import shutil
import signal
import subprocess
import sys
from typing import Any, List, Optional

from django.core.management.base import BaseCommand, CommandError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
#: The built server, beside the folder that holds this package.
_CLI = os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "cli.js")

#: Options of the server that take a value, and are passed on as they are.
_VALUES = (
    "mode",
    "workers",
    "max-workers",
    "max-requests-per-worker",
    "processes",
    "threads",
    "affinity",
    "delay-routes",
    "overlap",
    "overlap-routes",
    "seed",
    "allowed-host",
    "env-file",
    "stop-timeout",
)
_SWITCHES = ("take-over", "open", "verbose", "quiet", "json")


class Command(BaseCommand):
    help = "Serves this project in several threads or processes, to find races: see Concurrent Server."
    # The server's worker runs the checks, so their messages appear beside the requests.
    requires_system_checks: Any = []
    requires_migrations_checks = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("addrport", nargs="?", help="Optional port number, or addr:port")
        parser.add_argument(
            "--random-delay", nargs="?", const="", help="Hold each request for a random time, MIN-MAX in ms"
        )
        for name in _VALUES:
            parser.add_argument(f"--{name}", help=f"Same as concurrent-server --{name}")
        for name in _SWITCHES:
            parser.add_argument(f"--{name}", action="store_true", help=f"Same as concurrent-server --{name}")

    def handle(self, *args: Any, **options: Any) -> None:
        node = shutil.which("node")
        if node is None:
            raise CommandError("Concurrent Server needs Node 20.19 or later on the PATH")
        if not os.path.isfile(_CLI):
            raise CommandError(f"There is no built server at {_CLI}; run: npm run build")
        manage = os.path.abspath(sys.argv[0])
        words = [node, _CLI, manage, "--python", sys.executable, *_words(options)]
        environment = dict(os.environ)
        settings: Optional[str] = options.get("settings")
        if settings:
            environment["DJANGO_SETTINGS_MODULE"] = settings
        sys.exit(_run(words, environment))


def _words(options: Any) -> List[str]:
    words: List[str] = [options["addrport"]] if options["addrport"] else []
    delay = options["random_delay"]
    if delay is not None:
        words += ["--random-delay", delay] if delay else ["--random-delay"]
    for name in _VALUES:
        value = options[name.replace("-", "_")]
        if value is not None:
            words += [f"--{name}", value]
    words += [f"--{name}" for name in _SWITCHES if options[name.replace("-", "_")]]
    if options.get("no_color"):
        words.append("--no-color")
    return words


def _run(words: List[str], environment: Any) -> int:
    """Runs the server in the foreground, passes signals on to it, and returns its exit code."""
    server = subprocess.Popen(words, env=environment)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is None:
            continue
        if name == "SIGINT":
            # A terminal sends it to the server as well.
            signal.signal(number, signal.SIG_IGN)
        else:
            signal.signal(number, lambda received, frame: server.send_signal(received))
    code = server.wait()
    return 128 - code if code < 0 else code
