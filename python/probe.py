"""Reports to the server whether this Python can run an app, and a Django project's settings for the 2009 server.

Runs in any Python 3, so that it can report one that is too old. Answers in JSON on descriptor 3.
"""

import json
import os
import sys


def main():
    answer = {"version": list(sys.version_info[:3]), "settings": {}}
    entry = sys.argv[1]
    try:
        if sys.version_info >= (3, 9) and os.path.basename(entry) == "manage.py":
            probe_django(entry, answer)
    finally:
        os.write(3, json.dumps(answer).encode())
    # Does not wait for threads that the settings have started.
    os._exit(0)


def probe_django(manage, answer):
    sys.path.pop(0)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from concurrent_server import watchdog
    from concurrent_server.app import django_project

    sys.path.pop(0)
    watchdog.start(0)
    try:
        import django  # noqa: F401
    except ImportError:
        answer["missing"] = "django"
        return
    try:
        django_project.configure(manage)
        answer["settings"] = {
            name: value for name, value in django_project.old_settings().items() if isinstance(value, (bool, int, str))
        }
    except BaseException:
        # The worker gets the same error and reports it.
        pass


main()
