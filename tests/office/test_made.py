"""What previews remember has room in so many bytes, however large one of them is."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher.channel import Rendition
from publisher.web.office.item import whole_item
from publisher.web.office.made import Made
from tests.support.city import City, postbox, settings_for
from tests.support.orders import correct


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """Nobody listens where it would send: nothing is sent."""
    with closing(City(settings_for(tmp_path, {"post": postbox("http://127.0.0.1:1")}))) as found:
        for number in range(3):
            found.submit(f"A-{number}", title=f"第{number}号通知")
        yield found


def make(city: City, made: Made, number: int) -> Rendition:
    return made.of(city.publisher, whole_item(city.publisher, f"A-{number}"), "post")


def test_what_was_asked_for_longest_ago_is_made_anew(city: City) -> None:
    room = sum(len(file.data) for file in make(city, Made(), 0).every)
    made = Made(most_bytes=room * 2)
    first, second = make(city, made, 0), make(city, made, 1)
    assert make(city, made, 0) is first
    make(city, made, 2)  # takes the place of the second
    assert make(city, made, 0) is first
    assert make(city, made, 1) is not second


def test_what_is_too_large_is_not_kept_and_drives_nothing_out(city: City) -> None:
    city.submit("A-9", body="很长的一段。" * 500)
    room = sum(len(file.data) for file in make(city, Made(), 0).every)
    made = Made(most_bytes=room)
    first = make(city, made, 0)
    assert make(city, made, 9) is not make(city, made, 9)
    assert make(city, made, 0) is first


def test_what_is_not_out_yet_is_made_anew_when_it_would_print_another_time(city: City) -> None:
    made = Made()
    first = make(city, made, 1)
    city.clock.advance(seconds=29)
    assert make(city, made, 1) is first
    city.clock.advance(minutes=1)
    later = make(city, made, 1)
    assert later is not first
    correct(city, id="A-1", title="改正后的第1号通知")
    mended = make(city, made, 1)
    assert mended is not later
    city.clock.advance(minutes=1)
    assert make(city, made, 1) is not mended, "it is still not out"
