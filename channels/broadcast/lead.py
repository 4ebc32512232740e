"""The first sentence (who, when, what) and the short name of an item."""

import re
from dataclasses import dataclass

from channels.broadcast.spoken import Policy, speak
from channels.broadcast.timing import syllables
from publisher.model import Item

MOST = 60
"""A lead longer than this, in spoken characters, is past before the listener has the point."""
_SLUG_MOST = 30
_WHO = r"(?:局|厅|委|部|院|会|室|中心|政府|指挥部|大队|支队|办|站|所|公司|社)"
_ABOUT = re.compile(rf"(?P<who>(?:[^《》]{{2,40}}{_WHO})?)\s*关于(?P<rest>.+)", re.DOTALL)
_GENRES = "通知|公告|通告|通报|公示|意见|决定|报告|批复|函|说明|提示|方案|办法|解读|情况"
_OUTER = re.compile(
    rf"(?P<what>.+)的(?P<genre>{_GENRES})(?P<more>[（(][^（）()]*[）)])?", re.DOTALL
)
_DOES = re.compile(r"(?:印发|发布|公布|转发|公开|撤回|废止|调整)")
_ENTITLES = ("印发", "转发", "公布")


@dataclass(frozen=True, slots=True)
class Lead:
    """`sentence` is written, not yet spoken; `title` is said after it when the lead has no room."""

    sentence: str
    title: str = ""


def slug(item: Item) -> str:
    """The short label newsrooms file a piece under."""
    revision = item.revision
    named = revision.short_title or headline(revision.title)
    return named if len(named) <= _SLUG_MOST else f"{revision.department}{_genre(item)}"


def headline(title: str) -> str:
    """The title without issuer and genre: what it is about."""
    flat = " ".join(title.split())
    about = _ABOUT.fullmatch(flat)
    if about is None:
        return flat
    outer = _OUTER.fullmatch(about["rest"])
    what = outer["what"] if outer else about["rest"]
    if verb := _DOES.match(what):
        what = what[verb.end() :]
    what = what.strip()
    if re.fullmatch(r"《[^《》]+》", what):
        return what[1:-1]
    return what


def lead(item: Item, policy: Policy) -> Lead:
    revision = item.revision
    title = " ".join(revision.title.split())
    who, what = _who_and_what(title, revision.department, revision.kind)
    when = _when(item)
    for sentence in (f"{who}{when}{what}", _short(item, when)):
        if sentence and syllables(speak(sentence, policy).text) <= MOST:
            return Lead(sentence)
    genre = _genre(item)
    return Lead(f"{revision.department}{when}发布{genre}", f"{genre}的题目是：{title}")


def _genre(item: Item) -> str:
    outer = _OUTER.fullmatch(" ".join(item.revision.title.split()))
    return outer["genre"] if outer else item.revision.kind or "信息"


def _short(item: Item, when: str) -> str:
    revision = item.revision
    return (
        f"{revision.department}{when}发布：{revision.short_title}" if revision.short_title else ""
    )


def _who_and_what(title: str, department: str, kind: str) -> tuple[str, str]:
    about = _ABOUT.fullmatch(title)
    if about is None:
        return department, f"发布{kind}：{title}" if kind and kind not in title else f"发布{title}"
    who = about["who"].strip().replace(" ", "、") or department
    outer = _OUTER.fullmatch(about["rest"])
    verb = _DOES.match(outer["what"]) if outer else None
    if outer is None or verb is None:
        return who, f"发布关于{about['rest']}"
    what = outer["what"][verb.end() :].strip()
    named = "《" in what or verb[0] not in _ENTITLES
    return who, verb[0] + (what if named else f"《{what}》")


def _when(item: Item) -> str:
    """The year is said only when it is not the year of publication: listeners know this one."""
    formed = item.revision.formed_on
    year = "" if formed.year == item.published_at.year else f"{formed.year}年"
    return f"{year}{formed.month}月{formed.day}日"
