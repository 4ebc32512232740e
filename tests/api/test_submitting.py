"""Handing over items and files: what is taken, what is known, what is refused and how."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.city import an_item_object
from tests.support.cms import Cms, sentences


def test_a_new_item_is_taken_and_known_ever_after(cms: Cms) -> None:
    first = cms.submit()
    assert first.status_code == 201
    assert first.headers["Location"] == "/api/v1/items/A-1"
    assert first.json() == {
        "item": "A-1",
        "number": "130181/2026-00001",
        "url": "https://www.xinji.example/2026/00001.html",
        "outcome": "accepted",
        "href": "/api/v1/items/A-1",
        "notes": [],
    }
    again = cms.submit()
    assert again.status_code == 200
    assert again.json()["outcome"] == "known"
    assert "Location" not in again.headers
    assert [one["item"] for one in cms.get("/items").json()["items"]] == ["A-1"]


def test_who_submits_is_the_system_and_the_person_that_it_names(cms: Cms) -> None:
    cms.submit()
    assert cms.post("/items?by=李办", cms.approved("A-2")).status_code == 201
    ordered = [cms.get(f"/items/{one}").json()["orders"][0]["ordered_by"] for one in ("A-1", "A-2")]
    assert ordered == ["系统：市政府网站后台", "李办（系统：市政府网站后台）"]
    refused = cms.post(f"/items?by={'名' * 51}", cms.approved("A-3"))
    assert refused.status_code == 422
    assert sentences(refused)["by"] == "有 51 字，超过上限 50 字"
    assert cms.get("/items/A-3").status_code == 404


def test_other_content_under_a_known_id_is_a_conflict(cms: Cms) -> None:
    cms.submit()
    other = cms.submit(title="另一个标题")
    assert other.status_code == 409
    assert "请走更正" in other.json()["sentence"]
    assert list(sentences(other)) == ["id"]


def test_a_withdrawn_id_is_a_conflict(cms: Cms) -> None:
    cms.submit()
    cms.post("/items/A-1/withdrawal", {"why": "发错了", "by": "王芳"})
    for other in (cms.submit(title="另一个标题"), cms.submit()):
        assert other.status_code == 409
        assert "已经撤回" in other.json()["sentence"]


def test_where_the_text_is_wrong_too_it_is_no_conflict_yet(cms: Cms) -> None:
    cms.submit()
    item = an_item_object(title="")
    both = cms.post("/items", item)
    assert both.status_code == 422
    assert set(sentences(both)) == {"title", "id"}


def test_a_refusal_has_the_sentences_of_the_command_line(cms: Cms) -> None:
    data = json.dumps(an_item_object(field="没有的领域", formed_on="2018-02-30")).encode()
    refused = cms.post("/items", data)
    by_the_door = cms.city.submit_bytes(data)
    assert refused.status_code == 422
    assert sentences(refused) == {one.field: one.sentence for one in by_the_door.problems}
    assert refused.json()["sentence"] == "有 2 处不对，请改正后再提交"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "文件是空的"),
        (b"{", "不是正确的 JSON：第 1 行"),
        (b"[]", "应当是一个 JSON 对象"),
        (b'{"id": NaN}', "不能写 NaN"),
        (b'{"id": "a", "id": "b"}', "写了两次"),
        ("{}".encode("utf-16"), "不是 UTF-8 编码"),
        (b"[" * 5000, "层次太深"),
        (b'{"id": ' + b"9" * 5000 + b"}", "数字太长"),
    ],
)
def test_bad_json_gets_one_sentence(shared: Cms, body: bytes, words: str) -> None:
    for path in ("/items", "/items/check"):
        refused = shared.post(path, body)
        assert refused.status_code == 422
        assert words in "".join(sentences(refused).values())


def test_half_a_character_is_no_error_of_ours(cms: Cms) -> None:
    item = an_item_object(title="\ud800半个字")
    refused = cms.post("/items", item)
    assert refused.status_code == 422
    assert "U+D800" in sentences(refused)["title"]
    cms.submit("A-2")
    corrected = cms.post("/items/A-2/correction", {"item": item, "why": "有误", "by": "王芳"})
    assert "U+D800" in sentences(corrected)["item.title"]


def test_ten_at_once_are_one_item(cms: Cms) -> None:
    data = cms.approved()
    with ThreadPoolExecutor(10) as pool:
        codes = sorted(pool.map(lambda _: cms.post("/items", data).status_code, range(10)))
    assert codes == [200] * 9 + [201]
    assert len(cms.get("/changes").json()["changes"]) == 3


def test_a_check_tells_what_an_approval_must_be_bound_to_and_keeps_nothing(cms: Cms) -> None:
    item = an_item_object()
    checked = cms.post("/items/check", item)
    assert checked.status_code == 200
    found = checked.json()
    approved = json.loads(cms.approved())
    assert found == {
        "item": "A-1",
        "known": "new",
        "content_hash": approved["approval"]["content_hash"],
        "missing_roles": ["初审", "复审", "终审"],
        "channels": ["post", "board", "digest"],
        "notes": [],
    }
    assert cms.get("/items/A-1").status_code == 404
    partly = {**approved["approval"], "approvers": approved["approval"]["approvers"][:2]}
    second = cms.post("/items/check", {**item, "approval": partly}).json()
    assert second["missing_roles"] == ["终审"]
    stale = {**item, "title": "改过的标题", "approval": approved["approval"]}
    refused = cms.post("/items/check", stale)
    assert "请重新审批" in sentences(refused)["approval.content_hash"]
    assert cms.city.publisher.store.standing.counts() == {}
    with cms.city.publisher.store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM refusals").scalar() == 0


def test_a_check_says_whether_the_id_is_taken(cms: Cms) -> None:
    cms.submit()
    assert cms.post("/items/check", an_item_object()).json()["known"] == "same"
    assert cms.post("/items/check", an_item_object(title="改了")).json()["known"] == "changed"
    cms.post("/items/A-1/withdrawal", {"why": "发错了", "by": "王芳"})
    assert cms.post("/items/check", an_item_object()).json()["known"] == "withdrawn"


def test_a_check_renders_in_every_channel(cms: Cms) -> None:
    refused = cms.post("/items/check", an_item_object(title="长" * 201))
    assert refused.status_code == 422
    assert "标题太长" in sentences(refused)["short_title"]


def test_a_file_is_handed_over_and_then_named_by_an_item(cms: Cms) -> None:
    handed = [
        cms.post("/files", files={"file": ("方案全文.txt", "全文".encode())}) for _ in range(2)
    ]
    assert [one.status_code for one in handed] == [201, 201]
    assert handed[0].json() == handed[1].json()
    found = handed[0].json()
    assert found["name"] == "方案全文.txt"
    assert found["size"] == 6
    named = [{"file": found["file"], "title": "方案全文"}]
    assert cms.submit(attachments=named).status_code == 201
    item = cms.city.publisher.store.items.get("A-1", cms.city.clock())
    assert item is not None
    assert [one.data for one in item.revision.attachments] == ["全文".encode()]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"file": ("a.exe", b"MZ")}, {"file": "不收这种文件"}),
        ({"file": ("a.pdf", b"no")}, {"file": "不符"}),
        ({"file": ("a.txt", b"")}, {"file": "是空的"}),
        ({"file": ("a.webp", b"RIFF")}, {"file": "重新导出"}),
        ({"else": ("a.txt", b"x")}, {"file": "没有文件", "else": "不认识"}),
    ],
)
def test_a_file_that_is_no_good_is_refused(
    shared: Cms, files: dict[str, tuple[str, bytes]], words: dict[str, str]
) -> None:
    refused = shared.post("/files", files=files)
    assert refused.status_code == 422
    found = sentences(refused)
    assert set(found) == set(words)
    assert all(part in found[field] for field, part in words.items())


def test_a_name_with_folders_stays_in_the_inbox(cms: Cms) -> None:
    handed = cms.post("/files", files={"file": ("../../../etc/passwd.txt", b"x")})
    assert handed.status_code == 201
    inbox = cms.city.publisher.settings.storage.inbox.resolve()
    assert (inbox / handed.json()["file"]).resolve().is_relative_to(inbox)
    assert handed.json()["name"] == "passwd.txt"
