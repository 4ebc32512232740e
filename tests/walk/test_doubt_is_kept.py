"""What may be out by its key stays in doubt until it is known, and all that is in its batch."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Action, Status
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox, letters, walks, withdraw
from tests.support.orders import SOON
from tests.support.townsfolk import some_hours


@pytest.fixture
def box() -> Iterator[EventfulPostbox]:
    with EventfulPostbox() as simulator:
        simulator.knows_keys = True
        yield simulator


def a_city(folder: Path, box: EventfulPostbox, **rules: Any) -> City:
    stanza = postbox(box.url, retry=SOON, options={"idempotent": True, "timeout": 10}, **rules)
    return City(settings_for(folder, {"post": stanza}))


def in_doubt_then_busy(box: EventfulPostbox, times: int = 1) -> None:
    """The letter is taken and no answer comes; who asks again is told that the box is busy."""
    box.plan(Fault.RESET, path="/letters")
    box.plan(Fault.CODE, path="/letters", code="503", times=times)


def test_a_busy_answer_does_not_end_the_doubt(tmp_path: Path, box: EventfulPostbox) -> None:
    with closing(a_city(tmp_path, box)) as city:
        in_doubt_then_busy(box)
        city.submit()
        city.flush()
        city.clock.advance(seconds=15)
        city.flush()
        withdraw(city)
        some_hours(city)
        assert letters(box) == ["news", "withdraw"]


def test_no_more_tries_leave_it_in_doubt(tmp_path: Path, box: EventfulPostbox) -> None:
    with closing(a_city(tmp_path, box)) as city:
        in_doubt_then_busy(box, times=5)
        city.submit()
        city.flush()
        some_hours(city)
        assert walks(city) == [(Action.PUBLISH, Status.UNKNOWN)]


def test_past_its_time_what_may_be_out_is_not_called_not_out(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    with closing(a_city(tmp_path, box, deadlines={"queued": 60})) as city:
        box.plan(Fault.CODE, path="/letters", code="503")
        city.submit()
        city.flush()
        box.plan(Fault.RESET, path="/letters")
        city.clock.advance(minutes=2)
        city.flush()
        assert letters(box) == ["news"]
        assert walks(city) == [(Action.PUBLISH, Status.UNKNOWN)]


def test_a_withdrawal_in_doubt_and_then_busy_is_one_letter(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    with closing(a_city(tmp_path, box)) as city:
        city.submit()
        city.flush()
        withdraw(city)
        in_doubt_then_busy(box)
        city.flush()
        some_hours(city)
        assert letters(box) == ["news", "withdraw"]


def test_what_shares_a_batch_in_doubt_is_in_doubt_and_staff_are_told(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    with closing(a_city(tmp_path, box, grouping={"kind": "bundle"})) as city:
        box.plan(Fault.RESET, path="/letters")
        city.submit("A-1")
        city.submit("B-1")
        city.flush()
        withdraw(city)
        assert city.status("B-1", "post") is Status.UNKNOWN
        told = city.publisher.store.watching.to_tell(city.clock(), {})
        assert ("B-1", Status.UNKNOWN) in {(one.item_id, one.status) for one in told}


def test_also_where_the_channel_is_paused(tmp_path: Path, box: EventfulPostbox) -> None:
    with closing(a_city(tmp_path, box, grouping={"kind": "bundle"})) as city:
        box.plan(Fault.RESET, path="/letters")
        city.submit("A-1")
        city.submit("B-1")
        city.flush()
        city.publisher.staff.pause("post", by="李办", why="核对", now=city.clock())
        city.clock.advance(hours=1)
        city.flush()
        assert city.status("B-1", "post") is Status.HELD
        withdraw(city)
        assert city.status("B-1", "post") is Status.UNKNOWN
