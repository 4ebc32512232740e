"""Render: to whom deliveries go, and the bytes that they go out with.

What cannot be rendered, and what nobody is left for, is settled here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from publisher.channel import DeliveryError, HasLists, PermanentError, Rendition, TemporaryError
from publisher.courier import Courier
from publisher.model import Action, Item, ReasonClass
from publisher.planning import Due, Parcel, address
from publisher.route import Route
from publisher.settle import Kind
from publisher.store import StoreError
from publisher.store.history import Try

log = structlog.get_logger(__name__)


def address_parcels(courier: Courier, route: Route, together: tuple[Due, ...]) -> list[Parcel]:
    if not route.channel.addressed:
        return [Parcel(together)]
    news = tuple(one for one in together if one.action is Action.PUBLISH)
    parcels = _to_all_who_want(courier, route, news) if news else []
    for one in together:
        if one.action is not Action.PUBLISH:
            parcels += _to_those_who_got_it(courier, route, one)
    wanted = {one.id for parcel in parcels for one in parcel.deliveries}
    for one in together:
        if one.id not in wanted:
            let_go(courier, route, one, "没有订户要收到这一条")
    return parcels


def _to_all_who_want(courier: Courier, route: Route, news: tuple[Due, ...]) -> list[Parcel]:
    subscriptions = courier.store.subscribers.wanting(news)
    return address(news, subscriptions, route.recipients_per_batch)


def _to_those_who_got_it(courier: Courier, route: Route, one: Due) -> list[Parcel]:
    """What happened to the first text, to those who got it; and the corrected text as news to
    those for whom the first was meant and whom it did not reach.
    """
    found = courier.store.subscribers
    parcels = address([one], found.reached(one, route.name), route.recipients_per_batch)
    if one.action is Action.CORRECT and one.named and (owed := found.owed(one, route.name)):
        news = replace(one, action=Action.PUBLISH, traces=())
        rest = [each for each in found.wanting([news]) if each.subscriber in owed]
        parcels += address([news], rest, route.recipients_per_batch)
    return parcels


def let_go(courier: Courier, route: Route, one: Due, reason: str) -> None:
    """Nothing is left to do for this delivery."""
    now = courier.clock()
    done = Try(kind=Kind.RENDER, actor=courier.actor, started_at=now, ended_at=now)
    courier.store.outcomes.unwanted(one, reason, done, lambda status: route.times(status, now))


@dataclass(frozen=True, slots=True)
class Press:
    """Where what goes out together at one time is rendered.

    `light`: items that weigh nothing, by delivery and action, read together before.
    """

    courier: Courier
    route: Route
    now: datetime
    light: Mapping[tuple[int, Action], Item]

    @classmethod
    def of(
        cls, courier: Courier, route: Route, groups: Sequence[tuple[Due, ...]], now: datetime
    ) -> "Press":
        """A press for these groups; what has attachments or pictures is read one by one."""
        due = [one for together in groups for one in together] if len(groups) > 1 else []
        items = courier.store.queue.load(due, now, with_bytes=False) if due else []
        light = {
            (one.id, one.action): item
            for one, item in zip(due, items, strict=True)
            if not item.revision.attachments and not item.revision.images
        }
        return cls(courier, route, now, light)

    def render(self, parcel: Parcel) -> dict[Parcel, Rendition]:
        """The parcel with its rendition; where one item spoils it, the others go without it."""
        try:
            return {parcel: self._rendition(parcel.deliveries)}
        except DeliveryError as error:
            if len(parcel.deliveries) == 1:
                self._give_up(parcel.deliveries[0], error)
                return {}
        sound = tuple(one for one in parcel.deliveries if self._is_sound(one))
        if not sound:
            return {}
        if sound == parcel.deliveries:  # each alone is sound: they are too many together
            half = len(sound) // 2
            first = self.render(Parcel(sound[:half], parcel.recipients))
            return first | self.render(Parcel(sound[half:], parcel.recipients))
        return self.render(Parcel(sound, parcel.recipients))

    def _is_sound(self, one: Due) -> bool:
        try:
            self._rendition((one,))
        except DeliveryError as error:
            self._give_up(one, error)
            return False
        return True

    def _rendition(self, deliveries: Sequence[Due]) -> Rendition:
        route, items = self.route, self._items(deliveries)
        try:
            if isinstance(route.channel, HasLists):
                return self._among_others(route.channel, items)
            return route.render(items)
        except (DeliveryError, StoreError):  # a database that is away says nothing of the items
            raise
        except Exception as error:
            log.exception("render_bug", channel=route.name, items=[item.id for item in items])
            raise PermanentError(
                f"程序错误（{type(error).__name__}），请联系技术人员", ReasonClass.INTERNAL
            ) from error

    def _among_others(self, channel: HasLists, items: Sequence[Item]) -> Rendition:
        """With the lists that the items change, as they are to be when these are out."""
        self._need_shelf(channel)
        cards = tuple(map(channel.card, items))
        shelf = self.courier.store.shelves.around(self.route.name, channel, cards, self.now)
        return replace(self.route.render(items, shelf), cards=cards)

    def _need_shelf(self, channel: HasLists) -> None:
        """Raise TemporaryError where the lists are not, or not so, as this channel would go on with
        them: what stood before there were any, or a rebuild by other settings than these.
        """
        shelves, name, title = self.courier.store.shelves, self.route.name, self.route.title
        if shelves.is_behind(name):
            raise TemporaryError(
                f"{title}的目录和列表还没有建立，请运行 publisher rebuild {name}",
                ReasonClass.INTERNAL,
            )
        per_page = shelves.per_page(name)
        if per_page is None:
            shelves.cut(name, channel.per_page)
        elif per_page != channel.per_page:
            raise TemporaryError(
                f"{title}的列表每页 {per_page} 条，设置是每页 {channel.per_page} 条；"
                f"请先重新启动 publisher work，再运行 publisher rebuild {name}",
                ReasonClass.INTERNAL,
            )

    def _items(self, deliveries: Sequence[Due]) -> list[Item]:
        keys = [(one.id, one.action) for one in deliveries]
        if all(key in self.light for key in keys):
            return [self.light[key] for key in keys]
        return self.courier.store.queue.load(deliveries, self.now)

    def _give_up(self, one: Due, error: DeliveryError) -> None:
        courier, route, now = self.courier, self.route, self.courier.clock()
        done = Try(kind=Kind.RENDER, actor=courier.actor, started_at=self.now, ended_at=now)
        settlement = route.settle(error, tries=one.tries, now=now)
        times = route.times(settlement.status, now)
        courier.store.outcomes.unrendered(one, settlement, done, times)
        log.warning("not_rendered", channel=route.name, item=one.item_id, outcome=settlement.status)
