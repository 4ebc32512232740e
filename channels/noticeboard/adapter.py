"""The adapter of the notice board."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from channels._files import is_stray, remove_files, write_atomic
from channels._notices import ended, sentence
from channels._typst import count_pages, typeset
from channels.noticeboard.sheet import notes, pictures, sheet
from channels.noticeboard.slip import REMOVE, REPLACE, kind_of, slip
from publisher.channel import (
    NOTHING,
    File,
    House,
    Pane,
    PermanentError,
    Recall,
    Receipt,
    Recipient,
    Rendition,
    Sheets,
    Shelf,
)
from publisher.model import Action, Item, Status

FOLDER = "noticeboard"
TEMPLATE = "notice.typ"
SLIP_TEMPLATE = "slip.typ"
LINES = (22, 23, 24)
_UNSAFE = re.compile(r"[^\w.-]+")
_FILE = re.compile(rf"(.+)(-v\d+(?:-(?:{REPLACE}|{REMOVE}))?\.pdf)")
"""The item's number, then revision and kind."""
_TO_DO = {
    "": "请打印并张贴，然后拍照确认",
    REPLACE: f"请打印新张和{REPLACE}，按单撤下旧张、贴上新张，然后拍照确认",
    REMOVE: f"请打印{REMOVE}，按单撤下已张贴的旧张，然后拍照确认",
}


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
    longest_call = timedelta(minutes=1)

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:
        del shelf
        if len(items) != 1:
            raise PermanentError(f"公示栏每次只排一个信息条目，本批有 {len(items)} 个")
        (item,) = items
        _refuse_ended(item, self.house.timezone)
        kind = kind_of(item)
        files = [] if kind == REMOVE else [self._sheet(item)]
        if kind:
            files.append(self._slip(item, kind))
        return Rendition(tuple(files), () if kind == REMOVE else notes(item.revision))

    def _sheet(self, item: Item) -> File:
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
        return File(_file_name(item), "application/pdf", pdf)

    def _slip(self, item: Item, kind: str) -> File:
        pdf = typeset(
            SLIP_TEMPLATE,
            slip(item, self.house, self.options.place, self.options.contact),
            house=self.house,
            timestamp=item.changed_at.astimezone(self.house.timezone),
            seconds=self.options.seconds,
        )
        return File(_file_name(item, kind), "application/pdf", pdf)

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
        """Lay the files out for the clerk, and nothing else of the item: what is superseded goes
        first, so that nobody prints it, even if there is no room for the new.
        """
        del key, recipients
        # The folder itself may well be a link, to the clerk's own machine.
        folder = (self.house.output / FOLDER).resolve()
        names = [file.name for file in rendition.files]
        own = _number(names[0])
        remove_files(
            folder, lambda name: is_stray(name) or (_number(name) == own and name not in names)
        )
        for file in rendition.files:
            write_atomic(folder / file.name, file.data)
        kind = next((kind for kind in (REPLACE, REMOVE) if kind in names[-1]), "")
        return Receipt(Status.AWAITING, reference=f"{FOLDER}/{names[0]}", reason=_TO_DO[kind])

    def preview(self, items: Sequence[Item], rendition: Rendition) -> tuple[Pane, ...]:
        del items  # pictures and all, they are in the sheets
        return tuple(Sheets(title=_title(file.name), file=file.name) for file in rendition.files)

    def check(self, receipt: Receipt) -> Receipt:
        return receipt


def _refuse_ended(item: Item, zone: tzinfo) -> None:
    """Nobody is asked to hang what is over: no day would come on which to take it down."""
    if item.action is Action.PUBLISH and (over := ended(item, zone)):
        raise PermanentError(
            f"{sentence(over, item.revision, zone).rstrip('。')}，不能再张贴，"
            "请在 channels 中写明其他渠道，不要选公示栏",
            field="channels",
        )


def _file_name(item: Item, kind: str = "") -> str:
    """A file of its own for each revision: the name says which one hangs."""
    number = _UNSAFE.sub("-", item.number).strip("-.")
    return f"{number}-v{item.revision.number}{kind and f'-{kind}'}.pdf"


def _title(name: str) -> str:
    """What the paper is, by the name of its file."""
    return next((kind for kind in (REPLACE, REMOVE) if kind in name), "公示栏张贴件")


def _number(name: str) -> str:
    """The number of the item whose file this is; "" for a file that is none of ours."""
    found = _FILE.fullmatch(name)
    return found.group(1) if found else ""
