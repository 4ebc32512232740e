"""Who may do what: every address of the console, asked for by everybody."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from publisher.access import RIGHTS, Right, Role
from publisher.web.office import app as office_module
from tests.support.console import THEIRS, Console, open_console

ANYBODY = {"/login", "/logout", "/login/sso", "/login/sso/back", "/assets/{name}"}
"""What is there before somebody has come in. Logging out twice is no mistake."""
OWN = {"/password", "/account", "/account/end"}
"""What whoever has come in may do, whatever their role."""
GIVEN = {"item_id": "A-1", "channel": "post", "name": "x.txt", "login": "operator", "number": "1"}


@dataclass(frozen=True)
class Way:
    """One thing that can be asked of the console, and the right that it needs."""

    method: str
    path: str
    right: Right | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        found = self.path.replace(":path", "")
        for name in set(_names(found)):
            found = found.replace(f"{{{name}}}", GIVEN.get(name, "1"))
        return found


def _names(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def ways() -> Iterator[Way]:
    for room in office_module._ROOMS:
        for route in room.router.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods or ():
                yield Way(method, route.path, _right(route.dependant))


def _right(dependant: Dependant) -> Right | None:
    """The right that the gate asks for: it is in what `staff` has made."""
    for one in dependant.dependencies:
        if one.call and one.call.__qualname__ == "staff.<locals>.allowed":
            return inspect.getclosurevars(one.call).nonlocals["right"]
    return None


ALL = sorted(ways(), key=str)
GUARDED = [way for way in ALL if way.path not in ANYBODY]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    with open_console(tmp_path_factory.mktemp("hall")) as found:
        found.city.submit("A-1")
        found.city.submit("A-2", department=THEIRS)
        yield found


def test_only_the_entrance_asks_for_nothing() -> None:
    assert {way.path for way in ALL if way.right is None} == ANYBODY | OWN
    assert len(GUARDED) > 50


@pytest.mark.parametrize("way", GUARDED, ids=str)
def test_nobody_gets_anything_without_a_session(hall: Console, way: Way) -> None:
    answer = hall.visit().request(way.method, way.address)
    if way.path == "/live":
        assert answer.status_code == 401
    elif way.method == "GET":
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=")
    else:
        assert answer.status_code == 401
        assert "登录已过期" in answer.text


@pytest.mark.parametrize("way", [way for way in GUARDED if way.right], ids=str)
def test_who_lacks_the_right_is_refused(hall: Console, way: Way) -> None:
    for role in Role:
        if way.right not in RIGHTS[role]:
            answer = hall.enter(role).request(way.method, way.address)
            assert answer.status_code == 403, role
            assert "没有这项权限" in answer.text


@pytest.mark.parametrize("way", [way for way in ALL if way.method == "POST"], ids=str)
def test_a_form_on_somebody_elses_page_does_nothing(hall: Console, way: Way) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = hall.enter("administrator").request("POST", way.address, headers=headers)
    assert answer.status_code == 403
    assert "不是从本系统的网页发出的" in answer.text


@pytest.mark.parametrize(
    "way", [way for way in GUARDED if "{item_id}" in way.path and way.right], ids=str
)
def test_for_an_editor_the_items_of_others_do_not_exist(hall: Console, way: Way) -> None:
    answer = hall.enter("editor").request(way.method, way.address.replace("A-1", "A-2"))
    assert answer.status_code == 404
    if way.method == "GET" and way.path in {"/items/{item_id}", "/items/{item_id}/now"}:
        assert hall.enter("editor").get(way.address).status_code == 200


@pytest.mark.parametrize("way", [way for way in GUARDED if way.method == "GET"], ids=str)
def test_who_has_the_right_is_answered(hall: Console, way: Way) -> None:
    if way.path == "/live":
        return  # never ends; tests/browser listens to it
    for role in Role:
        if way.right is None or way.right in RIGHTS[role]:
            answer = hall.enter(role).get(way.address)
            assert answer.status_code in {200, 404}, (role, answer.text)
            assert not (answer.status_code == 404 and "{" not in way.path)
