"""Exposure: where the text of an item can still be met with, channel by channel. Pure."""

from collections.abc import Mapping, Sequence

from publisher.channel import Recall
from publisher.orders import Exposure, Past, expose
from publisher.route import Route


def out_on_sight(routes: Mapping[str, Route]) -> dict[str, bool]:
    """Whether what was written in a channel is out for having been written.

    Only a page that is edited is: a script or a sheet still needs somebody who airs or posts it.
    """
    return {
        name: route.channel.repeatable and route.channel.recall is Recall.EDITS
        for name, route in routes.items()
    }


def exposure_of(
    past: Mapping[str, Sequence[Past]], routes: Mapping[str, Route]
) -> dict[str, Exposure]:
    """Where an item stands by all its deliveries; a channel where nothing is left is not named."""
    found = {}
    for name, some in past.items():
        route = routes.get(name)
        seen = expose(
            some,
            recall=route.channel.recall if route else None,
            remains=route.channel.remains if route else "",
        )
        if seen:
            found[name] = seen
    return found
