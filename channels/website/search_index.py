"""The index of the pages: one SQLite file with FTS5, beside the folder of the site.

It holds what stands on the pages and nothing else, so it can be made anew from them. Pages are
numbered by their first publication, so that the newest are met first and no search has to look at
all it finds, however much there is.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from channels.website.search_reading import Found, read
from channels.website.search_words import Asked, indexed

MOST_HITS = 1000
"""As far as a reader can page through; beyond it nothing is counted."""
_PATIENCE = 10.0
_PLACES_A_MINUTE = 1 << 16
_COLUMNS = tuple(field.name for field in fields(Found))
_VERSION = 1
_FORGETS_AT_ONCE = (3, 42)
"""The SQLite whose FTS5 can take words out at once instead of marking them as deleted."""
_SCHEMA = f"""
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS page (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    {", ".join(f"{column} TEXT NOT NULL" for column in _COLUMNS)});
CREATE VIRTUAL TABLE IF NOT EXISTS heads USING fts5(words, content='', tokenize='ascii');
CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5(words, content='', tokenize='ascii');
PRAGMA user_version = {_VERSION};
COMMIT;
"""


@dataclass(frozen=True)
class Hit:
    """A page that was found: its place in the site and what it says."""

    name: str
    found: Found


@dataclass(frozen=True)
class Hits:
    """One page of results, the number of all, and whether there are more than were counted."""

    hits: tuple[Hit, ...]
    count: int
    many: bool
    page: int


class SearchIndex:
    """Written by the one who puts pages out, read by any number at the same time."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def put(self, pages: Iterable[tuple[str, bytes]]) -> None:
        """Take in pages of items, by their names; what is withdrawn or no item's is taken out.

        All of them or none. The same pages again change nothing. Raises sqlite3.Error.
        """
        wanted = {name: read(page) for name, page in pages}
        if not wanted:
            return
        with self._writing() as database:
            for name, found in wanted.items():
                _replace(database, name, found)

    def search(self, asked: Asked, page: int, per_page: int) -> Hits:
        """Whose title or number has all the words comes first, then the rest; each newest first.

        A page beyond the last is the last. Raises sqlite3.Error.
        """
        if not self._file.exists():  # nothing was published yet
            return Hits((), 0, many=False, page=1)
        with closing(self._reading()) as database:
            database.execute("BEGIN")  # one view, whatever is put out meanwhile
            ids = list(_ids(database, asked))
            count = min(len(ids), MOST_HITS)
            last = max(1, -(-count // per_page))
            page = min(max(page, 1), last)
            shown = ids[:count][(page - 1) * per_page : page * per_page]
            return Hits(tuple(_hits(database, shown)), count, len(ids) > count, page)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, _PATIENCE, isolation_level=None)) as database:
            # What was withdrawn is to be gone from the file, not only from its tables. Pairs of
            # characters stay until FTS5 merges its segments, unless it can take them out at once.
            database.execute("PRAGMA secure_delete = ON")
            if database.execute("PRAGMA user_version").fetchone() != (_VERSION,):
                database.executescript(_SCHEMA)
            database.execute("BEGIN IMMEDIATE")
            if sqlite3.sqlite_version_info >= _FORGETS_AT_ONCE:
                for table in ("heads", "texts"):
                    database.execute(
                        f"INSERT INTO {table}({table}, rank) VALUES ('secure-delete', 1)"  # noqa: S608 - our tables
                    )
            yield database  # closing without COMMIT takes all of it back
            database.execute("COMMIT")

    def _reading(self) -> sqlite3.Connection:
        address = f"{self._file.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, _PATIENCE, isolation_level=None, uri=True)


def _replace(database: sqlite3.Connection, name: str, found: Found | None) -> None:
    kept = database.execute(
        f"SELECT id, {', '.join(_COLUMNS)} FROM page WHERE name = ?",  # noqa: S608 - our columns
        (name,),
    ).fetchone()
    old = Found(*kept[1:]) if kept else None
    if old == found:
        return
    if old:
        _write(database, kept[0], old, delete=True)
        database.execute("DELETE FROM page WHERE id = ?", (kept[0],))
    if found:
        stays = old is not None and old.published == found.published
        place = kept[0] if stays else _place(database, found)
        values = (place, name, *astuple(found))
        marks = ", ".join("?" * len(values))
        database.execute(f"INSERT INTO page VALUES ({marks})", values)  # noqa: S608 - only marks
        _write(database, place, found, delete=False)


def _write(database: sqlite3.Connection, place: int, found: Found, *, delete: bool) -> None:
    """Tell the index of a page; it keeps no text, so what it forgets is told to it once more."""
    head = indexed(found.title, found.number, found.doc_number)
    rest = indexed(found.department, found.keywords, found.text)
    for table, words in (("heads", head), ("texts", f"{head} {rest}")):
        if delete:
            command = f"INSERT INTO {table}({table}, rowid, words) VALUES ('delete', ?, ?)"  # noqa: S608
        else:
            command = f"INSERT INTO {table}(rowid, words) VALUES (?, ?)"  # noqa: S608 - our tables
        database.execute(command, (place, words))


def _place(database: sqlite3.Connection, found: Found) -> int:
    """The number of a page: the minute of its publication, and the first place free in it."""
    first = _minute(found.published) * _PLACES_A_MINUTE
    (last,) = database.execute(
        "SELECT max(id) FROM page WHERE id >= ? AND id < ?", (first, first + _PLACES_A_MINUTE)
    ).fetchone()
    return first if last is None else int(last) + 1


def _minute(published: str) -> int:
    try:
        moment = datetime.strptime(published, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:  # a page without its date is the oldest
        return 0
    return max(0, int(moment.timestamp()) // 60)


def _ids(database: sqlite3.Connection, asked: Asked) -> Iterator[int]:
    """The pages in their order, one more than anybody can page through."""
    limit = MOST_HITS + 1
    heads = _matching(database, "heads", asked, limit)
    yield from heads
    if len(heads) < limit:
        seen = set(heads)
        texts = _matching(database, "texts", asked, limit + len(heads))
        yield from (place for place in texts if place not in seen)


def _matching(database: sqlite3.Connection, table: str, asked: Asked, limit: int) -> Sequence[int]:
    rows = database.execute(
        f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC LIMIT ?",  # noqa: S608
        (asked.match, limit),
    )
    return [int(place) for (place,) in rows]


def _hits(database: sqlite3.Connection, places: Sequence[int]) -> Iterator[Hit]:
    query = f"SELECT name, {', '.join(_COLUMNS)} FROM page WHERE id = ?"  # noqa: S608 - our columns
    for place in places:
        name, *values = database.execute(query, (place,)).fetchone()
        yield Hit(name, Found(*values))
