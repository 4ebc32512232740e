"""Acting on what is out: resend, confirm, correct, withdraw; by whom, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.server import Fault
from tests.support.cms import Cms, office_of, sentences
from tests.support.postbox import PostboxSimulator
from tests.support.townhall import townhall

RESEND = {"why": "邮箱已修好", "by": "王芳"}
WITHDRAW = {"why": "发错了", "by": "王芳"}
NOT_OUT = RESEND | {"not_out": True, "attempts": 1}
PDF = b"%PDF-1.4\nstartxref\n0\n%%EOF"
WHO = "王芳（系统：市政府网站后台）"


def sent_with(cms: Cms, box: PostboxSimulator, fault: Fault, **more: str) -> None:
    """An item whose letter has met with this fault."""
    cms.submit()
    box.plan(fault, "letters", **more)
    cms.city.flush("post")


def failed(cms: Cms, box: PostboxSimulator) -> None:
    sent_with(cms, box, Fault.CODE, code="422")
    assert cms.status("post") == "failed"


def test_what_failed_is_sent_again(cms: Cms, box: PostboxSimulator) -> None:
    failed(cms, box)
    answer = cms.post("/items/A-1/deliveries/post/resend", RESEND)
    assert answer.status_code == 202
    assert answer.json()["status"] == "queued"
    assert answer.json()["history"][-1]["by"] == WHO
    cms.city.flush("post")
    assert cms.status("post") == "delivered"
    again = cms.post("/items/A-1/deliveries/post/resend", RESEND)
    assert again.status_code == 409
    assert "现在的状态是「已送达」，不能重发" in again.json()["sentence"]


def test_of_two_at_once_one_goes(tmp_path: Path, database: str) -> None:
    del database
    with (
        PostboxSimulator() as box,
        townhall(tmp_path, box.url) as city,
        office_of(city) as cms,
        ThreadPoolExecutor(6) as pool,
    ):
        failed(cms, box)
        path = "/items/A-1/deliveries/post/resend"
        answers = list(pool.map(lambda _: cms.post(path, RESEND), range(6)))
        assert sorted(one.status_code for one in answers) == [202] + [409] * 5
        city.flush("post")
        assert len(box.letters) == 1


def test_what_is_unknown_is_looked_at_first(cms: Cms, box: PostboxSimulator) -> None:
    sent_with(cms, box, Fault.LATE_ERROR)
    assert cms.status("post") == "unknown"
    path = "/items/A-1/deliveries/post/resend"
    refused = cms.post(path, RESEND)
    assert refused.status_code == 422
    assert "请先到渠道上核实" in sentences(refused)["not_out"]
    unseen = cms.post(path, RESEND | {"not_out": True})
    assert list(sentences(unseen)) == ["attempts"]
    stale = cms.post(path, NOT_OUT | {"attempts": 0})
    assert stale.status_code == 409
    assert "刚才又发过一次" in stale.json()["sentence"]
    assert cms.post(path, NOT_OUT).status_code == 202


def test_a_word_about_an_attempt_is_not_taken_for_the_next_one(
    cms: Cms, box: PostboxSimulator
) -> None:
    sent_with(cms, box, Fault.LATE_ERROR)
    path = "/items/A-1/deliveries/post/resend"
    assert cms.post(path, NOT_OUT).status_code == 202
    box.plan(Fault.LATE_ERROR, "letters")
    cms.city.flush("post")
    assert cms.status("post") == "unknown"
    assert cms.post(path, NOT_OUT).status_code == 409
    assert cms.status("post") == "unknown"


def test_a_delivery_that_a_newer_one_has_replaced_is_not_meant(
    cms: Cms, box: PostboxSimulator
) -> None:
    failed(cms, box)
    meant = cms.delivery("post")["id"]
    assert cms.post("/items/A-1/correction", cms.correction(title="改正")).status_code == 202
    stale = cms.post("/items/A-1/deliveries/post/resend", RESEND | {"delivery": meant})
    assert stale.status_code == 409
    assert "这一次已被代替" in stale.json()["sentence"]
    other = cms.post("/items/A-1/deliveries/post/resend", RESEND | {"delivery": 999})
    assert other.status_code == 404


def test_what_hangs_is_confirmed_with_evidence(cms: Cms) -> None:
    cms.submit()
    cms.city.flush("board")
    path = "/items/A-1/deliveries/board/confirmation"
    form = {"by": "王芳", "note": "11月23日上午贴在政务大厅", "action": "publish"}
    answer = cms.post(path, data=form, files={"evidence": ("照片.pdf", PDF)})
    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] == "delivered"
    proof = [one for one in found["history"] if one["outcome"] == "evidence"]
    assert [(one["reference"], one["by"]) for one in proof] == [("照片.pdf", WHO)]
    assert proof[0]["sha256"] == sha256(PDF).hexdigest()
    again = cms.post(path, data=form, files={"evidence": ("照片.pdf", PDF)})
    assert again.status_code == 409
    assert "不需要人工确认" in again.json()["sentence"]


def test_a_confirmation_is_of_what_was_meant(cms: Cms) -> None:
    cms.submit()
    cms.city.flush("board")
    first = cms.delivery("board")["id"]
    form: dict[str, Any] = {"by": "王芳", "note": "已贴", "delivery": str(first)}
    path = "/items/A-1/deliveries/board/confirmation"
    assert cms.post(path, files=_as_form(form)).status_code == 200
    assert cms.post("/items/A-1/withdrawal", WITHDRAW).status_code == 202
    cms.city.flush("board")
    assert cms.status("board") == "awaiting"  # somebody is to take it down
    assert cms.post(path, files=_as_form(form)).status_code == 409
    assert cms.status("board") == "awaiting"


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"by": "王芳"}, {"note"}),
        ({"note": "已贴"}, {"by"}),
        ({"by": " ", "note": "\u200b"}, {"by", "note"}),
        ({"by": "王芳", "note": "已贴", "action": "fly"}, {"action"}),
        ({"by": "王芳", "note": "已贴", "delivery": "x"}, {"delivery"}),
        ({"by": "王芳", "note": "已贴", "evidence": "文字"}, {"evidence"}),
        ({"by": "王芳", "note": "已贴", "else": "?"}, {"else"}),
        ({"by": "王芳", "note": "已贴", "evidence": ("a.exe", b"MZ")}, {"evidence"}),
        ({"by": "王芳", "note": "已贴", "evidence": ("a.pdf", PDF[:-5])}, {"evidence"}),
        ({"by": "王芳", "note": "已贴", "photo": ("a.pdf", PDF)}, {"photo"}),
    ],
)
def test_a_wrong_confirmation_names_the_field(
    shared: Cms, form: dict[str, Any], wrong: set[str]
) -> None:
    shared.submit()
    shared.city.flush("board")
    refused = shared.post("/items/A-1/deliveries/board/confirmation", files=_as_form(form))
    assert refused.status_code == 422
    assert set(sentences(refused)) == wrong
    assert shared.status("board") == "awaiting"


def test_a_correction_goes_out_in_the_place_of_the_text(cms: Cms) -> None:
    cms.submit()
    cms.city.flush("post")
    answer = cms.post("/items/A-1/correction", cms.correction(title="改正后的标题"))
    assert answer.status_code == 202
    assert answer.json() == {
        "item": "A-1",
        "ordered": ["post", "board", "digest"],
        "stopped": ["board", "digest"],
        "beyond": [],
        "paused": [],
        "notes": [],
    }
    item = cms.get("/items/A-1").json()
    assert item["title"] == "改正后的标题"
    assert [one["number"] for one in item["versions"]] == [2, 1]
    assert item["orders"][-1]["ordered_by"] == WHO
    assert item["orders"][-1]["reason"] == "数字有误"
    same = cms.post("/items/A-1/correction", cms.correction(title="改正后的标题"))
    assert same.status_code == 409
    assert "没有可更正的" in same.json()["sentence"]


def test_a_wrong_correction_names_the_field_within_its_item(cms: Cms) -> None:
    cms.submit()
    body = cms.correction()
    refused = cms.post("/items/A-1/correction", body | {"item": body["item"] | {"kind": ""}})
    assert refused.status_code == 422
    assert sentences(refused) == {"item.kind": "不能空着，请填写"}
    other = cms.post("/items/A-1/correction", cms.correction("A-2"))
    assert other.status_code == 422
    assert "不是要更正的「A-1」" in sentences(other)["item.id"]
    empty = cms.post("/items/A-1/correction", {"item": [], "minor": 1, "why": None})
    assert set(sentences(empty)) == {"item", "minor", "why", "by"}


def test_a_withdrawal_tells_what_it_came_to_and_is_not_done_twice(cms: Cms) -> None:
    cms.submit()
    cms.city.flush("post")
    cms.city.publisher.staff.pause("post", by="张敏", why="检修", now=cms.city.clock())
    answer = cms.post("/items/A-1/withdrawal", WITHDRAW)
    assert answer.status_code == 202
    assert answer.json() == {
        "item": "A-1",
        "ordered": ["post"],
        "stopped": ["board", "digest"],
        "beyond": [],
        "paused": ["post"],
        "notes": [],
    }
    again = cms.post("/items/A-1/withdrawal", WITHDRAW)
    assert again.status_code == 409
    assert "已经撤回" in again.json()["sentence"]
    corrected = cms.post("/items/A-1/correction", cms.correction(title="改正"))
    assert corrected.status_code == 409
    assert "已经撤回" in corrected.json()["sentence"]


def test_what_nobody_got_leaves_nothing_to_do(cms: Cms) -> None:
    cms.submit()
    answer = cms.post("/items/A-1/withdrawal", WITHDRAW)
    assert answer.status_code == 200
    assert answer.json()["ordered"] == []
    assert cms.get("/items/A-1").json()["state"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"by", "why"}),
        ({"by": "王芳", "why": "长" * 201}, {"why"}),
        ({"by": "王\n芳", "why": "发错了"}, {"by"}),
        ({"by": "王\0芳", "why": "发错了"}, {"by"}),
        ({"by": 7, "why": ["发错了"]}, {"by", "why"}),
        ({"by": "王芳", "why": "请电 13800138000"}, {"why"}),
        ({"by": "王芳", "why": "发错了", "wyh": ""}, {"wyh"}),
    ],
)
def test_a_wrong_withdrawal_names_the_field(
    shared: Cms, body: dict[str, object], wrong: set[str]
) -> None:
    shared.submit()
    refused = shared.post("/items/A-1/withdrawal", body)
    assert refused.status_code == 422
    assert set(sentences(refused)) == wrong
    assert len(shared.get("/items/A-1").json()["orders"]) == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/items/nobody/withdrawal", "没有这个编号"),
        ("/items/nobody/correction", "没有这个编号"),
        ("/items/nobody/deliveries/post/resend", "没有这个编号"),
        ("/items/A-1/deliveries/nowhere/resend", "没有这个渠道，现有：post、board、digest"),
        ("/items/A-%00/withdrawal", "没有这个编号"),
    ],
)
def test_what_is_not_there_is_not_found(shared: Cms, path: str, words: str) -> None:
    shared.submit()
    answer = shared.post(path, WITHDRAW)
    assert answer.status_code == 404
    assert words in answer.json()["sentence"]


def test_the_audit_says_who_by_which_door(cms: Cms) -> None:
    cms.submit()
    cms.post("/items/A-1/withdrawal", WITHDRAW)
    with cms.city.publisher.store.database.read() as connection:
        lines = connection.exec_driver_sql(
            "SELECT act, actor, origin FROM audit WHERE item_id = 'A-1' ORDER BY id"
        ).all()
    assert [tuple(one) for one in lines] == [
        ("submitted", "系统：市政府网站后台", "接口 127.0.0.1"),
        ("withdrawn", WHO, "接口 127.0.0.1"),
    ]


def _as_form(form: dict[str, Any]) -> dict[str, Any]:
    """Multipart even where there is no file."""
    return {
        name: (None, value) if isinstance(value, str) else value for name, value in form.items()
    }
