"""The stream of changes itself: for who is slow, and for who comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from publisher.cli.demo_office import open_office
from publisher.web.office.app import office_app
from publisher.web.office.live import Live
from publisher.web.server import Server
from tests.support.city import City, postbox, settings_for
from tests.support.postbox import PostboxSimulator

ITEMS, ROUNDS = 30, 6


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with PostboxSimulator() as box:
        settings = settings_for(tmp_path, {"post": postbox(box.url)})
        with closing(City(settings)) as found:
            yield found


def pause_and_resume(city: City) -> None:
    """Two changes for every item that waits."""
    now = city.clock()
    city.publisher.staff.pause("post", by="李办", why="检修", now=now)
    city.flush("post")
    city.publisher.staff.resume("post", by="李办", now=now)


async def heard(stream: AsyncIterator[str]) -> str:
    return await asyncio.wait_for(anext(stream), 5)


def test_who_is_too_slow_is_told_to_load_anew(city: City) -> None:
    for number in range(ITEMS):
        city.submit(f"A-{number}")
    live = Live(city.publisher.store)

    async def listen() -> list[str]:
        stream = live.stream("", 0)
        found = [await heard(stream), await heard(stream)]
        for _ in range(ROUNDS):
            await asyncio.to_thread(pause_and_resume, city)
        await asyncio.sleep(0.5)  # in which nobody takes what comes
        return [*found, *[await heard(stream) for _ in range(ITEMS)]]

    first, *known, last = asyncio.run(listen())
    live.close()
    assert first.startswith("retry:")
    assert all("event: change" in one for one in known)
    assert last.startswith("event: reload")


def test_who_comes_back_hears_all_that_was_missed(city: City, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    open_office(city.publisher, tmp_path / "given")
    password = (tmp_path / "given" / "console_password").read_text()
    app, close = office_app(city.publisher)
    with Server(app) as server:
        person = requests.Session()
        person.headers["Sec-Fetch-Site"] = "same-origin"
        entered = person.post(
            f"{server.url}/login", data={"login": "viewer", "password": password}, timeout=10
        )
        assert entered.ok
        city.submit("A-1")
        first = events(person, f"{server.url}/live?since=0", 1)
        city.flush("post")
        newest = city.publisher.store.changes.newest()
        rest = events(
            person, f"{server.url}/live?since=0", newest - 1, {"Last-Event-ID": first[0]["id"]}
        )
    close()
    numbers = [int(one["id"]) for one in (*first, *rest)]
    assert numbers == list(range(1, newest + 1)), "each once, in order"
    assert [one["status"] for one in (*first, *rest)] == ["queued", "sending", "delivered"]


def events(
    person: requests.Session, url: str, many: int, headers: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    """So many changes from a stream, which is then let go."""
    found: list[dict[str, Any]] = []
    number = ""
    with person.get(url, stream=True, headers=headers, timeout=5) as answer:
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
        while len(found) < many:
            name, _, value = next(lines).partition(": ")
            if name == "id":
                number = value
            elif name == "data":
                found.append({"id": number, **json.loads(value)})
    return found
