"""The courier: what a flush works with, whichever channel it serves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from publisher.channel import Channel, Recipient
from publisher.planning import Due
from publisher.store import Store
from publisher.vault import Vault, VaultError

Clock = Callable[[], datetime]
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """`stopping` is asked before each new piece of work; `actor` stands in the attempts."""

    store: Store
    vault: Vault | None
    clock: Clock
    actor: str = "worker"
    stopping: Callable[[], bool] = field(default=lambda: False)

    def due(self, channel: Channel) -> list[Due]:
        """What is due now in a channel, urgent first, as much as one planning should hold."""
        return self.store.queue.due(
            channel.name, self.clock(), _AT_ONCE, repeatable=channel.repeatable
        )

    def addresses(self, batch_id: int) -> Sequence[Recipient]:
        """The recipients of a batch, in clear, for the time of one call."""
        if self.vault is None:
            raise VaultError("配置里没有 [subscribers] 一节，解不开订户号码")
        return self.store.subscribers.addresses(batch_id, self.vault.open)

    def index(self, address: str) -> bytes:
        """The blind index by which a recipient is found again."""
        if self.vault is None:
            raise VaultError("配置里没有 [subscribers] 一节，认不出订户号码")
        return self.vault.index(address)
