"""Makes a WSGI app of a server of `http.server`: its class handles requests from a socket."""

import io
from typing import Any, Callable, Dict, Iterable, Optional
from urllib.parse import quote


class HandlerApp:
    """Runs the server's `RequestHandlerClass` once a request, on a connection that ends after it."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def __call__(self, environ: Dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        connection = _Connection(_request(environ), start_response)
        address = (environ.get("REMOTE_ADDR", ""), int(environ.get("REMOTE_PORT") or 0))
        self._server.RequestHandlerClass(connection, address, self._server)
        if not connection.started:
            raise RuntimeError("The request handler wrote no HTTP answer")
        return []


class _Connection:
    """What a handler needs of a socket."""

    def __init__(self, request: "io.RawIOBase", start_response: Callable[..., Any]) -> None:
        self._request = request
        self._start_response = start_response
        self._head = b""
        self._write: Optional[Callable[[bytes], Any]] = None

    @property
    def started(self) -> bool:
        return self._write is not None

    def makefile(self, mode: str, buffering: int = -1) -> Any:
        return io.BufferedReader(self._request) if "r" in mode else _Writer(self)

    def sendall(self, data: Any) -> None:
        """The head, in parts or whole, then the body as it comes."""
        if self._write is not None:
            if data:
                self._write(bytes(data))
            return
        self._head += bytes(data)
        end = self._head.find(b"\r\n\r\n")
        if end < 0 or not self._head.startswith(b"HTTP/"):
            return
        head, rest = self._head[: end + 4], self._head[end + 4 :]
        self._head = b""
        self._start(head)
        # What follows an interim answer is a head again.
        if rest:
            self.sendall(rest)

    def _start(self, head: bytes) -> None:
        from http.client import parse_headers

        stream = io.BytesIO(head)
        status = stream.readline().decode("latin-1").rstrip("\r\n").partition(" ")[2]
        if status.startswith("1"):
            return
        fields = list(parse_headers(stream).items())
        chunked = any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in fields)
        write = self._start_response(status if " " in status else f"{status} ", fields)
        self._write = _Chunks(write).feed if chunked else write

    def send(self, data: Any) -> int:
        self.sendall(data)
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


class _Chunks:
    """Decodes the chunks that a handler writes: the server makes its own."""

    def __init__(self, write: Callable[[bytes], Any]) -> None:
        self._write = write
        self._data = b""

    def feed(self, data: bytes) -> None:
        self._data += data
        while True:
            size, found, rest = self._data.partition(b"\r\n")
            if not found:
                return
            length = int(size.partition(b";")[0] or b"0", 16)
            if len(rest) < length + 2 or length == 0:
                return
            self._data = rest[length + 2 :]
            self._write(rest[:length])


class _Writer(io.RawIOBase):
    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._connection.sendall(data)
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
