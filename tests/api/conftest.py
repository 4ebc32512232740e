"""A townhall whose office is open, and the CMS that calls it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cms import Cms, office_of
from tests.support.postbox import PostboxSimulator
from tests.support.townhall import townhall


@pytest.fixture
def box() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def cms(tmp_path: Path, box: PostboxSimulator) -> Iterator[Cms]:
    with townhall(tmp_path, box.url) as city, office_of(city) as found:
        yield found


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cms]:
    """One for all tests of a file that change nothing which another one looks at."""
    folder = tmp_path_factory.mktemp("shared")
    with (
        PostboxSimulator() as box,
        townhall(folder, box.url) as city,
        office_of(city) as found,
    ):
        yield found
