"""What is over, by an order or before it was published at all, and how page and feeds say so."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.website import Website
from publisher.channel import Rendition
from publisher.model import Action, PostingPeriod
from tests.channels.test_website_orders import FEEDS, entries, notices, page
from tests.channels.website_items import a_website
from tests.factories import BEIJING, NOW, an_item, later
from tests.support.shelves import rendered


@pytest.fixture
def website(tmp_path: Path) -> Website:
    return a_website(tmp_path)


POSTING = PostingPeriod(first=date(2026, 11, 10), last=date(2026, 11, 16))


@pytest.mark.parametrize(
    ("changes", "days", "sentence", "mark", "validity"),
    [
        ({"posting": POSTING}, 1, "公示期已于2026年11月16日结束。", "公示结束", "公示期已结束"),
        (
            {"valid_until": date(2026, 11, 23)},
            1,
            "本文件已于2026年11月24日失效（有效期至2026年11月23日）。",
            "已失效",
            "已失效（有效期至2026年11月23日）",
        ),
        ({}, 1, "2026年11月24日起失效：已被新文件代替。", "已失效", "已失效"),
        ({"posting": POSTING}, -8, "2026年11月15日起失效：已被新文件代替。", "已失效", "已失效"),
        (
            {"valid_until": date(2027, 1, 1)},
            1,
            "2026年11月24日起失效：已被新文件代替。",
            "已失效",
            "已失效",
        ),
    ],
)
def test_what_expired_stays_with_a_clear_mark(
    website: Website, changes: Any, days: int, sentence: str, mark: str, validity: str
) -> None:
    item = an_item(published_at=NOW - timedelta(days=20), **changes)
    rendition = rendered(website, [later(item, Action.EXPIRE, "已被新文件代替", days=days)])
    assert notices(rendition) == [sentence]
    assert "不公开为例外" in page(rendition).text_content()
    facts = page(rendition).find_class("facts")[0].text_content()
    assert f"有效性{validity}成文日期" in "".join(facts.split())
    assert mark in rendition.file("index.html").data.decode()
    for name in FEEDS:
        (entry,) = entries(rendition, name)
        assert entry.title == f"［{mark}］{item.revision.title}"
        assert entry.summary.startswith(sentence)
        assert entry.updated_parsed > entry.published_parsed


OVER = "本文件已于2026年11月21日失效（有效期至2026年11月20日）。"


@pytest.mark.parametrize(
    ("changes", "sentence", "mark", "validity"),
    [
        ({"posting": POSTING}, "公示期已于2026年11月16日结束。", "公示结束", "公示期已结束"),
        (
            {"valid_until": date(2026, 11, 20)},
            OVER,
            "已失效",
            "已失效（有效期至2026年11月20日）",
        ),
        ({"valid_until": date(2026, 11, 20), "validity": "废止"}, OVER, "废止", "废止"),
    ],
)
def test_what_was_over_before_it_was_published_is_never_called_valid(
    website: Website, changes: Any, sentence: str, mark: str, validity: str
) -> None:
    item = an_item(**changes)
    rendition = rendered(website, [item])
    assert notices(rendition) == [sentence]
    assert _validity(rendition) == validity
    assert mark in rendition.file("index.html").data.decode()
    for name in FEEDS:
        (entry,) = entries(rendition, name)
        assert entry.title == f"［{mark}］{item.revision.title}"
        assert entry.summary.startswith(sentence)
    corrected = website.render([later(item, Action.CORRECT, "数据有误")])
    assert notices(corrected) == ["2026年11月24日更正：数据有误。", sentence]
    assert _validity(corrected) == validity
    extended = later(item, Action.CORRECT, "延期", posting=None, valid_until=date(2027, 1, 1))
    assert _validity(website.render([extended])) == item.revision.validity


def test_on_its_last_day_it_is_valid(website: Website) -> None:
    rendition = website.render([an_item(valid_until=NOW.date())])
    assert (page(rendition).find_class("notice"), _validity(rendition)) == ([], "有效")


def _validity(rendition: Rendition) -> str:
    facts = page(rendition).find_class("facts")[0].text_content()
    return "".join(facts.split()).partition("有效性")[2].partition("成文日期")[0]


def test_a_day_is_the_citys_day(website: Website) -> None:
    """16:30 on the last day in Greenwich is half past midnight of the next day here."""
    item = an_item(published_at=NOW - timedelta(days=20), posting=POSTING)
    expired = later(item, Action.EXPIRE, "公示期满")
    at = (NOW.replace(day=17, hour=0)).astimezone(BEIJING)
    expired = replace(expired, notices=(replace(expired.notices[0], at=at),))
    assert notices(website.render([expired])) == ["公示期已于2026年11月16日结束。"]


def test_the_last_valid_day_is_shown(website: Website) -> None:
    text = page(website.render([an_item(valid_until=date(2028, 12, 31))])).text_content()
    assert "有效期至2028年12月31日（含当日）" in text
