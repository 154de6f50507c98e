"""The arguments that `start_response` accepts and refuses (PEP 3333), with wsgiref.validate as a judge."""

import unittest
from typing import Any, List, Tuple
from wsgiref.validate import check_headers, check_status  # type: ignore[attr-defined]

from concurrent_server.wire.constants import ResponseFlag
from concurrent_server.wsgi.head import make_head

GOOD_STATUSES = ["200 OK", "204 ", "299 Anything at all", "599 x", "999 caf\xe9"]
BAD_STATUSES: List[Tuple[Any, Any, str]] = [
    ("OK", ValueError, "three digits"),
    ("\xb2\xb2\xb2 OK", ValueError, "three digits"),
    ("200", ValueError, "three digits"),
    ("2000 OK", ValueError, "three digits"),
    ("099 Low", ValueError, "three digits"),
    ("100 Continue", ValueError, "three digits from 200 on"),
    ("101 Switching Protocols", ValueError, "three digits from 200 on"),
    (" 200 OK", ValueError, "three digits"),
    ("", ValueError, "three digits"),
    ("200 O\nK", ValueError, "control character"),
    ("200 OK\r\nX: y", ValueError, "control character"),
    ("200 OK\r", ValueError, "control character"),
    ("200 OK\n", ValueError, "control character"),
    ("200 O\tK", ValueError, "control character"),
    ("200 O\0K", ValueError, "control character"),
    ("200 \u20ac", ValueError, "not in latin-1"),
    (200, TypeError, "not int"),
    (b"200 OK", TypeError, "not bytes"),
    (None, TypeError, "not NoneType"),
]

GOOD_HEADERS: List[Any] = [
    [],
    [("X", "")],
    [("X-Y_z1", "a b, c"), ("x", " spaces ")],
    [("X", "caf\xe9 \x80\xff")],
    [("Set-Cookie", "a"), ("Set-Cookie", "b")],
]
#: wsgiref wants other types and names, and forbids tabs; but apps use these under other servers, so they pass.
LENIENT_HEADERS: List[Any] = [
    [("!#$%&'*+-.^_`|~0aZ", "every character of a token (RFC 9110, 5.6.2)")],
    (("X", "y"),),
    {"X": "y"}.items(),
    iter([["X", "y"]]),
    [("X", "a\tb")],
    [("Connection", "close"), ("Status", "200")],
]
BAD_HEADERS: List[Tuple[Any, Any, str]] = [
    ([("X", "a\nSet-Cookie: b")], ValueError, "header X has a control character"),
    ([("X", "a\r")], ValueError, "control character"),
    ([("X", "a\n")], ValueError, "control character"),
    ([("X", "a\0b")], ValueError, "control character"),
    ([("X", "a\x1bb")], ValueError, "control character"),
    ([("X", "a\x7fb")], ValueError, "control character"),
    ([("X", "\u20ac")], ValueError, "not in latin-1"),
    ([("X", "\ud800")], ValueError, "not in latin-1"),
    ([("Content-Type", "a\n")], ValueError, "header Content-Type"),
    ([("X: a\r\nY", "b")], ValueError, "name"),
    ([("X:", "b")], ValueError, "name"),
    ([("X Y", "b")], ValueError, "name"),
    ([("X\n", "b")], ValueError, "name"),
    ([("", "b")], ValueError, "name"),
    ([("caf\xe9", "b")], ValueError, "name"),
    ([("X(", "b")], ValueError, "name"),
    ([("X", 5)], TypeError, "must be text"),
    ([("X", b"y")], TypeError, "must be text"),
    ([("X", None)], TypeError, "must be text"),
    ([(b"X", "y")], TypeError, "must be text"),
    ([("X",)], TypeError, "tuple"),
    ([("X", "y", "z")], TypeError, "tuple"),
    (["XY"], TypeError, "tuple"),
    ({"TE": "x"}, TypeError, "tuple"),
    ("XY", TypeError, "tuple"),
    (None, TypeError, "list of tuples, not NoneType"),
    (5, TypeError, "list of tuples, not int"),
    ([("Content-Length", "many")], ValueError, "'many'"),
    ([("Content-Length", "1_0")], ValueError, "'1_0'"),
    ([("Content-Length", "-1")], ValueError, "'-1'"),
    ([("Content-Length", "+1")], ValueError, "'.1'"),
    ([("Content-Length", "")], ValueError, "''"),
    ([("Content-Length", "\xb2")], ValueError, "number of bytes"),
    ([("Content-Length", "5"), ("content-length", "5")], ValueError, "two Content-Length"),
]


class Heads(unittest.TestCase):
    def test_statuses_are_taken_as_pep_3333_has_them(self) -> None:
        for status in GOOD_STATUSES:
            self.assertEqual(make_head(status, []).text, f"{status}\r\n".encode("latin-1"))
            check_status(status)

    def test_other_statuses_are_refused_where_they_are_given(self) -> None:
        for status, error, reason in BAD_STATUSES:
            with self.subTest(status), self.assertRaisesRegex(error, reason):
                make_head(status, [])

    def test_headers_are_taken_in_their_order_as_they_are(self) -> None:
        for headers in GOOD_HEADERS:
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
            self.assertEqual(make_head("200 OK", headers).text, f"200 OK\r\n{lines}".encode("latin-1"))
            check_headers(headers)
        for headers in LENIENT_HEADERS:
            make_head("200 OK", headers)

    def test_other_headers_are_refused_where_they_are_given(self) -> None:
        for headers, error, reason in BAD_HEADERS:
            with self.subTest(headers), self.assertRaisesRegex(error, reason):
                make_head("200 OK", headers)

    def test_a_character_that_wsgiref_refuses_in_a_value_is_refused_but_for_the_tab(self) -> None:
        refused = set()
        for code in range(0x100):
            headers = [("X", f"a{chr(code)}b")]
            try:
                check_headers(headers)
            except AssertionError:
                refused.add(code)
                if code == 0x09:
                    continue
                with self.subTest(code), self.assertRaises(ValueError):
                    make_head("200 OK", headers)
        self.assertEqual(refused, set(range(0x20)))

    def test_the_headers_of_a_connection_are_left_out(self) -> None:
        for name in ("Connection", "KEEP-ALIVE", "Transfer-Encoding", "te", "Trailer", "upgrade", "Proxy-Authenticate"):
            self.assertEqual(make_head("200 OK", [(name, "x"), ("X", "y")]).text, b"200 OK\r\nX: y\r\n")

    def test_what_the_server_would_add_is_noticed(self) -> None:
        head = make_head("200 OK", [("DATE", "x"), ("server", "y"), ("Content-length", " 007 ")])
        flags = ResponseFlag.DATE | ResponseFlag.SERVER | ResponseFlag.LENGTH
        self.assertEqual((head.code, head.flags, head.length), ("200", flags, 7))
        self.assertEqual(make_head("200 OK", []).length, -1)

    def test_a_status_without_a_body_has_no_length(self) -> None:
        for status in ("204 No Content", "304 Not Modified"):
            head = make_head(status, [("Content-Length", "5"), ("ETag", "x")])
            self.assertEqual(head[1:], (f"{status}\r\nETag: x\r\n".encode(), 0, -1))
        self.assertEqual(make_head("205 Reset Content", [("Content-Length", "0")]).length, 0)


if __name__ == "__main__":
    unittest.main()
