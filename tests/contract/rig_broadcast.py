"""The broadcast channel with its outside world: a folder that the newsroom reads."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from channels.broadcast import Options, build
from publisher.channel import Channel, Recipient
from publisher.content import Cell, Document, Run, Table
from publisher.model import Item
from tests.contract.rig import Trouble
from tests.factories import a_house, an_item


class Rig:
    troubles = frozenset({Trouble.UNREACHABLE})
    secrets: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        house = a_house(folder)
        self._folder = house.output / "broadcast"
        self._aside = house.output / "broadcast-aside"
        self.channel: Channel = build("广播电视", Options(), house)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing runs that would have to be stopped."""

    def items(self) -> Sequence[Item]:
        return [an_item(7, contact="0311-83220000")]

    def hopeless(self) -> Sequence[Item]:
        """Only a table: there is nothing to say."""
        cells = ((Cell((Run("日期"),), header=True),), (Cell((Run("10月26日"),)),))
        return [an_item(8, document=Document((Table(cells, columns=1),)))]

    def recipients(self) -> Sequence[Recipient]:
        return []

    def ledger(self) -> Sequence[str]:
        """The scripts that lie ready; a file in the folder's place holds none."""
        folders = (self._folder, self._aside)
        return sorted(
            path.parent.name for folder in folders for path in folder.glob("*/广播稿.txt")
        )

    def trouble(self, trouble: Trouble) -> None:
        if trouble is not Trouble.UNREACHABLE:
            raise ValueError(f"a folder knows no {trouble}")
        # A file stands where the folder should be; taking rights away would not stop root.
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        if self._folder.is_dir():
            self._folder.rename(self._aside)
        self._folder.write_text("此处应为文件夹", encoding="utf-8")

    def finish(self) -> None:
        """Airing is a person's doing and leaves nothing in the folder."""

    def shown(self) -> str:
        """What lies ready for the announcer and the screen."""
        files = sorted(self._folder.glob("*/*.txt"))
        return "\n".join(path.read_text(encoding="utf-8") for path in files)

    def tamper(self) -> None:
        raise AssertionError("what was aired cannot be altered")
