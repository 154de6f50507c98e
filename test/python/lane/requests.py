"""The request that a WSGI app gets, and the ways to read its body."""

import unittest
from typing import Any, Callable, List

from concurrent_server.wire.constants import Lane
from concurrent_server.wire.frames import frame
from serving import LaneTest

BODY = b"first\nsecond\r\n\n\xff\x00last"

Read = Callable[[Any], Any]


class Environ(LaneTest):
    def test_has_the_bytes_of_a_path_as_latin1_decoded_once(self) -> None:
        """PEP 3333, RFC 3875, 4.1.5: otherwise no app finds /caf%C3%A9 or /a%20b among its routes."""
        self.assertEqual(self.environ_of(PATH_INFO="/caf%C3%A9%20%2541\xe9")["PATH_INFO"], "/caf\xc3\xa9 %41\xe9")

    def test_takes_what_is_no_escape_as_it_is(self) -> None:
        self.assertEqual(self.environ_of(PATH_INFO="/100%/%zz+%e")["PATH_INFO"], "/100%/%zz+%e")

    def test_is_not_added_to_by_an_escaped_nul(self) -> None:
        """NUL separates the variables on the lane, so a decoded one could forge the logged-in user."""
        environ = self.environ_of(PATH_INFO="/x%00REMOTE_USER%00root")
        self.assertEqual(environ["PATH_INFO"], "/x\0REMOTE_USER\0root")
        self.assertNotIn("REMOTE_USER", environ)

    def test_leaves_query_and_target_as_they_were_sent(self) -> None:
        environ = self.environ_of(QUERY_STRING="a=%20%26", REQUEST_URI="/%41?a=%20%26", PATH_INFO="/%41")
        self.assertEqual(environ["QUERY_STRING"], "a=%20%26")
        self.assertEqual(environ["REQUEST_URI"], "/%41?a=%20%26")

    def test_has_an_input_that_is_at_its_end_where_there_is_no_body(self) -> None:
        stream = self.environ_of()["wsgi.input"]
        self.assertEqual((stream.read(), stream.read(5), stream.readline(), list(stream)), (b"", b"", b"", []))


class Body(LaneTest):
    def reading(self, read: Read) -> List[Any]:
        """Serves an app that reads in this way; returns the bytes, or the error, one entry per request."""
        results: List[Any] = []

        def app(environ: Any, start_response: Any) -> List[bytes]:
            try:
                results.append(read(environ["wsgi.input"]))
            except Exception as error:
                results.append(error)
                raise
            start_response("200 OK", [])
            return []

        self.serve(app)
        return results

    def test_is_the_same_however_its_frames_cut_it(self) -> None:
        results = self.reading(lambda stream: stream.read())
        cuts = [[BODY[:at], BODY[at:]] for at in range(1, len(BODY))]
        cuts.append([BODY[at : at + 1] for at in range(len(BODY))])
        for parts in cuts:
            number = self.begin(has_body=True)
            self.server.send(self.frames_of(number, *parts))
            self.answer()
        self.assertEqual(results, [BODY] * len(cuts))

    def test_is_whole_where_it_is_larger_than_all_that_reads_it(self) -> None:
        """Larger than a buffer of io, and than one read from the socket, so that frames are cut too."""
        results = self.reading(lambda stream: stream.read(1) + stream.read())
        parts = [bytes([at]) * 60_001 for at in range(12)]
        number = self.begin(has_body=True)
        self.server.send(self.frames_of(number, *parts))
        self.answer()
        self.assertEqual([len(result) for result in results], [12 * 60_001])
        self.assertEqual(results, [b"".join(parts)])

    def test_gives_as_much_as_is_asked_for_and_nothing_after_its_end(self) -> None:
        def read(stream: Any) -> List[bytes]:
            return [stream.read(0), stream.read(7), stream.read(1), stream.read(1000), stream.read(1), stream.read()]

        results = self.reading(read)
        number = self.begin(has_body=True)
        self.server.send(self.frames_of(number, *(BODY[at : at + 3] for at in range(0, len(BODY), 3))))
        self.answer()
        self.assertEqual(results, [[b"", BODY[:7], BODY[7:8], BODY[8:], b"", b""]])

    def test_is_read_by_lines_across_frames(self) -> None:
        lines = BODY.splitlines(keepends=True)
        self.assertEqual(lines[1:], [b"second\r\n", b"\n", b"\xff\x00last"])
        for read in (
            lambda stream: list(stream),
            lambda stream: stream.readlines(),
            lambda stream: [*iter(stream.readline, b"")],
            lambda stream: [stream.readline(2) + stream.readline(), *stream],
        ):
            results = self.reading(read)
            number = self.begin(has_body=True)
            self.server.send(self.frames_of(number, *(BODY[at : at + 1] for at in range(len(BODY)))))
            self.answer()
            self.assertEqual(results, [lines])

    def test_that_ends_before_its_length_is_an_error_not_a_short_body(self) -> None:
        results = self.reading(lambda stream: stream.read())
        number = self.begin(has_body=True, CONTENT_LENGTH="100")
        self.server.send(frame(Lane.DATA, number, b"half") + frame(Lane.GONE, number))
        self.assertFalse(self.answer().complete)
        self.assertRegex(repr(results), r"^\[ClientGone\(.*before it had sent its request")

    def test_that_no_one_reads_is_no_part_of_the_next_request(self) -> None:
        results = self.reading(lambda stream: stream.read(1))
        for body in (b"abc", b"def"):
            number = self.begin(has_body=True)
            self.server.send(self.frames_of(number, body, b"rest"))
            self.answer()
        self.assertEqual(results, [b"a", b"d"])

    def test_that_comes_while_the_app_answers_is_read_later_in_its_order(self) -> None:
        """A check whether the client is still connected takes frames of the body from the lane."""

        def app(environ: Any, start_response: Any) -> Any:
            start_response("200 OK", [])
            yield environ["wsgi.input"].read(1)
            yield b"-"
            yield b"-"
            yield environ["wsgi.input"].read()

        self.serve(app)
        number = self.begin(has_body=True)
        self.server.send(self.frames_of(number, b"a", b"bc", b"d", b"ef"))
        self.assertEqual(self.answer().body, b"a--bcdef")


class Expectation(LaneTest):
    def continues(self, *, reads: bool = True, **environ: str) -> int:
        """How often the client gets a 100 for its body."""

        def app(given: Any, start_response: Any) -> List[bytes]:
            start_response("200 OK", [])
            return [given["wsgi.input"].read(1) + given["wsgi.input"].read()] if reads else []

        self.serve(app)
        number = self.begin(has_body=True, **environ)
        self.server.send(self.frames_of(number, b"body"))
        answer = self.answer()
        self.assertEqual(answer.body, b"body" if reads else b"")
        return answer.kinds.count(Lane.CONTINUE)

    def test_of_a_client_that_waits_is_met_once_where_the_app_reads(self) -> None:
        self.assertEqual(self.continues(HTTP_EXPECT="100-continue"), 1)

    def test_is_not_met_where_the_app_does_not_read_or_nothing_was_expected(self) -> None:
        self.assertEqual(self.continues(HTTP_EXPECT="100-continue", reads=False), 0)
        self.assertEqual(self.continues(), 0)

    def test_of_http_1_0_is_ignored(self) -> None:
        """RFC 9110, 10.1.1: such a client would take the 100 for its answer."""
        self.assertEqual(self.continues(HTTP_EXPECT="100-continue", SERVER_PROTOCOL="HTTP/1.0"), 0)


if __name__ == "__main__":
    unittest.main()
