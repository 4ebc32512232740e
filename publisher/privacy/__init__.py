"""Personal data in a text, found before it is published. Pure.

What the law wants named stays unflagged: credit codes, landlines and hotlines, offices' addresses,
numbers of documents and projects, amounts.
"""

from collections.abc import Mapping
from dataclasses import replace

from publisher.privacy.detectors import (
    bank_cards,
    half_masked_ids,
    home_addresses,
    id_numbers,
    id_tails,
    mobiles,
)
from publisher.privacy.finding import NAMES, Finding, Kind, Severity
from publisher.privacy.text import Text

__all__ = ["NAMES", "Finding", "Kind", "Severity", "scan", "scan_fields"]

_DETECTORS = (id_numbers, bank_cards, mobiles, home_addresses, half_masked_ids, id_tails)


def scan(text: str) -> list[Finding]:
    """All findings in the order of the text; where two overlap, the graver one stands."""
    read = Text(text)
    found = [finding for detector in _DETECTORS for finding in detector(read)]
    kept: list[Finding] = []
    for finding in sorted(found, key=_gravest_first):
        if not any(finding.start < other.end and other.start < finding.end for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda finding: finding.start)


def scan_fields(fields: Mapping[str, str]) -> list[Finding]:
    """The findings of several texts, each naming its field. A table goes in one row a line."""
    return [replace(finding, field=name) for name, text in fields.items() for finding in scan(text)]


def _gravest_first(finding: Finding) -> tuple[bool, int, int]:
    order = ("id_number", "bank_card", "mobile", "home_address", "id_tail").index(finding.kind)
    return finding.severity == "warn", order, finding.start - finding.end
