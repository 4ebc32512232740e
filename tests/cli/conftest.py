"""A desk and the postbox it sends to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.postbox import PostboxSimulator


@pytest.fixture
def box() -> Iterator[PostboxSimulator]:
    with PostboxSimulator() as simulator:
        yield simulator


@pytest.fixture
def desk(tmp_path: Path, box: PostboxSimulator) -> Desk:
    found = Desk(tmp_path, box)
    assert found.run("db", "upgrade").returncode == 0
    return found
