"""What most walks have at the other end; all are promised on both databases."""

from collections.abc import Iterator

import pytest

from tests.support.eventful import EventfulPostbox


@pytest.fixture(autouse=True)
def _on_both(database: str) -> str:
    return database


@pytest.fixture
def box() -> Iterator[EventfulPostbox]:
    """A postbox that takes letters, and in whose calls things may be made to happen."""
    with EventfulPostbox() as simulator:
        yield simulator
