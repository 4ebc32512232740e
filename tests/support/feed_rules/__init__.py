"""What the standards ask of a feed, each breach as one sentence: Atom, RSS 2.0 and JSON Feed.

Not all of them, but what readers stumble over and schemas do not see. `atom`: RFC 4287, 5005 and
6721; `rss`: RSS 2.0 with the RSS Advisory Board's profile; `json_feed`: JSON Feed 1.1.
"""

from tests.support.feed_rules.atom import atom_breaches
from tests.support.feed_rules.json_feed import json_breaches
from tests.support.feed_rules.rss import rss_breaches

__all__ = ["breaches"]


def breaches(url: str, data: bytes) -> list[str]:
    """All that is wrong with the feed that stands at this address; empty if nothing is."""
    if url.endswith(".json"):
        return json_breaches(url, data)
    if b"<rss" in data[:500]:
        return rss_breaches(url, data)
    return atom_breaches(url, data)
