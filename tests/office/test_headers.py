"""What every answer carries, and what nobody is told."""

import json
import socket
import time
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import insert

from publisher.access import Role
from publisher.store.tables import items, orders, revisions
from tests.support.console import Console, text_of

ADDRESSES = (
    "/login",
    "/",
    "/worklist",
    "/nothing",
    "/items/NOPE",
    "/assets/console.css",
    "/healthz",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_guarded(office: Console, address: str) -> None:
    answer = office.enter(Role.VIEWER).get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Request-Id"]
    assert "Server" not in answer.headers
    if not address.startswith("/assets/"):
        assert answer.headers["Cache-Control"] == "no-store"


def test_what_goes_wrong_inside_is_told_to_nobody(
    office: Console, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(office, "BROKEN-1")
    answer = office.enter(Role.VIEWER).get("/items/BROKEN-1")
    assert answer.status_code == 500
    assert "程序出了错" in text_of(answer)
    assert "Traceback" not in answer.text
    assert "json" not in answer.text.lower()
    logged = "".join(capfd.readouterr())
    assert "page_failed" in logged, "but the log says why"
    assert "/items/{item_id}" in logged
    assert "BROKEN-1" not in logged.split("Traceback")[0]


def test_without_its_database_it_says_so_and_comes_back(office: Console) -> None:
    visit = office.enter(Role.VIEWER)
    kind = office.city.publisher.store.database.kind
    data = office.city.publisher.settings.storage.data
    office.city.publisher.store.close()
    data.rename(data.with_name("away"))
    answer = visit.get("/")
    assert answer.status_code == 503
    assert "数据库暂时用不了" in text_of(answer)
    assert office.visit().get("/readyz").status_code == 503
    assert office.visit().get("/healthz").status_code == 200
    kind.engine.dispose()
    data.with_name("away").rename(data)
    assert visit.get("/").status_code == 200
    assert office.visit().get("/readyz").status_code == 200


def test_what_is_sent_to_us_is_limited_before_it_is_read(office: Console) -> None:
    most = office.city.publisher.settings.intake.max_file_bytes + 2_000_000
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = office.visit().post("/login", data=b"x" * most, headers=form)
    assert answer.status_code == 413
    assert "太大" in text_of(answer)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=" + "长" * 10_000, "最多 100 个字"),
        ("from=gestern", "日期应写成"),
        ("from=9999-01-01", "1990 年到 2199 年"),
        ("status=lost_and_found", "没有这种状态"),
        ("after=xyz", "翻页的位置不对"),
        ("before=" + "9" * 60 + ".x", "翻页的位置不对"),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_kept(office: Console, query: str, said: str) -> None:
    answer = office.enter(Role.VIEWER).get(f"/?{query}")
    assert answer.status_code == 422
    assert said in text_of(answer)


def raw(office: Console, *pieces: bytes) -> str:
    """What is answered to these bytes, sent as a network may send them: one after the other."""
    place = urlsplit(office.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            line.sendall(piece)
            time.sleep(0.05)
        return line.makefile("rb").read().decode()


def test_a_search_of_ten_thousand_characters_is_answered_however_it_comes(office: Console) -> None:
    cookie = office.enter(Role.VIEWER).cookies["publisher"]
    asked = (
        f"GET /?q={quote('长' * 10_000)} HTTP/1.1\r\nHost: {urlsplit(office.url).netloc}\r\n"
        f"Cookie: publisher={cookie}\r\nConnection: close\r\n\r\n"
    ).encode()
    answer = raw(office, asked[:1400], asked[1400:80_000], asked[80_000:])
    assert answer.startswith("HTTP/1.1 422 ")
    assert "最多 100 个字" in answer


@pytest.mark.parametrize("asked", [b"GET / HTTP/1.1\r\n\r\n", b"GET /" + b"x" * 200_000])
def test_what_is_no_request_is_told_so_on_a_page_of_its_own(office: Console, asked: bytes) -> None:
    answer = raw(office, asked[:200_000], asked[200_000:])
    assert answer.startswith("HTTP/1.1 400 ")
    assert "请求读不懂" in answer
    assert "default-src 'none'" in answer
    assert "nosniff" in answer
    assert "style.css" not in answer, "there is none beside it"


@pytest.mark.parametrize(
    "part",
    ['name="+2AA-"\r\n\r\nx', 'name="why"\r\n\r\n+2AA-', 'name="a"; filename="+2AA-"\r\n\r\nx'],
)
@pytest.mark.parametrize("path", ["/login", "/items/A-1/withdraw", "/users/add"])
def test_half_a_character_is_no_form(office: Console, path: str, part: str) -> None:
    office.city.submit()
    kind = {"Content-Type": "multipart/form-data; boundary=B; charset=utf-7"}
    body = f"--B\r\nContent-Disposition: form-data; {part}\r\n--B--\r\n"
    answer = office.enter(Role.ADMINISTRATOR).post(path, data=body.encode(), headers=kind)
    assert answer.status_code == 400
    assert "请求读不懂" in text_of(answer)


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=B"]
)
def test_who_breaks_off_in_the_midst_is_no_failure_of_ours(
    office: Console, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    place, said = urlsplit(office.url), ""
    head = (
        f"POST /login HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: {kind}\r\n"
        "Content-Length: 1000\r\n\r\n--login=abc"
    )
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as line:
        line.sendall(head.encode())
    until = time.monotonic() + 20
    while "asked" not in said and time.monotonic() < until:
        time.sleep(0.02)
        said += "".join(capfd.readouterr())
    assert "/login" in said
    for word in ("Traceback", "page_failed", "error", "boundary"):
        assert word not in said


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "../../etc", "%00", "x" * 4000])
def test_a_forged_cookie_opens_nothing(office: Console, cookie: str) -> None:
    visit = office.visit()
    visit.cookies.set("publisher", cookie)
    answer = visit.get("/")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=%2F"


def spoil(office: Console, item_id: str) -> None:
    """An item whose content is not what we have written."""
    now = office.city.clock()
    with office.city.publisher.store.database.write() as connection:
        connection.execute(
            insert(items).values(
                id=item_id, year=2026, serial=999, number="n-999", url="u-999", created_at=now
            )
        )
        revision = connection.execute(
            insert(revisions)
            .values(
                item_id=item_id,
                number=1,
                title="坏的",
                content=json.dumps({"title": "坏的"}),
                content_hash="0" * 64,
                approval={},
                received_at=now,
                received_by="李办",
            )
            .returning(revisions.c.id)
        ).scalar_one()
        connection.execute(
            insert(orders).values(
                item_id=item_id,
                revision_id=revision,
                action="publish",
                reason="",
                ordered_by="李办",
                created_at=now,
            )
        )


@pytest.mark.parametrize(
    "address",
    [
        "/worklist?after=1.x",
        "/worklist?before=1.2.3",
        "/refusals?after=1.x",
        "/audit?after=1.x",
        "/items/A-1/renditions/k/99999999999999999999",
        "/items/A-1/renditions/k/-99999999999999999999",
        "/items/A-1/preview/post/pages/99999999999999999999/x",
        "/items/" + "长" * 300,
        "/items/%00",
        "/live?since=99999999999999999999",
        "/rows?item=%00&item=" + "x" * 2000,
        "/users/%00",
        "/webhooks/99999999999999999999",
        "/calendar?from=0001-01-01",
    ],
)
def test_no_address_makes_it_fail(office: Console, address: str) -> None:
    office.city.submit()
    visit = office.enter(Role.ADMINISTRATOR)
    with visit.get(address, stream=True) as answer:
        assert answer.status_code in {200, 400, 404, 422}, answer.text


def test_a_password_that_was_typed_stands_in_no_page(office: Console) -> None:
    visit = office.enter(Role.VIEWER)
    office.city.clock.advance(hours=13)
    form = {"current": "Gu-lao-de-1", "password": "Quan-xin-de-2", "again": "Quan-xin-de-2"}
    answer = visit.post("/password", data=form)
    assert answer.status_code == 401
    assert not any(one in answer.text for one in form.values())


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"why": "长" * 100_000}, "超过上限 200"),
        ({"why": "a\x1b[31mb"}, "控制字符"),
        ({"why": "好", "judged": "9" * 5000}, "不能重发"),
    ],
)
def test_a_reason_is_a_line_that_a_record_can_hold(
    office: Console, form: dict[str, str], said: str
) -> None:
    office.city.submit()
    answer = office.enter(Role.OPERATOR).post("/items/A-1/resend", data={"channel": "post", **form})
    assert answer.status_code == 422
    assert said in text_of(answer)
