"""What is unknown is asked about again where the channel can be asked, and before any resend."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.operations import NotPossible
from publisher.planning import Parcel
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    stanza = postbox(box.url, checks=[10, 60])
    stanza["adapter"] = "tests.support.lookup_postbox"
    found = City(settings_for(tmp_path, {"post": stanza}))
    yield found
    found.close()


def in_doubt(city: City, box: PostboxSimulator, fault: Fault) -> None:
    box.plan(fault, "/letters")
    city.submit()
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN


def test_found_later_it_is_delivered(city: City, box: PostboxSimulator) -> None:
    in_doubt(city, box, Fault.RESET)
    city.flush()
    assert city.status("A-1", "post") is Status.UNKNOWN, "not before its time"
    city.clock.advance(seconds=11)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 1


def test_found_not_to_be_out_it_goes_again(city: City, box: PostboxSimulator) -> None:
    in_doubt(city, box, Fault.ERROR)
    assert box.letters == []
    city.clock.advance(seconds=11)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    assert len(box.letters) == 1


def test_while_it_cannot_be_asked_it_stays_unknown(city: City, box: PostboxSimulator) -> None:
    in_doubt(city, box, Fault.RESET)
    box.plan(Fault.REFUSE, "/lookup", times=2)
    for _ in range(2):
        city.clock.advance(minutes=2)
        city.flush()
        assert city.status("A-1", "post") is Status.UNKNOWN
    city.clock.advance(minutes=2)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED


def test_a_resend_asks_first_whatever_the_person_says(city: City, box: PostboxSimulator) -> None:
    in_doubt(city, box, Fault.RESET)
    with pytest.raises(NotPossible, match="已经发出"):
        city.publisher.staff.resend(
            "A-1", "post", by="赵值", why="没看到", not_out=True, now=city.clock()
        )
    assert city.status("A-1", "post") is Status.DELIVERED
    city.flush()
    assert len(box.letters) == 1


def test_a_killed_holder_is_looked_up_and_not_repeated(city: City, box: PostboxSimulator) -> None:
    city.submit()
    queue, now = city.publisher.store.queue, city.clock()
    (due,) = queue.due("post", now, 1, repeatable=False)
    channel = city.publisher.routes["post"].channel
    rendition = channel.render(queue.load([due], now))
    (batch,) = queue.freeze("post", {Parcel((due,)): rendition}, now, now)
    channel.send(rendition, batch.key)
    city.clock.advance(minutes=3)  # its holder may only be cut off from the database
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED
    found = city.publisher.store.standing.delivery("A-1", "post")
    assert found
    assert found.attempts == 1, "it did go out"
    assert len(box.letters) == 1


def test_who_may_only_be_cut_off_is_waited_for(city: City, box: PostboxSimulator) -> None:
    """A lost file lock is a dead holder; a lost advisory lock may be a cut line (adr/0012)."""
    city.submit()
    queue, now = city.publisher.store.queue, city.clock()
    (due,) = queue.due("post", now, 1, repeatable=False)
    rendition = city.publisher.routes["post"].channel.render(queue.load([due], now))
    queue.freeze("post", {Parcel((due,)): rendition}, now, now)
    city.flush()
    dead = city.publisher.store.database.lock_dies_with_process
    assert city.status("A-1", "post") is (Status.DELIVERED if dead else Status.SENDING)
    city.clock.advance(minutes=3)
    city.flush()
    assert city.status("A-1", "post") is Status.DELIVERED, "the look-up said that it was not out"
    assert len(box.letters) == 1
