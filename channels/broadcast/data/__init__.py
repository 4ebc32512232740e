"""Word lists that staff may read and mend. `rows` is their one reader.

A line is fields separated by blanks or tabs; `#` begins a remark; empty lines do not count.
"""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of `<name>.txt`, each as its fields."""
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.split("#", 1)[0].split() for line in text.splitlines())
    return tuple(tuple(line) for line in lines if line)


@cache
def words(name: str) -> tuple[str, ...]:
    """All fields of `<name>.txt`, longest first, so that a pattern made of them is greedy."""
    found = {word for row in rows(name) for word in row}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))
