"""A postbox whose worker can die in mid-call, or be cut off from the database there.

Who dies has made the call and writes nothing of it. Who is cut off has lost the channel to another
worker and makes the call later all the same, with `go_on`.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

import pytest

from publisher.channel import Channel, House, Receipt, Recipient, Rendition
from tests.support import postbox
from tests.support.city import City


class Died(BaseException):
    """The end of a worker: nothing that handles errors sees it."""


class End(StrEnum):
    DIES = "dies"
    CUT_OFF = "cut off"


class Options(postbox.Options):
    lookup: bool = False


class MortalPostbox(postbox.Postbox):
    options: Options
    end: End | None = None
    calls_before: int = 0
    """So many calls go well before the end comes."""
    _rest: Callable[[], Receipt] | None = None

    def send(self, rendition: Rendition, key: str, recipients: Sequence[Recipient] = ()) -> Receipt:
        if self.end is None or self.calls_before:
            self.calls_before -= bool(self.calls_before)
            return super().send(rendition, key, recipients)
        end, self.end = self.end, None
        call = super().send
        if end is End.CUT_OFF:
            self._rest = lambda: call(rendition, key, recipients)
        else:
            call(rendition, key, recipients)
        raise Died

    def go_on(self) -> None:
        """The one who was cut off makes its call now."""
        assert self._rest
        self._rest()
        self._rest = None


class MortalWithLookup(MortalPostbox, postbox.PostboxWithLookup):
    pass


def build(name: str, options: Options, house: House) -> Channel:
    del house
    return MortalWithLookup(name, options) if options.lookup else MortalPostbox(name, options)


ADAPTER = __name__


def mortal(city: City, name: str = "post") -> MortalPostbox:
    channel = city.publisher.routes[name].channel
    assert isinstance(channel, MortalPostbox)
    return channel


def flush_to_the_end(city: City, end: End = End.DIES, *, calls_before: int = 0) -> None:
    """One flush of the channel `post` in whose call the worker meets its end."""
    channel = mortal(city)
    channel.end, channel.calls_before = end, calls_before
    with pytest.raises(Died):
        city.flush("post")
