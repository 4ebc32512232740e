"""One item: what was approved, where each delivery stands and why, where it can still be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from markupsafe import Markup
from starlette.responses import Response

from publisher.access import Person
from publisher.advice import CONSOLE, to_do
from publisher.bootstrap import Publisher
from publisher.content.render_html import to_html
from publisher.model import Action, Item, Status
from publisher.orders import Seen
from publisher.report import (
    KIND_WORDS,
    RECEIPT_WORDS,
    SET_ASIDE,
    STATE_WORDS,
    STATUS_WORDS,
    state_of,
)
from publisher.store.related import Partner
from publisher.store.standing import DeliveryRow, ItemRow, Line
from publisher.store.watching import Matter
from publisher.web.office.cells import Cell, cell_of, title_of
from publisher.web.office.forms import Typed
from publisher.web.office.gate import City, See
from publisher.web.office.held import NOTHING
from publisher.web.office.pages import Pages
from publisher.web.office.told import told as told_of

router = APIRouter()

_WORKER = "worker"
_UNTYPED = Typed()
_RESENT = frozenset({Status.FAILED, Status.LOST, Status.UNKNOWN})
_CONFIRMED = frozenset({Status.AWAITING, Status.UNKNOWN, Status.FAILED, Status.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of a delivery's history, in words."""

    at: datetime
    what: str
    outcome: str
    who: str
    reason: str
    raw: str
    reference: str
    evidence: str = ""
    """The hash of a file that proves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A delivery as its item's page shows it."""

    row: DeliveryRow
    cell: Cell
    replaced_by: Action | None
    next_step: str
    history: tuple[Event, ...]
    can_resend: bool
    can_confirm: bool
    beside: Sequence[Partner]
    """What went out in the same call, and is confirmed along with it."""


@router.get("/items/{item_id}")
def item(
    request: Request,
    person: See,
    item_id: str,
    open: str = "",  # noqa: A002 - as addresses have it
    told: str = "",
) -> Response:
    """`open`: the form that is open at once, as «resend-7»; `told`: under which name notes lie."""
    notes = told_of(request, person, item_id, told)
    return item_page(request, person, item_id, at_work=open, notes=notes)


@router.get("/items/{item_id}/now")
def item_now(request: Request, person: See, city: City, item_id: str) -> Response:
    """The part of the page that changes by itself."""
    pages: Pages = request.app.state.pages
    row = own_item(city, person, item_id)
    return pages.part(
        "deliveries",
        person=person,
        typed=_UNTYPED,
        wrong=NOTHING,
        at_work="",
        kept=None,
        **_standing(city, row, _views(city, row)),
    )


def item_page(
    request: Request,
    person: Person,
    item_id: str,
    *,
    status: int = 200,
    typed: Typed = _UNTYPED,
    wrong: Mapping[str, str] = NOTHING,
    at_work: str = "",
    kept: tuple[str, str] | None = None,
    notes: Sequence[str] = (),
) -> Response:
    """The page. `at_work`: the form that could not be done, as «resend-7»; `kept`: its file."""
    pages: Pages = request.app.state.pages
    city: Publisher = request.app.state.city
    since = city.store.changes.newest()
    row = own_item(city, person, item_id)
    content = whole_item(city, item_id)
    revision = content.revision
    views = _views(city, row)
    return pages.page(
        request,
        "item",
        person,
        status=status,
        typed=typed,
        wrong=wrong,
        at_work=at_work,
        kept=kept,
        notes=notes,
        since=since,
        content=content,
        revision=revision,
        body=Markup(  # noqa: S704 - made of blocks by our own writer
            to_html(revision.document.blocks, image_src=lambda name: _file(item_id, name))
        ),
        left=city.store.related.still_public(item_id, revision.related) if row.withdrawn else (),
        versions=city.store.kept.versions(item_id),
        renditions=city.store.kept.renditions(item_id),
        title_of=lambda channel: title_of(city, channel),
        **_standing(city, row, views),
    )


def own_item(city: Publisher, person: Person, item_id: str) -> ItemRow:
    """The item, if it is there and this person's to see: a department editor has no other."""
    found = city.store.matrix.rows([item_id], person.department)
    if not found:
        raise HTTPException(404, "没有这个编号的信息条目，请核对编号")
    return found[0]


def whole_item(city: Publisher, item_id: str) -> Item:
    """The item with the bytes of its files, as a channel would get it.

    What is not out would be published in this minute. Nothing prints seconds: so all files of one
    preview come from one rendering (made.py).
    """
    found = city.store.items.get(item_id, city.clock().replace(second=0, microsecond=0))
    if found is None:
        raise HTTPException(404, "没有这个编号的信息条目，请核对编号")
    return found


def _views(city: Publisher, row: ItemRow) -> list[View]:
    return [_view(city, row, one) for one in _newest_orders_first(row.deliveries)]


def _standing(city: Publisher, row: ItemRow, views: Sequence[View]) -> dict[str, object]:
    """Where it stands: what changes while a page is open."""
    exposure = city.amendments.exposure(row.id)
    return {
        "item": row,
        "state": STATE_WORDS[state_of(row.deliveries)],
        "views": views,
        "exposed": {name: one for name, one in exposure.items() if one.seen is not Seen.REMAINS},
        "beyond": {name: one for name, one in exposure.items() if one.seen is Seen.REMAINS},
        "exposed_in": lambda channel: title_of(city, channel),
    }


def _newest_orders_first(rows: Sequence[DeliveryRow]) -> list[DeliveryRow]:
    """Those of one order together, its channels in the order of the configuration."""
    orders: list[list[DeliveryRow]] = []
    for one in rows:
        last = orders[-1] if orders else []
        if (
            not last
            or one.action is not last[-1].action
            or one.channel in {x.channel for x in last}
        ):
            orders.append([])
        orders[-1].append(one)
    return [one for order in reversed(orders) for one in order]


def _view(city: Publisher, item: ItemRow, one: DeliveryRow) -> View:
    now = city.clock()
    replaced = _replaced_by(item, one)
    return View(
        row=one,
        cell=cell_of(city, item, one, now),
        replaced_by=replaced,
        next_step=_next_step(item, one, replaced, now),
        history=tuple(_event(line) for line in city.store.standing.history(one.id)),
        can_resend=one.status is Status.UNKNOWN  # at least to say that it is not out
        or (
            one.status in _RESENT
            and not replaced
            and (one.action is Action.WITHDRAW or not item.withdrawn)
        ),
        can_confirm=one.status in _CONFIRMED,
        beside=city.store.desk.beside(one.id) if one.status in _CONFIRMED else (),
    )


def _replaced_by(item: ItemRow, one: DeliveryRow) -> Action | None:
    """What was ordered last in its channel, if that is something newer."""
    newer = [
        other.action
        for other in item.deliveries
        if other.id > one.id
        and other.channel == one.channel
        and other.status is not Status.CANCELLED
    ]
    return newer[-1] if newer else None


def _next_step(item: ItemRow, one: DeliveryRow, replaced: Action | None, now: datetime) -> str:
    """What a person is to do; "" where nobody has to do anything."""
    late = one.deadline_at is not None and one.deadline_at < now
    if one.deadline_at is None or not (one.status in _RESENT | _CONFIRMED or late):
        return ""
    matter = Matter(
        id=one.id,
        item_id=item.id,
        title=item.title,
        action=one.action,
        channel=one.channel,
        ambiguous=False,  # the button stands beside it
        replaced_by=replaced,
        status=one.status,
        reason=one.reason,
        reason_class=one.reason_class,
        updated_at=one.updated_at,
        deadline_at=one.deadline_at,
    )
    return f"请{to_do(matter, CONSOLE)}"


def _event(line: Line) -> Event:
    by_program = line.by == _WORKER
    return Event(
        at=line.at,
        what=SET_ASIDE if by_program and line.kind == "staff" else KIND_WORDS[line.kind],
        outcome=RECEIPT_WORDS.get(line.outcome) or STATUS_WORDS[Status(line.outcome)],
        who="程序" if by_program else line.by,
        reason=line.reason,
        raw=line.raw,
        reference=line.reference,
        evidence=line.sha256,
    )


def _file(item_id: str, name: str) -> str:
    return f"/items/{item_id}/files/{name}"
