"""The website with its world: a folder, and a web server that shows it on loopback."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Self

from channels.website import Options, Website, build
from publisher.channel import Recipient
from publisher.model import Item
from tests.contract.rig import Trouble
from tests.factories import a_house, an_asset, an_item
from tests.support.web_folder import WebFolder

_TAG = re.compile(r"<[^>]*>")


class Rig:
    troubles = frozenset({Trouble.UNREACHABLE})
    secrets: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        house = a_house(folder)
        self.site = house.output / "site"
        self._web = WebFolder(self.site)
        house = replace(house, site_url=self._web.url)
        self.channel: Website = build("gov_website", Options(verify_url=True), house)

    def __enter__(self) -> Self:
        self._web.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._web.__exit__()

    def items(self) -> Sequence[Item]:
        tasks = an_asset("任务分解表.pdf", b"%PDF-1.7 tasks", "试点任务分解表")
        return [an_item(site_url=self._web.url, attachments=(tasks,))]

    def hopeless(self) -> Sequence[Item]:
        return [an_item(attachments=(an_asset(".htaccess", b"Deny from all"),))]

    def recipients(self) -> Sequence[Recipient]:
        return ()

    def ledger(self) -> Sequence[str]:
        """The pages of items that a citizen could open."""
        return [str(page.relative_to(self.site)) for page in sorted(self._pages())]

    def trouble(self, trouble: Trouble) -> None:
        """The web server is away, and so is the disk: a file stands where the folder of a year
        should be, which works for root too.
        """
        assert trouble is Trouble.UNREACHABLE
        self._web.__exit__()
        for item in self.items():
            year = self.site / item.url.split("/")[-2]
            if not year.exists():
                year.write_text("in the way")

    def finish(self) -> None:
        """Nothing is ever under way."""

    def shown(self) -> str:
        """Every file of the site by its name and its text; feeds hold escaped HTML."""
        files = [path for path in sorted(self.site.rglob("*")) if path.is_file()]
        texts = (path.read_text(errors="replace") for path in files)
        return "\n".join(
            f"{path.name}\n{_TAG.sub('', unescape(_TAG.sub('', text)))}"
            for path, text in zip(files, texts, strict=True)
        )

    def tamper(self) -> None:
        """Somebody edits the page in the folder."""
        for page in self._pages():
            page.write_text(page.read_text().replace("不公开为例外", "公开为例外"))

    def _pages(self) -> list[Path]:
        return list(self.site.glob("[0-9]*/*.html"))
