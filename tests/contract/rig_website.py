"""The website with its world: a folder, as a web server would show it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from channels.website import Options, Website, build
from publisher.channel import Recipient
from publisher.model import Item
from tests.contract.rig import Trouble
from tests.factories import a_house, an_asset, an_item


class Rig:
    troubles = frozenset({Trouble.UNREACHABLE})
    secrets: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        house = a_house(folder)
        self.site = house.output / "site"
        self.channel: Website = build("gov_website", Options(), house)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was started."""

    def items(self) -> Sequence[Item]:
        return [an_item(attachments=(an_asset("任务分解表.pdf", b"%PDF-1.7 tasks"),))]

    def hopeless(self) -> Sequence[Item]:
        return [an_item(site_url="https://elsewhere.example")]

    def recipients(self) -> Sequence[Recipient]:
        return ()

    def ledger(self) -> Sequence[str]:
        """The pages of items that a citizen could open."""
        pages = self.site.glob("[0-9]*/*.html")
        return [str(page.relative_to(self.site)) for page in sorted(pages)]

    def trouble(self, trouble: Trouble) -> None:
        """A file stands where the folder of the year should be: works for root too."""
        assert trouble is Trouble.UNREACHABLE
        self.site.mkdir(parents=True, exist_ok=True)
        for item in self.items():
            (self.site / item.url.split("/")[-2]).write_text("in the way")

    def finish(self) -> None:
        """Nothing is ever under way."""
