"""Subscribers: counts by topic and never a list; import, stop, and look up one number.

No number is ever in an address; where a page shows one, it is masked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from publisher.access import Person
from publisher.store.knowing import Known
from publisher.store.subscribing import Imported
from publisher.subscriber_file import Problem
from publisher.subscribing import SubscriberProblem, Subscribing
from publisher.web.office import gate
from publisher.web.office.forms import Form, Typed
from publisher.web.office.gate import City, city_of
from publisher.web.office.held import NOTHING
from publisher.web.office.pages import Pages, to

router = APIRouter()

_UNTYPED = Typed()
_COUNTS = tuple(one.name for one in fields(Imported))
_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found out about one number."""

    number: str
    """Masked."""
    known: Known | None


@router.get("/subscribers")
def subscribers(request: Request, person: gate.Subscribers) -> Response:
    return _page(request, person)


@router.post("/subscribers/import")
def take(request: Request, person: gate.Subscribers, city: City, typed: Form) -> Response:
    subscribing, file = _subscribing(city), typed.file("people")
    if file is None:
        wrong = {"people": "请选择订户文件（CSV）"}
        return _page(request, person, 422, typed, wrong, at_work="import")
    rows, problems = subscribing.read(file[1])
    if problems:
        wrong = {"people": "文件里有不对的地方，没有导入任何订户；请改正后重新选择"}
        return _page(request, person, 422, typed, wrong, at_work="import", problems=problems)
    again = typed.ticked("again")
    done = subscribing.take(rows, by=person.actor, now=city.clock(), again=again)
    counts = {name: str(many) for name, many in asdict(done).items()}
    return to("/subscribers", done="imported", **counts)


@router.post("/subscribers/stop")
def stop(request: Request, person: gate.Subscribers, city: City, typed: Form) -> Response:
    try:
        _subscribing(city).stop(typed["number"], by=person.actor, now=city.clock())
    except SubscriberProblem as problem:
        wrong = {problem.field: str(problem)}
        return _page(request, person, 422, typed, wrong, at_work="stop")
    return to("/subscribers", done="stopped")


@router.post("/subscribers/look")
def look_up(request: Request, person: gate.Subscribers, city: City, typed: Form) -> Response:
    """The answer is this very page: nothing of it is in an address."""
    try:
        number, known = _subscribing(city).look_up(
            typed["number"], why=typed["why"], by=person.actor, now=city.clock()
        )
    except SubscriberProblem as problem:
        wrong = {problem.field: str(problem)}
        return _page(request, person, 422, typed, wrong, at_work="look")
    return _page(request, person, looked=Looked(number, known))


def _subscribing(city: City) -> Subscribing:
    if city.subscribing is None:
        raise HTTPException(404, "没有发给订户的渠道，没有订户可管")
    return city.subscribing


def _page(
    request: Request,
    person: Person,
    status: int = 200,
    typed: Typed = _UNTYPED,
    wrong: Mapping[str, str] = NOTHING,
    *,
    at_work: str = "",
    problems: Sequence[Problem] = (),
    looked: Looked | None = None,
) -> Response:
    """The page. `at_work`: the form that could not be done; `problems`: of its file."""
    city = city_of(request)
    pages: Pages = request.app.state.pages
    subscribing, counts = city.subscribing, city.store.subscribers.count()
    known = subscribing.topics if subscribing else frozenset()
    return pages.page(
        request,
        "subscribers",
        person,
        status=status,
        typed=typed,
        wrong=wrong,
        at_work=at_work,
        configured=subscribing is not None,
        people=city.store.subscribers.active(),
        topics=[(topic, counts.get(topic, 0)) for topic in sorted(known | set(counts))],
        imported=_imported(request),
        problems=problems,
        looked=looked,
    )


def _imported(request: Request) -> Imported | None:
    """What the import has done that led here."""
    given = [request.query_params.get(name, "") for name in _COUNTS]
    if not all(one.isdecimal() and len(one) <= _LONGEST_NUMBER for one in given):
        return None
    return Imported(**{name: int(one) for name, one in zip(_COUNTS, given, strict=True)})
