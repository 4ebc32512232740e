"""The office: who may come in, what they did, who is told of changes; items by what they are."""

import json
from unicodedata import category, normalize

import sqlalchemy as sa
from alembic import op

from publisher.store.base import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_HEADS = ("title", "department", "field", "five_open_stage", "doc_number")
_LOOKED_FOR = ("department", "field", "five_open_stage")
_AT_ONCE = 500
_OPEN = sa.text("status NOT IN ('delivered', 'cancelled')")
_TABLES = (
    "audit",
    "changes",
    "calls",
    "webhooks",
    "replies",
    "tokens",
    "uploads",
    "logins",
    "sessions",
    "users",
)


def upgrade() -> None:
    _add_heads()
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["status", "deadline_at"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.drop_index(op.f("ix_batches_channel_status"), "batches")
    op.create_index(op.f("ix_batches_channel_status_id"), "batches", ["channel", "status", "id"])
    op.create_index(op.f("ix_refusals_refused_at"), "refusals", ["refused_at"])
    in_vain = sa.text("verifications > 0")
    op.create_index(
        "ix_deliveries_in_vain",
        "deliveries",
        ["channel"],
        sqlite_where=in_vain,
        postgresql_where=in_vain,
    )
    _people()
    _systems()
    _traces()
    if op.get_bind().dialect.name == "postgresql":
        _trigger_postgres()
    else:
        _trigger_sqlite()


def _add_heads() -> None:
    for name in _HEADS:
        op.add_column("items", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    _fill_heads()
    for name in _LOOKED_FOR:
        op.create_index(op.f(f"ix_items_{name}_created_at"), "items", [name, "created_at"])


def _fill_heads() -> None:
    """As the pages show them: canonical, and without what nobody sees (publisher.record)."""
    connection = op.get_bind()
    newest = sa.text(
        "SELECT item_id, content FROM revisions WHERE number = "
        "(SELECT max(number) FROM revisions AS other WHERE other.item_id = revisions.item_id)"
    )
    values = ", ".join(f"{name} = :{name}" for name in _HEADS)
    change = sa.text(f"UPDATE items SET {values} WHERE id = :item")  # noqa: S608 - ours
    with connection.execute(newest, execution_options={"yield_per": _AT_ONCE}) as rows:
        for part in rows.partitions():
            connection.execute(change, [_heads(row.item_id, row.content) for row in part])


def _heads(item_id: str, content: str) -> dict[str, str]:
    read = json.loads(content)
    return {"item": item_id, **{name: _clean(read.get(name) or "") for name in _HEADS}}


def _clean(text: str) -> str:
    """As content was cleaned when this was written: later rules are not for what is there."""
    blank = "".join(" " if category(char) == "Zs" and char != "\u3000" else char for char in text)
    seen = "".join(char for char in blank if category(char) != "Cf")
    return normalize("NFC", seen).strip()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=128), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("password_at", Instant(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    op.create_table(
        "logins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logins")),
    )
    op.create_index(op.f("ix_logins_address_at"), "logins", ["address", "at"])
    op.create_index(op.f("ix_logins_login_at"), "logins", ["login", "at"])
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_uploads_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_created_at"), "uploads", ["created_at"])


def _systems() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
        sa.Column("revoked_at", Instant()),
        sa.Column("revoked_by", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=128), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", Instant()),
        sa.Column("due_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("name", name=op.f("uq_webhooks_name")),
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_calls_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(op.f("ix_calls_webhook_id_id"), "calls", ["webhook_id", "id"])
    op.create_table(
        "replies",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_replies_token_id")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_replies")),
    )
    op.create_index(op.f("ix_replies_created_at"), "replies", ["created_at"])


def _traces() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
    op.create_index(op.f("ix_audit_item_id"), "audit", ["item_id"])
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_class", sa.String(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_changes_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_at"), "changes", ["at"])


def _trigger_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER deliveries_begin AFTER INSERT ON deliveries BEGIN "
        "INSERT INTO changes (delivery_id, was, status, reason, reason_class, url, at) "
        "VALUES (NEW.id, '', NEW.status, NEW.reason, NEW.reason_class, NEW.url, NEW.updated_at); "
        "END"
    )
    op.execute(
        "CREATE TRIGGER deliveries_change AFTER UPDATE OF status ON deliveries "
        "WHEN OLD.status <> NEW.status BEGIN "
        "INSERT INTO changes (delivery_id, was, status, reason, reason_class, url, at) "
        "VALUES (NEW.id, OLD.status, NEW.status, NEW.reason, NEW.reason_class, NEW.url, "
        "NEW.updated_at); END"
    )


def _trigger_postgres() -> None:
    for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE FUNCTION write_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO changes (delivery_id, was, status, reason, reason_class, url, at) "
        "VALUES (NEW.id, "
        "CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.status END, "
        "NEW.status, NEW.reason, NEW.reason_class, NEW.url, NEW.updated_at); "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER deliveries_begin AFTER INSERT ON deliveries "
        "FOR EACH ROW EXECUTE FUNCTION write_change()"
    )
    op.execute(
        "CREATE TRIGGER deliveries_change AFTER UPDATE OF status ON deliveries "
        "FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) "
        "EXECUTE FUNCTION write_change()"
    )


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for name in ("deliveries_begin", "deliveries_change"):
        op.execute(f"DROP TRIGGER {name}" + (" ON deliveries" if postgres else ""))
    for table in _TABLES:
        op.drop_table(table)
    if postgres:
        op.execute("DROP FUNCTION write_change()")
    op.drop_index("ix_deliveries_in_vain", "deliveries")
    op.drop_index("ix_deliveries_open", "deliveries")
    op.drop_index(op.f("ix_refusals_refused_at"), "refusals")
    op.drop_index(op.f("ix_batches_channel_status_id"), "batches")
    op.create_index(op.f("ix_batches_channel_status"), "batches", ["channel", "status"])
    for name in _LOOKED_FOR:
        op.drop_index(op.f(f"ix_items_{name}_created_at"), "items")
    for name in _HEADS:
        op.drop_column("items", name)
