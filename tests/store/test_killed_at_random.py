"""Workers die when the files are written and nothing of it is settled, at any time and in any
order: what lies there in the end is what a rebuild makes, and the search finds just that.
"""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Status
from tests.channels.website_items import FIELDS, STAGES
from tests.support.city import an_item_object
from tests.support.mortal_postbox import Died
from tests.support.mortal_website import MortalCity, mortal_city
from tests.support.shelf_city import changed, contents

STEPS = 22
TOPICS = tuple(f"主题{number}" for number in range(9))
"""So many that some are of one item alone, or of none any more."""


class Chance:
    """Orders by dice, some of which are cut off between the last file and the outcome."""

    def __init__(self, city: MortalCity, seed: int) -> None:
        self.city = city
        self.dice = random.Random(seed)  # noqa: S311 - chance, not secrets
        self.standing: list[str] = []
        self.withdrawn: list[str] = []
        self.said: dict[str, list[str]] = {}
        self.story: list[str] = []

    def step(self) -> None:
        self.city.clock.advance(hours=self.dice.choice([0, 1, 2]))
        for _ in range(self.dice.choice([1, 1, 2, 4])):
            self._order()
        if self.dice.random() < 0.35:
            self.story.append("dies")
            self.city.let_die()
        try:
            self.city.city.flush()
        except Died:
            self.story.append("died")

    def settle(self) -> None:
        self.city.catch_up()
        for item in self.city.city.publisher.store.standing.items():
            assert {one.status for one in item.deliveries} <= {Status.DELIVERED, Status.CANCELLED}

    def _order(self) -> None:
        kind = self.dice.choice(["publish", "publish", "correct", "correct", "withdraw"])
        if kind == "publish" or not self.standing:
            item_id = f"A-{len(self.said) + 1}"
            self.city.submit(item_id, **self._facts(item_id))
            self.standing.append(item_id)
            kind = "publish"
        elif kind == "correct":
            item_id = self.dice.choice(self.standing)
            facts = an_item_object(item_id, **self._facts(item_id))
            self.city.order_correction(self.city.city.approved(facts))
        else:
            item_id = self.standing.pop(self.dice.randrange(len(self.standing)))
            self.city.order_withdrawal(item_id)
            self.withdrawn.append(item_id)
        self.story.append(f"{kind} {item_id}")

    def _facts(self, item_id: str) -> dict[str, Any]:
        """Each text and title can be told from all others."""
        dice = self.dice
        texts = self.said.setdefault(item_id, [])
        texts.append(f"{item_id}号的第{len(texts) + 1}稿正文")
        return {
            "title": f"关于{texts[-1]}的通知",
            "body": f"这里写着{texts[-1]}在此。\n\n第二段。",
            "field": dice.choice(FIELDS),
            "five_open_stage": dice.choice(STAGES),
            "department": dice.choice(["辛集市财政局", "辛集市司法局", "辛集市教育局"]),
            "topics": dice.sample(TOPICS, dice.randrange(2)),
            "related": [f"A-{number}" for number in dice.sample(range(1, 20), dice.randrange(2))],
        }


def indexed(city: MortalCity) -> dict[str, str]:
    """What the search knows: the texts by page."""
    file = city.site.parent / "search.db"
    with closing(sqlite3.connect(file)) as database:
        return dict(database.execute("SELECT name, text FROM page").fetchall())


def forgotten(chance: Chance) -> None:
    """No earlier text is anywhere; of what is withdrawn none, but its title."""
    city = chance.city
    for item_id, texts in chance.said.items():
        gone = item_id in chance.withdrawn
        for text in texts if gone else texts[:-1]:
            assert city.holding(f"这里写着{text}") == [], chance.story
        titles = [text for text in texts if city.holding(f"关于{text}的通知")]
        assert titles == texts[-1:] or (gone and len(titles) < 2), chance.story
    standing = {city.page(one).partition(".example/")[2]: one for one in chance.standing}
    found = indexed(city)
    assert found.keys() == standing.keys(), chance.story
    for page, item_id in standing.items():
        assert chance.said[item_id][-1] in found[page], chance.story


@pytest.mark.parametrize("seed", [0])
def test_what_lies_there_in_the_end_is_what_a_rebuild_makes(tmp_path: Path, seed: int) -> None:
    with mortal_city(tmp_path / "city", per_page=2 + seed) as city:
        chance = Chance(city, seed)
        for _ in range(STEPS):
            chance.step()
        chance.settle()
        assert "died" in chance.story
        forgotten(chance)
        before, known = city.files(), indexed(city)
        assert city.rebuild().left == {}
        assert changed(before, city.files()) == set(), chance.story
        shutil.rmtree(city.site)
        (city.site.parent / "search.db").unlink()
        city.rebuild()
        assert contents(city.files()) == contents(before), chance.story
        assert indexed(city) == known
