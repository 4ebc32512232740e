"""What is too large, of the wrong type, or nowhere at all: the right code and a sentence."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.support.city import an_item_object
from tests.support.cms import Cms, sentences
from tests.support.heads import asked_both

JSON_PATHS = (
    "/items",
    "/items/check",
    "/items/A-1/correction",
    "/items/A-1/withdrawal",
    "/items/A-1/deliveries/post/resend",
)
ALLOWED = {
    "/items": "GET, HEAD, POST",
    "/items/A-1": "GET, HEAD",
    "/items/A-1/withdrawal": "POST",
    "/files": "POST",
}
FORM_PATHS = ("/files", "/items/A-1/deliveries/post/confirmation")


@pytest.mark.parametrize("path", JSON_PATHS)
def test_a_body_too_large_is_refused(shared: Cms, path: str) -> None:
    answer = shared.post(path, b" " * 2_010_001)
    assert answer.status_code == 413
    assert "太大" in answer.json()["sentence"]


def test_a_body_without_a_length_is_read_no_further_than_it_may_go(shared: Cms) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(300):
            yield b" " * 10_000

    answer = shared.call(
        "POST", "/items", data=chunks(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/items", "/files"])
def test_what_says_that_it_is_too_large_is_refused_before_it_is_sent(
    shared: Cms, path: str
) -> None:
    kind = "application/json" if path == "/items" else "multipart/form-data; boundary=x"
    place = urlsplit(shared.root)
    head = (
        f"POST /api/v1{path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: {kind}\r\n"
        f"Authorization: Bearer {shared.bearer}\r\nContent-Length: 99999999\r\n\r\n"
    )
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as line:
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_item_just_too_large_hears_it_from_the_intake(shared: Cms) -> None:
    answer = shared.post("/items", b" " * 2_000_001)
    assert answer.status_code == 422
    assert "超过上限 2,000,000 字节" in sentences(answer)[""]


@pytest.mark.parametrize("path", JSON_PATHS)
@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_read_as_json(shared: Cms, path: str, kind: str) -> None:
    answer = shared.call("POST", path, data=b"{}", headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["sentence"]


def test_json_may_say_its_characters(shared: Cms) -> None:
    kind = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert shared.post("/items/check", an_item_object(), headers=kind).status_code == 200


@pytest.mark.parametrize("path", FORM_PATHS)
def test_only_a_form_is_read_as_a_form(shared: Cms, path: str) -> None:
    shared.submit()
    assert shared.post(path, {"by": "王芳"}).status_code == 415
    broken = shared.post(path, b"nothing", headers={"Content-Type": "multipart/form-data"})
    assert broken.status_code == 400
    assert set(broken.json()) == {"sentence", "problems"}
    kind = {"Content-Type": "multipart/form-data; boundary=B; charset=utf-7"}
    half = b'--B\r\nContent-Disposition: form-data; name="+2AA-"\r\n\r\n+2AA-\r\n--B--\r\n'
    assert shared.call("POST", path, data=half, headers=kind).status_code == 400


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"q": "长" * 10_000}, "q", "要找的字太多"),
        ({"status": "gone"}, "status", "没有这种状态"),
        ({"from": "昨天"}, "from", "2026-03-01"),
        ({"to": "0001-01-01"}, "to", "1990"),
        ({"after": "nowhere"}, "after", "翻页的位置不对"),
        ({"after": "9" * 99 + ".x"}, "after", "翻页的位置不对"),
        ({"most": "0"}, "most", "不能小于 1"),
        ({"most": "201"}, "most", "不能大于 200"),
        ({"most": "many"}, "most", "整数"),
    ],
)
def test_a_wrong_question_names_what_is_wrong(
    shared: Cms, query: dict[str, str], field: str, words: str
) -> None:
    refused = shared.get("/items", params=query)
    assert refused.status_code == 422
    assert words in sentences(refused)[field]


def test_a_wrong_question_to_the_other_lists(shared: Cms) -> None:
    assert "翻页" in sentences(shared.get("/worklist?after=1.x"))["after"]
    assert "不能大于" in sentences(shared.get("/changes?after=99999999999"))["after"]
    assert "不能小于" in sentences(shared.get("/changes?after=-1"))["after"]


def test_what_nobody_knows_in_a_question_is_ignored(shared: Cms) -> None:
    shared.submit()
    assert len(shared.get("/items?utm_source=x&before=1.x").json()["items"]) == 1


def test_odd_characters_find_nothing_and_break_nothing(shared: Cms) -> None:
    shared.submit()
    for text in ("\0", "%", "_", "\\", "'", '"', "\u202e", "𠮷", "\ufffd"):
        assert shared.get("/items", params={"q": f"没有{text}这样的"}).json()["items"] == []
        assert shared.get("/items", params={"field": text, "channel": text}).json()["items"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/items/nobody",
        "/items/%00",
        "/items/%F0%9F",
        "/items/" + "x" * 5000,
        "/items/nobody/deliveries",
        "/items/nobody/exposure",
        "/items/nobody/renditions",
        "/items/nobody/evidence.zip",
        "/items/A-1/renditions/nothing/0",
        "/items/A-1/renditions/%00/0",
        "/nothing",
    ],
)
def test_what_is_not_there_is_not_found_in_json(shared: Cms, path: str) -> None:
    shared.submit()
    answer = shared.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["sentence"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ALLOWED)
def test_another_method_does_nothing(shared: Cms, method: str, path: str) -> None:
    shared.submit()
    before = shared.get("/items/A-1").json()
    answer = shared.call(method, path)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == ALLOWED[path]
    assert set(answer.json()) == {"sentence", "problems"}
    assert shared.get("/items/A-1").json() == before


@pytest.mark.parametrize(
    ("path", "status"),
    [("/items", 200), ("/items/A-1", 200), ("/items/nobody", 404), ("/files", 405)],
)
def test_what_can_be_read_can_be_asked_about(shared: Cms, path: str, status: int) -> None:
    shared.submit()
    bearer = {"Authorization": f"Bearer {shared.bearer}"}
    head, got = asked_both(shared.root, f"/api/v1{path}", bearer)
    assert head == got
    assert head.status == status


def test_every_answer_is_guarded(shared: Cms) -> None:
    for path in ("/items", "/items/nobody", "/openapi.json"):
        headers = shared.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
