"""The cover picture of an item for WeChat: 900 x 383, readable when cut to the middle square."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from channels._title import break_title, width_of
from channels._typst import typeset
from publisher.channel import House, PermanentError
from publisher.model import Item, Revision

COVER_SIZE = (900, 383)
_WIDTH, _HEIGHT = 345.0, 206.0
"""px: the room for the title within the middle square."""
_PITCH = 1.36
_NO_MATTER = datetime(2000, 1, 1, tzinfo=UTC)  # a picture carries no time
_LARGE = (56, 52, 48, 44, 40, 37, 34, 31, 28)
_SMALL = (26, 24, 22, 20, 18)


def cover_png(item: Item, house: House) -> bytes:
    """Pure: the same item gives the same bytes. The short title steps in for one too long."""
    revision = item.revision
    data = {
        "title": _title(revision, house.city),
        "kind": revision.kind or revision.field or "政务公开",
        "department": revision.department,
    }
    return _drawn(json.dumps(data), house)


@lru_cache(maxsize=64)
def _drawn(data: str, house: House) -> bytes:
    """Drawn once for the door's trial and the delivery itself."""
    cover = json.loads(data)
    # A picture may hold empty boxes for characters no font has; the strict PDF export tells.
    typeset("cover.typ", cover, house=house, timestamp=_NO_MATTER)
    return typeset("cover.typ", cover, house=house, timestamp=_NO_MATTER, format="png")


def _title(revision: Revision, city: str) -> dict[str, Any]:
    known = (revision.department, revision.doc_number, city)
    titles = [title for title in (revision.title, revision.short_title) if title.strip()]
    for sizes in (_LARGE, _SMALL):
        for title in titles:
            for size in sizes:
                lines = break_title(title, _WIDTH / size, known, int(_HEIGHT / size / _PITCH))
                if lines and all(width_of(line) * size <= _WIDTH for line in lines):
                    return {"lines": list(lines), "size": size}
    raise PermanentError(
        "标题过长，封面图上放不下，请填写字段 short_title（建议 20 字以内）", field="short_title"
    )
