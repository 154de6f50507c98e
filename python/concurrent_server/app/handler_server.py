"""Makes a WSGI app of a server of `http.server`: its class handles requests from a socket."""

import io
from typing import Any, Callable, Dict, Iterable, List
from urllib.parse import quote


class HandlerApp:
    """Runs the server's `RequestHandlerClass` once a request, on a connection that ends after it."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        connection = _Connection(_request(environ))
        address = (environ.get("REMOTE_ADDR", ""), int(environ.get("REMOTE_PORT") or 0))
        self._server.RequestHandlerClass(connection, address, self._server)
        return connection.answer(start_response)


class _Connection:
    """What a handler needs of a socket."""

    def __init__(self, request: "io.RawIOBase") -> None:
        self._request = request
        self._answer = bytearray()

    def makefile(self, mode: str, buffering: int = -1) -> Any:
        return io.BufferedReader(self._request) if "r" in mode else _Writer(self._answer)

    def sendall(self, data: Any) -> None:
        self._answer += data

    def send(self, data: Any) -> int:
        self._answer += data
        return len(data)

    def fileno(self) -> int:
        raise OSError("this connection has no descriptor")

    def settimeout(self, seconds: Any) -> None:
        pass

    def setsockopt(self, *option: Any) -> None:
        pass

    def shutdown(self, how: int) -> None:
        pass

    def close(self) -> None:
        pass

    def answer(self, start_response: Callable[..., Any]) -> List[bytes]:
        """Passes on what the handler wrote; interim answers are left out."""
        from http.client import parse_headers

        stream = io.BytesIO(bytes(self._answer))
        while True:
            line = stream.readline().decode("latin-1").rstrip("\r\n")
            version, _, status = line.partition(" ")
            if not version.startswith("HTTP/"):
                raise RuntimeError("The request handler wrote no HTTP answer")
            headers = parse_headers(stream)
            if not status.startswith("1"):
                break
        if status.strip().isdigit():
            status += " OK"
        start_response(status, list(headers.items()))
        return [stream.read()]


class _Writer(io.RawIOBase):
    def __init__(self, target: bytearray) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._target += data
        return len(data)


class _Request(io.RawIOBase):
    """The head of the request, then its body as it comes, then the end."""

    def __init__(self, head: bytes, body: Any, length: int) -> None:
        self._head = head
        self._body = body
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            part = self._head[: len(buffer)]
            self._head = self._head[len(part) :]
        else:
            part = self._body.read(min(len(buffer), self._left)) if self._left > 0 else b""
            self._left -= len(part)
        buffer[: len(part)] = part
        return len(part)


def _request(environ: Dict[str, Any]) -> _Request:
    target = environ.get("REQUEST_URI") or quote(environ["PATH_INFO"])
    lines = [f"{environ['REQUEST_METHOD']} {target} HTTP/1.1"]
    body, length = environ["wsgi.input"], environ.get("CONTENT_LENGTH", "")
    if "HTTP_TRANSFER_ENCODING" in environ:
        # The handler reads by its length, as http.server does not decode chunks.
        content = body.read()
        body, length = io.BytesIO(content), str(len(content))
    if length:
        lines.append(f"Content-Length: {length}")
    if environ.get("CONTENT_TYPE"):
        lines.append(f"Content-Type: {environ['CONTENT_TYPE']}")
    for name, value in environ.items():
        if name.startswith("HTTP_") and name not in ("HTTP_TRANSFER_ENCODING", "HTTP_CONNECTION", "HTTP_EXPECT"):
            lines.append(f"{name[5:].replace('_', '-').title()}: {value}")
    lines += ["Connection: close", "", ""]
    return _Request("\r\n".join(lines).encode("latin-1"), body, int(length or 0))
