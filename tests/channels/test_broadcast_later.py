"""Corrections and withdrawals on air: what listeners hear, and what the newsroom must not air."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from publisher.model import Action, PostingPeriod, Status
from tests.channels import broadcast_items as items
from tests.channels.test_broadcast_script import read_out, rendered


@pytest.mark.parametrize("name", ["correction", "exchange", "withdrawal", "stop"])
def test_is_the_script_that_was_read_and_approved(name: str) -> None:
    for file in rendered(getattr(items, name)()).files:
        leaf = file.name.rpartition("/")[2]
        assert file.data.decode() == (items.GOLDEN / name / leaf).read_text(encoding="utf-8")


def test_a_title_that_changed_is_named_as_it_was_aired() -> None:
    item = items.later(Action.CORRECT, Status.DELIVERED, title="关于农村危房的《老办法》的通告")
    assert "此前播出的《关于农村危房的〈老办法〉的通告》，现予更正。" in read_out(rendered(item))


def test_a_withdrawal_shows_no_title_that_never_aired() -> None:
    item = items.later(Action.WITHDRAW, Status.DELIVERED)
    mended = replace(item, revision=replace(item.revision, title="关于没有播过的新题目的通告"))
    sheets = [file.data.decode() for file in rendered(mended).files]
    assert all("没有播过" not in sheet for sheet in sheets)
    assert all(f"题目：{item.revision.title}" in sheet for sheet in sheets[:2])


def test_a_very_long_title_is_named_by_what_it_is_about() -> None:
    title = f"辛集市住房和城乡建设局关于印发《{'农村危房改造补助' * 4}实施细则》的通知"
    said = read_out(rendered(items.later(Action.WITHDRAW, Status.DELIVERED, title=title)))
    assert f"此前播出的《{'农村危房改造补助' * 4}实施细则》，已于" in said


def test_a_minor_correction_says_nothing_to_listeners_and_warns_the_newsroom() -> None:
    item = replace(items.exchange(), notices=())
    (note,) = rendered(item).notes
    assert note == "换稿：旧稿不要播出，改播本稿。"
    assert "更正" not in read_out(rendered(item))


@pytest.mark.parametrize("of", ["posting", "validity"])
def test_the_newsroom_sees_until_when_it_may_be_aired(of: str) -> None:
    """Nothing more comes about a script when its time is over: it says so itself."""
    last = date(2026, 12, 15)
    posting = PostingPeriod(first=date(2026, 12, 9), last=last)
    ends: dict[str, Any] = {"posting": posting} if of == "posting" else {"valid_until": last}
    item = items.an_aired_item("补助为每户1.8万元。", **ends)
    radio, screen, _ = (file.data.decode() for file in rendered(item).files)
    for sheet in (radio, screen):
        assert "期限：2026年12月15日，过期没有播出的不再播" in sheet
    withdrawn = items.later(Action.WITHDRAW, Status.DELIVERED, **ends)
    assert "期限" not in "".join(file.data.decode() for file in rendered(withdrawn).files)


def test_nothing_of_a_withdrawn_item_is_shown_but_title_number_and_notice() -> None:
    item = items.later(
        Action.WITHDRAW,
        Status.AWAITING,
        summary="不可再说的摘要",
        short_title="不可再说的短题",
        doc_number="不可〔2026〕1号",
    )
    shown = "".join(file.data.decode() for file in rendered(item).files)
    for hidden in ("不可", "0311-83200005", "12月15日", "住房和城乡建设局"):
        assert hidden not in shown
    assert all(said in shown for said in (item.number, item.revision.title, "每户一点八万元"))
