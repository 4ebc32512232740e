"""The notice board with its world: the folder the clerk prints from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from channels.noticeboard import NoticeBoard, Options, build
from publisher.channel import Recipient
from publisher.model import Item
from tests.channels.noticeboard_reading import pages_of, squeezed
from tests.contract.rig import Trouble
from tests.factories import a_house, an_item


class Rig:
    troubles = frozenset({Trouble.UNREACHABLE})
    secrets: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        house = a_house(folder)
        self.prints = house.output / "noticeboard"
        self.channel: NoticeBoard = build("noticeboard", Options(place="市政务服务大厅"), house)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was started but the shared worker, which outlives a channel."""

    def items(self) -> Sequence[Item]:
        return [an_item()]

    def hopeless(self) -> Sequence[Item]:
        return [an_item(body="本通知含有纸上印不出的图形🎭。")]

    def recipients(self) -> Sequence[Recipient]:
        return ()

    def ledger(self) -> Sequence[str]:
        if not self.prints.is_dir():
            return []
        return [path.name for path in sorted(self.prints.iterdir())]

    def trouble(self, trouble: Trouble) -> None:
        """A file stands where the folder should be: works for root too."""
        assert trouble is Trouble.UNREACHABLE
        self.prints.parent.mkdir(parents=True, exist_ok=True)
        self.prints.write_text("in the way")

    def finish(self) -> None:
        """A person hangs it up; the channel has no part in it."""

    def shown(self) -> str:
        """What lies ready to be printed."""
        files = [self.prints / name for name in self.ledger()]
        return "".join(squeezed("".join(pages_of(path.read_bytes()))) for path in files)
