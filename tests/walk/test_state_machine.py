"""Whatever happens in whatever order: every status is true and nothing is sent twice.

Hypothesis drives a real database and a real HTTP world through submits, faults, time, staff and
deaths in mid-call; the world's ledger is the judge.
"""

import tempfile
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from publisher.model import ARROWS, Status
from publisher.operations import NotPossible
from publisher.planning import Parcel
from publisher.store.queue import Batch
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

TAKEN = [Fault.HANG, Fault.RESET, Fault.LATE_ERROR, Fault.NONSENSE, Fault.TRUNCATED]
NOT_TAKEN = [Fault.REFUSE]


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.box = PostboxSimulator().__enter__()
        self.count = 0
        self.seen: dict[str, Status] = {}
        self.said_not_out: set[str] = set()
        stanza = postbox(
            self.box.url,
            options={"timeout": 0.15},
            retry={"attempts": 3, "base": 10, "ceiling": 60},
        )
        self.city = City(settings_for(Path(self.folder.name), {"post": stanza}))

    def teardown(self) -> None:
        self.city.close()
        self.box.__exit__()
        self.folder.cleanup()

    @rule()
    def submit(self) -> None:
        self.count += 1
        self.city.submit(f"A-{self.count}")
        self.seen[f"A-{self.count}"] = Status.QUEUED

    @rule(fault=st.sampled_from(TAKEN + NOT_TAKEN))
    def next_call_goes_wrong(self, fault: Fault) -> None:
        self.box.plan(fault)

    @rule()
    def next_call_is_refused_for_good(self) -> None:
        self.box.plan(Fault.CODE, code="422")

    @rule(minutes=st.integers(0, 10))
    def time_passes(self, minutes: int) -> None:
        self.city.clock.advance(minutes=minutes)

    @rule()
    def flush(self) -> None:
        self.city.flush()

    @rule(called=st.booleans())
    def holder_dies(self, called: bool) -> None:
        """A worker is killed with a claim in its hands, before or after the call went out."""
        queue, now = self.city.publisher.store.queue, self.city.clock()
        channel = self.city.publisher.routes["post"].channel
        batch = self._claimed_retry(now) or self._claimed_fresh(now)
        if batch and called:
            self.box.script.clear()
            channel.send(queue.rendition(batch), batch.key)

    def _claimed_retry(self, now: datetime) -> Batch | None:
        queue = self.city.publisher.store.queue
        for batch in queue.ready("post", now):
            claim = queue.claim(batch, now)
            return batch.claimed(claim) if claim else None
        return None

    def _claimed_fresh(self, now: datetime) -> Batch | None:
        queue = self.city.publisher.store.queue
        for due in queue.due("post", now, 1, repeatable=False):
            items = queue.load([due], now)
            rendition = self.city.publisher.routes["post"].channel.render(items)
            (batch,) = queue.freeze("post", {Parcel((due,)): rendition}, now, now)
            return batch
        return None

    @precondition(lambda self: self.count)
    @rule(data=st.data(), checked=st.booleans())
    def staff_resends(self, data: st.DataObject, checked: bool) -> None:
        item = f"A-{data.draw(st.integers(1, self.count))}"
        if checked and not self.is_out(item):
            self.said_not_out.add(item)
        try:
            self.city.publisher.staff.resend(
                item,
                "post",
                by="赵值",
                why="核对",
                not_out=checked and not self.is_out(item),
                now=self.city.clock(),
            )
        except NotPossible:
            assert self.city.status(item, "post") not in {Status.FAILED, Status.LOST}

    @precondition(lambda self: self.count)
    @rule(data=st.data())
    def staff_confirms_what_is_out(self, data: st.DataObject) -> None:
        item = f"A-{data.draw(st.integers(1, self.count))}"
        if self.is_out(item) and self.city.status(item, "post") is Status.UNKNOWN:
            self.city.publisher.staff.confirm(
                item, "post", by="赵值", note="已看到", evidence=None, now=self.city.clock()
            )

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        received = [letter["text"].split()[0] for letter in self.box.letters]
        assert len(set(received)) == len(received)

    @invariant()
    def every_status_is_true(self) -> None:
        for item in self.seen:
            status = self.city.status(item, "post")
            if status is Status.DELIVERED:
                assert self.is_out(item)
            if status in {Status.FAILED, Status.CANCELLED, Status.QUEUED}:
                assert not self.is_out(item)

    @invariant()
    def every_step_is_recorded(self) -> None:
        for item in self.seen:
            delivery = self.city.publisher.store.standing.delivery(item, "post")
            assert delivery
            history = self.city.publisher.store.standing.history(delivery.id)
            if delivery.status not in {Status.QUEUED, Status.SENDING}:
                assert history[-1].outcome == delivery.status or history[-1].kind == "receipt"
            assert all(Status(line.outcome) in ARROWS for line in history if line.kind != "receipt")

    def is_out(self, item: str) -> bool:
        return any(letter["text"].split()[0] == item for letter in self.box.letters)


def test_any_walk_keeps_every_status_true() -> None:
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
