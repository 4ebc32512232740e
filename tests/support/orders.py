"""A city with a channel of every kind, to give orders in."""

from pathlib import Path
from typing import Any

from publisher.amend import Amended
from publisher.channel import Recall
from publisher.model import Action, Status
from publisher.orders import Seen
from publisher.store.orders import Placed
from tests.support.city import City, an_item_object, postbox, settings_for
from tests.support.postbox import PostboxSimulator

SOON = {"attempts": 3, "base": 10, "ceiling": 300}
KINDS = {
    "web": Recall.EDITS,
    "post": Recall.FOLLOW_UP,
    "paper": Recall.DELETES,
    "board": Recall.HUMAN,
}


def city_of_every_kind(folder: Path, box: PostboxSimulator) -> City:
    stanzas = {
        name: postbox(box.url, options=_options(recall), retry=SOON)
        for name, recall in KINDS.items()
    }
    return City(settings_for(folder, stanzas))


def _options(recall: Recall) -> dict[str, object]:
    return {"recall": recall, "repeatable": recall in {Recall.EDITS, Recall.HUMAN}}


def correct(city: City, *, minor: bool = False, why: str = "数字有误", **changes: Any) -> Amended:
    data = city.approved(an_item_object(**({"title": "改正后的标题"} | changes)))
    return city.publisher.amendments.correct(
        data, why=why, by="李办", minor=minor, now=city.clock()
    )


def withdraw(city: City, why: str = "内容不宜公开") -> Placed:
    return city.publisher.amendments.withdraw("A-1", why=why, by="李办", now=city.clock())


def texts(box: PostboxSimulator, word: str = "") -> list[str]:
    return [letter["text"] for letter in box.letters if word in letter["text"]]


def deliveries(city: City, channel: str) -> list[tuple[Action, Status]]:
    (item,) = city.publisher.store.standing.items("A-1")
    return [(one.action, one.status) for one in item.deliveries if one.channel == channel]


def exposed(city: City) -> dict[str, Seen]:
    found = city.publisher.amendments.exposure("A-1")
    return {name: one.seen for name, one in found.items()}
