"""What is promised here is promised on both databases."""

import pytest


@pytest.fixture(autouse=True)
def _on_both(database: str) -> str:
    return database
