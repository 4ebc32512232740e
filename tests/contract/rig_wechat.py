"""WeChat with its world: a stand-in for the Official Account interface on loopback."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from lxml.html import fragment_fromstring

from channels.wechat import Options, WeChatChannel, build
from publisher.channel import Recipient
from publisher.content import Document
from publisher.model import Item
from tests.channels.wechat_items import a_budget, a_covered_item
from tests.contract.rig import Trouble
from tests.factories import a_house
from tests.simulators.server import Fault
from tests.simulators.wechat import Account, WeChatSimulator
from tests.simulators.wechat.publishing import DELETED, OUT, UNDER_WAY

SUBMIT = "/freepublish/submit"


class Rig:
    troubles = frozenset(Trouble)

    def __init__(self, folder: Path) -> None:
        self.simulator = WeChatSimulator(account=Account(polls=None))
        account = self.simulator.account
        self.secrets: tuple[str, ...] = (account.app_secret,)
        self.channel: WeChatChannel = build(
            "wechat",
            Options(
                base_url=self.simulator.url,
                app_id=account.app_id,
                app_secret=account.app_secret,
                account=account.name,
                read_timeout=0.5,
            ),
            a_house(folder),
        )

    def __enter__(self) -> Self:
        self.simulator.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.__exit__()

    def items(self) -> Sequence[Item]:
        """Without the sign-off of its body: the head of any article names the department too."""
        item = a_budget()
        body = Document(item.revision.document.blocks[:-1])
        return [replace(item, revision=replace(item.revision, document=body))]

    def hopeless(self) -> Sequence[Item]:
        """A title that WeChat has no room for, and nobody has given a short one."""
        return [a_covered_item(title="关于印发" * 10)]

    def recipients(self) -> Sequence[Recipient]:
        return ()

    def ledger(self) -> Sequence[str]:
        """What WeChat has been told to publish and has not refused."""
        return [
            f"{one.publish_id} {one.articles[0]['title']}"
            for one in self.simulator.press.all.values()
            if one.status in OUT | {UNDER_WAY}
        ]

    def trouble(self, trouble: Trouble) -> None:
        match trouble:
            case Trouble.UNREACHABLE:
                self.simulator.__exit__()
            case Trouble.REFUSED:
                self.simulator.plan(Fault.CODE, SUBMIT, code="53503", times=-1)
            case Trouble.BUSY:
                self.simulator.plan(Fault.CODE, SUBMIT, code="45009", times=-1)
            case Trouble.SILENT | Trouble.CUT | Trouble.BROKEN:
                self.simulator.plan(_LOST[trouble], SUBMIT, times=-1)

    def finish(self) -> None:
        self.simulator.finish()

    def shown(self) -> str:
        """The articles that a reader can still open."""
        return "\n".join(
            f"{one['title']}\n{fragment_fromstring(one['html'], create_parent=True).text_content()}"
            for one in self.simulator.ledger()
            if not one["deleted"]
        )

    def tamper(self) -> None:
        """An editor deletes the latest publication in the account's own console."""
        latest = list(self.simulator.press.all.values())[-1]
        latest.status = DELETED


_LOST = {
    Trouble.SILENT: Fault.HANG,
    Trouble.CUT: Fault.RESET,
    Trouble.BROKEN: Fault.LATE_ERROR,
}
