"""Corrections and withdrawals, looking again, alerts, pauses, reports that came too early."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from publisher.store.base import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NEW_COLUMNS: dict[str, list[sa.Column[Any]]] = {
    "items": [sa.Column("expires_at", Instant())],
    "revisions": [sa.Column("title", sa.Text(), nullable=False, server_default="")],
    "orders": [sa.Column("minor", sa.Boolean(), nullable=False, server_default=sa.false())],
    "deliveries": [
        sa.Column("stands_since", Instant()),
        sa.Column("verify_at", Instant()),
        sa.Column("verifications", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("tell_at", Instant()),
    ],
}
_NEW_INDEXES: list[tuple[str, list[str]]] = [
    ("items", ["expires_at"]),
    ("items", ["created_at"]),
    ("deliveries", ["channel", "stands_since"]),
    ("deliveries", ["channel", "verify_at"]),
    ("deliveries", ["tell_at"]),
]
_STANDS_SINCE = """
UPDATE deliveries SET stands_since = (
    SELECT items.first_published_at FROM orders JOIN items ON items.id = orders.item_id
    WHERE orders.id = deliveries.order_id)
WHERE status = 'delivered' AND order_id IN (SELECT id FROM orders WHERE action = 'publish')
"""


def upgrade() -> None:
    for table, columns in _NEW_COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    _fill_titles()
    op.execute(_STANDS_SINCE)
    for table, names in _NEW_INDEXES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(names)}"), table, names)
    op.create_table(
        "pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paused_by", sa.String(length=128), nullable=False),
        sa.Column("paused_at", Instant(), nullable=False),
        sa.Column("resumed_by", sa.String(length=128), nullable=False),
        sa.Column("resumed_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    op.create_index(op.f("ix_pauses_channel"), "pauses", ["channel"])
    op.create_table(
        "strays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strays")),
    )
    op.create_index(op.f("ix_strays_channel_reference"), "strays", ["channel", "reference"])


def _fill_titles() -> None:
    """The titles of what is there already; only here may a revision's row be touched."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE revisions DISABLE TRIGGER revisions_no_update")
        op.execute("UPDATE revisions SET title = CAST(content AS json) ->> 'title'")
        op.execute("ALTER TABLE revisions ENABLE TRIGGER revisions_no_update")
        return
    op.execute("DROP TRIGGER revisions_no_update")
    op.execute("UPDATE revisions SET title = json_extract(content, '$.title')")
    op.execute(
        "CREATE TRIGGER revisions_no_update BEFORE UPDATE ON revisions "
        "BEGIN SELECT RAISE(ABORT, 'revisions is append-only'); END"
    )


def downgrade() -> None:
    op.drop_table("strays")
    op.drop_table("pauses")
    for table, names in reversed(_NEW_INDEXES):
        op.drop_index(op.f(f"ix_{table}_{'_'.join(names)}"), table)
    for table, columns in _NEW_COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.name)
