"""People who have asked for the city's letters, and what each of them has heard."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from publisher.store.subscribing import Wish
from tests.support.city import City, postbox, settings_for
from tests.support.mortal_postbox import ADAPTER
from tests.support.orders import SOON
from tests.support.postbox import PostboxSimulator

ANN, BEA, CHO, DAN, EVA = (f"1390001000{number}" for number in range(5))
FIRST = "first"
"""The text that was published first, as news; another text is called by its title."""


def subscribe(city: City, *phones: str) -> None:
    vault = city.publisher.vault
    assert vault
    wishes = [Wish(vault.index(one), one, frozenset({"财政预决算"})) for one in phones]
    city.publisher.store.subscribers.take(wishes, vault.seal, by="李办", now=city.clock())


def city_of_three(
    folder: Path, box: PostboxSimulator, others: Mapping[str, Any] | None = None, **more: Any
) -> City:
    """Ann, Bea and Cho have asked for letters; each gets hers in a call of its own.

    `others` are stanzas of further channels.
    """
    options = {"addressed": True, "asynchronous": True, "timeout": 10, **more.pop("options", {})}
    rules = {
        "retry": SOON,
        "recipients_per_batch": 1,
        "checks": [10],
        "longest_call": 120,
        **more,
    }
    stanza = postbox(box.url, options=options, **rules)
    stanza["adapter"] = ADAPTER
    city = City(settings_for(folder, {"post": stanza, **(others or {})}))
    subscribe(city, ANN, BEA, CHO)
    return city


def heard(box: PostboxSimulator, item_id: str = "A-1") -> dict[str, list[str]]:
    """What each person was sent of an item, in its order: news by their title, orders by name."""
    found: dict[str, list[str]] = {}
    for letter in box.letters:
        for line in letter["text"].splitlines():
            if line.startswith(f"{item_id} "):
                for phone in letter["to"]:
                    found.setdefault(phone, []).append(_word(line))
    return found


def report(city: City, box: PostboxSimulator, **statuses: Sequence[str]) -> None:
    """The network's word on these people's letters, as `failed=[ANN]`; and it is asked for."""
    for letter in box.letters:
        mine = {one: word for word, people in statuses.items() for one in people}
        box.reports[letter["reference"]] = {
            one: word for one, word in mine.items() if one in letter["to"]
        }
    city.clock.advance(seconds=11)
    city.flush()


def some_hours(city: City, hours: int = 3) -> None:
    for _ in range(hours):
        city.clock.advance(hours=1)
        city.flush()


def _word(line: str) -> str:
    for order in ("correct", "withdraw", "expire"):
        if f" {order} " in line:
            return order
    title = line.split()[1]
    return FIRST if title.startswith("关于印发") else title
