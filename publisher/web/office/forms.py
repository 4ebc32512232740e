"""A form as it was posted: what was typed, which files came with it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

# A form that breaks off is no event of ours; its reader would write it raw beside our log.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)

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
    """Raises Unreadable, for half a character too: a form may name its own character set, and some
    of them can write what no text of ours can hold.
    """
    try:
        form = await request.form(
            max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD
        )
    except (MultiPartException, ValueError):  # UnicodeError is one
        raise Unreadable from None
    words, files = {}, {}
    try:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                words[_whole(name)] = _whole(value)
            elif value.filename:
                files[_whole(name)] = (_whole(value.filename), await value.read())
    except UnicodeEncodeError:
        raise Unreadable from None
    finally:
        await form.close()
    return Typed(words, files)


def _whole(text: str) -> str:
    """Without NUL, for which PostgreSQL has no room. Raises UnicodeEncodeError."""
    text.encode()
    return text.replace("\0", "")


Form = Annotated[Typed, Depends(read_form)]
