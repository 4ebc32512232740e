"""The postbox with a look-up, as a module of its own: an adapter is found by its module."""

from publisher.channel import Channel, House
from tests.support.postbox import Options, PostboxWithLookup

__all__ = ["Options", "build"]


def build(name: str, options: Options, house: House) -> Channel:
    del house
    return PostboxWithLookup(name, options)
