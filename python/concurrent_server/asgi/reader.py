"""Reads the wire in its own thread, so that a request can be revoked while the event loop is blocked."""

import collections
import struct
import threading
from typing import Callable, Deque, Dict, Optional, Tuple

from ..wire.constants import Wire
from ..wire.frames import U32, Channel, ServerGone, frame

#: The payload of REVOKE, and the start of that of HEAD: the request and its claim slot.
REQUEST_AND_SLOT = struct.Struct("<II")

#: Type, connection, payload.
Frame = Tuple[int, int, bytes]


class WireReader:
    """A queue of frames between the thread that reads the wire and the event loop, which takes them from it."""

    def __init__(self, channel: Channel, wake: Callable[[], None]) -> None:
        """`wake` is called in the reading thread when there are frames after `next` has returned None."""
        self._channel = channel
        self._wake = wake
        self._lock = threading.Lock()
        self._incoming: Deque[Frame] = collections.deque()
        self._awake = False
        #: Requests that the loop has not claimed, by slot.
        self._offered: Dict[int, int] = {}
        #: By slot too, so its size is limited whatever happens to the requests.
        self._revoked: Dict[int, int] = {}

    def start(self) -> None:
        threading.Thread(target=self._read, name="concurrent-server wire", daemon=True).start()

    def next(self) -> Optional[Frame]:
        """The next frame. After None, `wake` is called as soon as there is one."""
        with self._lock:
            if self._incoming:
                return self._incoming.popleft()
            self._awake = False
            return None

    def claim(self, slot: int, request: int) -> bool:
        """True if the loop may run the request; False if the server has revoked it."""
        with self._lock:
            if self._revoked.pop(slot, None) == request:
                return False
            self._offered.pop(slot, None)
            return True

    def _read(self) -> None:
        try:
            while True:
                kind, number, payload = self._channel.read()
                if kind == Wire.REVOKE:
                    self._revoke(payload)
                    continue
                with self._lock:
                    if kind == Wire.HEAD:
                        request, slot = REQUEST_AND_SLOT.unpack_from(payload)
                        self._offered[slot] = request
                    self._incoming.append((kind, number, payload))
                    wake, self._awake = not self._awake, True
                if wake:
                    self._wake()
        except (ServerGone, RuntimeError):
            # The watchdog handles the end of the wire. A closed loop need not be woken.
            pass

    def _revoke(self, payload: bytes) -> None:
        request, slot = REQUEST_AND_SLOT.unpack_from(payload)
        with self._lock:
            revoked = self._offered.get(slot) == request
            if revoked:
                del self._offered[slot]
                self._revoked[slot] = request
        self._channel.send(frame(Wire.REVOKED, 0, U32.pack(slot) + bytes((revoked,))))
