"""A worker cut off from PostgreSQL may make its call yet: no order overtakes it.

On SQLite there is no such worker: its lock dies with it, and with nothing else.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.model import Status
from tests.support.city import City, postbox, settings_for
from tests.support.databases import chosen
from tests.support.eventful import EventfulPostbox, correct, letters, walks, withdraw
from tests.support.mortal_postbox import ADAPTER, End, flush_to_the_end, mortal
from tests.support.orders import SOON
from tests.support.townsfolk import ANN, BEA, CHO, FIRST, city_of_three, heard, some_hours

Order = Callable[[City], object]
ORDERS = pytest.mark.parametrize(
    ("order", "word"), [(withdraw, "withdraw"), (correct, "correct")], ids=["withdraw", "correct"]
)


@pytest.fixture
def database() -> Iterator[str]:
    with chosen("postgres"):
        yield "postgres"


@ORDERS
@pytest.mark.parametrize("recall", ["follow_up", "deletes", "edits"])
@pytest.mark.parametrize("lookup", [True, False])
def test_the_order_has_the_last_word(
    tmp_path: Path, box: EventfulPostbox, recall: str, order: Order, word: str, *, lookup: bool
) -> None:
    options = {"lookup": lookup, "recall": recall, "repeatable": recall == "edits"}
    stanza = postbox(box.url, retry=SOON, longest_call=120, options={"timeout": 10, **options})
    stanza["adapter"] = ADAPTER
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as city:
        city.submit()
        flush_to_the_end(city, End.CUT_OFF)
        order(city)
        city.flush()
        city.clock.advance(seconds=100)
        city.flush()
        assert box.letters == [], "the call may come yet"
        mortal(city).go_on()
        city.clock.advance(minutes=1)
        city.flush()
        some_hours(city)
        assert letters(box)[0] == "news"
        assert letters(box)[-1] == word
        if recall != "edits":
            assert letters(box) == ["news", word]
        assert walks(city)[-1][1] is Status.DELIVERED


@ORDERS
def test_so_it_is_person_by_person(
    tmp_path: Path, box: EventfulPostbox, order: Order, word: str
) -> None:
    with closing(city_of_three(tmp_path, box)) as city:
        city.submit()
        flush_to_the_end(city, End.CUT_OFF, calls_before=1)
        order(city)
        city.flush()
        assert heard(box) == {ANN: [FIRST]}
        mortal(city).go_on()
        some_hours(city)
        told = {ANN: [FIRST, word], BEA: [FIRST, word]}
        assert heard(box) == (told | ({CHO: ["改正后的标题"]} if word == "correct" else {}))
