"""Two look-ups at once, one answered late: what it says was true once, and sends nothing again."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from publisher.model import Status
from publisher.operations import NotPossible
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.late_postbox import PATIENCE, LatePostbox
from tests.support.orders import SOON


@pytest.fixture
def box() -> Iterator[LatePostbox]:
    with LatePostbox() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, box: LatePostbox) -> Iterator[City]:
    """Its letter never arrived, and nobody knows."""
    stanza = postbox(box.url, retry=SOON, checks=[10], options={"timeout": PATIENCE})
    stanza["adapter"] = "tests.support.lookup_postbox"
    with closing(City(settings_for(tmp_path, {"post": stanza}))) as found:
        box.plan(Fault.DROP, path="/letters")
        found.submit()
        found.flush()
        assert found.status("A-1", "post") is Status.UNKNOWN
        assert box.letters == []
        yield found


def resend(city: City) -> None:
    with suppress(NotPossible):
        city.publisher.staff.resend(
            "A-1", "post", by="赵值", why="没看到", not_out=True, now=city.clock()
        )


def ask_in_due_time(city: City) -> None:
    city.clock.advance(minutes=1)
    city.flush()


def resend_at_once(city: City) -> None:
    resend(city)
    city.flush()


@pytest.mark.parametrize("meanwhile", [ask_in_due_time, resend_at_once])
@pytest.mark.parametrize(
    ("fault", "stands"),
    [(Fault.RESET, Status.UNKNOWN), (None, Status.DELIVERED)],
    ids=["in doubt again", "delivered"],
)
def test_a_person_is_told_late_that_it_is_not_out(
    city: City,
    box: LatePostbox,
    meanwhile: Callable[[City], None],
    fault: Fault | None,
    stands: Status,
) -> None:
    with ThreadPoolExecutor(1) as pool:
        late: Future[None] = pool.submit(resend, city)
        assert box.asked.wait(PATIENCE)
        if fault:
            box.plan(fault, path="/letters")
        meanwhile(city)
        box.let_go.set()
        late.result(PATIENCE)
    city.flush()
    assert len(box.letters) == 1
    assert city.status("A-1", "post") is stands
    city.clock.advance(minutes=5)
    city.flush()
    assert len(box.letters) == 1
    assert city.status("A-1", "post") is Status.DELIVERED


def test_the_worker_is_told_late_what_a_person_has_learnt_already(
    city: City, box: LatePostbox
) -> None:
    with ThreadPoolExecutor(1) as pool:
        late: Future[None] = pool.submit(ask_in_due_time, city)
        assert box.asked.wait(PATIENCE)
        box.plan(Fault.RESET, path="/letters")
        resend(city)
        box.let_go.set()
        late.result(PATIENCE)
    for _ in range(3):
        ask_in_due_time(city)
    assert len(box.letters) == 1
    assert city.status("A-1", "post") is Status.DELIVERED
