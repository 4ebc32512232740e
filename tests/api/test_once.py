"""Idempotency-Key: what is sent twice is done once and answered twice, whatever happens between."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import update

from publisher.store.office_tables import replies
from tests.support.city import an_item_object
from tests.support.cms import Cms, a_token, office_of, sentences
from tests.support.postbox import PostboxSimulator
from tests.support.townhall import townhall

WITHDRAW = {"why": "发错了", "by": "王芳"}


def killed_before_the_answer(cms: Cms) -> None:
    """The database as a process leaves it that dies between the deed and its answer."""
    with cms.city.publisher.store.database.write() as connection:
        connection.execute(update(replies).values(status=None, body=""))


def test_the_same_request_gets_the_same_answer(cms: Cms) -> None:
    first = cms.submit(key="one")
    again = cms.submit(key="one")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["Location"] == first.headers["Location"] == "/api/v1/items/A-1"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert cms.submit(key="two").status_code == 200


def test_another_request_with_the_key_is_refused(cms: Cms) -> None:
    cms.submit(key="one")
    for refused in (
        cms.submit("A-2", key="one"),
        cms.post("/items/check", cms.approved(), "one"),
        cms.post("/items?by=李办", cms.approved(), "one"),
    ):
        assert refused.status_code == 422
        assert "已用于另一个" in sentences(refused)["Idempotency-Key"]
    assert cms.get("/items/A-2").status_code == 404


def test_another_system_has_keys_of_its_own(cms: Cms) -> None:
    cms.submit(key="one")
    other = cms.with_token(a_token(cms.city, "submit", name="公文系统"))
    assert other.submit("A-2", key="one").status_code == 201


@pytest.mark.parametrize("key", ["a b", "k" * 256, "\xe4\xbd\xa0"])
def test_a_key_that_cannot_be_one_is_refused(shared: Cms, key: str) -> None:
    refused = shared.submit(key=key)
    assert refused.status_code == 422
    assert "1 到 255 个" in sentences(refused)["Idempotency-Key"]


def test_a_refusal_may_be_mended_under_the_same_key(cms: Cms) -> None:
    assert cms.post("/items", an_item_object(title=""), "one").status_code == 422
    mended = cms.submit(key="one")
    assert mended.status_code == 201
    assert "Idempotency-Replayed" not in mended.headers


def test_every_post_takes_a_key(cms: Cms) -> None:
    cms.submit()
    cms.city.flush("board")
    for path, how in {
        "/items/check": {"body": an_item_object()},
        "/files": {"files": {"file": ("a.txt", b"x")}},
        "/items/A-1/deliveries/board/confirmation": {
            "files": {"by": (None, "王芳"), "note": (None, "已贴"), "evidence": ("a.txt", b"x")}
        },
        "/items/A-1/correction": {"body": cms.correction(title="改正")},
        "/items/A-1/withdrawal": {"body": WITHDRAW},
    }.items():
        first, again = (cms.post(path, key=path, **how) for _ in range(2))
        assert first.ok, first.text
        assert first.status_code == again.status_code, path
        assert first.content == again.content
        assert again.headers["Idempotency-Replayed"] == "true"
    assert len(cms.get("/items/A-1").json()["orders"]) == 3


def test_a_form_is_the_same_however_it_is_packed(cms: Cms) -> None:
    def handed(boundary: str, content: str) -> bytes:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        return f"{head}\r\n{content}\r\n--{boundary}--\r\n".encode()

    def post(boundary: str, content: str) -> tuple[int, bool]:
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = cms.post("/files", handed(boundary, content), "one", headers=kind)
        return answer.status_code, "Idempotency-Replayed" in answer.headers

    assert post("first", "x") == (201, False)
    assert post("second", "x") == (201, True)
    assert post("first", "y") == (422, False)


def test_many_at_once_are_done_once(tmp_path: Path, database: str) -> None:
    del database
    with (
        PostboxSimulator() as box,
        townhall(tmp_path, box.url) as city,
        office_of(city) as cms,
        ThreadPoolExecutor(6) as pool,
    ):
        data = cms.approved()
        answers = list(pool.map(lambda _: cms.post("/items", data, "one"), range(6)))
        assert {one.status_code for one in answers} <= {201, 409}
        fresh = [one for one in answers if one.ok and "Idempotency-Replayed" not in one.headers]
        assert len(fresh) == 1
        waits = [one.headers["Retry-After"] for one in answers if one.status_code == 409]
        assert set(waits) <= {"5"}
        assert cms.post("/items", data, "one").content == fresh[0].content


def test_who_was_killed_in_between_is_waited_for_and_then_asked_again(cms: Cms) -> None:
    cms.submit(key="one")
    killed_before_the_answer(cms)
    waiting = cms.submit(key="one")
    assert waiting.status_code == 409
    assert waiting.headers["Retry-After"] == "5"
    assert "还在办" in waiting.json()["sentence"]
    cms.city.clock.advance(minutes=11)
    after = cms.submit(key="one")
    assert (after.status_code, after.json()["outcome"]) == (200, "known")
    assert cms.submit(key="one").headers["Idempotency-Replayed"] == "true"
    assert len(cms.get("/items").json()["items"]) == 1


def test_what_was_done_before_the_kill_is_not_done_again(cms: Cms) -> None:
    cms.submit()
    cms.city.flush("board")
    confirmation = {"by": (None, "王芳"), "note": (None, "已贴"), "action": (None, "publish")}
    path = "/items/A-1/deliveries/board/confirmation"
    correction = cms.correction(title="改正")
    assert cms.post(path, key="a", files=confirmation).status_code == 200
    assert cms.post("/items/A-1/correction", correction, "b").status_code == 202
    assert cms.post("/items/A-1/withdrawal", WITHDRAW, "c").status_code == 202
    killed_before_the_answer(cms)
    cms.city.clock.advance(minutes=11)
    before = cms.get("/items/A-1").json()
    assert cms.post(path, key="a", files=confirmation).status_code == 409
    assert cms.post("/items/A-1/correction", correction, "b").status_code == 409
    assert cms.post("/items/A-1/withdrawal", WITHDRAW, "c").status_code == 409
    assert cms.get("/items/A-1").json() == before


def test_a_key_is_free_after_a_day(cms: Cms) -> None:
    cms.submit(key="one")
    cms.city.clock.advance(hours=25)
    assert cms.submit("A-2", key="one").status_code == 201
