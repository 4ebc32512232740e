"""Sizes as people say them: never 1024 of a unit."""

import pytest

from publisher.figures import size_of


@pytest.mark.parametrize(
    ("many", "words"),
    [
        (0, "0 字节"),
        (1023, "1023 字节"),
        (1024, "1 KB"),
        (34_816, "34 KB"),
        (1_048_000, "1023 KB"),
        (1_048_500, "1.0 MB"),
        (1_300_000, "1.2 MB"),
        (1024**3 - 1, "1.0 GB"),
        (5 * 1024**3 // 2, "2.5 GB"),
    ],
)
def test_a_size_is_said_in_the_unit_that_fits(many: int, words: str) -> None:
    assert size_of(many) == words
