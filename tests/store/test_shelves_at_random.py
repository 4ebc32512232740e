"""Whatever happens in whatever order, the files that lie there are those of a rebuild.

So nothing is missing, nothing stale and nothing too much in what each send writes, however little
it is.
"""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from publisher.model import Status
from tests.channels.website_items import FIELDS, STAGES
from tests.support.city import an_item_object
from tests.support.shelf_city import ShelfCity, changed, contents, shelf_city

TOPICS = ("防汛", "惠民 文化", "a/b", "预算")
DEPARTMENTS = ("辛集市财政局", "辛集市应急管理局", "辛集市司法局")
KINDS = ("其他文件", "政策解读", "回应关切")
STEPS = 24
IN_THE_WAY = ("atom.xml", "index.html", "catalogue/index.html", "2026/00002.html", "style.css")


class Chance:
    """Orders by dice; it knows what stands, and what was ordered and is still to come."""

    def __init__(self, city: ShelfCity, seed: int) -> None:
        self.city = city
        self.dice = random.Random(seed)  # noqa: S311 - chance, not secrets
        self.standing: list[str] = []
        self.many = 0
        self.story: list[str] = []

    def step(self) -> None:
        dice = self.dice
        # Nothing may wait so long that it is given up: that would be another story.
        waits = self.story[-1:] == ["waits"]
        self.city.clock.advance(hours=dice.choice([0, 1] if waits else [0, 1, 30, 700]))
        orders: list[Callable[[], None]] = [self._publish, self._publish, self._publish]
        if self.standing:
            orders += [self._correct, self._correct, self._withdraw]
        for order in dice.choices(orders, k=dice.choice([1, 1, 1, 2, 5])):
            if self.standing or order == self._publish:
                order()
        if dice.random() < 0.2:
            with self.city.in_the_way(name := dice.choice(IN_THE_WAY)):
                self.story.append(f"{name} in the way")
                self.city.city.flush()
            if dice.random() < 0.5:
                self.story.append("waits")
                return  # what failed waits, and what comes next overtakes it
            self.city.clock.advance(hours=2)
        self.story.append("flush")
        self.city.city.flush()

    def settle(self) -> None:
        self.city.clock.advance(hours=2)
        self.city.city.flush()
        for item in self.city.city.publisher.store.standing.items():
            assert {one.status for one in item.deliveries} <= {Status.DELIVERED, Status.CANCELLED}

    def _publish(self) -> None:
        self.many += 1
        item_id = f"A-{self.many}"
        self.city.submit(item_id, **self._facts(item_id))
        self.standing.append(item_id)
        self.story.append(f"publish {item_id}")

    def _correct(self) -> None:
        item_id = self.dice.choice(self.standing)
        data = self.city.city.approved(an_item_object(item_id, **self._facts(item_id)))
        self.city.city.publisher.amendments.correct(
            data, why="写错了", by="李办", minor=self.dice.random() < 0.3, now=self.city.clock()
        )
        self.story.append(f"correct {item_id}")

    def _withdraw(self) -> None:
        item_id = self.standing.pop(self.dice.randrange(len(self.standing)))
        self.city.city.publisher.amendments.withdraw(
            item_id, why="内容有误", by="李办", now=self.city.clock()
        )
        self.story.append(f"withdraw {item_id}")

    def _facts(self, item_id: str) -> dict[str, Any]:
        dice = self.dice
        return {
            "title": f"关于{item_id}的第{dice.randrange(10_000)}号通知",
            "field": dice.choice(FIELDS),
            "five_open_stage": dice.choice(STAGES),
            "department": dice.choice(DEPARTMENTS),
            "kind": dice.choice(KINDS),
            "topics": dice.sample(TOPICS, dice.randrange(3)),
            # Of these some come later, and some never.
            "related": [
                f"A-{number}"
                for number in dice.sample(range(1, 30), dice.randrange(3))
                if f"A-{number}" != item_id
            ],
        }


@pytest.mark.parametrize("seed", [0])
def test_a_rebuild_gives_what_lies_there(database: str, tmp_path: Path, seed: int) -> None:
    assert database
    with shelf_city(tmp_path / "city", per_page=2 + seed) as city:
        chance = Chance(city, seed)
        for _ in range(STEPS):
            chance.step()
        chance.settle()
        before = city.files()
        assert len(before) > 100
        assert city.rebuild().left == {}
        assert changed(before, city.files()) == set(), chance.story
        shutil.rmtree(city.site)
        assert city.rebuild().many == chance.many
        again = contents(city.files())
        differs = {name for name in before if again.get(name) != before[name].sha256}
        assert differs | again.keys() - before.keys() == set(), chance.story
