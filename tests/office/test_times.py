"""A confirmation says when; what cannot have been is refused, and what was typed is kept."""

from datetime import timedelta

import pytest

from publisher.access import Role
from publisher.model import Status
from tests.simulators.server import Fault
from tests.support.console import Console, field


@pytest.mark.parametrize(
    ("hours", "said"), [(3, "还没有到"), (-3, "早于信息提交的时间")], ids=["ahead", "before"]
)
def test_a_time_at_which_it_cannot_have_been_is_refused(
    office: Console, hours: int, said: str
) -> None:
    office.box.plan(Fault.DROP)
    office.city.submit()
    office.city.flush()
    assert office.city.status("A-1", "post") is Status.UNKNOWN
    (one,) = (
        row
        for row in office.city.publisher.store.standing.items("A-1")[0].deliveries
        if row.channel == "post"
    )
    local = (office.city.clock() + timedelta(hours=hours)).astimezone(
        office.city.publisher.house.timezone
    )
    form = {"channel": "post", "action": "publish", "delivery": str(one.id), "note": "看到了"}
    typed = f"{local:%Y-%m-%dT%H:%M}"
    answer = office.enter(Role.OPERATOR).post("/items/A-1/confirm", data={**form, "time": typed})
    assert answer.status_code == 422
    assert said in field(answer, "time")["wrong"]
    assert field(answer, "time")["value"] == typed
    assert office.city.status("A-1", "post") is Status.UNKNOWN
    right = {**form, "time": f"{local - timedelta(hours=hours):%Y-%m-%dT%H:%M}"}
    assert office.enter(Role.OPERATOR).post("/items/A-1/confirm", data=right).status_code == 303
