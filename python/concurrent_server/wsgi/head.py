"""The head of a WSGI app's response: the values that `start_response` accepts and those it refuses (PEP 3333)."""

import re
from typing import Any, Iterator, List, NamedTuple, Tuple

from ..wire.constants import ResponseFlag

#: Fields of the connection (RFC 2616, 13.5.1). PEP 3333 forbids them to apps, and lets a server raise an error. Here
#: they are left out, as gunicorn does it, because many apps set `Connection: keep-alive` on event streams.
_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_FLAGS = {"content-length": ResponseFlag.LENGTH, "date": ResponseFlag.DATE, "server": ResponseFlag.SERVER}
_SPECIAL = _HOP_BY_HOP | set(_FLAGS)

#: Statuses whose responses have no body and no Content-Length (RFC 9110, 8.6).
BODILESS = ("204", "304")

#: A token (RFC 9110, 5.6.2).
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
#: Control characters, and characters outside latin-1. A value may have HTAB (RFC 9110, 5.5), a status may not.
_BAD_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]")
_BAD_STATUS = re.compile(r"[\x00-\x1f\x7f]|[^\x00-\xff]")
#: After an interim status (1xx) the client would wait for another response.
_STATUS = re.compile(r"[2-9][0-9]{2} ")


class Head(NamedTuple):
    #: Three digits.
    code: str
    #: The status line without the version, then the fields; each with its line end.
    text: bytes
    #: Which fields it has, as `ResponseFlag`s.
    flags: int
    #: The Content-Length; -1 if there is none.
    length: int


def make_head(status: Any, headers: Any) -> Head:
    """
    Checks the arguments of `start_response`, so that an error is raised in the app's own call.
    Raises TypeError for a value that is not text or not a list of pairs, ValueError for text that a head can't have.
    """
    if not isinstance(status, str):
        raise TypeError(f"The status must be text, not {type(status).__name__}")
    if not _STATUS.match(status):
        raise ValueError(f"The status must be three digits from 200 on, a space and a reason, not {status!r}")
    if _BAD_STATUS.search(status):
        raise ValueError(f"The status has a control character, or one that is not in latin-1: {status!r}")
    code = status[:3]
    flags = 0
    length = -1
    lines = [status]
    for name, value in _fields(headers):
        lower = name.lower()
        if lower in _SPECIAL:
            if lower in _HOP_BY_HOP or (lower == "content-length" and code in BODILESS):
                continue
            if lower == "content-length":
                if length >= 0:
                    raise ValueError("There are two Content-Length headers")
                length = _content_length(value)
            flags |= _FLAGS[lower]
        lines.append(f"{name}: {value}")
    return Head(code, "\r\n".join([*lines, ""]).encode("latin-1"), flags, length)


def _fields(headers: Any) -> Iterator[Tuple[str, str]]:
    """The headers one by one, each checked."""
    for pair in _list(headers):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(f"Each header must be a tuple of a name and a value, not {pair!r}")
        name, value = pair
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(f"The name and the value of a header must be text, not {name!r}, {value!r}")
        if not _NAME.fullmatch(name):
            raise ValueError(f"A header's name may have letters, digits and !#$%&'*+-.^_`|~ only, not {name!r}")
        if _BAD_VALUE.search(value):
            raise ValueError(f"The header {name} has a control character, or one that is not in latin-1: {value!r}")
        yield name, value


def _list(headers: Any) -> List[Any]:
    try:
        return list(headers)
    except TypeError:
        raise TypeError(f"The headers must be a list of tuples, not {type(headers).__name__}") from None


def _content_length(value: str) -> int:
    """Bytes (RFC 9110, 8.6); `int` alone would take signs and underscores as well."""
    digits = value.strip(" \t")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"The Content-Length must be a number of bytes, not {value!r}")
    return int(digits)
