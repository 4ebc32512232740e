"""What something newer has replaced: the page of its item says what is left to do, and lets it."""

from tests.simulators.server import Fault
from tests.support.console import Console, text_of
from tests.support.orders import withdraw


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
