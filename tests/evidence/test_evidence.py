"""The evidence of an item: whether a stranger with the ZIP and sha256sum can trust it."""

import csv
import io
import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import pytest

from publisher.evidence.words import APPROVED, DEEDS, EXPOSED, PROOFS, REFUSED, RENDITIONS, WALK
from publisher.operations import NotPossible
from publisher.store.audit import Entry, Filter
from tests.support.city import City
from tests.support.proven_city import ITEM, PHOTO, TABLE
from tests.support.townsfolk import ANN, BEA


def taken(city: City) -> bytes:
    with city.publisher.evidence.take(ITEM, by="李办", now=city.clock()) as file:
        return file.read()


def told(city: City) -> list[Entry]:
    return list(city.publisher.store.audit.every(Filter(act="evidence_taken")))


def opened(data: bytes) -> ZipFile:
    return ZipFile(io.BytesIO(data))


def rows(package: ZipFile, folder: str, title: str) -> list[dict[str, str]]:
    text = package.read(f"{folder}/{title}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_all_that_is_kept_is_in_it_and_can_be_checked(city: City, tmp_path: Path) -> None:
    data = taken(city)
    out = tmp_path / "unpacked"
    with opened(data) as package:
        package.extractall(out)
        names = package.namelist()
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=out, capture_output=True, check=True
    )
    assert len(done.stdout.splitlines()) == len(names) - 1
    manifest = json.loads((out / "manifest.json").read_bytes())
    listed = {one["path"]: one for one in manifest["files"]}
    assert set(listed) == set(names) - {"manifest.json", "SHA256SUMS"}
    for path, one in listed.items():
        held = (out / path).read_bytes()
        assert (one["sha256"], one["size"]) == (sha256(held).hexdigest(), len(held))
        assert one["role"]
        assert one["origin"]
        assert one["at"]
    _check_versions(out)
    assert [path.read_bytes() for path in (out / PROOFS / "board").iterdir()] == [PHOTO]
    letters = [path.read_text("utf-8") for path in (out / RENDITIONS / "post").rglob("letter.txt")]
    assert len(letters) == 3, "published, corrected, withdrawn"
    assert ITEM in (out / "README.txt").read_text("utf-8-sig")


def _check_versions(out: Path) -> None:
    """The hash that was approved is that of the bytes that lie there."""
    folders = sorted((out / APPROVED).iterdir())
    assert [one.name for one in folders] == ["第1版", "第2版"]
    for folder in folders:
        approval = json.loads((folder / "approval.json").read_bytes())
        raw = (folder / "content.json").read_bytes()
        assert sha256(raw).hexdigest() == approval["content_hash"]
        assert [one["role"] for one in approval["approvers"]] == ["初审", "复审", "终审"]
        (entry,) = json.loads(raw)["attachments"]
        lies = (folder / "附件" / "表.pdf").read_bytes()
        assert lies == TABLE
        assert entry["sha256"] == sha256(lies).hexdigest()
        html = (folder / "正文.html").read_text("utf-8")
        assert f'src="{quote("图片/图.png")}"' in html
        assert (folder / "图片" / "图.png").is_file()
        assert json.loads(raw)["title"] in (folder / "正文.txt").read_text("utf-8-sig")


def test_the_walk_is_told_in_it(city: City) -> None:
    with opened(taken(city)) as package:
        orders = rows(package, WALK, "发布单")
        assert [one["做什么"] for one in orders] == ["发布", "更正", "撤回"]
        assert [one["经办人"] for one in orders] == ["李办", "李强", "王芳"]
        batches = rows(package, WALK, "批次")
        assert {one["收件人数"] for one in batches if one["渠道"] == "letters"} == {"已送达 2"}
        assert "人工" in {one["环节"] for one in rows(package, WALK, "尝试")}
        assert "证明文件" in {one["种类"] for one in rows(package, WALK, "回执")}
        assert [one["原因"] for one in rows(package, EXPOSED, "撤回的发布单")] == ["文件已废止"]
        assert len(rows(package, EXPOSED, "撤回的投递")) == 3
        assert len(rows(package, REFUSED, "退回")) == 1
        deeds = [one["操作"] for one in rows(package, DEEDS, "操作记录")]
        assert deeds[:5] == ["提交", "确认送达", "退回", "更正", "撤回"]
        exposed = json.loads(package.read(f"{EXPOSED}/exposure.json"))
        assert {one["channel"] for one in exposed} >= {"post", "letters"}


def test_nobodys_number_is_in_it(city: City) -> None:
    with opened(taken(city)) as package:
        for name in package.namelist():
            for number in (ANN, BEA):
                assert number not in name
                assert number.encode() not in package.read(name), name


def test_the_same_state_makes_the_same_bytes(city: City) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for out in (first, second):
        city.publisher.evidence.write(ITEM, out, city.clock())
    assert first.getvalue() == second.getvalue()
    package = opened(first.getvalue())
    assert {one.flag_bits & 0x800 for one in package.infolist() if not one.filename.isascii()} == {
        0x800
    }
    content = package.getinfo(f"{APPROVED}/第1版/content.json")
    assert content.date_time[:5] == (2026, 11, 23, 9, 30), "as the thing itself, in local time"


def test_who_takes_it_is_told_with_what_was_taken(city: City) -> None:
    before = told(city)
    data = taken(city)
    (line,) = told(city)[len(before) :]
    assert (line.actor, line.item_id) == ("李办", ITEM)
    assert sha256(data).hexdigest() in line.detail


def test_what_there_is_not_is_said(city: City) -> None:
    before = told(city)
    with pytest.raises(NotPossible, match="没有编号为「Z-9」"):
        city.publisher.evidence.take("Z-9", by="李办", now=city.clock())
    with pytest.raises(NotPossible, match="不能空着"):
        city.publisher.evidence.take(ITEM, by=" ", now=city.clock())
    assert told(city) == before


def test_it_shows_one_moment(city: City) -> None:
    """What happens while it is written is not half in it."""
    evidence = city.publisher.store.evidence
    with evidence.moment(ITEM, {}) as moment:
        assert moment is not None
        before: list[Any] = list(moment.audit)
        city.publisher.store.audit.add(
            at=city.clock(), actor="李办", act="file_downloaded", item_id=ITEM
        )
        assert list(moment.audit) == before


def test_a_file_handed_in_can_be_had_again(city: City) -> None:
    delivery = city.publisher.store.standing.items(ITEM)[0].deliveries[2]
    assert delivery.channel == "board"
    evidence, digest = city.publisher.store.evidence, sha256(PHOTO).hexdigest()
    found = evidence.evidence_file(delivery.id, digest)
    assert found is not None
    assert found[1] == PHOTO
    assert evidence.evidence_file(delivery.id + 1, digest) is None
    assert evidence.evidence_file(delivery.id, sha256(TABLE).hexdigest()) is None
