"""Which items a list holds, and in which order."""

from collections.abc import Sequence

from channels.website.history import is_withdrawn
from publisher.model import Item


def newest(items: Sequence[Item], most: int) -> list[Item]:
    """For the home page: the latest published that still stand, newest first."""
    standing = [item for item in _once(items) if not is_withdrawn(item)]
    return sorted(standing, key=lambda item: (item.published_at, item.url), reverse=True)[:most]


def latest_changed(items: Sequence[Item], most: int) -> list[Item]:
    """For the feeds: what changed last comes first, or no reader would hear of the change."""
    return sorted(_once(items), key=lambda item: (item.changed_at, item.url), reverse=True)[:most]


def _once(items: Sequence[Item]) -> list[Item]:
    """Each item once, as it was given first."""
    return list({item.id: item for item in reversed(items)}.values())
