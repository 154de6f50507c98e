"""The counterpart of programs.js: runs the number of programs in the request, and answers once all have exited."""

import os
import subprocess
from urllib.parse import parse_qsl


def run():
    subprocess.run(["/bin/true"])


def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


WAYS = {"subprocess": run, "fork": fork}


def app(environ, start_response):
    ((way, count),) = parse_qsl(environ["QUERY_STRING"])
    for _ in range(int(count)):
        WAYS[way]()
    start_response("200 OK", [])
    return [b"done"]
