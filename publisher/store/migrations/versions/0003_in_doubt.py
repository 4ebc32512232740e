"""A batch that is tried again by its key says that it may be out; an earlier text may come back."""

import sqlalchemy as sa
from alembic import op

from publisher.store.base import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ONCE = "uq_revisions_item_id_content_hash"
_COLUMNS = "id, item_id, number, title, content, content_hash, approval, received_at, received_by"


def upgrade() -> None:
    op.add_column(
        "batches",
        sa.Column("in_doubt", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(_ONCE, "revisions", type_="unique")
    else:
        _make_anew()


def downgrade() -> None:
    """Fails where an earlier text has come back: the older version cannot hold it."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_unique_constraint(_ONCE, "revisions", ["item_id", "content_hash"])
    else:
        _make_anew(sa.UniqueConstraint("item_id", "content_hash", name=op.f(_ONCE)))
    op.drop_column("batches", "in_doubt")


def _make_anew(*more: sa.UniqueConstraint) -> None:
    """SQLite takes no constraint away from a table: make it anew, with its rows and its guards."""
    op.execute("PRAGMA defer_foreign_keys = ON")  # the rows are back before the end
    op.execute("CREATE TEMP TABLE kept AS SELECT * FROM revisions")
    op.drop_table("revisions")
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("approval", sa.JSON(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("received_by", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_revisions_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_revisions_item_id_number")),
        *more,
    )
    op.execute(f"INSERT INTO revisions ({_COLUMNS}) SELECT {_COLUMNS} FROM kept")  # noqa: S608 - ours
    op.execute("DROP TABLE kept")
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER revisions_no_{verb.lower()} BEFORE {verb} ON revisions "
            "BEGIN SELECT RAISE(ABORT, 'revisions is append-only'); END"
        )
