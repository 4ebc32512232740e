"""What went out in one call is confirmed together: that is said before, written down, and left to
operators where an editor's department is not all of it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.model import Status
from tests.simulators.server import Fault
from tests.support.console import THEIRS, Console, open_console, text_of

DIGEST = {"grouping": {"kind": "digest", "at": "18:00"}}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Console]:
    with open_console(tmp_path, post=DIGEST) as console:
        yield console


def in_doubt(office: Console, **department: str) -> dict[str, str]:
    """Two items whose call broke off, and what the form of the first sends."""
    office.city.submit("A-1", title="第一条通知")
    office.city.submit("B-1", title="第二条通知", **department)
    office.box.plan(Fault.RESET, "/letters")
    office.city.clock.advance(hours=9)
    office.city.flush("post")
    delivery = office.city.publisher.store.standing.delivery("A-1", "post")
    assert delivery
    return {"channel": "post", "delivery": str(delivery.id), "note": "到邮箱里看到了"}


def statuses(office: Console) -> set[Status]:
    return {office.city.status(one, "post") for one in ("A-1", "B-1")}


def test_what_is_confirmed_along_with_it_is_said_and_written_down(office: Console) -> None:
    form = in_doubt(office, department=THEIRS)
    clerk = office.enter("operator")
    told = f"与它同一次发出的会一并确认：《第二条通知》（{THEIRS}）"
    assert told in text_of(clerk.get("/items/A-1"))
    assert told in text_of(clerk.get("/items/A-1/now"))
    assert clerk.post("/items/A-1/confirm", data=form).status_code == 303
    assert statuses(office) == {Status.DELIVERED}
    first, second = office.audited("confirmed")
    assert (first.item_id, first.detail) == ("A-1", "情况：到邮箱里看到了")
    assert second.item_id == "B-1"
    assert second.detail == "情况：到邮箱里看到了；与 A-1 同一次发出，一并确认"


def test_an_editor_confirms_nothing_of_another_department(office: Console) -> None:
    form = in_doubt(office, department=THEIRS)
    editor = office.enter("editor")
    page = text_of(editor.get("/items/A-1"))
    assert "与它同一次发出的还有其他部门的信息，请操作员确认" in page
    assert "第二条通知" not in page, "it may not be public"
    assert "确认邮箱已送达" not in page
    refused = editor.post("/items/A-1/confirm", data=form)
    assert refused.status_code == 422
    assert "确认会一并作数，请操作员确认" in text_of(refused)
    assert statuses(office) == {Status.UNKNOWN}
    assert office.audited("confirmed") == []


def test_an_editor_confirms_what_is_all_of_the_department(office: Console) -> None:
    form = in_doubt(office)
    editor = office.enter("editor")
    assert "会一并确认：《第二条通知》" in text_of(editor.get("/items/A-1"))
    assert editor.post("/items/A-1/confirm", data=form).status_code == 303
    assert statuses(office) == {Status.DELIVERED}
