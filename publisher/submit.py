"""Submit: the door. Check, dry-render for every channel, then one transaction."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from hashlib import sha256

import structlog

from publisher.channel import PermanentError, TemporaryError
from publisher.intake import Draft, Problem, Refused, Rules, check, shown
from publisher.model import Item, Status
from publisher.orders import end_of
from publisher.route import Route
from publisher.store import Store
from publisher.store.entering import Planned

log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    """What became of something submitted."""

    ACCEPTED = "accepted"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    outcome: Outcome
    item_id: str | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    """What looks like personal data, and what channels will change or leave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where approved items come in."""

    store: Store
    rules: Rules
    routes: Mapping[str, Route]
    zone: tzinfo

    def submit(self, data: bytes, *, by: str, now: datetime) -> Answer:
        """Take one item, or refuse it with every reason. The same item twice changes nothing."""
        try:
            draft = check(data, self.rules, now)
            notes: tuple[str, ...] = ()
            known = self.store.items.known_hash(draft.content["id"])
            if known is None:
                notes = self.trial(draft, now)
                known = self._add(draft, by, now)
            return self._answer(draft, known, notes)
        except Refused as found:
            refused = found.with_id_problem(self._taken)
            self.keep_refusal(refused, data, by, now)
            return Answer(
                outcome=Outcome.REFUSED, item_id=refused.item_id, problems=refused.problems
            )

    def provisional(self, draft: Draft, now: datetime) -> Item:
        """The item as it would be if it were submitted now; one that is known has its place."""
        known = self.store.items.get(draft.content["id"], now)
        if known:
            return replace(known, revision=draft.revision)
        number, url = self.store.items.place_of_next(now.astimezone(self.zone).year)
        return Item(
            id=draft.content["id"],
            number=number,
            url=url,
            published_at=now,
            revision=draft.revision,
        )

    def trial(self, draft: Draft, now: datetime) -> tuple[str, ...]:
        """Say at the door what a channel would say at 18:00: render in every channel of the draft.

        Returns the notes of the draft and the channels for staff; raises Refused with what no
        channel can carry.
        """
        item = self.provisional(draft, now)
        return self.try_out(draft, dict.fromkeys(draft.channels, item))

    def try_out(self, draft: Draft, shown: Mapping[str, Item]) -> tuple[str, ...]:
        """The same with the item that each channel would get."""
        problems, notes = [], [*draft.notes, *self._unknown_partners(draft)]
        with ThreadPoolExecutor(len(shown) or 1) as pool:  # the slowest sets the pace, not the sum
            trials = {
                name: pool.submit(self.routes[name].render, [item]) for name, item in shown.items()
            }
        for name, trial in trials.items():
            title = self.routes[name].title
            try:
                rendition = trial.result()
                notes += [f"{title}：{note}" for note in rendition.notes]
            except PermanentError as error:
                problems.append(Problem(error.field or "channels", f"{title}：{error.reason}"))
            except TemporaryError as error:  # not the item's fault: the delivery will try again
                log.warning("dry_render_failed", channel=name, reason=error.reason)
            except Exception as error:  # noqa: BLE001 - one adapter's fault must not stop the door
                kind = type(error).__name__  # its text may carry words of the item, or secrets
                log.error("dry_render_broken", channel=name, error=kind)  # noqa: TRY400
                problems.append(Problem("channels", f"{title}：程序错误（{kind}），请联系技术人员"))
        if problems:
            raise Refused(problems, draft.content["id"])
        return tuple(notes)

    def _unknown_partners(self, draft: Draft) -> list[str]:
        """No mistake: a document and what explains it may come in either order."""
        others = [one for one in draft.revision.related if one != draft.content["id"]]
        return [
            f"相关条目：还没有收到编号为「{shown(one)}」的信息条目；收到并发布后，链接会自动出现"
            for one in self.store.related.unknown(others)
        ]

    def _add(self, draft: Draft, by: str, now: datetime) -> str | None:
        return self.store.items.add(
            draft.content,
            draft.revision,
            list(self.plan(draft.channels, now, urgent=draft.revision.urgent).values()),
            by=by,
            year=now.astimezone(self.zone).year,
            now=now,
            expires_at=end_of(draft.revision, self.zone, now),
        )

    def plan(self, channels: Iterable[str], now: datetime, *, urgent: bool) -> dict[str, Planned]:
        """When each of these channels is to send what is ordered now."""
        return {name: self._planned(self.routes[name], now, urgent=urgent) for name in channels}

    def _planned(self, route: Route, now: datetime, *, urgent: bool) -> Planned:
        due_at = route.grouping.due_at(now, urgent=urgent, zone=self.zone)
        return Planned(
            channel=route.name,
            public=route.public,
            recall=route.channel.recall,
            repeatable=route.channel.repeatable,
            due_at=due_at,
            times=route.times(Status.QUEUED, due_at),
        )

    def _answer(self, draft: Draft, known: str | None, notes: tuple[str, ...]) -> Answer:
        item_id = draft.content["id"]
        if known is None:
            return Answer(outcome=Outcome.ACCEPTED, item_id=item_id, notes=notes)
        if known == draft.revision.content_hash and not self._is_withdrawn(item_id):
            return Answer(outcome=Outcome.KNOWN, item_id=item_id)
        taken = self._taken(item_id, draft.revision.content_hash)
        raise Refused([Problem("id", taken)], item_id)

    def _is_withdrawn(self, item_id: str) -> bool:
        """Nobody may take «known» for «public»."""
        return any(one.withdrawn for one in self.store.standing.items(item_id))

    def _taken(self, item_id: str, content_hash: str = "") -> str:
        """Why nothing else can come in under this id; "" if it can."""
        known = self.store.standing.items(item_id)
        if not known:
            return ""
        if known[0].withdrawn:
            return f"「{shown(item_id)}」已经撤回；要重新公开，请用新的编号提交"
        if content_hash in self.store.standing.hashes(item_id):
            return f"这是「{shown(item_id)}」已被更正的旧版本，没有收下；公开的仍是更正后的版本"
        return f"「{shown(item_id)}」已经收过；要改已提交的信息，请走更正，不要重新提交"

    def keep_refusal(self, refused: Refused, data: bytes, by: str, now: datetime) -> None:
        self.store.items.refuse(
            item_id=refused.item_id,
            sha256=sha256(data).hexdigest(),
            problems=[{"field": one.field, "sentence": one.sentence} for one in refused.problems],
            by=by,
            now=now,
        )
