"""The date of publication: well-formed, past, the same wherever it is told, and not back-dated.

A forged one fails the whole site at an inspection, so nothing here is ever mended by a new date.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from channels.website.inspection.page import Page, text
from channels.website.inspection.scene import MINUTE, Scene
from publisher.channel import Breach

RULE = "发布日期"
_FORM = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")
_SHOWN = re.compile(r"(\d{4})[年-](\d{1,2})[月-](\d{1,2})")


def check(page: Page, scene: Scene) -> Iterator[Breach]:
    """Look at the page of an item, and note its date for the rules that compare it elsewhere."""
    if page.kind != "item":
        return
    published = page.said("PubDate")
    known = _is_minute(published)
    scene.items[page.name] = published if known else ""
    for sentence in _told(page, scene, published) if known else _malformed(published):
        yield Breach(page.name, RULE, sentence)


def _malformed(published: str) -> Iterator[str]:
    if published:  # its absence is told among the tags
        yield f"PubDate“{published}”不合样式；应如“2026-11-23 09:30”"


def _told(page: Page, scene: Scene, published: str) -> Iterator[str]:
    if published > scene.minute:
        yield f"PubDate {published} 晚于现在；请核对服务器时钟，不得改写发布日期"
    day, shown = published[:10], page.facts.get("发布日期")
    if shown is None:
        yield "网页上没有“发布日期”，会按未更新计；请用 publisher rebuild 重新生成"
    elif shown_day(text(shown)) != day or not _same_minute(shown, published, scene):
        yield f"网页上显示的发布日期与 PubDate {published} 不一致；请查明是否被改动"
    formed = shown_day(text(page.facts.get("成文日期")))
    if formed and formed > day:
        yield f"发布日期 {day} 早于成文日期 {formed}；请查明是否倒填日期"


def _same_minute(shown: Any, published: str, scene: Scene) -> bool:
    """A machine reads the attribute of the date on the page; its time may be left out."""
    stamps = (str(one.get("datetime", "")) for one in shown.iter("time"))
    moments = [moment for stamp in stamps if (moment := moment_of(stamp))]
    return all(moment_text(one, scene) == published for one in moments)


def moment_text(moment: datetime, scene: Scene) -> str:
    """A moment as PubDate would have it."""
    return scene.site.local(moment).strftime(MINUTE)


def moment_of(stamp: str) -> datetime | None:
    """The moment of a time stamp; None where it only names a day."""
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _is_minute(published: str) -> bool:
    if not _FORM.fullmatch(published):
        return False
    try:
        datetime.strptime(published, MINUTE)  # noqa: DTZ007 - on the city's clock by definition
    except ValueError:
        return False
    return True


def shown_day(words: str) -> str:
    """The first date in a text, as 2026-11-23; "" if there is none."""
    for found in _SHOWN.finditer(words):
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            continue
    return ""
