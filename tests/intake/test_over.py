"""Items that come in after the end of their posting period or validity: staff are told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publisher.submit import Outcome
from tests.support.city import City, settings_for

CHANNELS = {
    name: {"adapter": f"channels.{name}", "title": title, "grouping": {"kind": kind}}
    for name, title, kind in (("website", "网站", "window"), ("noticeboard", "公示栏", "each"))
}
OVER = [
    ({"posting": {"from": "2026-11-16", "to": "2026-11-20"}}, "公示期已于2026年11月20日结束"),
    ({"valid_until": "2026-11-22"}, "有效期已于2026年11月22日届满"),
]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    found = City(settings_for(tmp_path, CHANNELS))
    yield found
    found.close()


@pytest.mark.parametrize(("over", "said"), OVER)
def test_an_old_one_is_published_with_a_word_to_staff(
    city: City, tmp_path: Path, over: dict[str, Any], said: str
) -> None:
    answer = city.submit(channels=["website"], **over)
    assert answer.outcome is Outcome.ACCEPTED
    assert answer.notes == (f"{said}，请确认仍要发布",)
    city.flush()
    page = (tmp_path / "output" / "site" / "2026" / "00001.html").read_text("utf-8")
    assert "<dd>有效</dd>" not in page
    assert city.publisher.amendments.expire_due(city.clock()) == []


@pytest.mark.parametrize(("over", "said"), OVER)
def test_the_notice_board_is_refused_at_the_door(
    city: City, over: dict[str, Any], said: str
) -> None:
    answer = city.submit(**over)
    assert answer.outcome is Outcome.REFUSED
    (problem,) = answer.problems
    assert problem.field == "channels"
    assert problem.sentence.startswith("公示栏：")
    assert "不能再张贴，请在 channels 中" in problem.sentence
    assert said[:3] in problem.sentence


@pytest.mark.parametrize(
    "until",
    [{"posting": {"from": "2026-11-16", "to": "2026-11-23"}}, {"valid_until": "2026-11-23"}],
)
def test_on_the_last_day_there_is_nothing_to_say(city: City, until: dict[str, Any]) -> None:
    answer = city.submit(channels=["website"], **until)
    assert (answer.outcome, answer.notes) == (Outcome.ACCEPTED, ())
