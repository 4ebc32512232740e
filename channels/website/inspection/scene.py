"""What every rule may know: the site as it should be, the files as they are, the time."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from channels.website.inspection.addresses import Addresses
from channels.website.inspection.tree import Tree
from channels.website.limits import Limits
from channels.website.site import Site

MINUTE = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, kw_only=True)
class Scene:
    site: Site
    tree: Tree
    now: datetime
    limits: Limits
    addresses: Addresses
    items: dict[str, str] = field(default_factory=dict)
    """Pages of items read so far, each with its PubDate; "" where that is no date."""
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The same, each with the folders of the lists that it says it is in."""

    @cached_property
    def minute(self) -> str:
        """The time on the city's clock, as PubDate is written: such texts sort by time."""
        return self.site.local(self.now).strftime(MINUTE)
