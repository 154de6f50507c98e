"""The ends of sockets and pipes that the server process made, with the same methods on every system."""

import os
import socket
import sys
from typing import Union


class Pipe:
    """A descriptor with the methods of a socket, for Windows: there the server's ends are named pipes."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self.fd, view) :]

    def recv(self, size: int) -> bytes:
        return os.read(self.fd, size)

    def readable(self) -> bool:
        return False

    def fileno(self) -> int:
        return self.fd

    def close(self) -> None:
        os.close(self.fd)


class Socket(socket.socket):
    """A blocking socket that can report whether it has unread bytes."""

    def readable(self) -> bool:
        try:
            self.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        return True


def inherited(fd: int) -> Union[Pipe, Socket]:
    """The socket or pipe that the server process passed on as descriptor `fd`. The app's programs do not inherit it."""
    if sys.platform == "win32":
        import msvcrt

        os.set_handle_inheritable(msvcrt.get_osfhandle(fd), False)
        os.set_inheritable(fd, False)
        return Pipe(fd)
    os.set_inheritable(fd, False)
    made = Socket(fileno=fd)
    made.setblocking(True)
    return made


def from_socket(other: socket.socket) -> Socket:
    made = Socket(fileno=other.detach())
    made.setblocking(True)
    return made
