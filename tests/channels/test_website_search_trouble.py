"""A search that is damaged, or does not know all pages: does it say so, and can it be mended?"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from channels.website.search import INDEX, Search
from publisher.channel import TemporaryError
from tests.channels.website_search_pages import a_page, a_search, shown


@pytest.fixture
def search(tmp_path: Path) -> Search:
    return a_search(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the index lies."""
    (tmp_path / "output").mkdir(exist_ok=True)
    return tmp_path / "output" / INDEX


def stand(file: Path, *serials: int) -> list[tuple[str, bytes]]:
    """Pages of items in the site beside the index."""
    (file.parent / "site" / "2026").mkdir(parents=True, exist_ok=True)
    pages = [(f"2026/{one:05d}.html", a_page(f"第{one}号预算")) for one in serials]
    for name, page in pages:
        (file.parent / "site" / name).write_bytes(page)
    return pages


def refuses(search: Search) -> bool:
    """Whether it says that it cannot search, and nothing of files."""
    with pytest.raises(TemporaryError, match="搜索暂时用不了") as told:
        search.page("预算", 1)
    return "search.db" not in told.value.reason


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, b"half"])
def test_a_damaged_index_is_said_in_plain_words_and_made_anew(
    search: Search, file: Path, damage: bytes
) -> None:
    pages = stand(file, 1, 2)
    search.put(pages)
    whole = file.read_bytes()
    file.write_bytes(damage if damage != b"half" else whole[: len(whole) // 2] + b"?" * 3000)
    assert refuses(search)
    with pytest.raises(TemporaryError) as told:
        search.put([("2026/00003.html", a_page("预算"))])
    assert "“output/search.db”" in told.value.reason
    assert "publisher rebuild website" in told.value.reason
    assert str(file.parent) not in told.value.reason
    search.reset()
    assert not file.exists()
    search.put(pages[:1])
    assert refuses(search)
    search.put(pages[1:])
    search.completed()
    assert "共找到 2 条" in shown(search, "预算")


def test_a_sound_index_is_not_taken_away(search: Search, file: Path) -> None:
    search.reset()
    search.put(stand(file, 1))
    search.reset()
    assert "共找到 1 条" in shown(search, "预算")


def test_what_is_in_the_way_and_no_file_is_told(search: Search, file: Path) -> None:
    file.mkdir()
    for deed in (search.reset, search.completed, lambda: search.put(stand(file, 1))):
        with pytest.raises(TemporaryError, match=r"output/search\.db"):
            deed()
    assert refuses(search)


def test_an_index_of_another_time_is_taken_over_and_answers_when_it_is_complete(
    search: Search, file: Path
) -> None:
    pages = stand(file, 1)
    search.put(pages)
    with closing(sqlite3.connect(file)) as database:
        database.executescript("DROP TABLE mark; PRAGMA user_version = 1;")
    assert refuses(search)
    search.put(pages)
    assert refuses(search)
    search.completed()
    assert "共找到 1 条" in shown(search, "预算")


def test_a_search_that_does_not_know_all_says_so(search: Search, file: Path) -> None:
    """Somebody has moved the index away; what comes next begins a new one."""
    first, second = stand(file, 1, 2)
    search.put([first, second])
    assert "共找到 2 条" in shown(search, "预算")
    file.unlink()
    (third,) = stand(file, 3)
    assert refuses(search)
    search.put([third])
    assert refuses(search)
    search.put([first, second])
    assert refuses(search), "nobody has said that these are all"
    search.completed()
    assert "共找到 3 条" in shown(search, "预算")
    search.put([("2026/00004.html", a_page("预算"))])
    assert "共找到 4 条" in shown(search, "预算"), "it stays complete"


def test_the_first_that_is_published_makes_a_complete_search(search: Search, file: Path) -> None:
    pages = stand(file, 1, 2)
    (file.parent / "site/list").mkdir()
    (file.parent / "site/list/index.html").touch()
    search.put(pages)
    assert "共找到 2 条" in shown(search, "预算")
