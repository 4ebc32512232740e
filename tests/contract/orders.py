"""Corrections, withdrawals and expiries for the contract suite, after a real publication."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from publisher.channel import HasLists, Recall, Receipt, Rendition
from publisher.content import parse_body
from publisher.model import Action, Item, Status, Trace
from tests.contract.rig import Rig
from tests.factories import later
from tests.support.shelves import rendered

REASON = "经核实原文数据有误"
NEW_TEXT = "现将重新核对后的内容予以公布，以本次公布的为准。"
_SHORTEST = 6
"""Fewer characters than this may stand anywhere by chance."""


def ordered(item: Item, action: Action, traces: Sequence[Trace] = ()) -> Item:
    """The item as the core gives it for an order after its publication."""
    changes: dict[str, Any] = {}
    if action is Action.CORRECT:
        document = parse_body(NEW_TEXT, "text", frozenset())
        changes = {"document": document, "summary": "", "attachments": ()}
    return replace(later(item, action, REASON, **changes), traces=tuple(traces))


def rendition_of(rig: Rig, items: Sequence[Item]) -> Rendition:
    """What goes out with these items, where nothing else is out."""
    channel = rig.channel
    return rendered(channel, items) if isinstance(channel, HasLists) else channel.render(items)


def publish(rig: Rig, key: str) -> Receipt:
    """Put the rig's items out, to the end."""
    return carry_out(rig, rig.items(), key)


def carry_out(rig: Rig, items: Sequence[Item], key: str) -> Receipt:
    """Render and send, and bring what was only accepted to its end."""
    receipt = rig.channel.send(rendition_of(rig, items), key, rig.recipients())
    rig.finish()
    if receipt.status is not Status.ACCEPTED:
        return receipt
    found = rig.channel.check(receipt)
    return replace(receipt, status=Status.DELIVERED) if rig.channel.addressed else found


def trace_of(item: Item, receipt: Receipt, key: str, position: int = 0) -> Trace:
    """What the core remembers of one item of a batch."""
    return Trace(
        key=key,
        position=position,
        status=receipt.status,
        reference=receipt.reference,
        url=receipt.urls[position] if receipt.urls else receipt.url,
        title=item.revision.title,
        short_title=item.revision.short_title,
    )


def squeezed(text: str) -> str:
    """Line breaks and blanks are the layout's own."""
    return "".join(text.split())


def old_words(item: Item) -> list[str]:
    """What of the item must not be shown once it is withdrawn: all but its title."""
    revision = item.revision
    lines = [
        *revision.document.text.splitlines(),
        revision.summary,
        *(asset.title for asset in revision.attachments),
    ]
    words = [squeezed(line) for line in lines]
    title = squeezed(revision.title)
    return [word for word in words if len(word) >= _SHORTEST and word not in title]


def asked(action: Action, recall: Recall) -> bool:
    """Whether the core asks a channel of this kind for the action."""
    return action is not Action.EXPIRE or recall in {Recall.EDITS, Recall.HUMAN}
