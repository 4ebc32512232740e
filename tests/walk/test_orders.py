"""Corrections, withdrawals and expiry, in channels of every kind, over real HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publisher.amend import Amended
from publisher.channel import Recall
from publisher.model import Action, Status
from publisher.operations import NotPossible
from publisher.orders import Seen
from publisher.store.orders import Placed
from publisher.submit import Outcome
from tests.simulators.server import Fault
from tests.support.city import City, an_item_object, postbox, settings_for
from tests.support.postbox import PostboxSimulator

SOON = {"attempts": 3, "base": 10, "ceiling": 300}
KINDS = {
    "web": Recall.EDITS,
    "post": Recall.FOLLOW_UP,
    "paper": Recall.DELETES,
    "board": Recall.HUMAN,
}


@pytest.fixture
def box() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def city(tmp_path: Path, box: PostboxSimulator) -> Iterator[City]:
    stanzas = {
        name: postbox(box.url, options=_options(recall), retry=SOON)
        for name, recall in KINDS.items()
    }
    found = City(settings_for(tmp_path, stanzas))
    yield found
    found.close()


def _options(recall: Recall) -> dict[str, object]:
    return {"recall": recall, "repeatable": recall in {Recall.EDITS, Recall.HUMAN}}


def correct(city: City, *, minor: bool = False, why: str = "数字有误", **changes: Any) -> Amended:
    data = city.approved(an_item_object(**({"title": "改正后的标题"} | changes)))
    return city.publisher.amendments.correct(
        data, why=why, by="李办", minor=minor, now=city.clock()
    )


def withdraw(city: City, why: str = "内容不宜公开") -> Placed:
    return city.publisher.amendments.withdraw("A-1", why=why, by="李办", now=city.clock())


def texts(box: PostboxSimulator, word: str = "") -> list[str]:
    return [letter["text"] for letter in box.letters if word in letter["text"]]


def deliveries(city: City, channel: str) -> list[tuple[Action, Status]]:
    (item,) = city.publisher.store.standing.items("A-1")
    return [(one.action, one.status) for one in item.deliveries if one.channel == channel]


def exposed(city: City) -> dict[str, Seen]:
    found = city.publisher.amendments.exposure("A-1")
    return {name: one.seen for name, one in found.items()}


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


def test_a_withdrawal_goes_to_all_that_carried_it_and_empties_the_exposure(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush()
    assert exposed(city) == dict.fromkeys(KINDS, Seen.SEEN)
    placed = withdraw(city)
    assert set(placed.ordered) == set(KINDS)
    assert exposed(city) == dict.fromkeys(KINDS, Seen.WITHDRAWING)
    city.flush()
    assert len(texts(box, " withdraw 内容不宜公开 ")) == 4
    assert exposed(city) == dict.fromkeys(KINDS, Seen.REMAINS), "letters stay with their readers"
    (item,) = city.publisher.store.standing.items("A-1")
    assert item.first_published_at == city.clock(), "first-published time stays for ever"


def test_withdrawing_what_has_not_gone_out_cancels_it(city: City, box: PostboxSimulator) -> None:
    city.submit()
    placed = withdraw(city)
    assert placed.ordered == ()
    assert set(placed.stopped) == set(KINDS)
    city.flush()
    assert box.letters == []
    assert set(city.statuses("A-1").values()) == {Status.CANCELLED}
    assert exposed(city) == {}


def test_a_withdrawn_item_takes_no_more_orders(city: City) -> None:
    city.submit()
    city.flush()
    withdraw(city)
    with pytest.raises(NotPossible, match="已经撤回"):
        withdraw(city)
    refused = correct(city).answer
    assert refused.outcome is Outcome.REFUSED
    assert "已经撤回" in refused.problems[0].sentence


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


def test_a_withdrawal_overtakes_what_is_queued(tmp_path: Path, box: PostboxSimulator) -> None:
    city = City(settings_for(tmp_path, {"post": postbox(box.url, retry=SOON)}))
    city.submit("A-1")
    city.flush()
    for number in range(5):
        city.submit(f"B-{number}")
    withdraw(city)
    city.flush()
    assert [text.split()[0] for text in texts(box)][:2] == ["A-1", "A-1"]
    assert len(box.letters) == 7
    city.close()


def test_a_withdrawal_during_a_call_waits_for_its_end(city: City, box: PostboxSimulator) -> None:
    """The call cannot be stopped; what it put out is taken back next."""
    box.plan(Fault.RESET, path="/letters", times=1)
    city.submit()
    city.flush("post")
    assert city.status("A-1", "post") is Status.UNKNOWN
    placed = withdraw(city)
    assert placed.ordered == ("post",), "it may be out"
    city.flush("post")
    (text,) = texts(box, " withdraw ")
    assert text.endswith("?"), "no reference was ever given"


def test_a_retry_that_was_withdrawn_meanwhile_goes_out_no_more(
    city: City, box: PostboxSimulator
) -> None:
    box.plan(Fault.REFUSE, path="/letters", times=4)
    city.submit()
    city.flush()
    assert box.letters == []
    withdraw(city)
    city.clock.advance(minutes=10)
    city.flush()
    kinds = {name: deliveries(city, name)[0][1] for name in KINDS}
    assert kinds == dict.fromkeys(KINDS, Status.CANCELLED)
    assert all(" withdraw " in text for text in texts(box)), "only where it may have been written"
    assert len(box.letters) == 2, "the two channels that overwrite with themselves"


def test_a_failed_withdrawal_is_tried_again_with_what_is_out_by_then(
    city: City, box: PostboxSimulator
) -> None:
    city.submit()
    city.flush()
    withdraw(city)
    box.plan(Fault.REFUSE, path="/letters", times=4)
    city.flush()
    assert exposed(city) == dict.fromkeys(KINDS, Seen.WITHDRAWING)
    city.clock.advance(minutes=1)
    city.flush()
    assert len(texts(box, " withdraw ")) == 4
    assert exposed(city) == dict.fromkeys(KINDS, Seen.REMAINS)


def test_a_posting_period_ends_by_itself_where_that_means_something(
    city: City, box: PostboxSimulator
) -> None:
    city.submit(posting={"from": "2026-11-23", "to": "2026-11-27"})
    city.flush()
    city.clock.advance(days=4)
    assert city.publisher.amendments.expire_due(city.clock()) == []
    city.clock.advance(days=1)
    assert city.publisher.amendments.expire_due(city.clock()) == ["A-1"]
    assert city.publisher.amendments.expire_due(city.clock()) == [], "once"
    city.flush()
    marked = texts(box, " expire 公示期已于2026年11月27日结束")
    assert len(marked) == 2, "on the page and on the board"
    assert deliveries(city, "post") == [(Action.PUBLISH, Status.DELIVERED)]
    assert exposed(city)["web"] is Seen.SEEN
    assert exposed(city)["board"] is Seen.REMAINS


def test_what_expired_before_it_came_in_does_not_expire_again(city: City) -> None:
    city.submit(posting={"from": "2026-11-02", "to": "2026-11-06"})
    assert city.publisher.amendments.expire_due(city.clock()) == []


def test_a_withdrawn_item_does_not_expire(city: City) -> None:
    city.submit(posting={"from": "2026-11-23", "to": "2026-11-27"})
    city.flush()
    withdraw(city)
    city.clock.advance(days=9)
    assert city.publisher.amendments.expire_due(city.clock()) == []


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
