"""Which database a test's cities live in: SQLite, unless the test asks for PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from publisher.store.engine import Database
from tests.support import postgres

_places: dict[Path, str] | None = None
"""On PostgreSQL: the address of each folder's city. None: SQLite files in the folders."""


@contextmanager
def chosen(kind: str) -> Iterator[None]:
    """All cities of this block live in databases of this kind, a fresh one for each folder."""
    global _places  # noqa: PLW0603 - tests run one after the other
    before, _places = _places, ({} if kind == "postgres" else None)
    try:
        yield
    finally:
        for url in (_places or {}).values():
            postgres.server().drop(url)
        _places = before


def storage_of(folder: Path) -> dict[str, Any]:
    """What a city in this folder writes under [storage]; the same each time it is opened."""
    if _places is None:
        _copy_to(folder / "data" / "publisher.db")
        return {}
    if folder not in _places:
        _places[folder] = postgres.server().fresh()
    return {"database": _places[folder]}


def _copy_to(place: Path) -> None:
    """An empty SQLite database where there is none yet: quicker than to migrate each anew."""
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.write_bytes(_empty())
        place.chmod(0o600)


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "publisher.db")
        database.upgrade()
        database.close()
        return (Path(folder) / "publisher.db").read_bytes()


def address_of(folder: Path) -> str | Path:
    """The address of the database of the city in this folder."""
    given: str | Path = storage_of(folder).get("database") or folder / "data" / "publisher.db"
    return given
