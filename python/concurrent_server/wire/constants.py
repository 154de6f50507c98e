"""The numbers of the wire. Written by `npm run wire` from the TypeScript files below; do not edit."""

# src/wire/frames.ts
FRAME_HEADER_BYTES = 9
MAX_DATA_BYTES = 65536
STREAM_WINDOW_BYTES = 262144
CREDIT_STEP_BYTES = 65536

# src/wire/output-marks.ts
MAX_MARKED_BYTES = 4096

# src/wire/marker.ts
MARKER_FD = 99
MARKER_VARIABLE = "CONCURRENT_SERVER_ID"

# src/engine/workers/python/boot-data.ts
BOOT_VARIABLE = "CONCURRENT_SERVER_WORKER"
CONTROL_FD = 3
WATCHDOG_FD = 4


class Wire:
    """Types of frames on the wire of an ASGI app. See src/wire/frames.ts."""

    OPEN = 1
    HEAD = 2
    DATA = 3
    FIN = 4
    RESET = 5
    CREDIT = 6
    STARTED = 7
    DROPPED = 8
    PING = 9
    PONG = 10
    CONTROL = 11
    FLUSH = 12
    REVOKE = 13
    REVOKED = 14
    FREED = 15


class Lane:
    """Types of frames on the lane of a WSGI app. See src/engine/workers/python/wsgi/lane-frames.ts."""

    REQUEST = 1
    REQUEST_WITH_BODY = 2
    DATA = 3
    END = 4
    GONE = 5
    ANSWER = 6
    START = 7
    CONTINUE = 8
    FREE = 9
    CONTROL = 11


class ResponseFlag:
    """Which headers a response's head has. See src/engine/workers/python/wsgi/lane-frames.ts."""

    LENGTH = 1
    DATE = 2
    SERVER = 4
