"""The SMS channel together with a simulated 云MAS and two citizens."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from channels.sms import Options, build
from publisher.channel import Channel, Recipient
from publisher.model import Item
from tests.contract.rig import Trouble
from tests.factories import a_house, an_item
from tests.simulators.server import Fault
from tests.simulators.yunmas import YunMasSimulator

PHONES = ("13900001001", "13900001002")
TEST_PHONE = "13900002001"
SUBMIT = "/sms/submit"


def options_for(simulator: YunMasSimulator, **changes: object) -> Options:
    """Settings that fit the simulator's account."""
    account = simulator.account
    facts: dict[str, object] = {
        "base_url": simulator.url,
        "ec_name": account.ec_name,
        "ap_id": account.ap_id,
        "secret_key": account.secret_key,
        "sign_code": account.sign_code,
        "visible_sign": account.visible_sign,
        "platform_adds_sign": account.adds_sign,
        "read_timeout": 0.3,
    }
    return Options.model_validate(facts | changes)


class Rig:
    troubles = frozenset(Trouble)

    def __init__(self, folder: Path) -> None:
        self.simulator = YunMasSimulator()
        self._house = a_house(folder)
        options = options_for(self.simulator, test_phone=TEST_PHONE)
        self.channel = build("sms", options, self._house)
        self.secrets = (self.simulator.account.secret_key, *PHONES, TEST_PHONE)

    def __enter__(self) -> Self:
        self.simulator.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.__exit__()

    def items(self) -> Sequence[Item]:
        return (an_item(1), an_item(2, title="关于今年城乡居民医疗保险缴费的通告"))

    def hopeless(self) -> Sequence[Item]:
        return (an_item(1, title="关于同意调整若干事项的批复" * 12),)

    def recipients(self) -> Sequence[Recipient]:
        return tuple(Recipient(number, phone) for number, phone in enumerate(PHONES, 1))

    def ledger(self) -> Sequence[str]:
        return [line for line in self._received() if not line.startswith(TEST_PHONE)]

    def tested(self) -> Sequence[str]:
        return [line for line in self._received() if line.startswith(TEST_PHONE)]

    def untested(self) -> Channel:
        return build("sms", options_for(self.simulator), self._house)

    def _received(self) -> Sequence[str]:
        return [f"{entry['phone']} {entry['text']}" for entry in self.simulator.ledger()]

    def trouble(self, trouble: Trouble) -> None:
        plan = self.simulator.plan
        match trouble:
            case Trouble.UNREACHABLE:
                self.simulator.__exit__()
            case Trouble.REFUSED:
                plan(Fault.CODE, SUBMIT, times=-1, code="IllegalMac")
            case Trouble.BUSY:
                plan(Fault.CODE, SUBMIT, times=-1, code="SenderNotStarted")
            case Trouble.SILENT:
                plan(Fault.HANG, SUBMIT, times=-1)
            case Trouble.CUT:
                plan(Fault.RESET, SUBMIT, times=-1)
            case Trouble.BROKEN:
                plan(Fault.LATE_ERROR, SUBMIT, times=1)
                plan(Fault.NONSENSE, SUBMIT, times=-1)

    def finish(self) -> None:
        self.simulator.finish()

    def shown(self) -> str:
        """All that citizens have on their phones."""
        return "\n".join(self.ledger())

    def tamper(self) -> None:
        raise AssertionError("nobody can look into a citizen's phone")
