"""The tables of the office: who may come in, what they did, who is told of changes.

Of a secret only what is needed stands here: passwords as Argon2id, sessions and tokens as SHA-256,
the key of a webhook sealed.
"""

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
)

from publisher.store.base import Instant, metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("department", String(128), nullable=False),  # of a department editor; "" of the others
    Column("password", Text, nullable=False),  # Argon2id; "": comes in by single sign-on only
    Column("password_at", Instant, nullable=False),  # since when this is the password
    Column("must_change", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(128), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),  # SHA-256 of what the cookie holds
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),  # at the latest, however busy
    Column("ended_at", Instant),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
)

logins = Table(
    "logins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(64), nullable=False),  # SHA-256 of it; there may be no such user
    Column("address", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index(None, "login", "at"),
    Index(None, "address", "at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),  # of the system that holds it
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    Column("revoked_by", String(128), nullable=False),
)

replies = Table(
    "replies",
    metadata,
    Column("token_id", ForeignKey("tokens.id"), primary_key=True),
    Column("key", String(255), primary_key=True),  # Idempotency-Key
    Column("request", String(64), nullable=False),  # SHA-256 of method, path and body
    Column("status", Integer),  # null while it is being answered
    Column("body", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "created_at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the key its calls are signed with
    Column("active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("stopped", Text, nullable=False),  # why it is not active
    Column("position", Integer, nullable=False),  # the last change it has taken
    # The call to be made, or made again, until it is taken; written before it is made:
    Column("key", String(32), nullable=False),  # "": none
    Column("until", Integer, nullable=False),  # its last change
    Column("made_at", Instant),
    Column("failures", Integer, nullable=False),  # in a row
    Column("failing_since", Instant),
    Column("due_at", Instant, nullable=False),  # not before
)

calls = Table(
    "calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("webhook_id", ForeignKey("webhooks.id"), nullable=False),
    Column("key", String(32), nullable=False),  # the same for each try of the same changes
    Column("first", Integer, nullable=False),  # ids of changes
    Column("last", Integer, nullable=False),
    Column("many", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("code", Integer),  # of HTTP; null without an answer
    Column("reason", Text, nullable=False),  # "": taken
    Index(None, "webhook_id", "id"),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("was", String(16), nullable=False),  # "" of a new delivery
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False),  # as it was then
    Column("reason_class", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
)
"""Written by a trigger on deliveries, so that no change of status can be without its line."""

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("origin", String(80), nullable=False),  # by which door, and from which address
    Column("act", String(32), nullable=False),
    Column("item_id", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "at"),
    Index(None, "item_id"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("name", String(255), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index(None, "created_at"),
)
"""Files that came with a form which was not done yet; they are let go after a day."""
