"""The city's CMS: a program that calls the API of a running office over real HTTP."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import requests

from publisher.web.office.app import office_app
from publisher.web.server import Server
from tests.support.city import City, an_item_object

SCOPES = ("submit", "see", "act", "amend", "evidence")
NAME = "市政府网站后台"
PATIENCE = 20
_JSON = {"Content-Type": "application/json"}


class Cms:
    """One system with its token; a path is what stands behind /api/v1."""

    def __init__(self, url: str, bearer: str, city: City) -> None:
        self.root = url
        self.bearer = bearer
        self.city = city

    def call(self, method: str, path: str, **how: Any) -> requests.Response:
        """A new connection each time, so that threads may call at once."""
        headers = {"Authorization": f"Bearer {self.bearer}"} | dict(how.pop("headers", None) or {})
        return requests.request(
            method, f"{self.root}/api/v1{path}", headers=headers, timeout=PATIENCE, **how
        )

    def get(self, path: str, **how: Any) -> requests.Response:
        return self.call("GET", path, **how)

    def post(self, path: str, body: Any = None, key: str = "", **how: Any) -> requests.Response:
        """`body`: bytes as they are, or something to be written as JSON."""
        headers = dict(how.pop("headers", None) or {})
        if key:
            headers["Idempotency-Key"] = key
        if body is not None:
            headers = _JSON | headers
            how["data"] = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call("POST", path, headers=headers, **how)

    def submit(self, item_id: str = "A-1", key: str = "", **changes: Any) -> requests.Response:
        return self.post("/items", self.approved(item_id, **changes), key)

    def approved(self, item_id: str = "A-1", **changes: Any) -> bytes:
        return self.city.approved(an_item_object(item_id, **changes))

    def correction(self, item_id: str = "A-1", **changes: Any) -> dict[str, Any]:
        """The body of a correction, approved anew."""
        item = json.loads(self.approved(item_id, **changes))
        return {"item": item, "why": "数字有误", "by": "王芳"}

    def delivery(self, channel: str, item_id: str = "A-1") -> dict[str, Any]:
        """The newest one in a channel."""
        found = self.get(f"/items/{item_id}/deliveries").json()["deliveries"]
        newest: dict[str, Any] = [one for one in found if one["channel"] == channel][-1]
        return newest

    def status(self, channel: str, item_id: str = "A-1") -> str:
        found: str = self.delivery(channel, item_id)["status"]
        return found

    def with_token(self, bearer: str) -> "Cms":
        return Cms(self.root, bearer, self.city)


def a_token(city: City, *scopes: str, name: str = NAME, days: int = 30) -> str:
    now = city.clock()
    return city.publisher.accounts.tokens.issue(
        name, scopes=scopes, expires_at=now + timedelta(days=days), by="测试", now=now
    ).bearer


@contextmanager
def office_of(city: City) -> Iterator[Cms]:
    """A running office, and a CMS that may do everything there."""
    app, end = office_app(city.publisher)
    try:
        with Server(app) as server:
            yield Cms(server.url, a_token(city, *SCOPES), city)
    finally:
        end()


def sentences(answer: requests.Response) -> Mapping[str, str]:
    """What is wrong, by field."""
    return {one["field"]: one["sentence"] for one in answer.json()["problems"]}
