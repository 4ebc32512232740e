"""What an order comes to in one channel. Pure.

wanted      at the door: does the order make a delivery there at all?
to_do       when it goes out: what is left to do there, given what is out by then?
Exposure    where the text of an item can still be seen or heard
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from publisher.channel import Recall
from publisher.model import Action, Revision, Status

PENDING = (Status.QUEUED, Status.HELD)
"""Nothing of it has left: a later order takes its place."""
OPEN = (*PENDING, Status.SENDING, Status.FAILED)
"""Something of it may still go out, by itself or by a person's word."""
MAY_BE_OUT = (
    Status.SENDING,
    Status.ACCEPTED,
    Status.AWAITING,
    Status.DELIVERED,
    Status.UNKNOWN,
)
"""Of a batch: something of it is out, or nobody can say that it is not."""
MARKS = (Recall.EDITS, Recall.HUMAN)
"""Channels in which something that expires is marked, or taken down."""


def wanted(action: Action, *, minor: bool, recall: Recall, out: bool, open_: bool) -> bool:
    """Whether an order makes a delivery in a channel.

    `out`: something of the item is out there, or may be. `open_`: something of it may still go
    out there, or has failed to. A correction that matters is told everywhere; a minor one mends
    what can be edited, and takes the place of what is not out.
    """
    match action:
        case Action.PUBLISH:
            return True
        case Action.CORRECT:
            return not (minor and out) or open_ or recall is Recall.EDITS
        case Action.WITHDRAW:
            return out
        case Action.EXPIRE:
            return out and recall in MARKS


def to_do(
    action: Action, *, minor: bool, recall: Recall, out: bool, addressed: bool
) -> Action | None:
    """What is left to do when its time has come; None: nothing.

    What never got out needs no withdrawal, and its corrected text is simply published. Of an
    addressed channel a minor correction goes to those whom the first text did not reach.
    """
    if action is Action.PUBLISH:
        # What was lost may only be altered: where it can be deleted it goes first.
        return Action.CORRECT if out and recall is Recall.DELETES else action
    if not out:
        return Action.PUBLISH if action is Action.CORRECT else None
    if action is Action.CORRECT and minor and recall is not Recall.EDITS and not addressed:
        return None
    return action


def end_of(revision: Revision, zone: tzinfo, now: datetime) -> datetime | None:
    """The end of a posting period or validity: midnight after its last day.

    None where there is none, or it was over before the text came in: then nothing ends any more.
    """
    last = revision.posting.last if revision.posting else revision.valid_until
    if last is None:
        return None
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    return end if end > now else None


def why_it_ends(revision: Revision) -> str:
    """The reason of an order to expire, for citizens."""
    if revision.posting:
        return f"公示期已于{_day(revision.posting.last)}结束"
    return f"有效期已于{_day(revision.valid_until)}届满" if revision.valid_until else "已经到期"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class Seen(StrEnum):
    """How far the text of an item can still be met with in a channel."""

    SEEN = "seen"
    MAYBE = "maybe"
    WITHDRAWING = "withdrawing"
    REMAINS = "remains"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One delivery of an item in a channel, as far as exposure needs it.

    `out`: a call of it was made and did not certainly fail. `people`: how many subscribers have
    got it, or may have.
    """

    action: Action
    status: Status
    out: bool
    at: datetime
    where: str = ""
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """That the text of an item can still be met with in a channel; `recall` is how far the order
    that takes it back has come, if there is one.
    """

    seen: Seen
    since: datetime
    where: str = ""
    people: int = 0
    recall: Status | None = None


def expose(past: Sequence[Past], *, recall: Recall | None, remains: str) -> Exposure | None:
    """Where an item stands in one channel by all its deliveries there, oldest first.

    None: nothing of it can be met with. What expired on a page that is edited stays to be read.
    `recall` is None for a channel that is not configured any more.
    """
    shown: list[Past] = []
    gone: list[Past] = []
    taking: Past | None = None
    for one in past:
        takes_back = one.action is Action.WITHDRAW or (
            one.action is Action.EXPIRE and recall is Recall.HUMAN
        )
        if not takes_back:
            shown += [one] if one.out else []
            taking = None
        elif one.status is Status.DELIVERED:
            gone, shown, taking = gone + shown, [], None
        elif one.status is not Status.CANCELLED:
            taking = one
    if shown:
        return _shown(shown, taking)
    if gone and remains:
        return _exposure(Seen.REMAINS, gone)
    return None


def _shown(shown: Sequence[Past], taking: Past | None) -> Exposure:
    if taking:
        return _exposure(Seen.WITHDRAWING, shown, taking.status)
    surely = any(one.status in {Status.DELIVERED, Status.ACCEPTED} for one in shown)
    return _exposure(Seen.SEEN if surely else Seen.MAYBE, shown)


def _exposure(seen: Seen, shown: Sequence[Past], recall: Status | None = None) -> Exposure:
    return Exposure(
        seen=seen,
        since=shown[0].at,
        where=shown[-1].where,
        people=max(one.people for one in shown),
        recall=recall,
    )
