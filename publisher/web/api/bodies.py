"""Bodies: read once, no further than they may go, and only of the type that is asked for."""

from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request

from publisher.web.api.refusing import Refusal
from publisher.web.office.forms import Typed, read_form
from publisher.web.office.gate import city_of
from publisher.web.office.guard import TooLarge

ROOM_BESIDE_AN_ITEM = 10_000
"""Bytes: who, why, and the brackets."""


def most_bytes(request: Request) -> int:
    return city_of(request).rules.max_item_bytes + ROOM_BESIDE_AN_ITEM


async def read_json(request: Request) -> bytes:
    """The bytes of a JSON body; nobody has looked into them yet. Raises TooLarge."""
    _need_type(request, "application/json", "请求体应为 JSON，请带 Content-Type: application/json")
    most, found = most_bytes(request), bytearray()
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most:
        raise TooLarge
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise TooLarge
    return bytes(found)


async def read_multipart(request: Request) -> Typed:
    """A form with files. Its limit is that of all requests."""
    _need_type(
        request, "multipart/form-data", "请求体应为 multipart/form-data 表单，文件放在表单里"
    )
    return await read_form(request)


def _need_type(request: Request, wanted: str, sentence: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise Refusal(415, sentence)


def digest_of(body: bytes | Typed) -> str:
    """What makes two bodies the same one: of a form what stands in it, not how it was packed."""
    if isinstance(body, bytes):
        return sha256(body).hexdigest()
    parts = [(name, "", word.encode("utf-8", "surrogatepass")) for name, word in body.words.items()]
    parts += [(name, file, data) for name, (file, data) in body.files.items()]
    whole = sha256()
    for name, file, data in sorted(parts):
        for one in (name.encode(), file.encode("utf-8", "surrogatepass"), data):
            whole.update(sha256(one).digest())
    return whole.hexdigest()


JsonBody = Annotated[bytes, Depends(read_json)]
FormBody = Annotated[Typed, Depends(read_multipart)]
