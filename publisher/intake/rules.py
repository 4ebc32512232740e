"""The city's rules of intake; everything local is a setting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`channels` maps every channel's name to whether it is public; `first` carries the page that
    all other public channels point to ("" if the city has none).
    """

    fields: tuple[str, ...]
    stages: tuple[str, ...]
    public_audiences: tuple[str, ...]
    validities: tuple[str, ...]
    roles: tuple[str, ...]
    channels: Mapping[str, bool]
    first: str
    zone: tzinfo
    inbox: Path
    max_item_bytes: int = 2_000_000
    max_file_bytes: int = 20_000_000
