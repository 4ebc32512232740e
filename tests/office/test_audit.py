"""The audit: looked through by whoever may, and taken along; of the evidence of an item too."""

import csv
import io
import re
import zipfile
from datetime import timedelta

from publisher.report import ACT_WORDS
from tests.support.console import THEIRS, Console, field, text_of


def lines(office: Console, **wanted: str) -> list[tuple[str, str]]:
    """Actor and act of each line that the page shows."""
    page = office.enter("auditor").get("/audit", params=wanted)
    assert page.status_code == 200
    rows = re.findall(r"</th>\s*<td[^>]*>([^<]*)</td>\s*<td[^>]*>([^<]*)<", page.text)
    return [(actor, act) for actor, act in rows]


def happen(office: Console) -> None:
    office.city.submit("A-1")
    office.city.submit("A-2")
    clerk = office.enter("operator")
    clerk.post("/channels/pause", {"channel": "post", "why": "=HYPERLINK(1)检修"})
    clerk.post("/channels/resume", {"channel": "post"})


def test_one_sees_who_did_what_from_where(office: Console) -> None:
    happen(office)
    page = text_of(office.enter("auditor").get("/audit"))
    assert "操作员（operator） 恢复渠道 邮箱 控制台 127.0.0.1" in page
    assert page.index("恢复渠道 邮箱") < page.index("暂停渠道 邮箱"), "the newest first"
    assert "李办 提交 A-1" in page


def test_one_finds_what_one_looks_for(office: Console) -> None:
    happen(office)
    assert lines(office, act="paused") == [("操作员（operator）", ACT_WORDS["paused"])]
    assert lines(office, item="A-1") == [("李办", ACT_WORDS["submitted"])]
    assert lines(office, actor="operator", q="检修") == lines(office, act="paused")
    assert lines(office, q="暂停 检修") == lines(office, act="paused"), "as the page calls it"
    assert lines(office, **{"from": "2026-11-24"}) == []
    assert len(lines(office, **{"from": "2026-11-23", "to": "2026-11-23", "item": "A-2"})) == 1
    tomorrow = office.city.clock() + timedelta(days=1)
    office.city.publisher.store.audit.add(at=tomorrow, actor="李办", act="resent", item_id="A-2")
    assert len(lines(office, item="A-2")) == 2
    assert lines(office, item="A-2", to="2026-11-23") == [("李办", ACT_WORDS["submitted"])]
    page = office.enter("auditor").get("/audit?act=paused&actor=operator&q=检修")
    assert '<option value="paused" selected>' in page.text
    assert (field(page, "actor")["value"], field(page, "q")["value"]) == ("operator", "检修")


def test_what_makes_no_sense_is_said_at_its_field(office: Console) -> None:
    auditor = office.enter("auditor")
    for name, typed in (
        ("q", "字" * 10_000),
        ("actor", "字" * 101),
        ("item", "x" * 101),
        ("act", "abdicated"),
        ("from", "2026-13-01"),
        ("to", "0001-01-01"),
    ):
        page = auditor.get("/audit", params={name: typed})
        assert page.status_code == 422, name
        assert field(page, name)["wrong"]
        if name != "act":
            assert field(page, name)["value"] == typed
        file = auditor.get("/audit.csv", params={name: typed})
        assert file.status_code == 422
        assert field(file, name)["wrong"]
    for path in ("/audit?after=x", "/audit?after=1.x", "/audit?after=-1.²", "/?after=x"):
        page = auditor.get(path)
        assert page.status_code == 422, path
        assert page.text.count("翻页的位置不对") == 1
        assert "看标红的地方" not in page.text, "there is no field to be red"
    assert auditor.get("/audit", params={"q": "'%_\\"}).status_code == 200
    assert auditor.get("/audit", params={"q": "\0"}).status_code == 400, "no text has it"


def test_the_pages_of_a_filter_follow_each_other(office: Console) -> None:
    for number in range(120):
        office.city.publisher.store.audit.add(
            at=office.city.clock(), actor="李办", act="resent", detail=f"第 {number:03} 次"
        )
    auditor, path, seen = office.enter("auditor"), "/audit?act=resent", []
    while path:
        page = auditor.get(path)
        seen += re.findall(r"第 (\d{3}) 次", page.text)
        found = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = found.group(1).replace("&amp;", "&") if found else ""
    assert seen == [f"{number:03}" for number in reversed(range(120))]


def test_it_is_taken_along_as_a_file_that_does_nothing(office: Console) -> None:
    happen(office)
    auditor = office.enter("auditor")
    page = auditor.get("/audit?actor=operator")
    link = re.search(r'href="(/audit\.csv\?[^"]*)"', page.text)
    assert link
    answer = auditor.get(link.group(1))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["序号", "时间", "经办人"]
    acts = [row[4] for row in rows[1:]]
    assert [ACT_WORDS["paused"], ACT_WORDS["resumed"]] == acts[-2:]
    assert {row[2] for row in rows[1:]} <= {"操作员（operator）"}
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@")]
    (line,) = office.audited(act="audit_exported")
    assert (line.actor, line.detail) == ("审计员（auditor）", "经办人：operator")


def test_the_evidence_of_an_item_is_taken_and_that_is_on_record(office: Console) -> None:
    office.city.submit("A-1")
    office.city.flush("post")
    answer = office.enter("auditor").get("/items/A-1/evidence.zip")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].endswith("%E8%AF%81%E6%8D%AE%E5%8C%85-A-1.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert package.testzip() is None
        assert "manifest.json" in package.namelist()
    (line,) = office.audited(act="evidence_taken")
    assert (line.actor, line.item_id) == ("审计员（auditor）", "A-1")


def test_of_an_item_of_others_there_is_no_evidence(office: Console) -> None:
    office.city.submit("A-1", department=THEIRS)
    assert office.enter("editor").get("/items/A-1/evidence.zip").status_code == 404
    assert office.enter("auditor").get("/items/A-9/evidence.zip").status_code == 404
    assert office.audited(act="evidence_taken") == []
