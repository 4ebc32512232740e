"""The audit: nothing can be done without its line, and every line can be found again."""

import contextvars
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.amend import Amendments
from publisher.operations import NotPossible
from publisher.store import StoreError
from publisher.store.audit import ORIGIN, Entry, Filter
from publisher.store.paging import Asked
from publisher.store.subscribing import Wish
from tests.factories import NOW
from tests.simulators.server import Fault
from tests.support.city import City, an_item_object, postbox, settings_for
from tests.support.postbox import PostboxSimulator

BY = "张敏（zhangmin）"
PHONE = "13900010001"
MANY = 1203
"""More than are read at once."""


@pytest.fixture
def box() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator, database: str) -> Iterator[City]:
    del database
    found = City(settings_for(tmp_path, {"post": postbox(box.url)}))
    yield found
    found.close()


def lines(city: City, act: str = "") -> list[Entry]:
    return list(city.publisher.store.audit.every(Filter(act=act)))


def acts(city: City) -> list[str]:
    return [one.act for one in lines(city)]


def test_all_that_is_done_to_an_item_has_its_line(city: City, box: PostboxSimulator) -> None:
    box.plan(Fault.CODE, path="/letters", code="422", times=2)
    staff, orders = city.publisher.staff, city.publisher.amendments
    city.submit()
    city.flush()
    staff.resend("A-1", "post", by=BY, why="已改好", not_out=False, now=city.clock())
    city.flush()
    proof = ("播出单.txt", "已播".encode())
    staff.confirm("A-1", "post", by=BY, note="已手工寄出", evidence=proof, now=city.clock())
    mended = city.approved(an_item_object(title="更正后的标题"))
    orders.correct(mended, why="有误", by=BY, minor=True, now=city.clock())
    city.flush()
    orders.withdraw("A-1", why="已废止", by=BY, now=city.clock())
    city.flush()
    assert acts(city) == ["submitted", "resent", "confirmed", "corrected", "withdrawn"]
    found = {one.act: one for one in lines(city)}
    assert {one.item_id for one in found.values()} == {"A-1"}
    assert {one.actor for one in found.values()} == {"李办", BY}
    assert {one.origin for one in found.values()} == {"命令行"}
    assert found["resent"].channel == found["confirmed"].channel == "post"
    assert found["resent"].detail == "原因：已改好"
    assert found["confirmed"].detail == "情况：已手工寄出；证明文件：播出单.txt"
    assert "（小更正，不另行通知）" in found["corrected"].detail


def test_what_was_not_done_has_none(city: City) -> None:
    city.submit()
    city.flush()
    before = acts(city)
    city.submit()  # the same again
    staff, orders = city.publisher.staff, city.publisher.amendments
    now = city.clock()
    with pytest.raises(NotPossible):
        staff.resend("A-1", "post", by=BY, why="再发", not_out=False, now=now)
    with pytest.raises(NotPossible):
        staff.confirm("A-1", "post", by=BY, note="已发", evidence=None, now=now)
    with pytest.raises(NotPossible):
        orders.withdraw("B-1", why="没有", by=BY, now=now)
    with pytest.raises(NotPossible):
        staff.resume("post", by=BY, now=now)
    assert acts(city) == before == ["submitted"]


def test_a_refusal_names_the_fields_and_nothing_of_the_text(city: City) -> None:
    city.submit_bytes(b"{}")
    city.submit_bytes(json.dumps(an_item_object(title=f"找张三，电话 {PHONE}")).encode())
    first, second = lines(city, act="refused")
    assert first.item_id == ""
    assert second.item_id == "A-1"
    assert "title" in second.detail
    assert PHONE not in second.detail


def test_pauses_have_their_lines(city: City) -> None:
    staff, now = city.publisher.staff, city.clock()
    staff.pause("post", by=BY, why="对方检修", now=now)
    staff.resume("post", by=BY, now=now)
    assert [(one.act, one.channel, one.detail) for one in lines(city)] == [
        ("paused", "post", "原因：对方检修"),
        ("resumed", "post", ""),
    ]


def test_subscribers_are_counted_and_never_named(city: City) -> None:
    vault, subscribers = city.publisher.vault, city.publisher.store.subscribers
    assert vault
    wish = Wish(vault.index(PHONE), PHONE, frozenset({"财政预决算"}))
    subscribers.take([wish], vault.seal, by=BY, now=city.clock())
    subscribers.stop(vault.index(PHONE), shown="139****0001", by=BY, now=city.clock())
    subscribers.stop(b"nobody", shown="137****0001", by=BY, now=city.clock())
    assert [(one.act, one.detail) for one in lines(city)] == [
        ("subscribers_imported", "新增 1 人，主题有变 0 人，未变 0 人"),
        ("subscriber_stopped", "139****0001"),
    ]


def test_what_the_program_does_by_itself_does_not_come_from_a_person(city: City) -> None:
    posting = {"from": "2026-11-20", "to": "2026-11-25"}
    city.submit(posting=posting)
    city.flush()
    city.clock.advance(days=5)
    amendments: Amendments = city.publisher.amendments
    assert amendments.expire_due(city.clock()) == ["A-1"]
    (line,) = lines(city, act="expired")
    assert (line.actor, line.origin) == ("程序", "程序")
    assert ORIGIN.get() == "命令行"


def test_a_deed_that_fails_leaves_no_line(city: City) -> None:
    database = city.publisher.store.database

    def break_off() -> None:
        with database.write():
            city.publisher.store.pauses.begin("post", by=BY, reason="x", now=city.clock())
            raise StoreError("断电")

    with pytest.raises(StoreError):
        break_off()
    assert acts(city) == []
    assert city.publisher.store.pauses.lasting() == {}


def test_the_door_goes_along_into_a_thread(city: City) -> None:
    """The web gate names it in a context that its threads copy."""

    def act() -> None:
        city.publisher.store.audit.add(at=city.clock(), actor=BY, act="file_downloaded")

    context = contextvars.copy_context()
    context.run(ORIGIN.set, "控制台 10.1.2.3")
    thread = threading.Thread(target=context.run, args=(act,))
    thread.start()
    thread.join()
    act()
    assert [one.origin for one in lines(city)] == ["控制台 10.1.2.3", "命令行"]


def test_lines_are_found_by_who_what_when_and_words(city: City) -> None:
    audit = city.publisher.store.audit
    for number, (actor, act, detail) in enumerate(
        [("张敏", "login", "100%"), ("李强", "login", "1000"), ("张敏", "logout", "_a_")]
    ):
        at = NOW + timedelta(days=number)
        audit.add(at=at, actor=actor, act=act, item_id=f"A-{number}", detail=detail)

    def found(**wanted: object) -> list[str]:
        turn = audit.page(Filter(**wanted), Asked())  # type: ignore[arg-type]
        return [one.item_id for one in turn.rows]

    assert found() == ["A-2", "A-1", "A-0"], "the newest first"
    assert found(actor="张敏") == ["A-2", "A-0"]
    assert found(act="login") == ["A-1", "A-0"]
    assert found(item_id="A-1") == ["A-1"]
    assert found(text="100%") == ["A-0"], "no sign has a meaning of its own"
    assert found(text="_a_ 张敏") == ["A-2"], "all words, wherever they stand"
    assert found(since=NOW + timedelta(days=1), until=NOW + timedelta(days=2)) == ["A-1"]
    assert found(text="\0", actor="\0") == ["A-2", "A-1", "A-0"]


def test_pages_and_the_whole_have_every_line_once(city: City) -> None:
    """Many lines of one moment, as a busy second has them; more arrive between two pages."""
    audit = city.publisher.store.audit
    with city.publisher.store.database.write():
        for number in range(MANY):
            audit.add(at=NOW, actor=BY, act="login", detail=str(number))
    whole = audit.every(Filter())
    first = next(whole)
    audit.add(at=NOW, actor=BY, act="login", detail="late")
    assert [first.detail, *(one.detail for one in whole)] == [str(one) for one in range(MANY)]
    seen: list[str] = []
    asked = Asked(most=300)
    while True:
        turn = audit.page(Filter(), asked)
        seen += [one.detail for one in turn.rows]
        audit.add(at=NOW + timedelta(days=1), actor=BY, act="login", detail="later")
        if turn.next is None:
            break
        asked = Asked(after=turn.next, most=300)
    assert seen == ["late", *(str(one) for one in reversed(range(MANY)))]
