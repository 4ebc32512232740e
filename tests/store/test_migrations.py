"""Migrations: they make the tables of the code, and take along what is there already."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from publisher.store import engine
from publisher.store.base import metadata
from publisher.store.engine import Database
from publisher.store.tables import deliveries, items, revisions
from tests.support.postgres import PostgresServer

AT = "2026-03-01 02:03:04.000005"
FIRST = "2026-03-02 01:00:00.000000"
CONTENT = json.dumps(
    {"id": "A-1", "title": "关于“清单”的公告：100%", "department": " 市财政\u200b局\u00a0"},
    ensure_ascii=False,
)
OLD_ROWS = (
    "INSERT INTO items VALUES ('A-1', 2026, 1, 'n', 'u', :first, :at)",
    "INSERT INTO revisions VALUES (1, 'A-1', 1, :content, 'h', '{}', :at, '李办')",
    "INSERT INTO orders VALUES (1, 'A-1', 1, 'publish', '', '李办', :at)",
    (
        "INSERT INTO deliveries (id, order_id, channel, status, urgent, due_at, attempts, tries,"
        " reference, url, reason, reason_class, updated_at)"
        " VALUES (1, 1, 'site', 'delivered', false, :at, 1, 1, '', '', '', '', :at),"
        " (2, 1, 'post', 'failed', false, :at, 1, 1, '', '', '', '', :at)"
    ),
)


@pytest.fixture(params=["sqlite", "postgres"])
def nothing(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return tmp_path / "old.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.bare()


def test_the_migrations_make_exactly_the_tables_of_the_code(nothing: str | Path) -> None:
    database = Database(nothing)
    assert database.upgrade() == engine.current_version()
    assert database.upgrade() == engine.current_version(), "again changes nothing"
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_a_database_of_the_first_version_keeps_its_rows_and_its_guards(
    nothing: str | Path,
) -> None:
    database = Database(nothing)
    migrate(database, "0001")
    with database.write() as connection:
        for statement in OLD_ROWS:
            named = {"at": AT, "first": FIRST, "content": CONTENT}
            wanted = {name: one for name, one in named.items() if f":{name}" in statement}
            connection.execute(text(statement), wanted)
    database.upgrade()
    with database.read() as connection:
        title = connection.execute(select(revisions.c.title)).scalar_one()
        stands = connection.execute(
            select(deliveries.c.stands_since).order_by(deliveries.c.id)
        ).scalars()
        assert title == "关于“清单”的公告：100%"
        heads = connection.execute(select(items.c.title, items.c.department)).one()
        assert heads == (title, "市财政局"), "as the pages show them"
        assert list(stands) == [datetime(2026, 3, 2, 1, tzinfo=UTC), None]
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    with pytest.raises(IntegrityError, match="append-only"), database.write() as connection:
        connection.execute(text("UPDATE revisions SET title = ''"))
    database.close()


def test_a_migration_that_fails_leaves_the_old_version_whole(nothing: str | Path) -> None:
    """The disk fills up, somebody's table is in the way: all of it, or nothing."""
    database = Database(nothing)
    migrate(database, "0001")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE strays (id integer)"))
    with pytest.raises(Exception, match="already exists"):
        database.upgrade()
    assert database.version() == "0001"
    with database.write() as connection:
        connection.execute(text("DROP TABLE strays"))
    assert database.upgrade() == engine.current_version()
    database.close()


def test_the_way_back_ends_with_nothing(nothing: str | Path) -> None:
    database = Database(nothing)
    database.upgrade()
    migrate(database, "base", down=True)
    assert database.version() == ""
    assert database.upgrade() == engine.current_version()
    database.close()


def migrate(database: Database, to: str, *, down: bool = False) -> None:
    config = Config()
    folder = Path(engine.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    with database.write() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)
