"""Who may do what: every address of the console, asked for by everybody."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.routing import APIRoute

from publisher.access import RIGHTS, Right, Role
from publisher.web.office import app as office_module
from tests.support.console import THEIRS, Console, open_console
from tests.support.heads import asked_both

FOR_ANYBODY = (
    *("GET /login", "POST /login", "POST /logout", "GET /login/sso", "GET /login/sso/back"),
    "GET /assets/{name}",
)
"""What is there before somebody has come in. Logging out twice is no mistake."""
FOR_WHO_HAS_COME_IN = ("GET /password", "POST /password", "GET /account", "POST /account/end")
ITEM = "/items/{item_id}"
PREVIEW = f"{ITEM}/preview/{{channel}}"
NEEDS = {
    Right.SEE: (
        *("GET /", "GET /rows", "GET /live", "GET /worklist", "GET /calendar", "GET /channels"),
        *("GET /refusals", f"GET {ITEM}", f"GET {ITEM}/now", f"GET {PREVIEW}"),
        *(f"GET {PREVIEW}/files/{{name:path}}", f"GET {PREVIEW}/pages/{{page}}/{{name:path}}"),
        *(f"GET {ITEM}/files/{{name}}", f"GET {ITEM}/renditions/{{key}}/{{position}}"),
        f"GET {ITEM}/evidence/{{sha256}}",
    ),
    Right.ACT: (f"POST {ITEM}/resend", f"POST {ITEM}/confirm"),
    Right.AMEND: (
        *(f"GET {ITEM}/correct", f"POST {ITEM}/correct"),
        *(f"GET {ITEM}/withdraw", f"POST {ITEM}/withdraw"),
    ),
    Right.STEER: ("POST /channels/pause", "POST /channels/resume", "POST /channels/trial"),
    Right.SUBSCRIBERS: (
        *("GET /subscribers", "POST /subscribers/import", "POST /subscribers/stop"),
        "POST /subscribers/look",
    ),
    Right.EVIDENCE: (f"GET {ITEM}/evidence.zip",),
    Right.AUDIT: ("GET /audit", "GET /audit.csv"),
    Right.MANAGE: (
        *("GET /users", "POST /users/add", "GET /users/{login}"),
        *(f"POST /users/{{login}}/{do}" for do in ("change", "end", "password", "resume", "stop")),
        *("GET /tokens", "POST /tokens/issue", "POST /tokens/revoke", "GET /secret/{name}"),
        *("GET /webhooks", "POST /webhooks/add", "GET /webhooks/{number}"),
        *(
            f"POST /webhooks/{{number}}/{do}"
            for do in ("again", "change", "delete", "resume", "stop", "test")
        ),
    ),
}
"""What each right is needed for: a page that is not here has no right to be there."""
GIVEN = {"item_id": "A-1", "channel": "post", "name": "x.txt", "login": "operator"}
TAKEN = ("evidence_taken", "audit_exported")
"""What is written down when something is taken along."""


@dataclass(frozen=True)
class Way:
    """One thing that can be asked of the console, and the right that it needs."""

    method: str
    path: str
    right: Right | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        parts = [part.partition("}") for part in self.path.replace(":path", "").split("{")]
        return parts[0][0] + "".join(GIVEN.get(name, "1") + rest for name, _, rest in parts[1:])


def way(text: str, right: Right | None = None) -> Way:
    method, path = text.split()
    return Way(method, path, right)


RIGHTFUL = [way(one, right) for right, some in NEEDS.items() for one in some]
GUARDED = [*RIGHTFUL, *map(way, FOR_WHO_HAS_COME_IN)]
FORMS = [one for one in (*GUARDED, *map(way, FOR_ANYBODY)) if one.method == "POST"]
LIVE = Way("GET", "/live", Right.SEE)
"""Never ends; a browser listens to it elsewhere."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    with open_console(tmp_path_factory.mktemp("hall")) as found:
        found.city.submit("A-1")
        found.city.submit("A-2", department=THEIRS)
        yield found


def test_every_page_is_in_the_table() -> None:
    there = {
        f"{method} {route.path}"
        for room in office_module._ROOMS
        for route in room.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    told = {str(one) for one in (*GUARDED, *map(way, FOR_ANYBODY))}
    assert there == told


@pytest.mark.parametrize("asked", GUARDED, ids=str)
def test_nobody_gets_anything_without_a_session(hall: Console, asked: Way) -> None:
    answer = hall.visit().request(asked.method, asked.address)
    if asked == LIVE:
        assert answer.status_code == 401
    elif asked.method == "GET":
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login?next=")
    else:
        assert answer.status_code == 401
        assert "登录已过期" in answer.text


@pytest.mark.parametrize("asked", RIGHTFUL, ids=str)
def test_who_lacks_the_right_is_refused(hall: Console, asked: Way) -> None:
    for role in Role:
        if asked.right not in RIGHTS[role]:
            answer = hall.enter(role).request(asked.method, asked.address)
            assert answer.status_code == 403, role
            assert "没有这项权限" in answer.text


@pytest.mark.parametrize("asked", [one for one in GUARDED if one.method == "GET"], ids=str)
def test_who_has_the_right_is_answered(hall: Console, asked: Way) -> None:
    for role in Role:
        if asked != LIVE and (asked.right is None or asked.right in RIGHTS[role]):
            answer = hall.enter(role).get(asked.address)
            fine = {200} if "{" not in asked.path or asked.path == ITEM else {200, 404}
            assert answer.status_code in fine, (role, answer.text)


def test_what_can_be_read_can_be_asked_about(hall: Console) -> None:
    """The stream of changes, too, which does not go on behind such an answer. What is to be taken
    along is neither made nor put down as taken, and nobody else is asked.
    """
    cookie = hall.enter("administrator").cookies["publisher"]
    taken = [len(hall.audited(act)) for act in TAKEN]
    addresses = [one.address for one in GUARDED if one.method == "GET"]
    for address in (*addresses, "/channels?quota=post"):
        head, got = asked_both(hall.url, address, {"Cookie": f"publisher={cookie}"})
        if address.endswith(("evidence.zip", "quota=post")):
            assert "content-length" not in head.headers, "nobody knows without making it"
            got.headers.pop("content-length")
            head.headers.pop("transfer-encoding", "")
        assert head == got, address
    assert [len(hall.audited(act)) for act in TAKEN] == [before + 1 for before in taken]
    assert [one.path for one in hall.box.calls].count("/quota") == 1


@pytest.mark.parametrize("asked", FORMS, ids=str)
def test_a_form_on_somebody_elses_page_does_nothing(hall: Console, asked: Way) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = hall.enter("administrator").request("POST", asked.address, headers=headers)
    assert answer.status_code == 403
    assert "不是从本系统的网页发出的" in answer.text


@pytest.mark.parametrize("asked", [one for one in RIGHTFUL if ITEM in one.path], ids=str)
def test_for_an_editor_the_items_of_others_do_not_exist(hall: Console, asked: Way) -> None:
    address = asked.address.replace("A-1", "A-2")
    answer = hall.enter("editor").request(asked.method, address)
    assert answer.status_code == 404


def test_who_has_a_temporary_password_can_do_nothing_else(hall: Console) -> None:
    accounts, now = hall.city.publisher.accounts, hall.city.clock()
    accounts.people.add(
        "new", name="新人", role="administrator", password="ab12-cd34-ef56-gh78", by="测试", now=now
    )
    entered = accounts.entrance.enter_as("new", address="127.0.0.1", now=now)
    visit = hall.visit()
    visit.cookies.set("publisher", entered.cookie)
    for asked in RIGHTFUL:
        answer = visit.request(asked.method, asked.address)
        assert answer.headers.get("location") == "/password", asked
