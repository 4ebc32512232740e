"""A secret that was just made: a page of its own shows it, for a moment and to its maker only.

Whoever reloads that page sees the same secret: nothing is made anew by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from publisher.access import Person
from publisher.web.office.gate import Manage, city_of
from publisher.web.office.pages import Pages, to
from publisher.web.office.pocket import Pocket

router = APIRouter()

_SHOWN = timedelta(minutes=2)
_GONE = (
    "这里的密码、令牌或密钥已经显示过，不能再看；没有记下的，"
    "临时密码请在「用户」里重设，令牌请作废后另发一个，推送请删去后重新添加"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """`back`: where its maker came from; `notes`: what else is to be known."""

    title: str
    whose: str
    secret: str = field(repr=False)
    next_step: str
    back: str
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A secret that its maker, the user of this id, may look at until then."""

    secret: Secret
    owner: int
    until: datetime

    @property
    def size(self) -> int:
        return len(self.secret.secret)


def show(request: Request, person: Person, secret: Secret) -> Response:
    """On to the page that shows it."""
    until = city_of(request).clock() + _SHOWN
    return to(f"/secret/{_pocket(request).put(Waiting(secret, person.id, until))}")


@router.get("/secret/{name}")
def secret(request: Request, person: Manage, name: str) -> Response:
    waiting = _pocket(request).look(name)
    if waiting is None or waiting.owner != person.id:
        raise HTTPException(404, _GONE)
    pages: Pages = request.app.state.pages
    minutes = _SHOWN // timedelta(minutes=1)
    return pages.page(request, "secret", person, shown=waiting.secret, minutes=minutes)


def _pocket(request: Request) -> Pocket[Waiting]:
    """Whoever opens it: what is over lies in it no more."""
    found: Pocket[Waiting] = request.app.state.secrets
    now = city_of(request).clock()
    found.drop(lambda one: one.until <= now)
    return found
