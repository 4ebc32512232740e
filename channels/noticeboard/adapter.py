"""The adapter of the notice board."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from channels._files import write_atomic
from channels._typst import count_pages, typeset
from channels.noticeboard.sheet import notes, pictures, sheet
from publisher.channel import File, House, PermanentError, Recall, Receipt, Recipient, Rendition
from publisher.model import Item, Status

FOLDER = "noticeboard"
TEMPLATE = "notice.typ"
LINES = (22, 23, 24)
_UNSAFE = re.compile(r"[^\w.-]+")


class Options(BaseModel):
    """All may stay away; what the item itself says comes first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: str = ""
    """Where the sheets hang; empty: a line to fill in by hand."""
    contact: str = ""
    """Whom to ask; empty: the contact of the house."""
    pages: int = Field(default=40, gt=0)
    """An item that takes more sheets than this is refused."""
    seconds: float = Field(default=60.0, gt=0)
    """How long one sheet may take to lay out."""


def build(name: str, options: Options, house: House) -> "NoticeBoard":
    return NoticeBoard(name, options, house)


@dataclass
class NoticeBoard:
    name: str
    options: Options
    house: House
    repeatable = True
    idempotent = False
    addressed = False
    recall = Recall.HUMAN
    remains = ""
    groupings: tuple[str, ...] = ("each",)
    most_items = 1
    most_recipients = 0

    def render(self, items: Sequence[Item], recent: Sequence[Item] = ()) -> Rendition:
        del recent
        if len(items) != 1:
            raise PermanentError(f"公示栏每次只排一个信息条目，本批有 {len(items)} 个")
        (item,) = items
        data = sheet(item, self.house, self.options.place, self.options.contact)
        files = pictures(item.revision)
        pdf = typeset(
            TEMPLATE,
            data | {"lines": self._lines(data, files)},
            house=self.house,
            timestamp=item.published_at.astimezone(self.house.timezone),
            pictures=files,
            seconds=self.options.seconds,
        )
        return Rendition((File(_file_name(item), "application/pdf", pdf),), notes(item.revision))

    def _lines(self, data: Mapping[str, Any], files: Mapping[str, bytes]) -> int:
        """Lines a page: 22 by the standard, one or two more where that saves the last sheet."""
        standard, *_, most = LINES
        pages, fewest = self._pages(data, files, standard), 1
        if pages > 1:
            fewest = self._pages(data, files, most)
        if fewest > self.options.pages:
            raise PermanentError(
                f"字段 body 过长：排成 A4 共 {fewest} 页，公示栏最多张贴 {self.options.pages} 页，"
                "请把长表格改作附件，或为本条目取消公示栏渠道",
                field="body",
            )
        if fewest == pages:
            return standard
        between = (lines for lines in LINES[1:-1] if self._pages(data, files, lines) == fewest)
        return next(between, most)

    def _pages(self, data: Mapping[str, Any], files: Mapping[str, bytes], lines: int) -> int:
        return count_pages(
            TEMPLATE,
            {**data, "lines": lines},
            house=self.house,
            pictures=files,
            seconds=self.options.seconds,
        )

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        del key, recipients
        for file in rendition.files:
            write_atomic(self.house.output / FOLDER / file.name, file.data)
        return Receipt(
            Status.AWAITING,
            reference=f"{FOLDER}/{rendition.files[0].name}",
            reason="请打印并张贴，然后拍照确认",
        )

    def check(self, receipt: Receipt) -> Receipt:
        return receipt


def _file_name(item: Item) -> str:
    """A correction is a file of its own: what hung before stays on record."""
    number = _UNSAFE.sub("-", item.number).strip("-.")
    return f"{number}-v{item.revision.number}.pdf"
