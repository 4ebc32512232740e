"""Operations: what a person may do to a delivery; each asks who and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from publisher.channel import HasLookup
from publisher.courier import Courier
from publisher.followup import look_again
from publisher.intake import Refused
from publisher.intake.fields import wrong_text
from publisher.intake.uploads import check_evidence
from publisher.model import Action, Status
from publisher.privacy import NAMES, scan
from publisher.report import ACTION_WORDS, STATUS_WORDS
from publisher.route import Route
from publisher.store.desk import Resent
from publisher.store.standing import DeliveryRow

_LONGEST_LINE = 200
_LONGEST = {"by": 128, "note": 500}
"""Characters of what staff write for the record."""


class NotPossible(Exception):
    """What was asked for cannot be done now; one Chinese sentence says why and what can.

    `fields` are what was filled in wrongly, if it is that: by, why, note, not_out, action, channel,
    revision. Each door knows what it calls them.
    """

    def __init__(self, sentence: str, *fields: str) -> None:
        super().__init__(sentence)
        self.fields = fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody of the city's staff at work."""

    courier: Courier
    routes: Mapping[str, Route]
    most_bytes: int
    """That a file of evidence may have."""

    def resend(
        self,
        item_id: str,
        channel: str,
        *,
        by: str,
        why: str,
        not_out: bool,
        now: datetime,
        action: Action | None = None,
        number: int | None = None,
        judged: int | None = None,
    ) -> bool:
        """Send a delivery once more that is not out; touches no other. False: something newer has
        taken its place, and it is only put down that it is not out.

        `not_out`: the person has looked and says that an unknown one is not out; where the channel
        can be asked, it is asked once more all the same. `number`: which one; without it, the
        newest, or the newest of orders of one kind (`action`). `judged`: how many attempts it had
        where the person saw it; without it, as many as it has now. Raises NotPossible.
        """
        need(by=by, why=why)
        if not_out:
            self._need_no_choice(item_id, channel, action, number)
        delivery = self._delivery(item_id, channel, action, number)
        seen = delivery.attempts if judged is None else judged
        if delivery.status is Status.UNKNOWN:
            if not not_out:
                raise NotPossible(
                    "这条投递结果不明，可能已经发出。请先到渠道上核实："
                    "确已发出的，请确认；确未发出的，请注明「已核实，确未发出」再重发",
                    "not_out",
                )
            delivery = self._look_again(delivery)
            if delivery.status in {Status.DELIVERED, Status.ACCEPTED}:
                raise NotPossible(
                    f"刚刚查到：这条已经发出（{delivery.url or delivery.reference}），没有重发"
                )
            looked = isinstance(self.routes[channel].channel, HasLookup)
            if delivery.status is Status.QUEUED and looked:
                return True  # surely not out: the look-up itself has queued it again
        times = self.routes[channel].times(Status.QUEUED, now)
        match self.courier.store.desk.resend(
            delivery.id, seen=seen, by=by, why=why, now=now, times=times
        ):
            case Resent.CHANGED:
                raise NotPossible("刚才又发过一次，没有重发；请看过结果再定")
            case Resent.NOT_OPEN:
                raise NotPossible(
                    f"现在的状态是「{self._status_of(delivery)}」，不能重发；"
                    "只有未发出、已失效或结果不明的投递可以重发"
                )
            case Resent.REPLACED if delivery.status is Status.UNKNOWN:
                return False
            case Resent.REPLACED:
                raise NotPossible("这个条目后来有更正、撤回或已到期，这一次已被代替，不能重发")
        return True

    def confirm(
        self,
        item_id: str,
        channel: str,
        *,
        by: str,
        note: str,
        evidence: tuple[str, bytes] | None,
        now: datetime,
        action: Action | None = None,
        number: int | None = None,
        department: str = "",
    ) -> None:
        """Confirm that a delivery is out: aired, posted, taken down, or found to be out. What went
        out in the same call is out with it.

        `evidence`: name and bytes of a file as it was handed over. `action`, `number`: as of
        `resend`. `department`: the only one whose items may be confirmed here. Raises NotPossible.
        """
        need(by=by, note=note)
        proof = self._proof(*evidence) if evidence else None
        self._need_no_choice(item_id, channel, action, number)
        delivery = self._delivery(item_id, channel, action, number)
        self._need_not_withdrawn(delivery)
        self._need_own(delivery, department)
        route = self.routes[channel]
        if not self.courier.store.desk.confirm(
            delivery.id,
            by=by,
            note=note,
            evidence=proof,
            now=now,
            times=lambda status: route.times(status, now),
            addressed=route.channel.addressed,
        ):
            raise NotPossible(
                f"现在的状态是「{self._status_of(delivery)}」，不需要人工确认；"
                "只有待人工办理、结果不明、未发出或暂停的投递可以确认"
            )

    def pause(self, channel: str, *, by: str, why: str, now: datetime) -> None:
        """Let a channel send nothing from now on. Raises NotPossible."""
        need(by=by, why=why)
        route = self._route(channel)
        if not self.courier.store.pauses.begin(channel, by=by, reason=why, now=now):
            raise NotPossible(f"{route.title}已经是暂停的")

    def resume(self, channel: str, *, by: str, now: datetime) -> None:
        """Let a paused channel go on, with all that waits. Raises NotPossible."""
        need(by=by)
        route = self._route(channel)
        times = route.times(Status.QUEUED, now)
        if not self.courier.store.pauses.end(channel, by=by, now=now, times=times):
            raise NotPossible(f"{route.title}没有暂停")

    def _proof(self, name: str, data: bytes) -> tuple[str, bytes]:
        """A file that was handed over, found to be what it says, under a name that can be kept."""
        try:
            upload = check_evidence(name, data, self.most_bytes)
        except Refused as refused:
            sentences = "；".join(one.sentence for one in refused.problems)
            raise NotPossible(sentences, "evidence") from None
        return upload.name, upload.data

    def _need_not_withdrawn(self, delivery: DeliveryRow) -> None:
        """Where it had failed the withdrawal had nothing to do, and takes nothing back later."""
        if delivery.status is not Status.FAILED or delivery.action is Action.WITHDRAW:
            return
        if any(item.withdrawn for item in self.courier.store.standing.items(delivery.item_id)):
            raise NotPossible("这个条目已经撤回，不要再发；如果这里确已手工发出，请手工撤下")

    def _need_own(self, delivery: DeliveryRow, department: str) -> None:
        beside = self.courier.store.desk.beside(delivery.id) if department else []
        if any(one.department != department for one in beside):
            raise NotPossible("与它同一次发出的还有其他部门的信息，确认会一并作数，请操作员确认")

    def _need_no_choice(
        self, item_id: str, channel: str, action: Action | None, number: int | None
    ) -> None:
        """«It hangs» must not be taken for «it is taken down», nor one correction for another."""
        if number is not None:
            return
        waiting = [
            one
            for item in self.courier.store.standing.items(item_id)
            for one in item.deliveries
            if one.channel == channel
            and one.status in {Status.AWAITING, Status.UNKNOWN}
            and action in {None, one.action}
        ]
        if len(waiting) > 1:
            choice = "、".join(
                f"{one.id}（{ACTION_WORDS[one.action]}，{STATUS_WORDS[one.status]}）"
                for one in waiting
            )
            raise NotPossible(f"有几件事都在等人，请写明是哪一件的编号：{choice}", "delivery")

    def _route(self, channel: str) -> Route:
        if channel not in self.routes:
            known = "、".join(self.routes)
            raise NotPossible(f"没有名为「{channel}」的渠道，现有：{known}", "channel")
        return self.routes[channel]

    def _delivery(
        self, item_id: str, channel: str, action: Action | None, number: int | None
    ) -> DeliveryRow:
        title = self._route(channel).title
        delivery = self.courier.store.standing.delivery(item_id, channel, action, number)
        if delivery is None:
            if number is not None and self.courier.store.standing.delivery(
                item_id, channel, action
            ):
                raise NotPossible(f"没有编号为 {number} 的这一件，请核对", "delivery")
            raise NotPossible(self._why_none(item_id, channel, title, action))
        return delivery

    def _why_none(self, item_id: str, channel: str, title: str, action: Action | None) -> str:
        found = self.courier.store.standing.items(item_id)
        if not found:
            return f"没有编号为「{item_id}」的信息条目，请核对编号"
        there = [one.action for one in found[0].deliveries if one.channel == channel]
        if action is None or not there:
            return f"信息条目「{item_id}」没有发往{title}的投递"
        known = "、".join(ACTION_WORDS[one] for one in dict.fromkeys(there))
        return f"信息条目「{item_id}」在{title}没有「{ACTION_WORDS[action]}」这一件，现有：{known}"

    def _look_again(self, delivery: DeliveryRow) -> DeliveryRow:
        route = self.routes[delivery.channel]
        if isinstance(route.channel, HasLookup):
            for batch in self.courier.store.queue.doubtful_of(delivery.id):
                look_again(self.courier, route, batch)
        return self._as_it_is(delivery)

    def _status_of(self, delivery: DeliveryRow) -> str:
        """As it is now: another may have been faster."""
        return STATUS_WORDS[self._as_it_is(delivery).status]

    def _as_it_is(self, delivery: DeliveryRow) -> DeliveryRow:
        return self._delivery(delivery.item_id, delivery.channel, None, delivery.id)


def need(**given: str) -> None:
    """Raise NotPossible for all that is left empty, or for what no line of a record can hold."""
    empty = [name for name, value in given.items() if not value.strip()]
    if empty:
        raise NotPossible("不能空着，请填写", *empty)
    for name, value in given.items():
        most, lines = _LONGEST.get(name, _LONGEST_LINE), name == "note"
        if wrong := wrong_text(value, need=True, most=most, lines=lines):
            raise NotPossible(wrong, name)
        for found in scan(value):
            if found.severity == "block":  # records are kept for good, and read by many
                kind = NAMES[found.kind]
                raise NotPossible(f"有{kind}（{found.masked}），记录里不能有，请删去", name)
