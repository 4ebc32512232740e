"""The channel contract: what an adapter promises the core, and the three ways it may fail.

Pure: nothing here touches the outside.
"""

from publisher.channel.contract import (
    Breach,
    Channel,
    HasInspection,
    HasLists,
    HasLookup,
    HasSearch,
    HasVerify,
    House,
    Recall,
)
from publisher.channel.errors import (
    DeliveryError,
    OutcomeUnknown,
    PermanentError,
    TemporaryError,
)
from publisher.channel.shelf import (
    NOTHING,
    Block,
    Card,
    ListPage,
    Near,
    Shelf,
)
from publisher.channel.things import (
    File,
    Receipt,
    Recipient,
    Rendition,
    Report,
)

__all__ = [
    "NOTHING",
    "Block",
    "Breach",
    "Card",
    "Channel",
    "DeliveryError",
    "File",
    "HasInspection",
    "HasLists",
    "HasLookup",
    "HasSearch",
    "HasVerify",
    "House",
    "ListPage",
    "Near",
    "OutcomeUnknown",
    "PermanentError",
    "Recall",
    "Receipt",
    "Recipient",
    "Rendition",
    "Report",
    "Shelf",
    "TemporaryError",
]
