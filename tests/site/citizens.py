"""Citizens who follow a feed, each with a reader of their own, and what they have after a look."""

from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tests.support.readers import Article, Follower, Newsboat, RssToEmail
from tests.support.site_city import ShownCity

SETTINGS = {
    "default": {},
    "reply": {"reply_changes": "True"},
    "content": {"trust_guid": "False"},
    "link": {"trust_link": "True"},
}
"""The ways of rss2email to tell what is new: by id, by id with later changes, by text, by page."""


@dataclass(frozen=True)
class Seen:
    """What everybody has after one look at the feed."""

    articles: dict[str, Article]
    unread: list[Article]
    counted: int
    kept: str
    mails: dict[str, list[EmailMessage]]
    entries: dict[str, str]
    again: list[int]
    """How a second look was answered, of each of the three."""


class Citizens:
    """A citizen for each reader, and for each setting of the one that sends mails."""

    def __init__(self, folder: Path, url: str) -> None:
        self._newsboat = Newsboat(folder / "newsboat", url)
        self._mails = {
            name: RssToEmail(folder / name, url, **options) for name, options in SETTINGS.items()
        }
        self._follower = Follower(url)

    def look(self, city: ShownCity) -> Seen:
        self._newsboat.reload()
        articles, counted = self._newsboat.articles(), self._newsboat.unread()
        self._newsboat.read_all()
        mails = {name: one.run() for name, one in self._mails.items()}
        self._follower.look()
        self._newsboat.reload()  # at its very first look it keeps no validator
        entries = {one: self._follower.text(one) for one in self._follower.entries}
        return Seen(
            articles=articles,
            unread=[one for one in articles.values() if one.unread],
            counted=counted,
            kept=self._newsboat.kept(),
            mails=mails,
            entries=entries,
            again=self._again(city),
        )

    def _again(self, city: ShownCity) -> list[int]:
        before = len(city.answers())
        self._newsboat.reload()
        assert self._mails["default"].run() == []
        self._follower.look()
        return [status for _, status in city.answers()[before:]]
