"""The tables. The delivery rows are the truth and the queue; Alembic makes what stands here."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from publisher.store.base import Instant, metadata

HEADS = ("title", "department", "field", "five_open_stage", "doc_number")

items = Table(
    "items",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("number", String(64), nullable=False, unique=True),
    Column("url", String(512), nullable=False, unique=True),
    Column("first_published_at", Instant),
    Column("expires_at", Instant),  # end of the posting period or validity; null once ordered
    Column("created_at", Instant, nullable=False),
    # Of the newest revision, to be found by:
    *(Column(name, Text, nullable=False, server_default="") for name in HEADS),
    UniqueConstraint("year", "serial"),
    Index(None, "first_published_at"),
    Index(None, "expires_at"),
    Index(None, "created_at"),
    Index(None, "department", "created_at"),
    Index(None, "field", "created_at"),
    Index(None, "five_open_stage", "created_at"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", ForeignKey("items.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("content", Text, nullable=False),  # canonical JSON, the bytes that were hashed
    Column("content_hash", String(64), nullable=False),
    Column("approval", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("received_by", String(128), nullable=False),
    UniqueConstraint("item_id", "number"),
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("packed", Boolean, nullable=False),  # zlib, where that makes it smaller
    Column("data", LargeBinary, nullable=False),
)

assets = Table(
    "assets",
    metadata,
    Column("revision_id", ForeignKey("revisions.id"), primary_key=True),
    Column("role", String(16), primary_key=True),  # attachment | image
    Column("position", Integer, primary_key=True),
    Column("name", String(255), nullable=False),
    Column("title", Text, nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("sha256", ForeignKey("blobs.sha256"), nullable=False),
    Column("size", Integer, nullable=False),
)

refusals = Table(
    "refusals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64)),
    Column("sha256", String(64), nullable=False),  # of the bytes that were refused
    Column("problems", JSON, nullable=False),
    Column("refused_at", Instant, nullable=False),
    Column("submitted_by", String(128), nullable=False),
    Index(None, "refused_at"),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item_id", ForeignKey("items.id"), nullable=False, index=True),
    Column("revision_id", ForeignKey("revisions.id"), nullable=False),
    Column("action", String(16), nullable=False),
    Column("minor", Boolean, nullable=False, server_default=false()),  # citizens are not told
    Column("reason", Text, nullable=False),
    Column("ordered_by", String(128), nullable=False),
    Column("created_at", Instant, nullable=False),
)

OPEN = text("status NOT IN ('delivered', 'cancelled')")
"""What is not at its end: few rows, however many there are."""

IN_VAIN = text("verifications > 0")
"""What could not be looked at the last time."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("deadline_at", Instant),
    Column("attempts", Integer, nullable=False),  # sends so far
    Column("tries", Integer, nullable=False),  # of the retry budget, since a person last acted
    Column("reference", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reason_class", String(16), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("stands_since", Instant),  # null unless it is what stands of the item in its channel
    Column("verify_at", Instant),
    Column("verifications", Integer, nullable=False, server_default="0"),
    Column("tell_at", Instant),  # when staff are to be told that it needs them; null: told, or fine
    UniqueConstraint("order_id", "channel"),
    Index(None, "channel", "status", "due_at"),
    Index(None, "channel", "stands_since"),
    Index(None, "channel", "verify_at"),
    Index(None, "tell_at"),
    Index("ix_deliveries_open", "status", "deadline_at", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_deliveries_in_vain", "channel", sqlite_where=IN_VAIN, postgresql_where=IN_VAIN),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(64), nullable=False),
    Column("key", String(32), nullable=False, unique=True),
    Column("status", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("frozen_at", Instant, nullable=False),
    Column("rendition_sha256", String(64), nullable=False),
    Column("notes", JSON, nullable=False),
    Column("claim", String(32), nullable=False),  # who holds it while sending
    Column("intent_at", Instant),  # committed before the call
    Column("in_doubt", Boolean, nullable=False, server_default=false()),  # waits, and may be out
    Column("tries", Integer, nullable=False),
    Column("checks", Integer, nullable=False),
    Column("check_at", Instant),
    Column("deadline_at", Instant),
    Column("reference", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reason_class", String(16), nullable=False),
    Index(None, "channel", "status", "id"),
    Index(None, "channel", "reference"),
)

batch_deliveries = Table(
    "batch_deliveries",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("counts", Boolean, nullable=False),  # false once a resend has taken its place
    Column("url", Text, nullable=False),  # where this item of the batch can be seen
    Index(None, "delivery_id"),
)

renditions = Table(
    "renditions",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", String(512), nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("sha256", ForeignKey("blobs.sha256"), nullable=False),
)

recipients = Table(
    "recipients",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("code", String(64), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index(None, "subscriber_id"),
)

pauses = Table(
    "pauses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(64), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("paused_by", String(128), nullable=False),
    Column("paused_at", Instant, nullable=False),
    Column("resumed_by", String(128), nullable=False),
    Column("resumed_at", Instant),  # null while the pause lasts
)

strays = Table(
    "strays",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(64), nullable=False),
    Column("reference", Text, nullable=False),  # a report of a batch that we do not know yet
    Column("blind_index", LargeBinary, nullable=False),
    Column("status", String(16), nullable=False),
    Column("code", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    Index(None, "channel", "reference"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("batch_id", ForeignKey("batches.id")),
    Column("kind", String(16), nullable=False),  # render | send | check | settle | staff
    Column("actor", String(128), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("outcome", String(16), nullable=False),  # the status it led to
    Column("reason", Text, nullable=False),
    Column("reason_class", String(16), nullable=False),
    Column("raw", Text, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("batch_id", ForeignKey("batches.id")),
    Column("kind", String(16), nullable=False),  # accepted | awaiting | delivered | confirmed
    Column("reference", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("observed_by", String(128), nullable=False),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ref", String(32), nullable=False, unique=True),  # what the encryption is bound to
    Column("sealed", LargeBinary, nullable=False),
    Column("blind_index", LargeBinary, nullable=False, unique=True),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    Column("topic", String(64), primary_key=True),
)

APPEND_ONLY = ("revisions", "attempts", "receipts", "refusals", "audit")
"""Tables whose rows are never changed or removed; triggers see to it."""
