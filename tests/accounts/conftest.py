"""An office: the accounts of an empty city, with hashes that cost little and are counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.accounts import Office


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    assert database
    found = Office(tmp_path)
    yield found
    found.close()
