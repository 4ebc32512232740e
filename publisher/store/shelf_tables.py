"""The tables of what stands in channels with lists: its cards, their places, their relations.

They hold nothing that cannot be made again of the orders: `publisher rebuild` does so.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from publisher.store.base import Instant, metadata

shelves = Table(
    "shelves",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("per_page", Integer, nullable=False),  # as all pages of its lists were cut
)

cards = Table(
    "cards",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("lists", Text, nullable=False),  # a name a line
    Column("related", Text, nullable=False),  # an item's id a line
    Column("listed", Boolean, nullable=False),
    Column("url", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("news_at", Instant),
    Column("data", Text, nullable=False),
)

lists = Table(
    "lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("length", Integer, nullable=False),  # places given, from 0
    UniqueConstraint("channel", "name"),
)

places = Table(
    "places",
    metadata,
    Column("list_id", ForeignKey("lists.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("item_id", ForeignKey("items.id"), nullable=False),
    Column("news_at", Instant),  # as on the card, for what has come out
    UniqueConstraint("item_id", "list_id"),
    Index(None, "list_id", "news_at"),
)

relations = Table(
    "relations",
    metadata,
    Column("channel", String(64), primary_key=True),
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("other_id", Text, primary_key=True),  # may be of an item that is still to come
    Index(None, "channel", "other_id"),
)
