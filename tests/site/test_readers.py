"""What citizens' feed readers show: newsboat, rss2email and feedparser follow the city's site.

Readers keep what they once took and mails are never taken back. So the withdrawn text has to be
overwritten under its own id, and the news of a correction has to come as an entry of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.site.citizens import SETTINGS, Citizens, Seen
from tests.support.readers import Follower, Newsboat, RssToEmail
from tests.support.site_city import ShownCity, let_a_second_begin, shown_city

FEEDS = ("atom.xml", "rss.xml")
FIELD = f"list/field/{quote('财政预决算')}"
TITLE = "关于公布2026年度一般公共预算的通知"
HOSTILE = "关于甲&乙公司“1<2”事项的通知"
OLD = "一般公共预算支出为壹佰贰拾叁万元"
NEW = "一般公共预算支出为肆佰伍拾陆万元"
WHY = "表二金额单位有误"
WHY_NOT = "文件内容不宜公开"
ATTACHED = "免费开放服务目录"


def a_body(sentence: str) -> str:
    return f"各乡、镇人民政府：\n\n现将有关事项公布如下。\n\n{sentence}。\n\n特此通知。"


def a_budget(sentence: str) -> dict[str, Any]:
    files = [{"file": f"{ATTACHED}.pdf", "title": ATTACHED}]
    return {"title": TITLE, "body": a_body(sentence), "attachments": files}


@dataclass(frozen=True)
class Story:
    """One item's life, as it was seen after each of its turns."""

    page: str
    published: Seen
    corrected: Seen
    withdrawn: Seen


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Story]:
    folder = tmp_path_factory.mktemp("readers")
    with shown_city(folder) as city:
        readers = {name: Citizens(made(folder / name), f"{city.url}/{name}") for name in FEEDS}
        seen: dict[str, list[Seen]] = {name: [] for name in FEEDS}

        def look() -> None:
            for name in FEEDS:
                seen[name].append(readers[name].look(city))
            let_a_second_begin()
            city.clock.advance(days=1)

        city.publish("A-1", **a_budget(OLD))
        city.publish("A-2", title=HOSTILE, body=a_body("1<2 且 <script>alert(1)</script>"))
        look()
        city.correct("A-1", WHY, **a_budget(NEW))
        look()
        city.withdraw("A-1", WHY_NOT)
        look()
        return {name: Story(city.page("A-1"), *seen[name]) for name in FEEDS}


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.fixture(params=FEEDS)
def story(request: pytest.FixtureRequest, stories: dict[str, Story]) -> Story:
    return stories[request.param]


def text_of(mail: EmailMessage) -> str:
    content: str = mail.get_content()
    return f"{mail['Subject']} {content}"


# --- published ----------------------------------------------------------------------------


def test_what_is_published_is_unread_once(story: Story) -> None:
    seen = story.published
    assert {one.title for one in seen.unread} == {TITLE, HOSTILE}
    assert seen.counted == 2
    assert OLD in seen.articles[story.page].text
    assert ATTACHED in seen.articles[story.page].text
    assert OLD in seen.entries[story.page]


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_is_published_comes_as_one_mail_each(story: Story, setting: str) -> None:
    mails = story.published.mails[setting]
    assert sorted(str(mail["Subject"]) for mail in mails) == sorted([TITLE, HOSTILE])
    (mail,) = (mail for mail in mails if mail["Subject"] == TITLE)
    assert OLD in text_of(mail)
    assert story.page in text_of(mail)


def test_markup_of_a_text_is_read_as_text(story: Story) -> None:
    (article,) = (one for one in story.published.articles.values() if one.id != story.page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in article.text
    assert "<script" not in article.text
    (mail,) = (one for one in story.published.mails["default"] if one["Subject"] == HOSTILE)
    assert "1<2 且 <script>alert(1)</script>" in text_of(mail)


# --- corrected ----------------------------------------------------------------------------


def test_a_corrected_text_overwrites_the_old_one(story: Story) -> None:
    seen = story.corrected
    assert NEW in seen.articles[story.page].text
    assert WHY in seen.articles[story.page].text
    assert NEW in seen.entries[story.page]
    assert OLD not in seen.kept
    assert OLD not in str(seen.entries)


def test_a_correction_is_unread_news_for_who_has_read_the_item(story: Story) -> None:
    (news,) = story.corrected.unread
    assert news.id.startswith(f"{story.page}#"), "an id of its own, and an address in the page"
    assert news.title == f"更正公告：{TITLE}"
    assert WHY in news.text
    assert NEW not in news.text, "what is right stands in the item and nowhere else"
    assert story.corrected.counted == 1


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_correction_reaches_who_reads_by_mail(story: Story, setting: str) -> None:
    (mail,) = (m for m in story.corrected.mails[setting] if m["Subject"] == f"更正公告：{TITLE}")
    assert WHY in text_of(mail)
    assert f"{story.page}#" in text_of(mail)


def test_a_correction_costs_the_mail_reader_one_mail(story: Story) -> None:
    counts = {name: len(mails) for name, mails in story.corrected.mails.items()}
    assert counts == {"default": 1, "link": 1, "reply": 2, "content": 2}


# --- withdrawn ----------------------------------------------------------------------------


def test_no_reader_keeps_a_word_of_what_was_withdrawn(story: Story) -> None:
    kept = (story.withdrawn.kept, str(story.withdrawn.entries))
    for words in (OLD, NEW, ATTACHED, WHY):
        assert not any(words in one for one in kept), words


def test_everything_of_a_withdrawn_item_says_so(story: Story) -> None:
    seen = story.withdrawn
    ours = {one: article for one, article in seen.articles.items() if one.startswith(story.page)}
    assert len(ours) == 3, "the item, the news of its correction and of its withdrawal"
    assert all("撤回" in one.title and WHY_NOT in one.text for one in ours.values())
    assert ours.keys() <= seen.entries.keys()
    assert all(WHY_NOT in seen.entries[one] for one in ours)


def test_a_withdrawal_is_unread_news(story: Story) -> None:
    (news,) = story.withdrawn.unread
    assert news.id.startswith(f"{story.page}#")
    assert news.id not in story.corrected.articles
    assert news.title == f"撤回公告：{TITLE}"
    assert story.withdrawn.counted == 1


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_withdrawal_reaches_who_reads_by_mail(story: Story, setting: str) -> None:
    mails = story.withdrawn.mails[setting]
    told_of = [mail for mail in mails if WHY_NOT in text_of(mail)]
    assert told_of
    assert story.page in text_of(told_of[0])
    assert not any(words in text_of(mail) for mail in mails for words in (OLD, NEW, WHY))
    if setting in {"default", "link"}:
        assert [str(mail["Subject"]) for mail in mails] == [f"撤回公告：{TITLE}"]


# --- at other times -----------------------------------------------------------------------


def test_an_unchanged_feed_is_not_sent_again_to_anyone(story: Story) -> None:
    for seen in (story.published, story.corrected, story.withdrawn):
        assert seen.again == [HTTPStatus.NOT_MODIFIED] * 3


@pytest.fixture
def city(tmp_path: Path) -> Iterator[ShownCity]:
    with shown_city(tmp_path) as found:
        yield found


def test_the_news_leads_to_where_the_page_says_it(city: ShownCity) -> None:
    city.publish("A-1", **a_budget(OLD))
    city.correct("A-1", WHY, **a_budget(NEW))
    follower = Follower(f"{city.url}/atom.xml")
    follower.look()
    (news,) = (one for one in follower.entries.values() if one.id != city.page("A-1"))
    address, _, anchor = news.link.partition("#")
    assert address == city.page("A-1")
    page = requests.get(address, timeout=5)
    page.encoding = "utf-8"
    assert re.search(rf'id="{anchor}"[^>]*>[^<]*{WHY}', page.text)


def test_each_correction_is_news(city: ShownCity) -> None:
    city.publish("A-1", **a_budget(OLD))
    newsboat = Newsboat(city.site.parent / "newsboat", f"{city.url}/rss.xml")
    for why, sentence in ((WHY, NEW), ("附表漏列一项", f"{NEW}，附表一并公布")):
        newsboat.reload()
        newsboat.read_all()
        let_a_second_begin()
        city.clock.advance(hours=1)
        city.correct("A-1", why, **a_budget(sentence))
        newsboat.reload()
        (news,) = (one for one in newsboat.articles().values() if one.unread)
        assert why in news.text
    assert len(newsboat.articles()) == 3


def test_a_minor_correction_changes_the_text_and_is_no_news(city: ShownCity) -> None:
    city.publish("A-1", **a_budget(OLD))
    newsboat = Newsboat(city.site.parent / "newsboat", f"{city.url}/atom.xml")
    mail = RssToEmail(city.site.parent / "mail", f"{city.url}/atom.xml")
    newsboat.reload()
    newsboat.read_all()
    assert len(mail.run()) == 1
    let_a_second_begin()
    city.clock.advance(hours=1)
    city.correct("A-1", "错别字", minor=True, **a_budget(NEW))
    newsboat.reload()
    assert newsboat.unread() == 0
    (article,) = newsboat.articles().values()
    assert NEW in article.text
    assert OLD not in newsboat.kept()
    assert mail.run() == []


def test_of_many_withdrawn_at_once_no_word_is_kept(city: ShownCity) -> None:
    """However many, and however long ago they were news: who follows the head gets them all."""
    old = range(30)
    for number in (*old, *range(100, 145)):
        city.city.submit(f"A-{number}", title=f"第{number}号通知", body=f"正文字样{number:03d}。")
        if number == old[-1]:
            city.city.flush()
            newsboat = Newsboat(city.site.parent / "newsboat", f"{city.url}/atom.xml")
            newsboat.reload()
            city.clock.advance(days=30)
    assert len(newsboat.articles()) == len(old)
    let_a_second_begin()
    for number in old:
        city.city.publisher.amendments.withdraw(
            f"A-{number}", why=WHY_NOT, by="李办", now=city.clock()
        )
    city.city.flush()
    newsboat.reload()
    kept = newsboat.kept()
    assert [number for number in old if f"正文字样{number:03d}" in kept] == []


def test_who_follows_two_feeds_keeps_nothing_withdrawn_in_either(city: ShownCity) -> None:
    """To newsboat an item is its id, wherever it comes from."""
    field = f"{FIELD}/atom.xml"
    newsboat = Newsboat(city.site.parent / "newsboat", f"{city.url}/rss.xml", f"{city.url}/{field}")
    city.publish("A-1", **a_budget(OLD))
    newsboat.reload()
    assert (f"/{field}", HTTPStatus.OK) in city.answers()
    assert OLD in newsboat.kept()
    let_a_second_begin()
    city.clock.advance(hours=1)
    city.withdraw("A-1", WHY_NOT)
    newsboat.reload()
    assert OLD not in newsboat.kept()
    assert WHY_NOT in newsboat.kept()


def test_news_of_another_field_leaves_the_feed_of_this_one(city: ShownCity) -> None:
    city.publish("A-1", **a_budget(OLD))
    follower = Follower(f"{city.url}/{FIELD}/rss.xml")
    whole = Follower(f"{city.url}/rss.xml")
    answers = []
    for item_id in ("A-2", "A-3"):
        answers.append((follower.look(), whole.look()))
        let_a_second_begin()
        city.clock.advance(hours=1)
        city.publish(item_id, field="安全生产", five_open_stage="服务", title="另一领域的通知")
    assert [one for pair in pairwise(answers) for one in pair[1]] == [304, 200]
