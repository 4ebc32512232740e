"""What a person does to an item: resend, confirm, correct, withdraw."""

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from publisher.access import Person
from publisher.intake import Refused
from publisher.model import Action
from publisher.operations import NotPossible
from publisher.store.standing import ItemRow
from publisher.submit import Answer, Outcome
from publisher.web.office.forms import Form, Typed
from publisher.web.office.gate import Act, Amend, City, city_of
from publisher.web.office.held import NOTHING, keep_file
from publisher.web.office.item import item_page, own_item
from publisher.web.office.pages import Pages, to
from publisher.web.office.told import tell

router = APIRouter()

_UNTYPED = Typed()
_LONGEST_NUMBER = 10
_CLOCKS_DIFFER = timedelta(hours=1)


@router.post("/items/{item_id}/resend")
def resend(request: Request, person: Act, city: City, item_id: str, typed: Form) -> Response:
    own_item(city, person, item_id)
    channel = typed["channel"]

    def do() -> str:
        goes_out = city.staff.resend(
            item_id,
            channel,
            by=person.actor,
            why=typed["why"],
            not_out=typed.ticked("not_out"),
            now=city.clock(),
            action=_action(typed),
            number=_number(typed["delivery"]),
            judged=_number(typed["judged"]),
        )
        city.wake(channel)
        return "resent" if goes_out else "noted"

    return _done(request, person, item_id, typed, "resend", do)


@router.post("/items/{item_id}/confirm")
def confirm(request: Request, person: Act, city: City, item_id: str, typed: Form) -> Response:
    item = own_item(city, person, item_id)

    def do() -> str:
        evidence = kept_or_new(city, person, typed, "evidence")
        if evidence is None and typed["evidence_kept"]:
            raise NotPossible("先前选的文件已不在，请重新选择", "evidence")
        _check_time(city, item, typed["time"])
        city.staff.confirm(
            item_id,
            typed["channel"],
            by=person.actor,
            note=_note(typed),
            evidence=evidence,
            now=city.clock(),
            action=_action(typed),
            number=_number(typed["delivery"]),
            department=person.department,
        )
        return "confirmed"

    return _done(request, person, item_id, typed, "confirm", do)


def _done(
    request: Request,
    person: Person,
    item_id: str,
    typed: Typed,
    what: str,
    do: Callable[[], str],
) -> Response:
    """Do it, and show where it stands with the word for what was done; or show the form again, with
    all that was in it.
    """
    try:
        word = do()
    except NotPossible as error:
        wrong = {field: str(error) for field in error.fields or ("",)}
    except Refused as refused:
        wrong = {problem.field: problem.sentence for problem in refused.problems}
    else:
        city_of(request).store.uploads.drop(typed["evidence_kept"], person.id)
        return to(f"/items/{item_id}", done=word)
    return item_page(
        request,
        person,
        item_id,
        status=422,
        typed=typed,
        wrong=wrong,
        at_work=f"{what}-{typed['delivery']}",
        kept=None if "evidence" in wrong else keep(request, person, typed, "evidence"),
    )


@router.get("/items/{item_id}/correct")
def correct_form(request: Request, person: Amend, item_id: str) -> Response:
    return _amend_page(request, person, item_id, "correct")


@router.post("/items/{item_id}/correct")
def correct(request: Request, person: Amend, city: City, item_id: str, typed: Form) -> Response:
    """The corrected item comes as its JSON file, approved anew."""
    own_item(city, person, item_id)
    given = kept_or_new(city, person, typed, "file")
    try:
        answer = _correct(city, person, item_id, typed, given)
    except NotPossible as error:
        wrong = {field: str(error) for field in error.fields or ("",)}
    else:
        if answer.outcome is not Outcome.REFUSED:
            city.wake()
            city.store.uploads.drop(typed["file_kept"], person.id)
            notes = tell(request, person, item_id, answer.notes)
            return to(f"/items/{item_id}", done="corrected", told=notes)
        wrong = _by_field(answer)
    kept = keep(request, person, typed, "file")
    return _amend_page(request, person, item_id, "correct", 422, typed, wrong, kept)


def _correct(
    city: City, person: Person, item_id: str, typed: Typed, given: tuple[str, bytes] | None
) -> Answer:
    if given is None:
        raise NotPossible("请选择更正后的信息条目文件（JSON）", "file")
    return city.amendments.correct(
        given[1],
        why=typed["why"],
        by=person.actor,
        minor=typed.ticked("minor"),
        now=city.clock(),
        item_id=item_id,
        department=person.department,
        seen=_number(typed["revision"]),
    ).answer


def _by_field(answer: Answer) -> dict[str, str]:
    """What is wrong with a corrected item, by the fields of the form."""
    wrong: dict[str, str] = {}
    for problem in answer.problems:
        field, said = (
            ("why", problem.sentence) if problem.field == "why" else ("file", str(problem))
        )
        wrong[field] = "；".join(filter(None, (wrong.get(field), said)))
    return wrong


@router.get("/items/{item_id}/withdraw")
def withdraw_form(request: Request, person: Amend, item_id: str) -> Response:
    return _amend_page(request, person, item_id, "withdraw")


@router.post("/items/{item_id}/withdraw")
def withdraw(request: Request, person: Amend, city: City, item_id: str, typed: Form) -> Response:
    own_item(city, person, item_id)
    try:
        city.amendments.withdraw(item_id, why=typed["why"], by=person.actor, now=city.clock())
    except NotPossible as error:
        wrong = {field: str(error) for field in error.fields or ("",)}
        return _amend_page(request, person, item_id, "withdraw", 422, typed, wrong)
    city.wake()
    return to(f"/items/{item_id}", done="withdrawn")


def _amend_page(
    request: Request,
    person: Person,
    item_id: str,
    what: str,
    status: int = 200,
    typed: Typed = _UNTYPED,
    wrong: dict[str, str] | None = None,
    kept: tuple[str, str] | None = None,
) -> Response:
    city = city_of(request)
    pages: Pages = request.app.state.pages
    return pages.page(
        request,
        what,
        person,
        status=status,
        typed=typed,
        wrong=wrong or NOTHING,
        item=own_item(city, person, item_id),
        exposure=city.amendments.exposure(item_id),
        beside=city.store.related.still_public(item_id) if what == "withdraw" else (),
        newest=city.store.kept.versions(item_id)[0].number,
        kept=kept,
    )


def kept_or_new(city: City, person: Person, typed: Typed, field: str) -> tuple[str, bytes] | None:
    """The file of a field: the one chosen now, or the one that came with the form before."""
    if given := typed.file(field):
        return given
    kept = typed[f"{field}_kept"]
    return city.store.uploads.get(kept, person.id) if kept else None


def keep(request: Request, person: Person, typed: Typed, field: str) -> tuple[str, str] | None:
    """Keep a file with the form that is to be mended: its name here, and its own."""
    city = city_of(request)
    if given := typed.file(field):
        kept = keep_file(city, person, *given)
        return (kept, given[0]) if kept else None
    before = typed[f"{field}_kept"]
    found = city.store.uploads.get(before, person.id) if before else None
    return (before, found[0]) if found else None


def _check_time(city: City, item: ItemRow, typed: str) -> None:
    """Raise NotPossible for a time at which it cannot have been aired or posted."""
    if not typed:
        return
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise NotPossible("时间应写成 2026-03-01 09:00 的样子", "time") from None
    at = at if at.tzinfo else at.replace(tzinfo=city.house.timezone)
    if at > city.clock() + _CLOCKS_DIFFER:
        raise NotPossible("这个时间还没有到，请填实际播出或张贴的时间", "time")
    if at < item.created_at - _CLOCKS_DIFFER:
        raise NotPossible("这个时间早于信息提交的时间，请核对", "time")


def _note(typed: Typed) -> str:
    """When, where and what else, as one line of the record."""
    when = typed["time"].replace("T", " ")
    parts = (when and f"时间 {when}", typed["place"] and f"地点 {typed['place']}", typed["note"])
    return "，".join(filter(None, parts))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < _LONGEST_NUMBER else None


def _action(typed: Typed) -> Action | None:
    return Action(typed["action"]) if typed["action"] in set(Action) else None
