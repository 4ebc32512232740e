"""Radio and TV: a script in the newsroom's folder, aired by people, confirmed by people.

For each item three files in a folder of its own: the radio script (what a preview shows), the TV
sheet, and the table of everything that is said otherwise than written. What comes later about the
same item takes the place of the same three files: no old script lies there to be aired by mistake.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels._files import write_atomic
from channels.broadcast.breaking import WIDTH
from channels.broadcast.notes import counted, notes
from channels.broadcast.options import Options
from channels.broadcast.preview import pairs
from channels.broadcast.script import Script, write, write_withdrawal
from channels.broadcast.spoken import PUNCTUATION, Policy, Spoken, speak
from channels.broadcast.tv import CRAWL_MOST, sheet
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
    Shelf,
    SideBySide,
    Text,
)
from publisher.model import Action, Item, Status

__all__ = ["Broadcast", "Options", "Policy", "Spoken", "build", "speak"]

_TEXT = "text/plain; charset=utf-8"
_RADIO, _TV, _CHANGES = "广播稿.txt", "电视字幕单.txt", "读法对照.txt"


class Broadcast:
    """The newsroom's folder as a channel: overwriting a script with itself does no harm."""

    repeatable = True
    idempotent = False
    addressed = False
    recall = Recall.FOLLOW_UP
    remains = "已经播出的收不回"
    groupings: tuple[str, ...] = ("each",)
    most_items = 1
    most_recipients = 0
    longest_call = timedelta(minutes=1)

    def __init__(self, name: str, options: Options, house: House) -> None:
        self.name = name
        self._options = options
        self._house = house
        self._templates = Environment(
            loader=FileSystemLoader(house.templates / "broadcast"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,  # noqa: S701 - plain text, read by people
        )

    def render(self, items: Sequence[Item], shelf: Shelf = NOTHING) -> Rendition:  # noqa: ARG002 - part of the contract
        if not items:
            raise PermanentError("没有要播出的信息条目", field="items")
        files: list[File] = []
        told: list[str] = []
        for item in items:
            for name, text, said in self._sheets(self._script(item)):
                files.append(File(f"{_folder(item)}/{name}", _TEXT, text.encode()))
                told += said
        return Rendition(tuple(files), tuple(dict.fromkeys(told)))

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:  # noqa: ARG002 - part of the contract
        folder = self._house.output / self._options.folder
        # A new script goes last: once it lies there, all that belongs to it does too. One that
        # takes the place of an old script goes first: the old one must not be aired.
        replaces = (folder / rendition.files[0].name).is_file()
        for file in rendition.files if replaces else reversed(rendition.files):
            write_atomic(folder / file.name, file.data)
        return Receipt(
            status=Status.AWAITING,
            reference=f"{self._options.folder}/{rendition.files[0].name}",
            reason="稿件已放入播音文件夹，请按稿首要求播出、换稿或停播，再由人确认",
        )

    def preview(self, items: Sequence[Item], rendition: Rendition) -> tuple[Pane, ...]:
        """Each radio script beside what was written, then what else there is to read."""
        panes: list[Pane] = []
        texts = {file.name: file.data for file in rendition.files}
        for item in items:
            script, folder = self._script(item), _folder(item)
            radio = f"{folder}/{_RADIO}"
            _, text, _ = next(self._sheets(script))
            # A script frozen under other settings cannot be taken apart by those of today.
            if texts.get(radio) == text.encode():
                panes.append(SideBySide(title=_title(radio), pairs=pairs(script), file=radio))
                del texts[radio]
                texts.pop(f"{folder}/{_CHANGES}", None)  # the pairs say it better
        return (*panes, *(Text(title=_title(name), file=name) for name in texts))

    def check(self, receipt: Receipt) -> Receipt:
        return receipt

    def _script(self, item: Item) -> Script:
        wanted = write_withdrawal if item.action is Action.WITHDRAW else write
        return wanted(item, self._house, self._options)

    def _sheets(self, script: Script) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        said = notes(script, self._options)
        screen = sheet(script, self._house)
        table = counted(script.changes)
        words = {key: times for key, times in table.items() if key[2] != PUNCTUATION}
        stops = {key: times for key, times in table.items() if key[2] == PUNCTUATION}
        speed = self._options.chars_per_minute
        yield _RADIO, self._text("radio", script, notes=said, speed=speed), said
        yield (
            _TV,
            self._text("tv", script, sheet=screen, width=WIDTH, crawl_most=CRAWL_MOST),
            screen.notes,
        )
        yield _CHANGES, self._text("changes", script, words=words, stops=stops), ()

    def _text(self, template: str, script: Script, **facts: object) -> str:
        page = self._templates.get_template(f"{template}.txt.j2")
        return page.render(script=script, item=script.item, revision=script.item.revision, **facts)


def build(name: str, options: Options, house: House) -> Broadcast:
    return Broadcast(name, options, house)


def _title(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".txt")


def _folder(item: Item) -> str:
    """The index number as a folder name: 130181/2026-00001 -> 130181-2026-00001."""
    return re.sub(r"[^0-9A-Za-z\u4e00-\u9fff]+", "-", item.number).strip("-") or item.id
