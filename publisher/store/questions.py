"""What the queue asks the database, each built once: building a statement costs more than running
it, and these run all day.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)

from publisher.model import Action, Status
from publisher.store.tables import (
    batch_deliveries,
    batches,
    deliveries,
    orders,
    revisions,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What goes before what: the first channel, and how long the others wait for it."""

    first: str
    patience: timedelta


_MINE = select(batches).where(batches.c.channel == bindparam("channel")).order_by(batches.c.id)
READY = _MINE.where(batches.c.status == Status.QUEUED, batches.c.due_at <= bindparam("now"))
STRANDED = _MINE.where(batches.c.status == Status.SENDING)
UNFINISHED = _MINE.where(
    batches.c.status == Status.ACCEPTED, batches.c.check_at <= bindparam("now")
)


UNTIL = (
    select(deliveries.c.deadline_at)
    .join(batch_deliveries, batch_deliveries.c.delivery_id == deliveries.c.id)
    .where(batch_deliveries.c.batch_id == bindparam("batch"), batch_deliveries.c.counts)
)
LAST_TOLD = select(func.max(orders.c.id)).where(
    orders.c.item_id == bindparam("item"),
    orders.c.id < bindparam("before"),
    orders.c.action == Action.CORRECT,
    ~orders.c.minor,
)
DOUBTFUL = _MINE.where(batches.c.status == Status.UNKNOWN, batches.c.check_at <= bindparam("now"))
DOUBTFUL_OF = (
    select(batches)
    .join(batch_deliveries, batch_deliveries.c.batch_id == batches.c.id)
    .where(
        batch_deliveries.c.delivery_id == bindparam("delivery"),
        batch_deliveries.c.counts,
        batches.c.status == Status.UNKNOWN,
    )
)
# Every part names the channels, so that it finds its way by an index: what is old costs nothing.
_AMONG: BindParameter[Any] = bindparam("channels", expanding=True)
WORKING = union_all(
    select(deliveries.c.channel).where(
        deliveries.c.channel.in_(_AMONG),
        deliveries.c.status == Status.QUEUED,
        deliveries.c.due_at <= bindparam("now"),
    ),
    select(deliveries.c.channel).where(
        deliveries.c.channel.in_(_AMONG), deliveries.c.verify_at <= bindparam("now")
    ),
    select(batches.c.channel).where(
        batches.c.channel.in_(_AMONG),
        batches.c.status.in_([Status.SENDING, Status.QUEUED, Status.ACCEPTED, Status.UNKNOWN]),
        or_(
            batches.c.status == Status.SENDING,
            and_(batches.c.status == Status.QUEUED, batches.c.due_at <= bindparam("now")),
            batches.c.check_at <= bindparam("now"),
        ),
    ),
)
TAKE = (
    update(batches)
    .where(batches.c.id == bindparam("batch"), batches.c.status == Status.QUEUED)
    .values(status=Status.SENDING, claim=bindparam("by"), intent_at=bindparam("now"))
)
TAKE_MEMBERS = (
    update(deliveries)
    .where(
        deliveries.c.id.in_(
            select(batch_deliveries.c.delivery_id).where(
                batch_deliveries.c.batch_id == bindparam("batch"), batch_deliveries.c.counts
            )
        ),
        deliveries.c.status == Status.QUEUED,
    )
    .values(status=Status.SENDING, updated_at=bindparam("now"))
)


def due_query(going: Going) -> Select[Any]:
    open_batch = exists().where(
        batch_deliveries.c.delivery_id == deliveries.c.id,
        batch_deliveries.c.counts,
        batches.c.id == batch_deliveries.c.batch_id,
        batches.c.status.in_([Status.QUEUED, Status.SENDING]),
    )
    others, its_order = deliveries.alias("others"), orders.alias("its_order")
    # A call of an earlier order that nobody has settled yet: what it did is not known.
    undecided = (
        exists()
        .where(
            batches.c.channel == deliveries.c.channel,
            batches.c.status == Status.SENDING,
            batch_deliveries.c.batch_id == batches.c.id,
            batch_deliveries.c.delivery_id == others.c.id,
            its_order.c.id == others.c.order_id,
            its_order.c.item_id == orders.c.item_id,
        )
        .correlate(deliveries, orders)
    )
    lead = deliveries.alias("lead")
    leading = exists().where(
        lead.c.order_id == deliveries.c.order_id,
        lead.c.channel == going.first,
        lead.c.status.in_(
            [Status.QUEUED, Status.HELD, Status.SENDING, Status.UNKNOWN, Status.FAILED]
        ),
    )
    return (
        select(deliveries.c.id, deliveries.c.urgent, deliveries.c.tries, deliveries.c.order_id)
        .add_columns(deliveries.c.attempts)
        .add_columns(orders.c.revision_id, orders.c.action, orders.c.minor)
        .add_columns(revisions.c.item_id, revisions.c.content)
        .join(orders, orders.c.id == deliveries.c.order_id)
        .join(revisions, revisions.c.id == orders.c.revision_id)
        .where(
            deliveries.c.channel == bindparam("channel"),
            deliveries.c.status == Status.QUEUED,
            deliveries.c.due_at <= bindparam("now"),
            ~open_batch,
            ~undecided,
            or_(
                bindparam("is_first", type_=Boolean),
                orders.c.created_at <= bindparam("long_ago"),
                orders.c.action == Action.WITHDRAW,
                ~leading,
            ),
        )
        .order_by(deliveries.c.urgent.desc(), deliveries.c.due_at, deliveries.c.id)
        .limit(bindparam("most", type_=Integer))
    )


def urgent_query(due: Select[Any]) -> Select[Any]:
    """A row if something urgent is due."""
    return (
        due.with_only_columns(deliveries.c.id).where(deliveries.c.urgent).order_by(None).limit(None)
    )
