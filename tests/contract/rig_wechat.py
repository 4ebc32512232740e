"""WeChat with its world: a stand-in for the Official Account interface on loopback."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

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
PREVIEW = "/message/mass/preview"


class Rig:
    troubles = frozenset(Trouble)

    def __init__(self, folder: Path) -> None:
        self.simulator = WeChatSimulator(account=Account(polls=None))
        account = self.simulator.account
        tester = next(iter(account.followers))
        self.secrets: tuple[str, ...] = (account.app_secret, tester)
        self._house = a_house(folder)
        self.channel = self._built(test_recipient=tester)

    def __enter__(self) -> Self:
        self.simulator.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.__exit__()

    def _built(self, **more: Any) -> WeChatChannel:
        account = self.simulator.account
        facts = {
            "base_url": self.simulator.url,
            "app_id": account.app_id,
            "app_secret": account.app_secret,
            "account": account.name,
            "read_timeout": 0.5,
        }
        return build("wechat", Options.model_validate(facts | more), self._house)

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
        """What WeChat has been told to publish and has not refused, and previews gone astray."""
        tester = next(iter(self.simulator.account.followers))
        astray = [one.openid for one in self.simulator.previews.all if one.openid != tester]
        return [
            f"{one.publish_id} {one.articles[0]['title']}"
            for one in self.simulator.press.all.values()
            if one.status in OUT | {UNDER_WAY}
        ] + astray

    def tested(self) -> Sequence[str]:
        return [
            f"{one.openid} {one.articles[0]['title']}"
            for one in self.simulator.previews.all
            if one.openid == next(iter(self.simulator.account.followers))
        ]

    def untested(self) -> WeChatChannel:
        return self._built()

    def trouble(self, trouble: Trouble) -> None:
        match trouble:
            case Trouble.UNREACHABLE:
                self.simulator.__exit__()
            case Trouble.REFUSED:
                self.simulator.plan(Fault.CODE, SUBMIT, code="53503", times=-1)
                self.simulator.plan(Fault.CODE, PREVIEW, code="43004", times=-1)
            case Trouble.BUSY:
                self.simulator.plan(Fault.CODE, SUBMIT, code="45009", times=-1)
                self.simulator.plan(Fault.CODE, PREVIEW, code="45009", times=-1)
            case Trouble.SILENT | Trouble.CUT | Trouble.BROKEN:
                self.simulator.plan(_LOST[trouble], SUBMIT, times=-1)
                self.simulator.plan(_LOST[trouble], PREVIEW, times=-1)

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
