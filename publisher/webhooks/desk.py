"""The desk: what administrators do with webhooks, and what they see of them."""

import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

import structlog

from publisher.courier import Clock
from publisher.postman import Postman, UnsafeAddress
from publisher.seal import Seal
from publisher.signature import new_secret
from publisher.store import Store
from publisher.store.calls import Call
from publisher.store.changes import PORTION
from publisher.store.webhooks import Webhook
from publisher.webhooks.calling import NO_KEY, Caller, place
from publisher.webhooks.serving import Serving

log = structlog.get_logger(__name__)

_LONGEST_NAME = 64
_IN_VAIN = 3
_LATE = timedelta(minutes=2)
_KEPT = timedelta(days=30)
"""So long changes are kept for whoever follows them."""
_TIDY = timedelta(hours=1)


class WebhookProblem(Exception):
    """What was asked for cannot be done; one Chinese sentence. `field` is that of the form: name,
    url, or "".
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(slots=True, kw_only=True)
class Webhooks:
    """The webhooks of one city. `seal`: None where the settings have no key."""

    store: Store
    postman: Postman
    seal: Seal | None
    clock: Clock
    zone: tzinfo
    look: timedelta
    _serving: Serving = field(init=False)
    _caller: Caller = field(init=False)
    _tidy_at: datetime | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._caller = Caller(postman=self.postman, seal=self.seal, clock=self.clock)
        self._serving = Serving(
            store=self.store, caller=self._caller, clock=self.clock, look=self.look
        )

    def all(self) -> list[Webhook]:
        return self.store.webhooks.all()

    def one(self, webhook_id: int) -> Webhook:
        """Raises WebhookProblem if there is none (any more)."""
        found = self.store.webhooks.one(webhook_id)
        if found is None:
            raise WebhookProblem("", "没有这个推送，可能已被删除，请刷新页面")
        return found

    def add(self, name: str, url: str, *, by: str) -> tuple[Webhook, str]:
        """Another system that is told of what changes from now on, and the secret that it checks
        our calls with: to be shown this once. Raises WebhookProblem.
        """
        seal = self.seal
        if seal is None:
            raise WebhookProblem("", NO_KEY)
        name, url = self._checked(name, url)
        secret = new_secret()
        found = self.store.webhooks.add(
            name, url, lambda one: seal.seal(secret, place(one)), by=by, now=self.clock()
        )
        if found is None:
            raise _name_taken(name)
        return self.one(found), secret

    def change(self, webhook_id: int, *, name: str, url: str, by: str) -> None:
        """Another name or address; the secret stays. Raises WebhookProblem."""
        self.one(webhook_id)
        name, url = self._checked(name, url)
        if not self.store.webhooks.change(webhook_id, name=name, url=url, by=by, now=self.clock()):
            raise _name_taken(name)

    def stop(self, webhook_id: int, *, by: str) -> None:
        """Call it no more. Raises WebhookProblem."""
        self.one(webhook_id)
        now = self.clock()
        self.store.webhooks.stop(webhook_id, f"{by} 于 {self._at(now)} 停用", by=by, now=now)

    def resume(self, webhook_id: int, *, by: str) -> None:
        """Call it again, with what it missed within the last 30 days. Raises WebhookProblem."""
        self.one(webhook_id)
        self.store.webhooks.resume(webhook_id, by=by, now=self.clock())

    def delete(self, webhook_id: int, *, by: str) -> None:
        """Forget it, with its secret and its calls. Raises WebhookProblem."""
        self.one(webhook_id)
        self.store.webhooks.delete(webhook_id, by=by, now=self.clock())

    def again(self, webhook_id: int, *, by: str) -> None:
        """Call it with the next round, however long it was to wait. Raises WebhookProblem."""
        found = self.one(webhook_id)
        if not found.active:
            raise WebhookProblem("", "这个推送已停用，请先恢复")
        self.store.webhooks.hurry(webhook_id, by=by, now=self.clock())
        log.info("webhook_hurried", webhook=found.name, by=by)

    def test(self, webhook_id: int, *, by: str) -> Call:
        """Send a test event here and now, whether it is stopped or not; it may take some seconds.

        Raises WebhookProblem.
        """
        found, sealed = self.one(webhook_id), self.store.webhooks.sealed(webhook_id)
        call = self._caller.try_out(webhook_id, found.url, sealed, secrets.token_hex(16))
        self.store.calls.tried(webhook_id, call, by=by, name=found.name)
        log.info("webhook_tried", webhook=found.name, by=by, code=call.code)
        return call

    def recent(self, webhook_id: int, most: int = 20) -> list[Call]:
        """The last calls to it, newest first."""
        return self.store.calls.recent(webhook_id, most)

    def round(self) -> bool:
        """Call whoever is due (publisher.webhooks.serving)."""
        return self._serving.round()

    def begin_no_more(self) -> None:
        self._serving.begin_no_more()

    def tidy(self, now: datetime) -> None:
        """Let go of old changes that everybody has taken: a portion, and the next one soon."""
        if self._tidy_at and now < self._tidy_at:
            return
        gone = self.store.changes.let_go(now - _KEPT, self.store.calls.keep_from())
        self._tidy_at = None if gone == PORTION else now + _TIDY

    def troubles(self) -> list[str]:
        """What a person must know of them, one Chinese sentence each."""
        now = self.clock()
        return [sentence for one in self.all() if (sentence := self._trouble(one, now))]

    def _trouble(self, one: Webhook, now: datetime) -> str:
        begin = f"状态推送“{one.name}”"
        if not one.active:
            return f"{begin}已停用：{one.stopped}"
        if one.failures >= _IN_VAIN and one.failing_since:
            return (
                f"{begin}自 {self._at(one.failing_since)} 起连续 {one.failures} 次没有送到，"
                f"积压 {one.behind} 条，{self._at(one.due_at)} 再试：{self._last_reason(one)}"
            )
        if not one.failures and one.waiting_since and one.waiting_since < now - _LATE:
            return f"{begin}积压 {one.behind} 条：publisher work 好像没有在运行"
        return ""

    def _last_reason(self, one: Webhook) -> str:
        reasons = (call.reason for call in self.recent(one.id) if call.many)
        return next(reasons, "")

    def _at(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%m-%d %H:%M}"

    def _checked(self, name: str, url: str) -> tuple[str, str]:
        name, url = unicodedata.normalize("NFC", name).strip(), url.strip()
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise WebhookProblem("name", f"名称：请填写 1 到 {_LONGEST_NAME} 个字")
        try:
            self.postman.check(url)
        except UnsafeAddress as unsafe:
            raise WebhookProblem("url", f"网址：{unsafe}") from None
        return name, url


def _name_taken(name: str) -> WebhookProblem:
    return WebhookProblem("name", f"名称：已有名为「{name}」的推送，请换一个")
