"""Refusals: what was not taken, and field by field why."""

import json
import re

import pytest

from tests.support.city import an_item_object
from tests.support.console import THEIRS, Console, text_of

pytestmark = pytest.mark.usefixtures("database")


def refuse(office: Console, item_id: str, **changes: object) -> None:
    data = json.dumps(an_item_object(item_id, **changes)).encode()
    office.city.submit_bytes(data)


def test_each_field_has_its_sentence(office: Console) -> None:
    viewer = office.enter("viewer")
    assert "没有退回" in text_of(viewer.get("/refusals"))
    refuse(office, "A-1", title="", field="没有的领域")
    page = viewer.get("/refusals")
    text = text_of(page)
    assert "2026-11-23 09:30 李办 A-1" in text
    for field in ("title", "field"):
        assert f"<code>{field}</code>" in page.text


def test_the_newest_are_first_and_all_can_be_turned_to(office: Console) -> None:
    for number in range(45):
        refuse(office, f"A-{number:02}")
        office.city.clock.advance(minutes=number % 3 == 0)
    viewer, seen, path = office.enter("viewer"), [], "/refusals"
    for _ in range(3):
        page = viewer.get(path)
        seen += re.findall(r"<td[^>]*>(A-\d\d)</td>", page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = following.group(1) if following else ""
    assert seen == [f"A-{number:02}" for number in reversed(range(45))]
    assert path == ""
    back = re.search(r'rel="prev" href="([^"]+)"', page.text)
    assert back
    assert re.findall(r"<td[^>]*>(A-\d\d)</td>", viewer.get(back.group(1)).text) == seen[20:40]


def test_a_place_that_is_none_is_no_fault_of_ours(office: Console) -> None:
    for place in ("x", "1.x", "9" * 99, "-1.2", "1.²"):
        page = office.enter("viewer").get("/refusals", params={"after": place})
        assert page.status_code in {200, 422}, place
        if page.status_code == 422:
            assert "请从第一页看起" in page.text


def test_an_editor_sees_only_what_is_of_the_department(office: Console) -> None:
    office.city.submit("A-1")
    office.city.submit("A-2", department=THEIRS)
    for item_id in ("A-1", "A-2", "A-3"):
        refuse(office, item_id, title="")
    mine = office.enter("editor").get("/refusals").text
    assert re.findall(r"<td[^>]*>(A-\d)</td>", mine) == ["A-1"]
    listed = office.enter("viewer").get("/refusals").text
    assert re.findall(r"<td[^>]*>(A-\d)</td>", listed) == ["A-3", "A-2", "A-1"]
