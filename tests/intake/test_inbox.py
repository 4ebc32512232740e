"""The inbox: what is handed over lies there whole, under a path that an item can name."""

import os
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from publisher.inbox import KEPT_FOR, Inbox
from publisher.intake.uploads import check_attachment
from publisher.submit import Outcome
from tests.factories import NOW
from tests.support.city import City, postbox, settings_for
from tests.support.handed_over import a_pdf

MOST = 20_000_000
UPLOAD = check_attachment("表 一.pdf", a_pdf(b"a table"), MOST)
OTHER = check_attachment("表 一.pdf", a_pdf(b"another"), MOST)
LATE = NOW + KEPT_FOR + timedelta(hours=1)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    found = City(settings_for(tmp_path, {"post": postbox("http://127.0.0.1:9")}))
    yield found
    found.close()


def files(inbox: Inbox) -> set[str]:
    found = (path for path in inbox.folder.rglob("*") if not path.is_dir())
    return {path.relative_to(inbox.folder).as_posix() for path in found}


def test_an_item_can_name_what_was_handed_over(city: City) -> None:
    path = city.publisher.inbox.put("api", UPLOAD, NOW)
    assert path == f"api/{UPLOAD.sha256[:16]}/表 一.pdf"
    answer = city.submit(attachments=[{"file": path, "title": "附件"}])
    assert answer.outcome is Outcome.ACCEPTED
    item = city.publisher.store.items.get("A-1", NOW)
    assert item is not None
    assert item.revision.attachments[0].data == UPLOAD.data


def test_the_same_twice_is_one_file_and_another_is_two(inbox: Inbox) -> None:
    first = inbox.put("api", UPLOAD, NOW)
    assert inbox.put("api", UPLOAD, NOW) == first
    second = inbox.put("api", OTHER, NOW)
    assert files(inbox) == {first, second}
    assert (inbox.folder / second).read_bytes() == OTHER.data


def test_what_lies_there_broken_is_put_right(inbox: Inbox) -> None:
    path = inbox.put("api", UPLOAD, NOW)
    (inbox.folder / path).write_bytes(b"%PD")
    inbox.put("api", UPLOAD, NOW)
    assert (inbox.folder / path).read_bytes() == UPLOAD.data


def test_what_waits_too_long_is_taken_away(inbox: Inbox) -> None:
    inbox.put("api", UPLOAD, NOW)
    fresh = inbox.put("api", OTHER, NOW + timedelta(days=20))
    assert inbox.sweep(LATE) == 1
    assert files(inbox) == {fresh}


def test_handed_over_again_it_waits_from_then_on(inbox: Inbox) -> None:
    path = inbox.put("api", UPLOAD, NOW)
    inbox.put("api", UPLOAD, NOW + timedelta(days=20))
    assert inbox.sweep(LATE) == 0
    assert files(inbox) == {path}


def test_what_the_city_put_there_itself_stays(inbox: Inbox, tmp_path: Path) -> None:
    inbox.put("api", UPLOAD, NOW)
    folder = inbox.folder
    names = ["附件.pdf", "2026/附件.pdf", "api/0123456789abcdef/别的.pdf", "api/readme/x.pdf"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"ours")
    outside = tmp_path / UPLOAD.sha256[:16]
    outside.mkdir()
    (outside / "x.pdf").write_bytes(UPLOAD.data)
    (folder / "link").mkdir()
    (folder / "link" / outside.name).symlink_to(outside)
    for path in [*folder.rglob("*.pdf"), outside / "x.pdf"]:
        os.utime(path, (0, 0))
    assert inbox.sweep(LATE) == 1
    assert files(inbox) == set(names)
    assert (outside / "x.pdf").is_file()


def test_what_a_power_cut_left_is_taken_away_in_time(inbox: Inbox) -> None:
    path = inbox.put("api", UPLOAD, NOW)
    part = (inbox.folder / path).parent / ".0123456789abcdef.new"
    part.write_bytes(b"%PD")
    os.utime(part, (0, 0))
    assert inbox.sweep(NOW) == 1
    assert files(inbox) == {path}


def test_it_looks_once_an_hour(inbox: Inbox) -> None:
    assert inbox.sweep(LATE) == 0
    inbox.put("api", UPLOAD, NOW)
    assert inbox.sweep(LATE + timedelta(minutes=59)) == 0
    assert inbox.sweep(LATE + timedelta(minutes=61)) == 1


@pytest.mark.parametrize("area", ["", "..", "a/b", "a\\b", ".a", "A" * 41])
def test_an_area_is_one_plain_folder(inbox: Inbox, area: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(area))):
        inbox.put(area, UPLOAD, NOW)
    assert not inbox.folder.exists()


def test_a_link_does_not_lead_out_of_it(inbox: Inbox, tmp_path: Path) -> None:
    inbox.folder.mkdir()
    (tmp_path / "away").mkdir()
    (inbox.folder / "api").symlink_to(tmp_path / "away")
    with pytest.raises(NotADirectoryError):
        inbox.put("api", UPLOAD, NOW)
    assert not list((tmp_path / "away").iterdir())


def test_many_at_once_leave_one_whole_file(inbox: Inbox) -> None:
    paths: set[str] = set()
    sweeper = Inbox(inbox.folder)

    def work() -> None:
        for round_ in range(20):
            paths.add(inbox.put("api", UPLOAD, LATE))
            sweeper.sweep(LATE + timedelta(hours=round_ * 2))
            assert (inbox.folder / next(iter(paths))).read_bytes() == UPLOAD.data

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files(inbox) == paths == {f"api/{UPLOAD.sha256[:16]}/表 一.pdf"}
