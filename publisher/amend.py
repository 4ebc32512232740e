"""Amend: correct, withdraw or let expire what has been published, in every channel that carried it.

correct FILE    new content with its own approval; a minor one mends and tells nobody
withdraw ITEM   takes back what can be taken back, and tells those who got the rest
expire          at the end of a posting period or of validity, by itself
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from publisher.exposure import exposure_of, out_on_sight
from publisher.intake import Draft, Problem, Refused, check, check_reason, shown
from publisher.model import Action, Item, Notice
from publisher.operations import NotPossible, need
from publisher.orders import Exposure, end_of, to_do, why_it_ends
from publisher.store import StoreError
from publisher.store.audit import through
from publisher.store.entering import Decision, Planned
from publisher.store.orders import Mended, Placed, Refusal
from publisher.submit import Answer, Door, Outcome

log = structlog.get_logger(__name__)

_CLOCKWORK = "程序"
_WHY_NOT = {
    Refusal.NO_ITEM: "没有编号为「{item}」的信息条目，请核对编号",
    Refusal.WITHDRAWN: "「{item}」已经撤回，不能再更正或撤回；要重新公开，请用新的编号提交",
    Refusal.SAME_CONTENT: "「{item}」现在的版本内容完全相同，没有可更正的",
    Refusal.NOT_SEEN: "「{item}」刚才又有更正，您打开时看到的已不是最新版本；"
    "请先看过现在的内容，仍要按这个文件更正的，再提交一次",
    Refusal.PUBLIC: "「{item}」已在面向公众的渠道发出或正要发出，更正后的版本却只对特定群体；"
    "请先撤回，再用新的编号提交",
    Refusal.NOTHING_LEFT: "「{item}」没有在任何渠道发出，也没有待发的，不需要撤回",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """What became of a correction: as at the door, and what it came to in the channels."""

    answer: Answer
    placed: Placed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendments:
    """Where orders about published items come in."""

    door: Door

    def correct(
        self,
        data: bytes,
        *,
        why: str,
        by: str,
        minor: bool,
        now: datetime,
        item_id: str = "",
        department: str = "",
        seen: int | None = None,
    ) -> Amended:
        """Take a corrected item with its approval, or refuse it with every reason.

        `item_id`: the one that is meant, where it is known beforehand. `department`: the only one
        whose items may be corrected here. `seen`: the number of the version that its author has
        seen; NotPossible where there is a newer one.
        """
        try:
            if not by.strip():
                need(why=why, by=by)  # a reason alone that is empty is kept as a refusal
            draft = check(data, self.door.rules, now)
            _check_meant(draft, item_id, department)
            reason = check_reason(why)
            return self._correct(draft, reason, by, now, minor=minor, seen=seen)
        except Refused as found:
            refused = found.with_id_problem(self._not_open)
            self.door.keep_refusal(refused, data, by, now)
            return Amended(
                answer=Answer(
                    outcome=Outcome.REFUSED, item_id=refused.item_id, problems=refused.problems
                )
            )

    def withdraw(self, item_id: str, *, why: str, by: str, now: datetime) -> Placed:
        """Take an item back everywhere, at once. Raises NotPossible."""
        need(why=why, by=by)
        try:
            reason = check_reason(why)
        except Refused as refused:
            sentences = "；".join(one.sentence for one in refused.problems)
            raise NotPossible(sentences, "why") from None
        decision = Decision(
            item_id=item_id, action=Action.WITHDRAW, by=by, at=now, reason=reason, urgent=True
        )
        left = self.door.store.related.still_public(item_id)  # known until its page is taken back
        placed = self.door.store.orders.place(decision, self._plan(now, urgent=True))
        if isinstance(placed, Refusal):
            raise NotPossible(_WHY_NOT[placed].format(item=shown(item_id)))
        return replace(placed, left=tuple(left))

    def expire_due(self, now: datetime) -> list[str]:
        """Order to expire what has come to its end; the ids of the items.

        Each item on its own: one that is broken keeps no other from expiring.
        """
        ended, broken = self.door.store.orders.expiring(now)
        for item_id in broken:
            log.error("expiry_failed", item=item_id, reason="内容读不出来，没有下达到期")
        with through(_CLOCKWORK):
            return [item.id for item in ended if self._expire(item, now)]

    def exposure(self, item_id: str) -> dict[str, Exposure]:
        """Where the text of an item can still be met with, by channel. Raises NotPossible."""
        routes = self.door.routes
        past = self.door.store.orders.past(item_id, out_on_sight(routes))
        if not past:
            raise NotPossible(_WHY_NOT[Refusal.NO_ITEM].format(item=shown(item_id)))
        return exposure_of(past, routes)

    def _expire(self, item: Item, now: datetime) -> bool:
        try:
            decision = Decision(
                item_id=item.id,
                action=Action.EXPIRE,
                by=_CLOCKWORK,
                at=now,
                reason=why_it_ends(item.revision),
            )
            placed = self.door.store.orders.place(decision, self._plan(now, urgent=False))
            if isinstance(placed, Refusal):
                self.door.store.orders.let_expire(item.id)
        except StoreError:
            raise
        except Exception:
            log.exception("expiry_failed", item=item.id)
            return False
        log.info("expired", item=item.id, outcome=str(placed))
        return True

    def _correct(
        self, draft: Draft, reason: str, by: str, now: datetime, *, minor: bool, seen: int | None
    ) -> Amended:
        item_id = draft.content["id"]
        decision = Decision(
            item_id=item_id,
            action=Action.CORRECT,
            by=by,
            at=now,
            reason=reason,
            minor=minor,
            urgent=draft.revision.urgent,
        )
        notes = self.door.try_out(draft, self._shown(draft, decision))
        mended = Mended(
            content=draft.content,
            revision=draft.revision,
            channels=frozenset(draft.channels),
            public=draft.revision.audience in self.door.rules.public_audiences,
            expires_at=end_of(draft.revision, self.door.zone, now),
            seen=seen,
        )
        plan = self._plan(now, urgent=draft.revision.urgent)
        placed = self.door.store.orders.place(decision, plan, mended)
        if placed is Refusal.NOT_SEEN:
            raise NotPossible(_WHY_NOT[placed].format(item=shown(item_id)), "revision")
        if isinstance(placed, Refusal):
            field = "audience" if placed is Refusal.PUBLIC else "id"
            raise Refused([Problem(field, _WHY_NOT[placed].format(item=shown(item_id)))], item_id)
        answer = Answer(outcome=Outcome.ACCEPTED, item_id=item_id, notes=notes)
        return Amended(answer=answer, placed=placed)

    def _shown(self, draft: Draft, decision: Decision) -> dict[str, Item]:
        """The corrected item as each channel would get it."""
        known = self.door.provisional(draft, decision.at)
        notice = Notice(action=Action.CORRECT, reason=decision.reason, at=decision.at)
        told = known.notices if decision.minor else (*known.notices, notice)
        out = self.door.store.orders.out(decision.item_id, self._repeatable())
        items = {}
        for name in {*draft.channels, *(set(out) & set(self.door.routes))}:
            traces = out.get(name, ())
            channel = self.door.routes[name].channel
            action = to_do(
                Action.CORRECT,
                minor=decision.minor,
                recall=channel.recall,
                out=bool(traces),
                addressed=channel.addressed,
            )
            if action is Action.CORRECT:
                items[name] = replace(known, action=action, notices=told, traces=traces)
            elif action is Action.PUBLISH:
                items[name] = replace(known, action=action, notices=(), traces=())
        return items

    def _not_open(self, item_id: str) -> str:
        """Why an item cannot be corrected whatever the text; "" if it can."""
        known = self.door.store.standing.items(item_id)
        if known and not known[0].withdrawn:
            return ""
        refusal = Refusal.WITHDRAWN if known else Refusal.NO_ITEM
        return _WHY_NOT[refusal].format(item=shown(item_id))

    def _plan(self, now: datetime, *, urgent: bool) -> dict[str, Planned]:
        return self.door.plan(self.door.routes, now, urgent=urgent)

    def _repeatable(self) -> Mapping[str, bool]:
        return {name: route.channel.repeatable for name, route in self.door.routes.items()}


def _check_meant(draft: Draft, item_id: str, department: str) -> None:
    """Raise Refused for another item than the one that is meant, or another department's."""
    given = draft.content["id"]
    if item_id and given != item_id:
        sentence = f"文件里是「{shown(given)}」，不是要更正的「{shown(item_id)}」，请核对文件"
        raise Refused([Problem("id", sentence)], item_id)
    if department and draft.revision.department != department:
        sentence = f"你只能更正{department}的信息，更正后也应是本部门的"
        raise Refused([Problem("department", sentence)], item_id or given)
