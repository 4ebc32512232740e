"""Handed: a file that was made for one who asked, given out in parts."""

from collections.abc import Iterator
from os import SEEK_END
from typing import IO
from urllib.parse import quote

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

_PART = 256 * 1024


class Handed(StreamingResponse):
    """To be saved under this name. The file is closed however it ends, as when nobody waits."""

    def __init__(self, file: IO[bytes], name: str, media_type: str) -> None:
        self._file = file
        size = file.seek(0, SEEK_END)
        file.seek(0)
        headers = _saved_as(name) | {"Content-Length": str(size)}
        super().__init__(_parts(file), media_type=media_type, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._file:
            await super().__call__(scope, receive, send)


def announced(name: str, media_type: str) -> StreamingResponse:
    """What stands above such a file before it is made; its size is not known."""
    return StreamingResponse((), media_type=media_type, headers=_saved_as(name))


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    while part := file.read(_PART):
        yield part
