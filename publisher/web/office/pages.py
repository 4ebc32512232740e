"""Pages: templates in, answers out. What every page has is added here."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape
from starlette.responses import HTMLResponse, RedirectResponse, Response

from publisher.access import ROLE_WORDS, Person, Right
from publisher.bootstrap import Publisher
from publisher.figures import size_of
from publisher.model import Status
from publisher.report import (
    ACTION_WORDS,
    CLASS_WORDS,
    SEEN_WORDS,
    SIGNS,
    STATE_WORDS,
    STATUS_WORDS,
)
from publisher.web.office.done import DONE
from publisher.web.office.forms import Typed

ASSETS = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""Files beside the templates that browsers ask for, with their types."""
_NOTHING = Typed()


class Pages:
    """The templates of the console, and what all of them share."""

    def __init__(self, city: Publisher) -> None:
        self._city = city
        self._folder: Path = city.house.templates / "console"
        self._environment = Environment(
            loader=FileSystemLoader(self._folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters |= {
            "at": self.at,
            "moment": datetime.fromisoformat,
            "day": self.day,
            "iso": lambda moment: moment.astimezone(city.house.timezone).isoformat("T", "seconds"),
            "size": size_of,
            "span": span,
            "zip": zip,
            "titles": lambda routes: [(name, route.title) for name, route in routes],
            "turned": turned,
        }
        self._environment.globals.update(
            city=city.house.city,
            most_kilobytes=city.settings.intake.max_file_bytes // 1024,
            routes=city.routes,
            Right=Right,
            Status=Status,
            ROLE_WORDS=ROLE_WORDS,
            STATUS_WORDS=STATUS_WORDS,
            STATE_WORDS=STATE_WORDS,
            ACTION_WORDS=ACTION_WORDS,
            SEEN_WORDS=SEEN_WORDS,
            CLASS_WORDS=CLASS_WORDS,
            SIGNS=SIGNS,
            asset=self._stamped,
            none_typed=_NOTHING,
        )

    def page(
        self,
        request: Request,
        template: str,
        person: Person | None,
        *,
        status: int = 200,
        typed: Typed = _NOTHING,
        wrong: Mapping[str, str] | None = None,
        **facts: object,
    ) -> Response:
        """A page. `typed` and `wrong` are what a form held that could not be done, and why not: a
        sentence by field, under "" what concerns the whole. What no field of the page says stands
        at its head.
        """
        wrong = dict(wrong or {})
        shared = facts | {
            "person": person,
            "path": request.url.path,
            "here": here(request),
            "now": self._city.clock(),
            "typed": typed,
            "done": DONE.get(request.query_params.get("done", ""), ""),
        }
        page = self._environment.get_template(f"{template}.html.j2")
        text = page.render(shared, wrong=wrong)
        unsaid = [one for one in dict.fromkeys(wrong.values()) if str(escape(one)) not in text]
        if unsaid:
            text = page.render(shared, wrong=wrong | {"": "；".join(unsaid)})
        return HTMLResponse(text, status)

    def part(self, template: str, **facts: object) -> Response:
        """A part of a page, to be put into one that stands."""
        return HTMLResponse(self._environment.get_template(f"{template}.html.j2").render(**facts))

    def at(self, moment: datetime | None) -> str:
        """A time as staff read it."""
        if moment is None:
            return "—"
        return f"{moment.astimezone(self._city.house.timezone):%Y-%m-%d %H:%M}"

    def day(self, moment: datetime | None) -> str:
        return self.at(moment)[:10]

    def asset(self, name: str) -> bytes:
        """A file that lies beside the templates. KeyError where there is none to be had."""
        return self._assets[name]

    @cached_property
    def _assets(self) -> dict[str, bytes]:
        return {name: (self._folder / name).read_bytes() for name in ASSETS}

    def _stamped(self, name: str) -> str:
        """The address of such a file, which changes with its bytes."""
        return f"/assets/{name}?v={sha256(self.asset(name)).hexdigest()[:8]}"


def here(request: Request) -> str:
    """The address of this page, to come back to."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def to(path: str, **query: str) -> Response:
    """On to another page, after something was done."""
    known = {name: value for name, value in query.items() if value}
    return RedirectResponse(f"{path}?{urlencode(known)}" if known else path, 303)


def turned(given: Mapping[str, str], **place: object) -> str:
    """The query of another page of the same list."""
    kept = {name: value for name, value in given.items() if name not in {"after", "before"}}
    return urlencode({name: value for name, value in kept.items() if value} | place)


def span(seconds: float) -> str:
    """How long, roughly."""
    minutes = int(timedelta(seconds=seconds).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 1440 else f"{minutes // 1440} 天"
