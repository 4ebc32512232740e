"""The line of changes: complete, in order, found at once, and let go when nobody needs it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from publisher.model import Action, Status
from publisher.store import changes as line
from publisher.store.office_tables import changes, webhooks
from publisher.store.tables import deliveries
from tests.simulators.receiver import ReceiverSimulator
from tests.support.city import City
from tests.support.postbox import PostboxSimulator
from tests.support.told import publish, tell, told_city


@pytest.fixture
def told(database: str, tmp_path: Path) -> Iterator[City]:
    assert database
    with PostboxSimulator() as box:
        found = told_city(tmp_path, box)
        yield found
        found.close()


def many(city: City) -> int:
    with city.publisher.store.database.read() as connection:
        found: int = connection.execute(select(func.count()).select_from(changes)).scalar_one()
        return found


def test_a_change_holds_what_stood_in_the_delivery_then(told: City) -> None:
    store = told.publisher.store
    assert store.changes.newest() == 0
    told.submit("A-1")
    told.clock.advance(minutes=1)
    with store.database.write() as connection:
        connection.execute(
            update(deliveries).values(
                status=Status.DELIVERED,
                url="the place",
                reason="seen",
                reason_class="content",
                updated_at=told.clock(),
            )
        )
        connection.execute(update(deliveries).values(url="another place", reason="later"))
    first, second = store.changes.after(0, 10)
    assert second.id == store.changes.newest() > first.id
    assert (first.was, first.status, first.url) == (None, Status.QUEUED, "")
    assert (second.was, second.status) == (Status.QUEUED, Status.DELIVERED)
    assert (second.url, second.reason, second.reason_class) == ("the place", "seen", "content")
    assert (second.item_id, second.channel, second.action) == ("A-1", "post", Action.PUBLISH)
    assert second.department == "辛集市人民政府办公室"
    assert second.title.startswith("关于印发辛集市")
    assert second.at == told.clock()
    assert second.at - first.at == timedelta(minutes=1)
    assert store.changes.after(first.id, 10) == [second]
    assert store.changes.after(0, 1) == [first]


def test_what_is_rolled_back_has_no_line(told: City) -> None:
    told.submit("A-1")
    before = many(told)
    with pytest.raises(ZeroDivisionError):
        fail_after_a_change(told)
    assert many(told) == before


def fail_after_a_change(city: City) -> None:
    with city.publisher.store.database.write() as connection:
        connection.execute(update(deliveries).values(status=Status.DELIVERED))
        raise ZeroDivisionError


def test_only_what_is_old_and_taken_by_all_is_let_go_and_never_the_newest(told: City) -> None:
    with ReceiverSimulator() as receiver, ReceiverSimulator() as other:
        first, second = tell(told, receiver, "甲"), tell(told, other, "乙")
        publish(told, "A-1", "A-2")
        told.clock.advance(days=31)
        hooks = told.publisher.webhooks
        hooks.tidy(told.clock())
        assert many(told) == 6, "nobody has taken them"
        hooks.stop(second.id, by="赵管")
        assert hooks.round()
        told.clock.advance(hours=1)
        hooks.tidy(told.clock())
        newest = told.publisher.store.changes.newest()
        assert [one.id for one in told.publisher.store.changes.after(0, 9)] == [newest]
        hooks.resume(second.id, by="赵管")
        publish(told, "A-3")
        assert hooks.round()
        assert len(receiver.events) == 9
        assert receiver.steps[-3:] == other.steps[-3:]
        assert other.steps[:-3] == [("A-2", "delivered")], "the only one that is still there"
        assert hooks.one(first.id).behind == 0


def test_it_goes_in_small_portions_and_not_all_the_time(told: City) -> None:
    publish(told, "A-1")
    with told.publisher.store.database.write() as connection:
        connection.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
                " INSERT INTO changes (delivery_id, was, status, reason, reason_class, url, at)"
                " SELECT delivery_id, was, status, reason, reason_class, url, at"
                " FROM n, (SELECT * FROM changes WHERE was = '') AS one"
            )
        )
    told.clock.advance(days=31)
    hooks = told.publisher.webhooks
    left = []
    for _ in range(4):
        hooks.tidy(told.clock())
        left.append(many(told))
    assert left == [1503, 503, 1, 1]
    assert line.PORTION == 1000


def test_a_call_whose_changes_have_been_let_go_is_forgotten(told: City) -> None:
    with ReceiverSimulator() as receiver:
        webhook = tell(told, receiver)
        publish(told, "A-1")
        calls = told.publisher.store.calls
        assert calls.take_up(webhook.id, "k" * 32, 100, told.clock())
        with told.publisher.store.database.write() as connection:
            connection.execute(changes.delete().where(changes.c.status != Status.DELIVERED))
            connection.execute(update(webhooks).values(until=changes_before_last(told)))
        assert calls.take_up(webhook.id, "l" * 32, 100, told.clock()) is None
        letter = calls.take_up(webhook.id, "l" * 32, 100, told.clock())
        assert letter
        assert letter.key == "l" * 32
        assert [one.status for one in letter.changes] == [Status.DELIVERED]


def changes_before_last(city: City) -> int:
    return city.publisher.store.changes.newest() - 1


def test_the_lines_of_calls_are_few_however_many_are_made(told: City) -> None:
    with ReceiverSimulator() as receiver:
        webhook, idle = tell(told, receiver), tell(told, receiver, "另一个")
        told.publisher.webhooks.test(idle.id, by="赵管")
        call = told.publisher.webhooks.test(webhook.id, by="赵管")
        with told.publisher.store.database.write():
            for _ in range(230):
                told.publisher.store.calls.tried(webhook.id, call, by="赵管", name="一")
        assert len(told.publisher.webhooks.recent(webhook.id, 500)) == 200
        assert len(told.publisher.webhooks.recent(idle.id, 500)) == 1
