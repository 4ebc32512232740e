"""Corrections in channels of every kind, over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.channel import Recall
from publisher.model import Action, Status
from publisher.operations import NotPossible
from publisher.submit import Outcome
from tests.support.city import City, an_item_object
from tests.support.orders import (
    KINDS,
    city_of_every_kind,
    correct,
    deliveries,
    texts,
    withdraw,
)
from tests.support.postbox import PostboxSimulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    found = city_of_every_kind(tmp_path, box)
    yield found
    found.close()


def test_a_correction_goes_everywhere_and_says_what_it_corrects(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush()
    amended = correct(city)
    assert amended.answer.outcome is Outcome.ACCEPTED
    assert amended.placed
    assert set(amended.placed.ordered) == set(KINDS)
    city.flush()
    corrections = texts(box, " correct ")
    assert len(corrections) == 4
    assert all("改正后的标题" in one and "数字有误" in one for one in corrections)
    references = {text.split()[-1] for text in corrections}
    assert references == {"L1", "L2", "L3", "L4"}, "each channel knows what it had out"
    assert set(city.statuses("A-1").values()) == {Status.DELIVERED}


def test_a_minor_correction_mends_the_page_and_tells_nobody(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush()
    amended = correct(city, minor=True)
    assert amended.placed
    assert amended.placed.ordered == ("web",)
    city.flush()
    (text,) = texts(box, " correct ")
    assert "数字有误" not in text, "a minor one leaves no notice"


def test_what_had_not_gone_out_goes_out_corrected_and_as_news(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush("web", "paper", "board")
    amended = correct(city, minor=True)
    assert amended.placed
    assert amended.placed.ordered == ("web", "post")
    assert amended.placed.stopped == ("post",)
    city.flush()
    assert deliveries(city, "post") == [
        (Action.PUBLISH, Status.CANCELLED),
        (Action.CORRECT, Status.DELIVERED),
    ]
    mine = [text for text in texts(box) if "改正后的标题" in text and " correct " not in text]
    assert len(mine) == 1, "published, not corrected: nobody had seen the first text there"


def test_an_older_revision_that_is_queued_is_superseded_for_ever(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    correct(city)
    city.flush()
    city.flush()
    assert len(box.letters) == 4
    assert all("改正后的标题" in text for text in texts(box))
    with pytest.raises(NotPossible):
        city.publisher.staff.resend(
            "A-1",
            "post",
            by="李办",
            why="再发",
            not_out=False,
            now=city.clock(),
            action=Action.PUBLISH,
        )


@pytest.mark.parametrize(
    ("why", "word"),
    [("", "不能空着"), ("联系人 13900012345", "手机号"), ("一" * 201, "超过上限")],
)
def test_a_reason_is_held_to_the_rules_of_a_text(city: City, why: str, word: str) -> None:
    city.submit()
    with pytest.raises(NotPossible, match=word):
        withdraw(city, why)
    refused = correct(city, why=why).answer
    assert refused.outcome is Outcome.REFUSED
    assert refused.problems[0].field == "why"
    assert word in refused.problems[0].sentence


def test_the_same_content_is_no_correction(city: City) -> None:
    city.submit()
    refused = city.publisher.amendments.correct(
        city.approved(an_item_object()), why="无", by="李办", minor=False, now=city.clock()
    )
    assert refused.answer.outcome is Outcome.REFUSED
    assert "内容完全相同" in refused.answer.problems[0].sentence


def test_an_unknown_item_cannot_be_amended(city: City) -> None:
    with pytest.raises(NotPossible, match="没有编号"):
        withdraw(city)
    refused = correct(city).answer
    assert refused.outcome is Outcome.REFUSED
    assert refused.problems[0].field == "id"


def test_a_second_correction_tells_what_the_first_put_out(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush("paper")
    correct(city)
    city.flush("paper")
    correct(city, title="再次改正的标题", why="又有误")
    city.flush("paper")
    last = texts(box)[-1]
    assert last.endswith("correct 数字有误；又有误 L2"), "all notices, and only the newest letter"


def test_recall_words_are_those_of_the_contract() -> None:
    assert set(KINDS.values()) == set(Recall)
