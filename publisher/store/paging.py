"""Paging: a page begins where another ended, by what stood there and not by how many there were.

So what arrives or leaves meanwhile makes no row appear twice and none be left out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, Integer, and_, or_

Row = TypeVar("Row")
Other = TypeVar("Other")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_LONGEST = 100
_NUMBER = re.compile(r"[0-9]{1,18}")
_NONE = "翻页的位置不对，请从第一页看起"


class NoSuchPlace(Exception):
    """What was given as a place in a list is none; one Chinese sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in a list that is ordered by a time and, among equals, by a key."""

    at: datetime
    key: str

    def __str__(self) -> str:
        """As an address carries it."""
        return f"{(self.at - _EPOCH) // _TICK}.{self.key}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """What `str` has made. Raises NoSuchPlace."""
        ticks, dot, key = text.partition(".")
        try:
            if not dot or len(text) > _LONGEST or not text.isprintable():
                raise ValueError(text)
            return cls(_EPOCH + int(ticks) * _TICK, key)
        except (ValueError, OverflowError):
            raise NoSuchPlace(_NONE) from None

    @property
    def number(self) -> int:
        """The key of a list whose keys are numbers. Raises NoSuchPlace."""
        if not _NUMBER.fullmatch(self.key):
            raise NoSuchPlace(_NONE)
        return int(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Generic[Row]):
    """A page, and from where the ones before and after it go on; None where there is none."""

    rows: list[Row]
    previous: Place | None
    next: Place | None

    def of(self, rows: list[Other]) -> "Turn[Other]":
        """The same page with something else in each row."""
        return Turn(rows=rows, previous=self.previous, next=self.next)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which page: the first, the one after a place, or the one before it."""

    after: Place | None = None
    before: Place | None = None
    most: int = 50

    @property
    def backwards(self) -> bool:
        return self.before is not None

    def beyond(
        self, time: Column[datetime], key: Column[Any], *, falling: bool
    ) -> list[ColumnElement[bool]]:
        """What is on the wanted side of the place, in a list whose times rise or fall."""
        place = self.before or self.after
        if place is None:
            return []
        mark = place.number if isinstance(key.type, Integer) else place.key
        if falling == self.backwards:  # either both or neither: towards later times
            return [time >= place.at, or_(time > place.at, and_(time == place.at, key > mark))]
        return [time <= place.at, or_(time < place.at, and_(time == place.at, key < mark))]

    def order(
        self, time: Column[datetime], key: Column[Any], *, falling: bool
    ) -> tuple[ColumnElement[datetime], ColumnElement[Any]]:
        """The order in which to read so that the rows next to the place come first."""
        if falling == self.backwards:
            return time.asc(), key.asc()
        return time.desc(), key.desc()

    def turn(self, read: Sequence[Row], place_of: Callable[[Row], Place]) -> Turn[Row]:
        """The page out of what was read in that order: one row more than fit, if there are more."""
        rows, more = list(read[: self.most]), len(read) > self.most
        if self.backwards:
            rows.reverse()
        behind = more if self.backwards else self.after is not None
        ahead = self.backwards or more
        return Turn(
            rows=rows,
            previous=place_of(rows[0]) if rows and behind else None,
            next=place_of(rows[-1]) if rows and ahead else None,
        )
