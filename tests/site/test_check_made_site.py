"""Inspecting what the product itself has made: each fault is found, at its place, by its rule."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.website import Options
from channels.website.inspection import inspect
from channels.website.site import Site
from publisher.channel import Breach
from publisher.model import Status
from tests.channels.website_items import OPTIONS
from tests.factories import FIELDS, STAGES
from tests.site.deeds import Fault
from tests.site.made_faults import FAULTS, flipped
from tests.site.made_site import PDF, PICTURE, MadeSite, made_site
from tests.support import site_city

_FEW_ITEMS = {"空白栏目", "单项否决"}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeSite]:
    with made_site(tmp_path_factory.mktemp("made-site")) as made:
        yield made


@pytest.fixture(scope="session")
def before(made: MadeSite) -> frozenset[Breach]:
    return found(made, made.folder)


def found(made: MadeSite, folder: Path) -> frozenset[Breach]:
    site = Site(made.city.city.publisher.house, Options(**OPTIONS, search=True, per_page=2))
    return frozenset(inspect(site, folder, made.city.clock()))


def test_it_breaks_no_rule_but_those_of_much_and_often(before: frozenset[Breach]) -> None:
    assert {one.rule for one in before} == _FEW_ITEMS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_found_and_told(
    made: MadeSite, before: frozenset[Breach], tmp_path: Path, fault: Fault
) -> None:
    output = tmp_path / "output"
    shutil.copytree(made.folder.parent, output)
    fault.plant(output / "site")
    breaches = found(made, output / "site") - before
    assert {(one.place, one.rule) for one in breaches} == {(fault.place, fault.rule)}
    assert all("；" in one.sentence for one in breaches), "what to do"


@pytest.mark.parametrize("name", [PDF, PICTURE])
def test_one_bit_of_a_file_makes_the_delivery_lost(tmp_path: Path, name: str) -> None:
    with made_site(tmp_path / "city", verify=("PT12H",)) as made:
        flipped(name)(made.folder)
        made.city.clock.advance(days=1)
        made.city.city.flush()
        lost = [f"A-{one}" for one in range(1, 8) if made.city.status(f"A-{one}") is Status.LOST]
    assert lost == ["A-3"]


def test_what_the_product_puts_out_has_no_breach(tmp_path: Path) -> None:
    with site_city.site_city(
        tmp_path / "city", tmp_path / "output", "https://www.xinji.example"
    ) as city:
        for number in range(45):
            city.city.submit(f"A-{number}", **_item(number))
            if number % 15 == 14:
                city.clock.advance(hours=1)
                city.city.flush()
        city.correct("A-4", "金额有误", **_item(4, body="各单位：\n\n金额为二十万元。"))
        city.clock.advance(hours=1)
        city.withdraw("A-6", "涉及个人信息")
        site = Site(city.city.publisher.house, Options(**site_city.OPTIONS))
        assert (city.site / "catalogue/2.html").exists()
        assert (city.site / "2026/00007/.gone").exists()
        assert list(inspect(site, city.site, city.clock())) == []


def _item(number: int, **changes: str) -> dict[str, Any]:
    attached = [{"file": "免费开放服务目录.pdf", "title": "目录"}] if number == 44 else None
    return {
        "title": f"关于第{number}号事项的通知",
        "field": FIELDS[number % len(FIELDS)],
        "five_open_stage": STAGES[number % 7 % len(STAGES)],
        "topics": ["用电"] if number % 9 == 0 else None,
        "related": ["A-3"] if number == 40 else None,
        "kind": "政策解读" if number == 40 else "其他文件",
        "attachments": attached,
        **changes,
    }
