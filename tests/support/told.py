"""A city that tells receivers what changes."""

import base64
from pathlib import Path
from typing import Any

from publisher.store.webhooks import Webhook
from tests.simulators.receiver import ReceiverSimulator
from tests.support.city import City, Clock, postbox, settings_for
from tests.support.postbox import PostboxSimulator

RULES = {
    "key": base64.b64encode(b"w" * 32).decode(),
    "networks": ["127.0.0.0/8"],
    "connect_timeout": 1,
    "read_timeout": 2,
}


def told_city(
    folder: Path, box: PostboxSimulator, clock: Clock | None = None, **rules: Any
) -> City:
    """A city with one channel that may call loopback; it looks at webhooks ten times a second."""
    channels = {"post": postbox(box.url)}
    more = {"webhooks": RULES | rules, "engine": {"sweep": 0.1}}
    return City(settings_for(folder, channels, **more), clock)


def tell(city: City, receiver: ReceiverSimulator, name: str = "协同办公") -> Webhook:
    """From now on this receiver is told; it knows the secret and has the city's clock."""
    webhook, receiver.secret = city.publisher.webhooks.add(name, receiver.address, by="赵管")
    receiver.now = city.clock
    return webhook


def seen(city: City, webhook: Webhook) -> Webhook:
    """How it stands now."""
    return city.publisher.webhooks.one(webhook.id)


def publish(city: City, *items: str) -> None:
    for item in items:
        city.submit(item)
    city.flush()
