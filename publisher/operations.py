"""Operations: what a person may do to a delivery; each asks who and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from publisher.channel import HasLookup
from publisher.courier import Courier
from publisher.followup import look_again
from publisher.model import Status
from publisher.report import STATUS_WORDS
from publisher.route import Route
from publisher.store.standing import DeliveryRow


class NotPossible(Exception):
    """What was asked for cannot be done now; one Chinese sentence says why and what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody of the city's staff at work."""

    courier: Courier
    routes: Mapping[str, Route]

    def resend(
        self, item_id: str, channel: str, *, by: str, why: str, not_out: bool, now: datetime
    ) -> None:
        """Send a delivery once more that is not out; touches no other.

        `not_out`: the person has looked and says that an unknown one is not out; where the channel
        can be asked, it is asked once more all the same. Raises NotPossible.
        """
        _need(by=by, why=why)
        delivery = self._delivery(item_id, channel)
        if delivery.status is Status.UNKNOWN:
            if not not_out:
                raise NotPossible(
                    "这条投递结果不明，可能已经发出。请先到渠道上核实："
                    "确已发出，用 publisher confirm 确认；确未发出，重发时加上 --not-out"
                )
            delivery = self._look_again(delivery)
            if delivery.status in {Status.DELIVERED, Status.ACCEPTED}:
                raise NotPossible(
                    f"刚刚查到：这条已经发出（{delivery.url or delivery.reference}），没有重发"
                )
            if delivery.status is Status.QUEUED:
                return
        if not self.courier.store.desk.resend(delivery.id, by=by, why=why, now=now):
            raise NotPossible(
                f"现在的状态是「{STATUS_WORDS[delivery.status]}」，不能重发；"
                "只有未发出、已失效或结果不明的投递可以重发"
            )

    def confirm(
        self,
        item_id: str,
        channel: str,
        *,
        by: str,
        note: str,
        evidence: tuple[str, bytes] | None,
        now: datetime,
    ) -> None:
        """Confirm that a delivery is out: aired, posted, or found to be out. Raises NotPossible."""
        _need(by=by, note=note)
        delivery = self._delivery(item_id, channel)
        if not self.courier.store.desk.confirm(
            delivery.id, by=by, note=note, evidence=evidence, now=now
        ):
            raise NotPossible(
                f"现在的状态是「{STATUS_WORDS[delivery.status]}」，不需要人工确认；"
                "只有待人工办理或结果不明的投递可以确认"
            )

    def _delivery(self, item_id: str, channel: str) -> DeliveryRow:
        if channel not in self.routes:
            known = "、".join(self.routes)
            raise NotPossible(f"没有名为「{channel}」的渠道，现有：{known}")
        delivery = self.courier.store.standing.delivery(item_id, channel)
        if delivery is None:
            raise NotPossible(f"信息条目「{item_id}」没有发往{self.routes[channel].title}的投递")
        return delivery

    def _look_again(self, delivery: DeliveryRow) -> DeliveryRow:
        route = self.routes[delivery.channel]
        if isinstance(route.channel, HasLookup):
            for batch in self.courier.store.queue.doubtful_of(delivery.id):
                look_again(self.courier, route, batch)
        return self._delivery(delivery.item_id, delivery.channel)


def _need(**given: str) -> None:
    for name, value in given.items():
        if not value.strip():
            raise NotPossible(f"--{name} 不能空着")
