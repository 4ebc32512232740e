"""What stands in a database, to be compared."""

from sqlalchemy import Insert, Row, insert, select

from publisher.store.base import metadata
from publisher.store.engine import Database
from publisher.store.sqlite import Sqlite
from publisher.store.tables import pauses
from tests.factories import NOW


def everything(database: Database) -> dict[str, list[Row[tuple[object, ...]]]]:
    with database.read() as connection:
        return {
            table.name: list(connection.execute(select(table).order_by(*table.primary_key)).all())
            for table in metadata.sorted_tables
        }


def is_untouched(target: Database) -> bool:
    """Not there, or without any table."""
    if isinstance(target.kind, Sqlite):
        return not target.kind.exists()
    return target.version() == ""


def a_pause(channel: str) -> Insert:
    return insert(pauses).values(
        channel=channel, reason="说明", paused_by="", paused_at=NOW, resumed_by=""
    )
