"""A form as it was posted: what was typed, which files came with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

_MOST_FIELDS = 60
_MOST_FILES = 5
_LONGEST_FIELD = 3_000_000


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form, by field; missing fields are empty."""

    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> str:
        return self.words.get(name, "").strip()

    def whole(self, name: str) -> str:
        """With the spaces at its ends: a password is taken as it is."""
        return self.words.get(name, "")

    def ticked(self, name: str) -> bool:
        return bool(self.words.get(name))

    def file(self, name: str) -> tuple[str, bytes] | None:
        """Name and bytes of a file, if one was chosen."""
        return self.files.get(name)


class Unreadable(Exception):
    """What was posted is no form."""


async def read_form(request: Request) -> Typed:
    try:
        form = await request.form(
            max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD
        )
    except (MultiPartException, UnicodeDecodeError, ValueError):
        raise Unreadable from None
    words, files = {}, {}
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            words[name.replace("\0", "")] = value.replace("\0", "")  # PostgreSQL has no room for it
        elif value.filename:
            files[name] = (value.filename.replace("\0", ""), await value.read())
    await form.close()
    return Typed(words, files)


Form = Annotated[Typed, Depends(read_form)]
