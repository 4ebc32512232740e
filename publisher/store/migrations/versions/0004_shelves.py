"""What stands in channels with lists, as cards with places; `publisher rebuild` fills them."""

import sqlalchemy as sa
from alembic import op

from publisher.store.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shelves",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("per_page", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_shelves")),
    )
    op.create_table(
        "cards",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("lists", sa.Text(), nullable=False),
        sa.Column("related", sa.Text(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("news_at", Instant()),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_cards_item_id")),
        sa.PrimaryKeyConstraint("channel", "item_id", name=op.f("pk_cards")),
    )
    op.create_table(
        "lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("channel", "name", name=op.f("uq_lists_channel_name")),
    )
    op.create_table(
        "places",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("news_at", Instant()),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_places_item_id")),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_places_list_id")),
        sa.PrimaryKeyConstraint("list_id", "position", name=op.f("pk_places")),
        sa.UniqueConstraint("item_id", "list_id", name=op.f("uq_places_item_id_list_id")),
    )
    op.create_index(op.f("ix_places_list_id_news_at"), "places", ["list_id", "news_at"])
    op.create_table(
        "relations",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_relations_item_id")),
        sa.PrimaryKeyConstraint("channel", "item_id", "other_id", name=op.f("pk_relations")),
    )
    op.create_index(op.f("ix_relations_channel_other_id"), "relations", ["channel", "other_id"])


def downgrade() -> None:
    for table in ("relations", "places", "lists", "cards", "shelves"):
        op.drop_table(table)
