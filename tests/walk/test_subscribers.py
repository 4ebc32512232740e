"""A subscriber who wants no more gets no more, until an office takes them in again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from publisher.store.subscribing import Imported, Wish
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

PHONES = [f"1390001{number:04d}" for number in range(3)]


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    stanza = postbox(
        box.url,
        options={"addressed": True, "asynchronous": True},
        recipients_per_batch=3,
        checks=[10],
        retry={"attempts": 3, "base": 10},
    )
    found = City(settings_for(tmp_path, {"post": stanza}))
    take(found, *PHONES)
    yield found
    found.close()


def take(city: City, *phones: str, again: bool = False) -> Imported:
    vault = city.publisher.vault
    assert vault
    wishes = [Wish(vault.index(phone), phone, frozenset({"财政预决算"})) for phone in phones]
    return city.publisher.store.subscribers.take(
        wishes, vault.seal, by="李办", now=city.clock(), again=again
    )


def stop(city: City, phone: str) -> bool:
    vault = city.publisher.vault
    assert vault
    return city.publisher.store.subscribers.stop(
        vault.index(phone), shown="", by="李办", now=city.clock()
    )


def test_a_stopped_number_gets_nothing(city: City, box: PostboxSimulator) -> None:
    assert stop(city, PHONES[1])
    assert stop(city, PHONES[1]), "twice is as good as once"
    assert city.publisher.store.subscribers.count() == {"财政预决算": 2}
    city.submit()
    city.flush()
    assert [letter["to"] for letter in box.letters] == [[PHONES[0], PHONES[2]]]


def test_a_number_that_is_not_known_is_said_to_be_so(city: City) -> None:
    assert not stop(city, "13900019999")
    assert city.publisher.store.subscribers.count() == {"财政预决算": 3}


def test_a_stop_reaches_what_is_frozen_and_waits(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.REFUSE)
    city.submit()
    city.flush()
    assert not box.letters
    stop(city, PHONES[1])
    city.clock.advance(minutes=2)
    city.flush()
    assert [letter["to"] for letter in box.letters] == [[PHONES[0], PHONES[2]]]
    box.reports["L1"] = {PHONES[0]: "delivered", PHONES[2]: "delivered"}
    city.clock.advance(seconds=11)
    city.flush()
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.reason == "送达 2 人，失败 1 人", "nobody waits for a receipt that cannot come"


def test_an_import_takes_a_stopped_number_in_again_only_if_it_asked_for_it(
    city: City, box: PostboxSimulator
) -> None:
    stop(city, PHONES[1])
    left = take(city, *PHONES)
    assert left == Imported(added=0, changed=0, unchanged=2, back=0, left=1)
    assert left.in_words.endswith("停发过的 1 人没有恢复")
    city.submit()
    city.flush()
    assert take(city, *PHONES, again=True).back == 1
    city.submit("A-2")
    city.flush()
    assert [len(letter["to"]) for letter in box.letters] == [2, 3]


def test_no_number_stands_in_an_error_of_the_database(city: City) -> None:
    with pytest.raises(IntegrityError) as caught, city.publisher.store.database.write() as writing:
        writing.execute(
            text("INSERT INTO subscribers (ref, sealed, blind_index) VALUES (:ref, :no, :no)"),
            {"ref": PHONES[0], "no": b""},
        )
    assert PHONES[0] not in str(caught.value)
