"""The index of the pages: one SQLite file with FTS5, beside the folder of the site.

It holds what stands on the pages and nothing else, so it can be made anew from them. Pages are
numbered by their first publication, so that the newest are met first and no search has to look at
all it finds, however much there is.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from heapq import nlargest
from pathlib import Path

from channels.website.search_reading import Found, read
from channels.website.search_words import Asked, Partly, indexed

MOST_HITS = 1000
"""As far as a reader can page through; beyond it nothing is counted."""
_PATIENCE = 10.0
_PLACES_A_MINUTE = 1 << 16
_COLUMNS = tuple(field.name for field in fields(Found))
_MOST_LIKE = 50
"""Of what is only alike the best; the rest has less and less to do with what was asked."""
_SHARE = 3
"""One in so many pieces must be there, or it is alike by chance."""
_VERSION = 2
_FORGETS_AT_ONCE = (3, 42)
"""The SQLite whose FTS5 can take words out at once instead of marking them as deleted."""
_DAMAGED = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SCHEMA = f"""
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS page (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    {", ".join(f"{column} TEXT NOT NULL" for column in _COLUMNS)});
CREATE VIRTUAL TABLE IF NOT EXISTS heads USING fts5(words, content='', tokenize='ascii');
CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5(words, content='', tokenize='ascii');
CREATE TABLE IF NOT EXISTS mark (complete INTEGER NOT NULL);
INSERT INTO mark SELECT {{complete}} WHERE NOT EXISTS (SELECT 1 FROM mark);
PRAGMA user_version = {_VERSION};
COMMIT;
"""  # noqa: S608 - our own words


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


NOTHING = Hits((), 0, many=False, page=1)


class Incomplete(Exception):
    """The index does not know all pages that stand, so that what it does not find may be there."""


class SearchIndex:
    """Written by the one who puts pages out, read by any number at the same time."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def is_begun(self) -> bool:
        return self._file.exists()

    def put(self, pages: Iterable[tuple[str, bytes]], *, all_there_are: bool = True) -> None:
        """Take in pages of items, by their names; what is withdrawn or no item's is taken out.

        All of them or none. The same pages again change nothing. `all_there_are`: whether an index
        that begins with them is complete. Raises sqlite3.Error.
        """
        wanted = {name: read(page) for name, page in pages}
        if not wanted:
            return
        with self._writing(complete=all_there_are) as database:
            for name, found in wanted.items():
                _replace(database, name, found)

    def completed(self) -> None:
        """Keep in mind that all pages that stand have been taken in. Raises sqlite3.Error."""
        with self._writing(complete=True) as database:
            database.execute("UPDATE mark SET complete = 1")

    def is_complete(self) -> bool:
        """Whether it is whole and all pages have been taken in. Raises sqlite3.Error."""
        with closing(self._reading()) as database:
            return _is_sound(database) and _is_complete(database)

    def names(self) -> frozenset[str]:
        """The pages that can be found. Raises sqlite3.Error."""
        with closing(self._reading()) as database:
            return frozenset(name for (name,) in database.execute("SELECT name FROM page"))

    def reset(self) -> None:
        """Take a file away that is damaged or no index of ours; a sound one stays as it is.

        Raises OSError, and sqlite3.Error where it cannot be told which it is.
        """
        if not self._file.exists():
            return
        try:
            with closing(self._reading()) as database:
                _is_complete(database)  # no index of ours has no such mark
                if _is_sound(database):
                    return
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in _DAMAGED:
                raise
        for ending in ("-wal", "-shm", ""):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)

    def search(self, asked: Asked | Partly, page: int, per_page: int) -> Hits:
        """Whose title or number has all the words comes first, then the rest; each newest first.

        A page beyond the last is the last. Raises sqlite3.Error, Incomplete.
        """
        return self._answer(lambda database: list(_ids(database, asked.match)), page, per_page)

    def alike(self, partly: Partly, page: int, per_page: int) -> Hits:
        """What has any of the pieces; what has most of them comes first. Raises the same."""
        return self._answer(lambda database: _alike(database, partly.pieces), page, per_page)

    def _answer(
        self, look: Callable[[sqlite3.Connection], list[int]], page: int, per_page: int
    ) -> Hits:
        with closing(self._reading()) as database:
            database.execute("BEGIN")  # one view, whatever is put out meanwhile
            if not _is_complete(database):
                raise Incomplete
            ids = look(database)
            count = min(len(ids), MOST_HITS)
            last = max(1, -(-count // per_page))
            page = min(max(page, 1), last)
            shown = ids[:count][(page - 1) * per_page : page * per_page]
            return Hits(tuple(_hits(database, shown)), count, len(ids) > count, page)

    @contextmanager
    def _writing(self, *, complete: bool) -> Iterator[sqlite3.Connection]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, _PATIENCE, isolation_level=None)) as database:
            # What was withdrawn is to be gone from the file, not only from its tables. Pairs of
            # characters stay until FTS5 merges its segments, unless it can take them out at once.
            database.execute("PRAGMA secure_delete = ON")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version != _VERSION:
                database.executescript(_SCHEMA.format(complete=int(complete and not version)))
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


def _is_complete(database: sqlite3.Connection) -> bool:
    return bool(database.execute("SELECT complete FROM mark").fetchone() == (1,))


def _is_sound(database: sqlite3.Connection) -> bool:
    """Whether no place of the file is damaged. Damage may also raise sqlite3.DatabaseError."""
    return bool(database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))


def _ids(database: sqlite3.Connection, match: str) -> Iterator[int]:
    """The pages in their order, one more than anybody can page through."""
    limit = MOST_HITS + 1
    heads = _matching(database, "heads", match, limit)
    yield from heads
    if len(heads) < limit:
        seen = set(heads)
        texts = _matching(database, "texts", match, limit + len(heads))
        yield from (place for place in texts if place not in seen)


def _alike(database: sqlite3.Connection, pieces: Sequence[str]) -> list[int]:
    """The pages with most of the pieces, then the newest; those with few of them are left out. Of a
    piece that stands everywhere only the newest pages count.
    """
    found = Counter(
        place for piece in pieces for place in _matching(database, "texts", piece, MOST_HITS)
    )
    near = [place for place in found if found[place] * _SHARE >= len(pieces)]
    return nlargest(_MOST_LIKE, near, key=lambda place: (found[place], place))


def _matching(database: sqlite3.Connection, table: str, match: str, limit: int) -> Sequence[int]:
    rows = database.execute(
        f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC LIMIT ?",  # noqa: S608
        (match, limit),
    )
    return [int(place) for (place,) in rows]


def _hits(database: sqlite3.Connection, places: Sequence[int]) -> Iterator[Hit]:
    query = f"SELECT name, {', '.join(_COLUMNS)} FROM page WHERE id = ?"  # noqa: S608 - our columns
    for place in places:
        name, *values = database.execute(query, (place,)).fetchone()
        yield Hit(name, Found(*values))
