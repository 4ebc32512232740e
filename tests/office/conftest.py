"""The console of a small city, for each test its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.console import Console, open_console


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Console]:
    with open_console(tmp_path) as found:
        yield found
