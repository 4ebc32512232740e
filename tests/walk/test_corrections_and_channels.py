"""A correction that names other channels, or a named audience: where it goes, and where not."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from publisher.amend import Amended
from publisher.model import Action, Status
from publisher.operations import NotPossible
from publisher.submit import Outcome
from tests.simulators.server import Fault
from tests.support.city import City, postbox, settings_for
from tests.support.eventful import EventfulPostbox
from tests.support.orders import SOON, correct, deliveries, exposed, texts
from tests.support.townsfolk import ANN, FIRST, city_of_three, heard, some_hours

NEW = "改正后的标题"


@pytest.fixture
def box() -> Iterator[EventfulPostbox]:
    with EventfulPostbox() as simulator:
        yield simulator
        assert simulator.meanwhile == [], "everything has happened"


def city_of(folder: Path, box: EventfulPostbox, **channels: dict[str, Any]) -> City:
    """Channels that can wait, each with what is particular about it."""
    return City(
        settings_for(
            folder,
            {
                name: postbox(box.url, retry=SOON, options={"timeout": 10}, **rules)
                for name, rules in channels.items()
            },
        )
    )


@pytest.fixture
def city(tmp_path: Path, box: EventfulPostbox) -> Iterator[City]:
    """Two channels of the public, and one that is not."""
    with closing(city_of(tmp_path, box, web={}, post={}, inner={"public": False})) as found:
        yield found


def for_a_few(city: City) -> Amended:
    return correct(city, audience="特定群体", channels=["inner"])


def in_doubt(city: City, box: EventfulPostbox) -> None:
    box.plan(Fault.RESET, path="/letters")
    city.flush("web")
    assert city.status("A-1", "web") is Status.UNKNOWN


def turned_away(city: City, box: EventfulPostbox) -> None:
    box.plan(Fault.REFUSE, path="/letters")
    city.flush("web")
    assert city.status("A-1", "web") is Status.QUEUED


def held(city: City, box: EventfulPostbox) -> None:
    city.publisher.staff.pause("web", by="李办", why="核对", now=city.clock())
    city.flush("web")
    assert box.letters == []


def out(city: City, box: EventfulPostbox) -> None:
    city.flush()
    assert len(box.letters) == 2


def queued(city: City, box: EventfulPostbox) -> None:
    assert box.letters == []
    assert city.status("A-1", "web") is Status.QUEUED


# --- a named audience ---------------------------------------------------------------------


@pytest.mark.parametrize("stands", [queued, turned_away, held, in_doubt, out])
def test_what_the_public_has_or_is_to_get_cannot_become_for_a_few(
    city: City, box: EventfulPostbox, stands: Callable[[City, EventfulPostbox], None]
) -> None:
    city.submit(channels=["web", "inner"])
    stands(city, box)
    before = city.publisher.store.standing.items("A-1"), exposed(city), list(box.letters)
    answer = for_a_few(city).answer
    assert answer.outcome is Outcome.REFUSED
    (problem,) = answer.problems
    assert problem.field == "audience"
    assert (city.publisher.store.standing.items("A-1"), exposed(city), box.letters) == before
    assert correct(city, channels=["web", "inner"]).answer.outcome is Outcome.ACCEPTED


def test_nor_while_a_call_to_the_public_is_under_way(city: City, box: EventfulPostbox) -> None:
    answers: list[Amended] = []
    box.meanwhile = [lambda: answers.append(for_a_few(city))]
    city.submit(channels=["web", "inner"])
    city.flush()
    assert answers[0].answer.outcome is Outcome.REFUSED
    assert answers[0].answer.problems[0].field == "audience"
    assert len(box.letters) == 2


def test_nor_while_somebody_is_asked_to_put_it_up(tmp_path: Path, box: EventfulPostbox) -> None:
    board = postbox(box.url, options={"recall": "human", "by_hand": True})
    board["adapter"] = "tests.support.watched_postbox"
    stanzas = {"board": board, "inner": postbox(box.url, public=False)}
    with closing(City(settings_for(tmp_path, stanzas))) as city:
        city.submit(channels=["board", "inner"])
        city.flush()
        assert city.status("A-1", "board") is Status.AWAITING
        assert for_a_few(city).answer.problems[0].field == "audience"
        assert city.statuses("A-1") == {"board": Status.AWAITING, "inner": Status.DELIVERED}


def test_what_the_public_never_had_is_corrected_for_a_few_alone(
    city: City, box: EventfulPostbox
) -> None:
    city.submit(channels=["inner"], audience="特定群体")
    city.flush()
    assert for_a_few(city).answer.outcome is Outcome.ACCEPTED
    city.flush()
    (text,) = texts(box, NEW)
    assert " correct " in text
    assert set(city.statuses("A-1")) == {"inner"}


def test_what_failed_in_public_does_not_follow_it_there(city: City, box: EventfulPostbox) -> None:
    """It was for everybody, the public never got it, and now it is for a few."""
    box.plan(Fault.CODE, path="/letters", code="422")
    city.submit(channels=["web", "inner"])
    city.flush()
    assert city.status("A-1", "web") is Status.FAILED
    assert for_a_few(city).answer.outcome is Outcome.ACCEPTED
    city.flush()
    (text,) = texts(box, NEW)
    assert " correct " in text, "to those inside, who had the first text"
    with pytest.raises(NotPossible):
        city.publisher.staff.resend(
            "A-1", "web", by="赵值", why="再发", not_out=False, now=city.clock()
        )
    some_hours(city)
    assert len(box.letters) == 2


# --- a channel that is named no more ------------------------------------------------------


def test_what_is_out_in_a_channel_named_no_more_is_corrected_there(
    city: City, box: EventfulPostbox
) -> None:
    city.submit(channels=["web", "post"])
    city.flush()
    correct(city, channels=["web"])
    city.flush()
    assert len(texts(box, f"{NEW} ")) == 2
    assert deliveries(city, "post") == [
        (Action.PUBLISH, Status.DELIVERED),
        (Action.CORRECT, Status.DELIVERED),
    ]


@pytest.mark.parametrize("minor", [False, True], ids=["major", "minor"])
@pytest.mark.parametrize("tried", [False, True], ids=["queued", "turned away"])
def test_what_has_not_gone_out_in_a_channel_named_no_more_never_goes(
    city: City, box: EventfulPostbox, *, tried: bool, minor: bool
) -> None:
    city.submit(channels=["web", "post"])
    city.flush("web")
    if tried:
        box.plan(Fault.REFUSE, path="/letters")
        city.flush("post")
    placed = correct(city, channels=["web"], minor=minor).placed
    assert placed
    assert "post" in placed.stopped
    some_hours(city)
    assert {status for _, status in deliveries(city, "post")} == {Status.CANCELLED}
    assert len(box.letters) == 1 + len(texts(box, NEW))
    assert all(NEW not in text or " correct " in text for text in texts(box))


def test_what_failed_in_a_channel_named_no_more_is_not_sent_again(
    city: City, box: EventfulPostbox
) -> None:
    box.plan(Fault.CODE, path="/letters", code="422", skip=1)
    city.submit(channels=["web", "post"])
    city.flush()
    correct(city, channels=["web"])
    with pytest.raises(NotPossible):
        city.publisher.staff.resend(
            "A-1", "post", by="赵值", why="再发", not_out=False, now=city.clock()
        )
    some_hours(city)
    assert [" correct " in text for text in texts(box)] == [False, True], "the web's two"


@pytest.mark.parametrize(("answer", "sent"), [("200", ["first", "new"]), ("503", [])])
def test_a_channel_named_no_more_in_the_middle_of_its_call(
    city: City, box: EventfulPostbox, answer: str, sent: list[str]
) -> None:
    if answer != "200":
        box.plan(Fault.CODE, path="/letters", code=answer, skip=1)
    city.submit(channels=["web", "post"])
    box.meanwhile = [lambda: None, lambda: correct(city, channels=["web"])]
    city.flush()
    some_hours(city)
    after_the_web = ["new" if NEW in text else "first" for text in texts(box)]
    for word in ("first", "new"):
        after_the_web.remove(word)
    assert sorted(after_the_web) == sent


def test_who_had_not_been_reached_in_a_channel_named_no_more_hears_nothing(
    tmp_path: Path, box: EventfulPostbox
) -> None:
    with closing(city_of_three(tmp_path, box, others={"web": postbox(box.url)})) as city:
        box.plan(Fault.REFUSE, path="/letters", skip=1, times=2)
        city.submit(channels=["post"])
        city.flush()
        correct(city, channels=["web"])
        some_hours(city)
        assert heard(box) == {ANN: [FIRST, "correct"]}
        assert [one["to"] for one in box.letters].count([]) == 1, "and the web has the new one"


# --- a channel that is not there any more -------------------------------------------------


@pytest.mark.parametrize("minor", [False, True], ids=["major", "minor"])
def test_what_waits_in_a_channel_that_is_switched_off_is_stopped_too(
    tmp_path: Path, box: EventfulPostbox, *, minor: bool
) -> None:
    with closing(city_of(tmp_path, box, web={}, post={})) as city:
        city.submit()
        city.flush("web")
    with closing(city_of(tmp_path, box, web={}, post={"enabled": False})) as without:
        placed = correct(without, minor=minor).placed
        assert placed
        assert placed.beyond == ("post",)
        without.flush()
    with closing(city_of(tmp_path, box, web={}, post={})) as again:
        again.flush()
        some_hours(again)
        assert (Action.PUBLISH, Status.CANCELLED) in deliveries(again, "post")
    assert len([text for text in texts(box) if NEW not in text]) == 1, "the web's first"


@pytest.mark.parametrize("minor", [False, True], ids=["major", "minor"])
def test_the_rest_that_waits_in_a_channel_that_is_switched_off_is_stopped_too(
    tmp_path: Path, box: EventfulPostbox, *, minor: bool
) -> None:
    """Ann has the first text. That it was corrected nobody can tell her while it is off."""
    web = {"web": postbox(box.url)}
    with closing(city_of_three(tmp_path, box, web)) as city:
        box.plan(Fault.REFUSE, path="/letters", skip=1, times=2)
        city.submit()
        city.flush("post")
        assert heard(box) == {ANN: [FIRST]}
    with closing(City(settings_for(tmp_path, web))) as without:
        assert correct(without, minor=minor).answer.outcome is Outcome.ACCEPTED
        without.flush()
    with closing(city_of_three(tmp_path, box, web)) as again:
        some_hours(again)
        assert heard(box) == {ANN: [FIRST]}
        assert again.status("A-1", "post") is not Status.QUEUED
