"""Items that are wrong in ways nobody means: each is answered with a sentence, not a crash."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from publisher.channel import NOTHING, Rendition, Shelf
from publisher.intake import Approved, Draft, approve, check
from publisher.model import Item
from publisher.store.paging import Asked
from publisher.submit import Outcome
from tests.support.city import City, an_item_object, postbox, settings_for
from tests.support.handed_over import GOOD, PDF
from tests.support.postbox import Options, Postbox

MOBILE = "13800138000"
UNSURE = "联系人身份证后四位1234。"
UNAPPROVED = {"content_hash": "0" * 64, "approvers": []}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    found = City(settings_for(tmp_path, {"post": postbox("http://127.0.0.1:9")}))
    yield found
    found.close()


def answered(city: City, data: bytes) -> dict[str, str]:
    """The problems of an item that must be refused, as they are told and as they are kept."""
    answer = city.submit_bytes(data)
    assert answer.outcome is Outcome.REFUSED
    (kept,) = city.publisher.store.refusals.page(Asked()).rows
    assert [one["sentence"] for one in kept.problems] == [one.sentence for one in answer.problems]
    return {one.field: one.sentence for one in answer.problems}


def refused(city: City, **changes: Any) -> dict[str, str]:
    item = an_item_object(**{"approval": UNAPPROVED, **changes})
    return answered(city, json.dumps(item).encode())


def drafted(city: City, **changes: Any) -> Draft:
    data = json.dumps(an_item_object(**changes)).encode()
    return check(data, city.publisher.rules, city.clock(), approved=Approved.NO)


def put(city: City, name: str, data: bytes) -> None:
    (city.publisher.rules.inbox / name).write_bytes(data)


@pytest.mark.parametrize(
    "field",
    [
        *("title", "id", "summary", "short_title", "doc_number", "validity", "contact", "approval"),
        *("urgent", "topics", "attachments", "posting", "channels", "privacy_override"),
        "valid_until",
    ],
)
def test_null_is_refused(city: City, field: str) -> None:
    item = {**an_item_object(approval=UNAPPROVED), field: None}
    problems = answered(city, json.dumps(item).encode())
    assert problems[field] == "不能是 null，没有就删去这个字段"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topics": ["甲", None]}, "topics[2]"),
        ({"posting": {"from": "2026-12-01", "to": "2026-12-08", "place": None}}, "posting.place"),
        ({"attachments": [None]}, "attachments[1]"),
        ({"images": [{"file": "a.png", "alt": "图", "name": None}]}, "images[1].name"),
        ({"approval": {"content_hash": None, "approvers": None}}, "approval.approvers"),
    ],
)
def test_null_is_refused_at_every_level(city: City, changes: Any, field: str) -> None:
    assert "null" in refused(city, **changes)[field]


def test_null_among_what_is_nested_deep(city: City) -> None:
    deep = b"[" * 800 + b"null" + b"]" * 800
    assert "拼写" in answered(city, b'{"id": "A-1", "x": ' + deep + b"}")["x"]


def test_a_number_without_end(city: City) -> None:
    assert "数字太长" in answered(city, b'{"id": ' + b"9" * 5000 + b"}")[""]


def test_a_file_name_that_no_disk_takes(city: City) -> None:
    problems = refused(city, attachments=[{"file": "长" * 200, "title": "附件"}])
    assert "读不了" in problems["attachments[1].file"]


def test_a_link_that_leads_in_a_circle(city: City) -> None:
    (city.publisher.rules.inbox / "环.txt").symlink_to("环.txt")
    problems = refused(city, attachments=[{"file": "环.txt", "title": "附件"}])
    assert "读不了" in problems["attachments[1].file"]


@pytest.mark.parametrize("nothing", ["\u180e", "\u200b", "\u3164 \u00a0", "\u2028"])
@pytest.mark.parametrize("field", ["title", "body", "department", "kind"])
def test_what_nobody_sees_is_empty(city: City, field: str, nothing: str) -> None:
    assert "请填写" in refused(city, **{field: nothing})[field]


@pytest.mark.parametrize("between", ["\r", "\r\n", "\n", "\u2028", "\u2029", "\t"])
@pytest.mark.parametrize("field", ["title", "summary", "kind"])
def test_one_line_is_one_line(city: City, field: str, between: str) -> None:
    assert "一行" in refused(city, **{field: f"标题{between}第二行"})[field]


def test_no_mark_of_direction_is_shown(city: City) -> None:
    put(city, "表.pdf", PDF)
    revision = drafted(
        city,
        attachments=[{"file": "表.pdf", "title": "\u200e附表\u200f", "name": "附\u200e表.pdf"}],
        topics=["安全\u200f生产"],
        related=["B\u200e-1"],
        posting={
            "from": "2026-12-01",
            "to": "2026-12-08",
            "place": "政务\u200b大厅",
            "contact": "办公室\u200f",
        },
    ).revision
    assert [(one.title, one.name) for one in revision.attachments] == [("附表", "附表.pdf")]
    assert (revision.topics, revision.related) == (("安全生产",), ("B-1",))
    assert revision.posting is not None
    assert (revision.posting.place, revision.posting.contact) == ("政务大厅", "办公室")


@pytest.mark.parametrize("same", ["王芳 ", "王\u200b芳", "王　芳", "王\ufe0f芳"])
def test_one_person_is_not_two(city: City, same: str) -> None:
    item = json.loads(city.approved(an_item_object()))
    item["approval"]["approvers"][0]["name"] = same
    assert "不同的人" in answered(city, json.dumps(item).encode())["approval.approvers"]


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"approvers": 7},
        {"approvers": ["王芳"]},
        {"approvers": [{"role": "终审"}]},
        {"approvers": [{"role": ["终审"], "name": "王芳", "at": "2026-11-23"}]},
    ],
)
def test_a_misshapen_approval_is_void(city: City, record: dict[str, Any]) -> None:
    digest = drafted(city).revision.content_hash
    item = an_item_object(approval={"content_hash": digest, **record})
    added = approve(item, digest, [("张敏", "初审")], city.clock())
    assert [one["name"] for one in added["approvers"]] == ["张敏"]
    assert answered(city, json.dumps(item).encode())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"department": f"某局{MOBILE}"}, "department"),
        ({"kind": f"通知 {MOBILE}"}, "kind"),
        ({"topics": ["甲", f"电话{MOBILE}"]}, "topics[2]"),
        ({"contact": f"手机{MOBILE}"}, "contact"),
        (
            {"posting": {"from": "2026-12-01", "to": "2026-12-08", "place": f"手机{MOBILE}"}},
            "posting.place",
        ),
        ({"attachments": [{"file": "表.pdf", "title": f"手机{MOBILE}"}]}, "attachments[1].title"),
        (
            {"attachments": [{"file": "表.pdf", "title": "表", "name": f"手机{MOBILE}.pdf"}]},
            "attachments[1].name",
        ),
    ],
)
def test_personal_numbers_in_any_field(city: City, changes: Any, field: str) -> None:
    put(city, "表.pdf", PDF)
    assert "手机号码" in refused(city, **changes)[field]


def test_a_personal_number_is_no_id_and_is_not_kept(city: City) -> None:
    assert "个人号码" in refused(city, id="130181190001019997")["id"]
    (kept,) = city.publisher.store.refusals.page(Asked()).rows
    assert kept.item_id is None


def test_a_serial_that_looks_like_a_telephone_is_a_name_like_any_other(city: City) -> None:
    assert city.submit("18012000001").outcome is Outcome.ACCEPTED


def test_what_may_be_personal_is_told_to_staff(city: City) -> None:
    (note,) = drafted(city, body=UNSURE).notes
    assert "请核对" in note
    assert "1234" not in note
    answer = city.submit(body=UNSURE)
    assert answer.outcome is Outcome.ACCEPTED
    assert note in answer.notes


@pytest.mark.parametrize(
    "changes",
    [
        {"field": MOBILE},
        {"field": "138 0013 8000"},
        {"doc_number": MOBILE},
        {"channels": [f"post{MOBILE}"]},
        {"formed_on": MOBILE},
        {"audience": f"特定{MOBILE}"},
        {"attachments": [{"file": f"{MOBILE}.pdf", "title": "附件"}]},
        {"approval": {"content_hash": MOBILE, "approvers": []}},
        {"body": f'<p>甲</p><p style="display:none">{MOBILE}</p>', "body_format": "html"},
        {f"字段{MOBILE}": "甲"},
        {MOBILE: {MOBILE: []}},
    ],
)
def test_a_refusal_repeats_no_personal_number(city: City, changes: dict[str, Any]) -> None:
    told = str(refused(city, **changes))
    assert MOBILE not in told
    assert "0013 8000" not in told


@pytest.mark.parametrize(
    "body",
    ["<div>" * 50_000 + "好" + "</div>" * 50_000, "<ul><li>" * 5_000 + "好"],
)
def test_huge_nesting_is_refused_and_takes_no_time(city: City, body: str) -> None:
    assert refused(city, body=body, body_format="html")["body"]


def test_ten_megabytes_are_refused_before_they_are_read(city: City) -> None:
    (told,) = refused(city, body="好" * 3_500_000).values()
    assert "超过上限" in told


def test_a_long_value_is_quoted_short(city: City) -> None:
    assert "甲" * 20 + "」" in refused(city, field="甲" * 200)["field"]


class BrokenChannel(Postbox):
    """A channel with a fault in its program."""

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:  # noqa: ARG002 - part of the contract
        raise KeyError([item.revision.title for item in items])


def test_a_fault_of_one_channel_does_not_stop_the_door(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    data = city.approved(an_item_object(title="机密的标题"))
    route = city.publisher.routes["post"]
    broken = BrokenChannel("post", Options(base_url="http://127.0.0.1:9"))
    city.publisher.routes["post"] = replace(route, channel=broken)
    problems = answered(city, data)
    assert problems["channels"] == "邮箱：程序错误（KeyError），请联系技术人员"
    said = capsys.readouterr()
    assert "机密的标题" not in said.out + said.err


ROWS = "<tr><{0}>项目</{0}><{0}>金额</{0}></tr><tr><td>甲</td><td>1</td></tr>"


def test_what_a_screen_reader_cannot_read_is_said_at_the_door(city: City) -> None:
    """The check of the site would find it only when it is out, and three approvals away."""
    bare, headed = (f"<table>{ROWS.format(tag)}</table>" for tag in ("td", "th"))
    table = {"body": f"<p>正文</p>{headed}{bare}", "body_format": "html"}
    (note,) = drafted(city, **table).notes
    assert note.startswith("正文第 2 张表没有表头")
    assert note in city.submit(**table).notes
    put(city, "a.png", GOOD["截图.png"])
    body = '<p>正文</p><img src="a.png">'
    for alt, count in (("a.PNG", 1), ("流程图", 0)):
        images = [{"file": "a.png", "alt": alt}]
        notes = drafted(city, body=body, body_format="html", images=images).notes
        assert ["「a.png」" in note for note in notes] == [True] * count


@pytest.mark.parametrize("name", ["名单.csv", "说明.txt"])
def test_text_files_are_utf8(city: City, name: str) -> None:
    put(city, name, "姓名,金额".encode("gb18030"))
    entry = {"file": name, "title": "名单"}
    assert "UTF-8 另存" in refused(city, attachments=[entry])["attachments[1].file"]
    put(city, name, "姓名,金额".encode("utf-8-sig"))
    assert drafted(city, attachments=[entry]).revision.attachments[0].name == name


@pytest.mark.parametrize("last", ["2018-01-20", "2028-12-31", None])
def test_the_last_valid_day_comes_through(city: City, last: str | None) -> None:
    """The day of signing itself is allowed: valid for one day."""
    draft = drafted(city, **({"valid_until": last} if last else {}))
    assert draft.revision.valid_until == (date.fromisoformat(last) if last else None)
    assert draft.content.get("valid_until") == last
