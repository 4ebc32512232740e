"""One item with a whole life, on each database; the tests only read it, and take its evidence."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.city import City
from tests.support.databases import chosen
from tests.support.postbox import PostboxSimulator
from tests.support.proven_city import BOXES, a_city, live


@pytest.fixture(scope="package", params=["sqlite", "postgres"])
def city(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    with chosen(request.param), ExitStack() as stack:
        boxes = [stack.enter_context(PostboxSimulator()) for _ in range(BOXES)]
        found = a_city(tmp_path_factory.mktemp("proven"), boxes)
        stack.callback(found.close)
        live(found)
        yield found
