"""Citizens' feed readers, each with its memory in a folder: newsboat, rss2email, feedparser."""

import mailbox
import os
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http import HTTPStatus
from pathlib import Path
from typing import Any

import feedparser

_PATIENCE = 30


@dataclass(frozen=True)
class Article:
    """What a reader shows of one entry."""

    id: str
    title: str
    text: str
    unread: bool = True


def _run(folder: Path, *command: str) -> str:
    """Run a reader at home in this folder, away from any proxy and from any other set-up."""
    done = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr, done.stderr
    return done.stdout


class Newsboat:
    """newsboat as Debian ships it, with no settings but the feeds."""

    def __init__(self, folder: Path, *urls: str) -> None:
        folder.mkdir()
        self._folder = folder
        (folder / "urls").write_text("".join(f"{url}\n" for url in urls), "utf-8")
        (folder / "config").touch()

    def reload(self) -> None:
        self._execute("reload")

    def unread(self) -> int:
        """What it says itself, as in `12 unread articles`."""
        return int(self._execute("print-unread").split()[0])

    def articles(self) -> dict[str, Article]:
        """Everything it keeps, by id, straight from its own cache."""
        with closing(sqlite3.connect(self._folder / "cache.db")) as cache:
            rows = cache.execute("SELECT guid, title, content, unread FROM rss_item ORDER BY id")
            return {row[0]: Article(row[0], row[1], row[2], bool(row[3])) for row in rows}

    def read_all(self) -> None:
        """As if the citizen had opened every article: their ids are taken in as read."""
        read = self._folder / "read"
        read.write_text("".join(f"{one}\n" for one in self.articles()), "utf-8")
        self._execute_with("-I", str(read))

    def kept(self) -> str:
        """All the bytes of its cache as text, whatever table they stand in."""
        self._execute_with("-X")  # what was overwritten leaves the file
        return (self._folder / "cache.db").read_bytes().decode("utf-8", "replace")

    def _execute(self, command: str) -> str:
        return self._execute_with("-x", command)

    def _execute_with(self, *words: str) -> str:
        places = ("-u", "urls", "-C", "config", "-c", "cache.db")
        named = [w if w.startswith("-") else str(self._folder / w) for w in places]
        return _run(self._folder, "newsboat", "-q", *named, *words)


class RssToEmail:
    """rss2email as Debian ships it; its mails go into a maildir. `options` differ from its own."""

    def __init__(self, folder: Path, url: str, **options: str) -> None:
        folder.mkdir()
        self._folder = folder
        own = {
            "from": "feeds@rss2email.invalid",
            "to": "citizen@rss2email.invalid",
            "email-protocol": "maildir",
            "maildir-path": str(folder / "mail"),
            "verbose": "warning",
        }
        own |= {name.replace("_", "-"): value for name, value in options.items()}
        (folder / "mail").mkdir()
        lines = "".join(f"{name} = {value}\n" for name, value in own.items())
        (folder / "rss2email.cfg").write_text(f"[DEFAULT]\n{lines}", "utf-8")
        self._execute("add", "site", url)

    def run(self) -> list[EmailMessage]:
        """Look at the feed; the mails that came of it, in no order."""
        self._execute("run")
        box = mailbox.Maildir(self._folder / "mail" / "INBOX")
        with closing(box):
            letters = [box.get_bytes(key) for key in box.iterkeys()]
            box.clear()
        return [message_from_bytes(one, policy=policy.default) for one in letters]

    def _execute(self, *words: str) -> str:
        config, data = self._folder / "rss2email.cfg", self._folder / "rss2email.json"
        return _run(self._folder, "r2e", "-c", str(config), "-d", str(data), *words)


class Follower:
    """A program built on feedparser, as harvesters are: it keeps entries by id, the newest wins."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._etag: str | None = None
        self._modified: str | None = None
        self.entries: dict[str, Any] = {}

    def look(self) -> int:
        """Ask for the feed; the status of the answer."""
        found = feedparser.parse(self._url, etag=self._etag, modified=self._modified)
        status: int = found.status
        if status == HTTPStatus.NOT_MODIFIED:
            return status
        assert not found.bozo, found.get("bozo_exception")
        self._etag, self._modified = found.get("etag"), found.get("modified")
        self.entries |= {entry.id: entry for entry in found.entries}
        return status

    def text(self, entry_id: str) -> str:
        entry = self.entries[entry_id]
        return f"{entry.title} {entry.summary} {entry.content[0].value}"
