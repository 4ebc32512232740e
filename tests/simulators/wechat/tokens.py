"""Access tokens of the stand-in: the stable one and the plain one live apart."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.simulators.wechat.rules import Fail, unless

EARLY = 300  # the platform renews a stable token this long before its end
FORCE_EVERY, FORCE_A_DAY = 30, 20


@dataclass
class _Token:
    text: str
    until: float


class TokenDesk:
    def __init__(
        self, app_id: str, app_secret: str, seconds: int, now: Callable[[], float]
    ) -> None:
        self.app_id = app_id
        self.app_secret = app_secret
        self.seconds = seconds
        self.now = now
        self._live: dict[str, _Token] = {}
        self._forced: list[float] = []

    def stable(self, wanted: dict[str, Any]) -> dict[str, Any]:
        self._identify(wanted)
        if wanted.get("force_refresh"):
            self._allow_force()
            return self._new("stable")
        live = self._live.get("stable")
        if live is None or live.until - self.now() <= EARLY:
            return self._new("stable")
        return {"access_token": live.text, "expires_in": int(live.until - self.now())}

    def plain(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Each call ends the plain token before; the stable one does not mind."""
        self._identify(wanted)
        return self._new("plain")

    def check(self, text: str | None) -> None:
        unless(text, 41001)
        for token in self._live.values():
            if token.text == text:
                unless(self.now() < token.until, 42001)
                return
        raise Fail(40001)

    def void(self) -> None:
        """All tokens die, as when the AppSecret is reset or another program forces a new one."""
        self._live.clear()

    def _identify(self, wanted: dict[str, Any]) -> None:
        unless(wanted.get("grant_type") == "client_credential", 40002)
        unless(wanted.get("appid") == self.app_id, 40013)
        unless(wanted.get("secret") == self.app_secret, 40125)

    def _allow_force(self) -> None:
        now = self.now()
        unless(not self._forced or now - self._forced[-1] >= FORCE_EVERY, 45011)
        unless(sum(1 for at in self._forced if now - at < 86_400) < FORCE_A_DAY, 45009)
        self._forced.append(now)

    def _new(self, kind: str) -> dict[str, Any]:
        token = _Token(secrets.token_urlsafe(96), self.now() + self.seconds)
        self._live[kind] = token
        return {"access_token": token.text, "expires_in": self.seconds}
