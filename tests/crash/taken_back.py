"""What was taken back: everybody who has the text is told, and no file of ours has it any more."""

from collections import defaultdict
from collections.abc import Sequence

from publisher.model import Action, Status
from publisher.store.standing import DeliveryRow, ItemRow
from tests.crash.scene import CORRECTED, ITEMS, WITHDRAWN, Scene

_OPEN_TO_STAFF = {Status.FAILED, Status.UNKNOWN}
_SHOWN = {".html", ".xml", ".txt", ".json"}


def untold(scene: Scene, items: Sequence[ItemRow]) -> list[str]:
    """Phones that got the text of an item and not the order that followed, though it is ended."""
    received: dict[str, list[str]] = defaultdict(list)
    for one in scene.outside.sms.ledger():
        received[one["phone"]].append(one["text"])
    found = []
    for item_id, action, word in (
        (CORRECTED[0], Action.CORRECT, "更正"),
        (WITHDRAWN, Action.WITHDRAW, "撤回"),
    ):
        order = _order(items, item_id, action, "sms")
        if order is None or order.status in _OPEN_TO_STAFF:
            continue
        title = ITEMS[item_id]["title"]
        for phone, texts in received.items():
            mine = [text for text in texts if title in text]
            has_it = any("撤回" not in text and "更正" not in text for text in mine)
            if has_it and not any(word in text for text in mine):
                found.append(f"{phone[-4:]} has {item_id} and was not told of its {action}")
    return found


def left_behind(scene: Scene, items: Sequence[ItemRow]) -> list[str]:
    """Files in which the body of the withdrawn item still stands, where its withdrawal is done."""
    found = []
    for channel, folder in (("website", "site"), ("broadcast", "broadcast")):
        order = _order(items, WITHDRAWN, Action.WITHDRAW, channel)
        if order is None or order.status in _OPEN_TO_STAFF:
            continue
        files = sorted((scene.folder / "output" / folder).rglob("*"))
        found += [
            f"{path.relative_to(scene.folder)} has the body of {WITHDRAWN}"
            for path in files
            if path.suffix in _SHOWN and ITEMS[WITHDRAWN]["body"] in path.read_text("utf-8")
        ]
    return found


def _order(
    items: Sequence[ItemRow], item_id: str, action: Action, channel: str
) -> DeliveryRow | None:
    """The delivery of this order in a channel, if it was given."""
    mine = [one for item in items if item.id == item_id for one in item.deliveries]
    return next((one for one in mine if (one.action, one.channel) == (action, channel)), None)
