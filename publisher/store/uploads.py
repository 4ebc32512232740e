"""Uploads: files that came with a form which is not done yet, each kept for who brought it."""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from publisher.store.engine import Database
from publisher.store.office_tables import uploads

MOST_BYTES = 20_000_000
"""Of all that is held for one user."""


class Uploads:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, user_id: int, name: str, data: bytes, now: datetime) -> str:
        """Hold a file; what it can be asked for by, or "" where there is no room left."""
        held = select(func.coalesce(func.sum(func.length(uploads.c.data)), 0)).where(
            uploads.c.user_id == user_id
        )
        with self._database.write() as connection:
            if connection.execute(held).scalar_one() + len(data) > MOST_BYTES:
                return ""
            found = secrets.token_hex(16)
            connection.execute(
                insert(uploads).values(
                    id=found, user_id=user_id, name=name[:255], data=data, created_at=now
                )
            )
        return found

    def get(self, upload_id: str, user_id: int) -> tuple[str, bytes] | None:
        """Name and bytes of what this user brought; None: nothing, or somebody else's."""
        query = select(uploads.c.name, uploads.c.data).where(
            uploads.c.id == upload_id, uploads.c.user_id == user_id
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
            return (row.name, row.data) if row else None

    def drop(self, upload_id: str, user_id: int) -> None:
        """Its form is done."""
        with self._database.write() as connection:
            connection.execute(
                delete(uploads).where(uploads.c.id == upload_id, uploads.c.user_id == user_id)
            )

    def let_go(self, before: datetime) -> int:
        """Forget what was brought before then; how many that were."""
        with self._database.write() as connection:
            return connection.execute(delete(uploads).where(uploads.c.created_at < before)).rowcount
