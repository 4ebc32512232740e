"""The audit: what the database says, against what the other side has.

lost      called out, or still open, and the other side has it not; or without a reason
ghosts    called not out, and the other side has it
doubled   the other side has it more often than once
half      a file of which a part is missing
stale     a file of the website that says something else than what stands
unknown   in doubt; `out` of them were out
stranded  in somebody's hands when he died or was cut off
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from channels._files import is_stray
from publisher.bootstrap import Publisher
from publisher.model import Action, Status
from publisher.rebuild import rebuild
from publisher.settle import Kind
from publisher.store.freezing import read_rendition
from publisher.store.standing import DeliveryRow, ItemRow
from publisher.store.tables import (
    attempts,
    batch_deliveries,
    batches,
    recipients,
    subscribers,
)
from tests.crash.scene import Scene
from tests.crash.taken_back import left_behind, untold
from tests.simulators.yunmas import FATES
from tests.support.demo_city import URL

KINDS = ("lost", "ghosts", "doubled", "half", "stale")
_ENDED = {Status.DELIVERED, Status.AWAITING, Status.CANCELLED, Status.FAILED, Status.UNKNOWN}
_NOT_OUT = {Status.CANCELLED, Status.FAILED}
_WITH_REASON = {*_NOT_OUT, Status.UNKNOWN}
_PLACES = {"broadcast": "*.txt", "noticeboard": "*.pdf"}
_ENDS = {".html": b"</html>", ".xml": b">", ".json": b"}", ".pdf": b"%%EOF"}


@dataclass
class Findings:
    """What an audit found; a line for each trouble."""

    statuses: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    ghosts: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    strays: int = 0
    stranded: int = 0
    unknown: int = 0
    out: int = 0

    @property
    def troubles(self) -> list[str]:
        return [f"{kind}: {one}" for kind in KINDS for one in getattr(self, kind)]

    def weigh(self, what: str, status: Status, *, times: int) -> None:
        """One thing that the database calls so, and the other side has so many times."""
        if times > 1:
            self.doubled.append(f"{what} {status} x{times}")
        if status is Status.UNKNOWN:
            self.unknown += 1
            self.out += bool(times)
        elif status in _NOT_OUT and times:
            self.ghosts.append(f"{what} {status}")
        elif status not in _NOT_OUT and not times:
            self.lost.append(f"{what} {status}")


def audit(scene: Scene) -> Findings:
    city = scene.city()
    found = Findings()
    items = city.publisher.store.standing.items()
    for item in items:
        for one in item.deliveries:
            found.statuses[one.status] += 1
            _check_words(found, one)
    found.stranded = _stranded(city.publisher)
    _check_phones(found, city.publisher, scene)
    _check_articles(found, city.publisher, scene, items)
    _check_pages(found, scene, items)
    _check_sheets(found, scene, items)
    _check_files(found, scene)
    found.lost += untold(scene, items)
    found.ghosts += left_behind(scene, items)
    _check_lists(found, city.publisher, scene)
    city.close()
    return found


def _name(one: DeliveryRow) -> str:
    return f"{one.item_id} {one.action} {one.channel}"


def _check_words(found: Findings, one: DeliveryRow) -> None:
    if one.status not in _ENDED:
        found.lost.append(f"{_name(one)} is still {one.status}")
    if one.status in _WITH_REASON and not one.reason:
        found.lost.append(f"{_name(one)} is {one.status} without a reason")


def _stranded(publisher: Publisher) -> int:
    query = select(func.count(attempts.c.batch_id.distinct())).where(attempts.c.kind == Kind.SETTLE)
    with publisher.store.database.read() as connection:
        return connection.execute(query).scalar_one()


def _check_phones(found: Findings, publisher: Publisher, scene: Scene) -> None:
    """Each person of each batch; and no person the same thing twice in two batches."""
    assert publisher.vault
    received = Counter((one["phone"], one["text"]) for one in scene.outside.sms.ledger())
    got: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    seen, expected = set(), set()
    for row in _addressed(publisher):
        phone = publisher.vault.open(row.sealed, row.ref)
        text = _frozen(publisher, row.batch_id, "message.txt").decode()
        got[row.delivery_id, phone][text] = received[phone, text]
        expected.add((phone, text))
        status = Status(row.status)
        if status is Status.ACCEPTED:  # no report came: it stands as its batch does
            status = Status(row.batch_status)
        fails = "DELIVRD" not in FATES.get(phone[-4:], ("DELIVRD",))
        if (row.batch_id, phone) not in seen and not (status is Status.FAILED and fails):
            times = received[phone, text]
            if status is Status.UNKNOWN and fails:
                times = scene.outside.sms.accepted[phone]
            found.weigh(f"{phone[-4:]} {text[:24]}", status, times=times)
        seen.add((row.batch_id, phone))
    for (delivery, phone), texts in got.items():
        if texts.total() > 1 and max(texts.values()) == 1:
            found.doubled.append(f"delivery {delivery} to {phone[-4:]} in {len(texts)} texts")
    found.ghosts += [f"{phone[-4:]} {text[:24]}" for phone, text in received.keys() - expected]


def _addressed(publisher: Publisher) -> Any:
    query = (
        select(recipients, batch_deliveries.c.delivery_id, subscribers.c.sealed, subscribers.c.ref)
        .add_columns(batches.c.status.label("batch_status"))
        .join(batches, batches.c.id == recipients.c.batch_id)
        .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
        .join(subscribers, subscribers.c.id == recipients.c.subscriber_id)
        .where(batches.c.channel == "sms")
        .order_by(batches.c.id)
    )
    with publisher.store.database.read() as connection:
        return connection.execute(query).all()


def _frozen(publisher: Publisher, batch_id: int, name: str) -> bytes:
    """A file that the batch went out with; empty where it had none of that name."""
    with publisher.store.database.read() as connection:
        files = read_rendition(connection, batch_id).files
        return next((file.data for file in files if file.name == name), b"")


def _check_articles(
    found: Findings, publisher: Publisher, scene: Scene, items: list[ItemRow]
) -> None:
    """Each article was put out once at most, and what was taken back is gone."""
    ledger = scene.outside.wechat.ledger()
    titles = _article_titles(publisher)
    times = Counter(one["title"] for one in ledger)
    live = {one["title"] for one in ledger if not one["deleted"]}
    for item in items:
        before: set[str] = set()
        for one in (each for each in item.deliveries if each.channel == "wechat"):
            mine = titles.get(one.id, "")
            if one.action in {Action.PUBLISH, Action.CORRECT}:
                found.weigh(_name(one), one.status, times=times[mine] if mine else 0)
            if one.status is Status.DELIVERED and before & live:
                found.ghosts.append(f"{_name(one)}: what it took back is still there")
            before |= {mine} - {""}
    found.ghosts += [f"article {title}" for title in times.keys() - set(titles.values())]


def _article_titles(publisher: Publisher) -> dict[int, str]:
    """By delivery: the title its newest article was frozen with."""
    query = (
        select(batch_deliveries)
        .join(batches, batches.c.id == batch_deliveries.c.batch_id)
        .where(batches.c.channel == "wechat")
        .order_by(batches.c.id)
    )
    with publisher.store.database.read() as connection:
        rows = connection.execute(query).all()
    found = {}
    for row in rows:
        if data := _frozen(publisher, row.batch_id, "articles.json"):
            found[row.delivery_id] = json.loads(data)["articles"][0]["title"]
    return found


def _check_pages(found: Findings, scene: Scene, items: list[ItemRow]) -> None:
    """Each page once, in the newest state that is called delivered; in the feed once."""
    site = scene.folder / "output" / "site"
    feed = (site / "atom.xml").read_text("utf-8") if (site / "atom.xml").exists() else ""
    expected = set()
    for item in items:
        page = site / item.url.removeprefix(f"{URL}/")
        mine = [one for one in item.deliveries if one.channel == "website"]
        newest = [one for one in mine if one.status is not Status.CANCELLED][-1]
        text = page.read_text("utf-8") if page.exists() else ""
        told = item.title in text
        gone = newest.action is Action.WITHDRAW
        shows = told and ('<body class="withdrawn">' in text) is gone
        found.weigh(_name(newest), newest.status, times=int(shows))
        entries = feed.count(f"<id>{item.url}</id>")
        if entries > 1 or (entries == 0 and not gone):
            found.doubled.append(f"{item.id} is {entries} times in the feed")
        expected.add(page)
    strangers = set(site.glob("20*/*.html")) - expected
    found.doubled += [f"page {one.name} of nobody" for one in strangers]


def _check_lists(found: Findings, publisher: Publisher, scene: Scene) -> None:
    """A rebuild finds nothing to do: lists, feeds and links are those of what stands. Comes last,
    since it puts right what it finds.
    """
    before = _site(scene)
    rebuild(publisher.courier(), publisher.routes["website"], lambda *_: None)
    after = _site(scene)
    found.stale += sorted(name for name in before | after if before.get(name) != after.get(name))


def _site(scene: Scene) -> dict[str, bytes]:
    """What visitors of the site can see, by name."""
    site = scene.folder / "output" / "site"
    files = (path for path in site.rglob("*") if path.is_file() and not is_stray(path.name))
    return {str(path.relative_to(site)): path.read_bytes() for path in files}


def _check_sheets(found: Findings, scene: Scene, items: list[ItemRow]) -> None:
    """What a person is to act on lies there."""
    for channel, pattern in _PLACES.items():
        files = [path.relative_to(scene.folder) for path in _files(scene, channel, pattern)]
        for item in items:
            mine = [one for one in item.deliveries if one.channel == channel]
            serial = item.url.rpartition("/")[2].removesuffix(".html")
            there = any(serial in str(path) for path in files)
            if mine and mine[-1].status is Status.AWAITING and not there:
                found.lost.append(f"{_name(mine[-1])}: no file")


def _files(scene: Scene, channel: str, pattern: str) -> list[Path]:
    return sorted((scene.folder / "output" / channel).rglob(pattern))


def _check_files(found: Findings, scene: Scene) -> None:
    for path in sorted((scene.folder / "output").rglob("*")):
        if not path.is_file():
            continue
        if is_stray(path.name):
            found.strays += 1
        elif not path.read_bytes().rstrip().endswith(_ENDS.get(path.suffix, b"")):
            found.half.append(str(path.relative_to(scene.folder)))
