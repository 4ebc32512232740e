"""What something newer has replaced: the page of its item says what is left to do, and lets it."""

from publisher.model import Status
from publisher.store.standing import DeliveryRow
from tests.simulators.server import Fault
from tests.support.console import Console, text_of
from tests.support.orders import correct, withdraw


def test_what_was_in_doubt_and_taken_back_can_still_be_said_not_to_be_out(office: Console) -> None:
    office.box.plan(Fault.RESET, "/letters")
    office.city.submit()
    office.city.flush("post")
    withdraw(office.city)
    clerk = office.enter("operator")
    assert "确未发出</a>" in clerk.get("/worklist").text
    page = text_of(clerk.get("/items/A-1"))
    assert "已有撤回，不会重发，只记下没有发出。" in page
    form = {"channel": "post", "action": "publish", "why": "已核实", "not_out": "on"}
    done = clerk.post("/items/A-1/resend", data=form)
    assert done.status_code == 303
    assert "已记下确未发出" in text_of(clerk.get(done.headers["Location"]))
    assert office.city.publisher.store.worklist.counts(office.city.clock()).total == 0


def test_of_two_corrections_the_one_whose_button_was_pressed_is_meant(office: Console) -> None:
    office.city.submit()
    office.city.flush("post")
    for title in ("第一次更正", "第二次更正"):
        correct(office.city, title=title)
        office.box.plan(Fault.RESET, "/letters")
        office.city.flush("post")
    _, first, second = all_of(office, "post")
    sent = len(office.box.letters)
    clerk = office.enter("operator")
    form = {"channel": "post", "action": "correct", "why": "已核实", "not_out": "on", "judged": "1"}
    done = clerk.post("/items/A-1/resend", data=form | {"delivery": str(first.id)})
    assert "已记下确未发出" in text_of(clerk.get(done.headers["Location"]))
    office.city.flush("post")
    assert len(office.box.letters) == sent
    assert [one.status for one in all_of(office, "post")][1:] == [Status.FAILED, Status.UNKNOWN]
    form = {"channel": "post", "action": "correct", "note": "看到了", "delivery": str(second.id)}
    assert clerk.post("/items/A-1/confirm", data=form).status_code == 303
    assert all_of(office, "post")[2].status is Status.DELIVERED


def all_of(office: Console, channel: str) -> list[DeliveryRow]:
    (item,) = office.city.publisher.store.standing.items("A-1")
    return [one for one in item.deliveries if one.channel == channel]
