"""Numbers written in groups: every way to read some neighbouring groups as one number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """`digits` of the groups from `start` to `end`; `run` has the sizes of all groups around."""

    start: int
    end: int
    digits: str
    sizes: tuple[int, ...]
    run: tuple[int, ...]

    @property
    def whole(self) -> bool:
        return self.sizes == self.run


def windows(text: str, separators: str, fewest: int, most: int) -> Iterator[Window]:
    """All windows of `fewest` to `most` digits; groups are joined by one or two separators."""
    runs = re.compile(rf"[0-9]+(?:[{separators}]{{1,2}}[0-9]+)*")
    for run in runs.finditer(text):
        if run.end() - run.start() >= fewest:
            yield from _windows_of(run, fewest, most)


def _windows_of(run: re.Match[str], fewest: int, most: int) -> Iterator[Window]:
    groups = list(re.finditer(r"[0-9]+", run.group()))
    sizes = tuple(len(group.group()) for group in groups)
    for first, group in enumerate(groups):
        digits = ""
        for last in range(first, len(groups)):
            digits += groups[last].group()
            if len(digits) > most:
                break
            if len(digits) >= fewest:
                yield Window(
                    run.start() + group.start(),
                    run.start() + groups[last].end(),
                    digits,
                    sizes[first : last + 1],
                    sizes,
                )
