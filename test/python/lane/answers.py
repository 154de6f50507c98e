"""The results of a WSGI app's answers, good and bad ones."""

import unittest
from typing import Any, List

from concurrent_server.wire.constants import MAX_DATA_BYTES, Lane
from concurrent_server.wire.frames import frame
from serving import Answered, LaneTest, giving


class Closing:
    """A result with a `close`, like those of frameworks."""

    streaming = False

    def __init__(self, parts: List[bytes], error: Any = None) -> None:
        self.parts = parts
        self.error = error
        self.closed = 0

    def __iter__(self) -> Any:
        return iter(self.parts)

    def close(self) -> None:
        self.closed += 1
        if self.error:
            raise self.error


class Good(LaneTest):
    def test_answers_are_complete_in_every_form_that_pep_3333_has(self) -> None:
        def written(environ: Any, start_response: Any) -> List[bytes]:
            start_response("200 OK", [("X-A", "1")])(b"ab")
            return [b"", b"c"]

        forms: List[Any] = [[b"ab", b"c"], (b"abc",), lambda: iter([b"a", b"", b"bc"]), lambda: Closing([b"abc"])]
        apps: List[Any] = [giving("200 OK", [("X-A", "1")], form) for form in forms]
        for app in [*apps, written]:
            self.serve(app)
            answer = self.ask()
            self.assertEqual(answer[:4], ("200 OK\r\nX-A: 1\r\n", b"abc", True, ""))

    def test_an_answer_larger_than_a_frame_comes_whole(self) -> None:
        body = bytes(range(256)) * (MAX_DATA_BYTES // 128) + b"end"
        for result in ([body], lambda: iter([body])):
            self.serve(giving("200 OK", [], result))
            answer = self.ask()
            self.assertTrue(answer.complete)
            self.assertEqual(answer.body, body)

    def test_the_headers_of_a_connection_are_the_servers(self) -> None:
        names = ["Connection", "KEEP-ALIVE", "Transfer-Encoding", "upgrade", "X"]
        self.serve(giving("200 OK", [(name, "y") for name in names], [b"abc"]))
        self.assertEqual(self.ask().head, "200 OK\r\nX: y\r\n")

    def test_headers_that_come_more_than_once_stay_apart_in_their_order(self) -> None:
        headers = [("Set-Cookie", "a=1"), ("X", "y"), ("Set-Cookie", "b=\xe9"), ("set-cookie", "c")]
        self.serve(giving("200 OK", headers, []))
        lines = [f"{name}: {value}\r\n" for name, value in headers]
        self.assertEqual(self.ask().head, "".join(["200 OK\r\n", *lines]))

    def test_start_response_may_take_back_what_was_not_sent(self) -> None:
        def app(environ: Any, start_response: Any) -> List[bytes]:
            start_response("200 OK", [("Content-Length", "3")])
            try:
                raise KeyError("late")
            except KeyError as error:
                start_response("404 Not Found", [], (KeyError, error, error.__traceback__))
            return [b"none"]

        self.serve(app)
        self.assertEqual(self.ask()[:4], ("404 Not Found\r\n", b"none", True, ""))

    def test_a_head_that_was_refused_does_not_count(self) -> None:
        def app(environ: Any, start_response: Any) -> List[bytes]:
            try:
                start_response("200 OK", [("X", "a\nb")])
            except ValueError:
                start_response("400 Bad Request", [])
            return [b"refused where it was given"]

        self.serve(app)
        self.assertEqual(self.ask()[:4], ("400 Bad Request\r\n", b"refused where it was given", True, ""))

    def test_a_result_is_closed_once_whatever_came_of_it(self) -> None:
        for parts in ([b"abc"], ["no bytes"], []):
            result = Closing(parts)  # type: ignore[arg-type]
            self.serve(giving("200 OK", [], result))
            self.ask()
            self.assertEqual(result.closed, 1)


#: The errors: status, headers, result, and the text in the output.
BAD_ANSWERS: Any = {
    "a length that is no number": ("200 OK", [("Content-Length", "many")], [b"x"], "ValueError: .*'many'"),
    "a length, and then a bad header": (
        "200 OK",
        [("Content-Length", "5000"), ("X", "\n")],
        [b"x"],
        "ValueError: The header X has a control character",
    ),
    "a list of text": ("200 OK", [], ["text"], "TypeError: .*str"),
    "text": ("200 OK", [], "text", "TypeError: The app must return bytes, not str"),
    "an iterator of text": ("200 OK", [], lambda: iter(["text"]), "TypeError: The app must return bytes, not str"),
    "an iterator of empty text": ("200 OK", [], lambda: iter([""]), "TypeError: The app must return bytes, not str"),
    "nothing": ("200 OK", [], None, "TypeError: 'NoneType' object is not iterable"),
}


class Bad(LaneTest):
    def assert_failed(self, answer: Answered, error: str) -> None:
        self.assertRegex(answer.errors, error)
        self.assertTrue(answer.complete, f"the client has no whole answer: {answer}")
        self.assertEqual(answer.head, "500 Internal Server Error\r\nContent-Type: text/html; charset=utf-8\r\n")
        self.assertIn(b"traceback is in its output", answer.body)

    def test_answers_are_500_with_the_reason_in_the_output_and_the_next_request_is_served(self) -> None:
        for what, (status, headers, result, error) in BAD_ANSWERS.items():
            with self.subTest(what):
                apps = {"/bad": giving(status, headers, result), "/": giving("200 OK", [], [b"good"])}
                self.serve(lambda environ, start, apps=apps: apps[environ["PATH_INFO"]](environ, start))
                self.assert_failed(self.ask(PATH_INFO="/bad"), error)
                self.assertEqual(self.ask().body, b"good")

    def test_an_app_that_forgets_start_response_is_told_so(self) -> None:
        self.serve(lambda environ, start_response: [b"x"])
        self.assert_failed(self.ask(), "AssertionError: .* before it called start_response")

    def test_an_app_that_answers_twice_is_told_so(self) -> None:
        def app(environ: Any, start_response: Any) -> List[bytes]:
            start_response("200 OK", [])
            start_response("404 Not Found", [])
            return []

        self.serve(app)
        self.assert_failed(self.ask(), "AssertionError: start_response was called twice")

    def test_an_app_that_exits_fails_alone(self) -> None:
        self.serve(lambda environ, start_response: exit(3))
        self.assert_failed(self.ask(), "SystemExit: 3")
        self.assert_failed(self.ask(), "SystemExit: 3")

    def test_an_error_after_the_answer_was_begun_cuts_it(self) -> None:
        def late() -> Any:
            yield b"start"
            raise KeyError("late")

        self.serve(giving("200 OK", [], late))
        answer = self.ask()
        self.assertEqual((answer.body, answer.complete), (b"start", False))
        self.assertIn("KeyError: 'late'", answer.errors)

    def test_an_answer_to_a_client_that_has_left_is_given_up(self) -> None:
        given = []

        def parts() -> Any:
            for at in range(100):
                given.append(at)
                yield b"part"

        self.serve(giving("200 OK", [], parts))
        # Both at once, so that the client has disconnected before the first part.
        request = frame(Lane.REQUEST, 1, b"REQUEST_METHOD\0GET\0PATH_INFO\0/")
        self._number = 1
        self.server.send(request + frame(Lane.GONE, 1))
        answer = self.answer()
        self.assertEqual((answer.complete, answer.errors), (False, ""))
        self.assertLess(len(given), 5)

    def test_an_answer_shorter_than_its_length_is_cut_and_told(self) -> None:
        for result in ([b"abc"], lambda: iter([b"a", b"bc"])):
            self.serve(giving("200 OK", [("Content-Length", "5")], result))
            answer = self.ask()
            self.assertEqual((answer.body, answer.complete), (b"abc", False))
            self.assertIn("ValueError: The app sent 3 bytes and a Content-Length of 5", answer.errors)

    def test_an_answer_longer_than_its_length_ends_where_it_said_and_is_told(self) -> None:
        def written(environ: Any, start_response: Any) -> List[bytes]:
            start_response("200 OK", [("Content-Length", "3")])(b"abcd")
            return []

        large = b"x" * MAX_DATA_BYTES
        forms: List[Any] = [
            [b"abc", b"d"],
            lambda: iter([b"abcd"]),
            lambda: iter([b"a", b"bcd"]),
            lambda: iter([b"abc", b"d"]),
        ]
        apps: List[Any] = [giving("200 OK", [("Content-Length", "3")], form) for form in forms]
        for app in [*apps, written, giving("200 OK", [("Content-Length", "3")], [b"abc", large])]:
            self.serve(app)
            answer = self.ask()
            self.assertEqual((answer.body, answer.complete), (b"abc", True))
            self.assertIn("ValueError: The app sends more than the 3 bytes of its Content-Length", answer.errors)
        for form in ([b"x"], lambda: iter([b"x"])):
            self.serve(giving("200 OK", [("Content-Length", "0")], form))
            self.assertEqual(self.ask()[1:3], (b"", True))
        self.serve(giving("200 OK", [("Content-Length", str(MAX_DATA_BYTES + 1))], [large, large]))
        self.assertEqual(self.ask()[1:3], (large + b"x", True))

    def test_answers_without_a_body_have_no_length_of_one(self) -> None:
        for status in ("204 No Content", "304 Not Modified"):
            for result in ([], [b"abc"], lambda: iter([]), lambda: iter([b"abc"])):
                self.serve(giving(status, [("Content-Length", "3"), ("ETag", "x")], result))
                answer = self.ask()
                self.assertEqual(answer.head, f"{status}\r\nETag: x\r\n")
                self.assertEqual((answer.complete, answer.errors), (True, ""))

    def test_a_head_may_tell_a_length_without_the_body(self) -> None:
        for result in ([], [b"abc"], lambda: iter([b"abc"])):
            self.serve(giving("200 OK", [("Content-Length", "5")], result))
            answer = self.ask(REQUEST_METHOD="HEAD")
            self.assertEqual((answer.complete, answer.errors), (True, ""))

    def test_a_close_that_fails_costs_no_one_the_answer(self) -> None:
        app = giving("200 OK", [], lambda: Closing([b"abc"], KeyError("closing")))
        for closes_quickly in (lambda result: True, lambda result: False):
            self.serve(app, closes_quickly)
            answer = self.ask()
            self.assertEqual((answer.body, answer.kinds), (b"abc", [Lane.ANSWER]))
            self.assertIn("KeyError: 'closing'", answer.errors)


if __name__ == "__main__":
    unittest.main()
