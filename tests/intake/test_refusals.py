"""Every refusal: a sentence that names the field and the mend, and nothing kept but itself."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from publisher.store.paging import Asked
from publisher.submit import Outcome
from tests.support.city import City, an_item_object, postbox, settings_for
from tests.support.handed_over import GOOD, MACRO

PNG = GOOD["截图.png"]
VALID_ID_NUMBER = "130181190001019997"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    channels = {
        "post": postbox("http://127.0.0.1:9", options={"longest_title": 60}),
        "desk": postbox("http://127.0.0.1:9", public=False),
    }
    found = City(settings_for(tmp_path, channels))
    yield found
    found.close()


def refusal(city: City, data: bytes) -> dict[str, str]:
    """Submit what must be refused; the fields and sentences of the answer."""
    answer = city.submit_bytes(data)
    assert answer.outcome is Outcome.REFUSED
    store = city.publisher.store
    (kept,) = store.refusals.page(Asked()).rows
    assert kept.sha256 == sha256(data).hexdigest()
    assert kept.submitted_by == "李办"
    assert kept.refused_at == city.clock()
    assert [one["field"] for one in kept.problems] == [one.field for one in answer.problems]
    assert store.standing.items() == [], "nothing of a refused item is stored"
    for problem in answer.problems:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in problem.sentence)
    return {problem.field: problem.sentence for problem in answer.problems}


def unapproved(item: dict[str, Any]) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode()


WRONG_FIELDS = [
    ({"title": None}, "title", "请填写"),
    ({"title": ""}, "title", "请填写"),
    ({"title": 7}, "title", "文字"),
    ({"title": "字" * 301}, "title", "301"),
    ({"title": "两行\n标题"}, "title", "一行"),
    ({"title": "\u202e倒写"}, "title", "U+202E"),
    ({"body": None}, "body", "请填写"),
    ({"body": "正文\u0007响铃"}, "body", "U+0007"),
    ({"body": "按照（冀政办字〔2017159号要求）执行。"}, "body", "〕"),
    ({"body_format": "word"}, "body_format", "markdown"),
    ({"department": " "}, "department", "请填写"),
    ({"doc_number": "辛政办字〔20181号"}, "doc_number", "〔2018〕1号"),
    ({"field": "军事"}, "field", "财政预决算"),
    ({"five_open_stage": "研究"}, "five_open_stage", "决策"),
    ({"kind": None}, "kind", "请填写"),
    ({"disclosure_attr": "依申请公开"}, "disclosure_attr", "主动公开"),
    ({"disclosure_attr": None}, "disclosure_attr", "请填写"),
    ({"audience": "法律援助申请人"}, "audience", "特定群体"),
    ({"audience": None}, "audience", "请填写"),
    ({"formed_on": None}, "formed_on", "请填写"),
    ({"formed_on": "2018-02-30"}, "formed_on", "2018-02-30"),
    ({"formed_on": "2018年1月20日"}, "formed_on", "2018-01-20"),
    ({"formed_on": "2026-11-24"}, "formed_on", "将来"),
    ({"channels": ["post", "telegram"]}, "channels", "telegram"),
    ({"channels": []}, "channels", "至少选一个"),
    ({"channels": "post"}, "channels", "列表"),
    ({"urgent": "yes"}, "urgent", "true"),
    ({"topics": ["甲", "甲"]}, "topics", "重复"),
    ({"urgnet": True}, "urgnet", "拼写"),
    ({"id": "有 空格"}, "id", "空格"),
    ({"id": "../../etc"}, "id", "斜线"),
    ({"posting": {"from": "2026-12-08", "to": "2026-12-01"}}, "posting.to", "早于"),
    ({"posting": {"from": "2026-12-08"}}, "posting.to", "请填写"),
    ({"posting": {"from": "2026-13-08", "to": "2026-12-09"}}, "posting.from", "2026-13-08"),
    (
        {"posting": {"from": "2018-01-10", "to": "2018-01-19"}},
        "posting.to",
        "早于成文日期 2018-01-20",
    ),
    ({"valid_until": "2028年12月31日"}, "valid_until", "应写成 2028-12-31"),
    ({"valid_until": ["2028-12-31"]}, "valid_until", "文字"),
    ({"valid_until": "2018-01-19"}, "valid_until", "早于成文日期 2018-01-20"),
    (
        {"valid_until": "2028-12-31", "posting": {"from": "2026-12-01", "to": "2026-12-08"}},
        "valid_until",
        "公示期",
    ),
    ({"valid_until": "2028-12-31", "posting": {"from": "2026-12-01"}}, "valid_until", "公示期"),
    ({"privacy_override": {"by": "王芳"}}, "privacy_override.reason", "请填写"),
    ({"body": f"公民身份号码：{VALID_ID_NUMBER}"}, "body", "身份"),
    ({"summary": "本人手机13800138000"}, "summary", "138"),
]


@pytest.mark.parametrize(("changes", "field", "mend"), WRONG_FIELDS)
def test_wrong_fields(city: City, changes: dict[str, Any], field: str, mend: str) -> None:
    item = an_item_object(**changes)
    approved = {**item, "approval": {"content_hash": "0" * 64, "approvers": []}}
    problems = refusal(city, unapproved(approved))
    assert mend in problems.get(field, f"missing: {problems}")


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        (b'{"id": "A-1",\n "title" "x"}', "第 2 行第 10 列"),
        (b'{"id": "A-1", "id": "A-2"}', "两次"),
        (b"[1, 2]", "JSON 对象"),
        ('{"id": "辛集"}'.encode("gb18030"), "UTF-8"),
        (b'{"id": NaN}', "NaN"),
        (b"[" * 100_000, "层次太深"),
        (b" " * 2_000_001, "超过上限"),
        (b"", "文件是空的"),
    ],
)
def test_unreadable_files(city: City, data: bytes, mend: str) -> None:
    assert any(mend in sentence for sentence in refusal(city, data).values())


def approved_item(city: City, **changes: Any) -> dict[str, Any]:
    item: dict[str, Any] = json.loads(city.approved(an_item_object(**changes)))
    return item


def test_not_approved(city: City) -> None:
    problems = refusal(city, unapproved(an_item_object()))
    assert "publisher approve" in problems["approval"]


def test_any_edit_after_approval_voids_it(city: City) -> None:
    item = approved_item(city)
    item["body"] += "。"
    assert "重新审批" in refusal(city, unapproved(item))["approval.content_hash"]


@pytest.mark.parametrize(
    ("change", "field", "mend"),
    [
        (lambda steps: steps.pop(1), "approval.approvers", "缺少复审"),
        (lambda steps: steps[1].update(name="张敏"), "approval.approvers", "不同的人"),
        (lambda steps: steps[2].update(role="主任"), "approval.approvers[3].role", "终审"),
        (
            lambda steps: steps[2].update(at="2026-11-24T09:30:00+08:00"),
            "approval.approvers[3].at",
            "将来",
        ),
        (lambda steps: steps[2].update(at="2026-11-23"), "approval.approvers[3].at", "时区"),
        (
            lambda steps: steps[0].update(at="2026-11-23T09:00:00+08:00"),
            "approval.approvers",
            "次序",
        ),
        (lambda steps: steps.append(dict(steps[0], name="另一人")), "approval.approvers", "多余"),
    ],
)
def test_wrong_approvals(city: City, change: Any, field: str, mend: str) -> None:
    item = approved_item(city)
    change(item["approval"]["approvers"])
    assert mend in refusal(city, unapproved(item))[field]


def test_a_named_audience_may_use_a_channel_that_is_not_public(city: City) -> None:
    answer = city.submit(audience="法律援助申请人", channels=["desk"])
    assert answer.outcome is Outcome.ACCEPTED


def test_too_long_a_title_is_said_at_the_door(city: City) -> None:
    data = city.approved(an_item_object(title="长" * 61))
    problems = refusal(city, data)
    assert "邮箱" in problems["short_title"]


@pytest.mark.parametrize(
    ("name", "content", "field", "mend"),
    [
        ("没有.pdf", None, "attachments[1].file", "收件文件夹里没有"),
        ("../outside.pdf", b"%PDF-1.7", "attachments[1].file", "不在允许的文件夹"),
        ("/etc/passwd", None, "attachments[1].file", "不在允许的文件夹"),
        ("程序.exe", b"MZ", "attachments[1].file", "不收这种文件"),
        ("假的.pdf", b"MZ", "attachments[1].file", "「假的.pdf」内容和后缀不符"),
        ("半份.pdf", b"%PDF-1.7 half", "attachments[1].file", "「半份.pdf」打不开"),
        ("宏.docx", MACRO, "attachments[1].file", "「宏.docx」里面带有宏"),
        ("大.txt", b"x" * 20_000_001, "attachments[1].file", "超过上限"),
    ],
)
def test_wrong_files(
    city: City, tmp_path: Path, name: str, content: bytes | None, field: str, mend: str
) -> None:
    if content is not None:
        (tmp_path / "inbox" / name).write_bytes(content)
    item = an_item_object(
        attachments=[{"file": name, "title": "附件"}],
        approval={"content_hash": "0" * 64, "approvers": []},
    )
    assert mend in refusal(city, unapproved(item))[field]


def test_a_link_out_of_the_folder_is_outside(city: City, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("机密")
    (tmp_path / "inbox" / "link.txt").symlink_to(tmp_path / "secret.txt")
    item = an_item_object(attachments=[{"file": "link.txt", "title": "附件"}])
    assert "不在允许的文件夹" in refusal(city, unapproved(item))["attachments[1].file"]


@pytest.mark.parametrize("part", [b"\x89PNG\r\n\x1a\nbroken", PNG[: len(PNG) // 3]])
def test_a_picture_that_is_none_or_cut_off(city: City, tmp_path: Path, part: bytes) -> None:
    (tmp_path / "inbox" / "图.png").write_bytes(part)
    item = an_item_object(images=[{"file": "图.png", "alt": "图"}])
    told = refusal(city, unapproved(item))["images[1].file"]
    assert told.startswith("「图.png」打不开")
    assert "重新导出" in told


def test_a_body_too_long_is_told_in_figures(city: City) -> None:
    """A count of characters is no personal number, and is not to be masked like one."""
    told = refusal(city, unapproved(an_item_object(body="好" * 550_001)))["body"]
    assert "550,001 个字符" in told
    assert "*" not in told


def test_all_problems_are_told_at_once(city: City) -> None:
    problems = refusal(city, unapproved({"id": "A-1"}))
    assert {"title", "body", "department", "field", "formed_on"} <= set(problems)


def test_an_override_needs_a_name_and_a_reason_and_then_lets_through(city: City) -> None:
    override = {"by": "王芳", "reason": "行政处罚法第四十八条要求公开"}
    answer = city.submit(body="联系人手机13800138000。", privacy_override=override)
    assert answer.outcome is Outcome.ACCEPTED
