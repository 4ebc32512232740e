"""Attachments: as large as their page says, and with the checksum that it gives."""

import re
from collections.abc import Iterator
from hashlib import file_digest
from typing import Any

from channels.website.inspection.page import Page, inside
from channels.website.inspection.scene import Scene
from publisher.channel import Breach

RULE = "附件"
_SIZE = re.compile(r"(\d[\d,]*)(\.\d+)?\s*(字节|KB|MB|GB)")
_UNITS = {"字节": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def check(page: Page, scene: Scene) -> Iterator[Breach]:
    if page.kind != "item":
        return
    for link in page.all("a"):
        name = scene.addresses.target(page.name, link.get("href", "")).name
        line = inside(link, "li", "tr")
        if link.get("download") is None or line is None or name not in scene.tree.names:
            continue
        words = _words(line)
        if sentence := _size(words, scene.tree.size(name)) or _hash(words, name, scene):
            yield Breach(page.name, RULE, f"附件“{name.rpartition('/')[2]}”{sentence}")


def _words(line: Any) -> str:
    """All that the line of an attachment says, to readers and to machines."""
    values = (value for element in line.iter() for value in element.values())
    return " ".join((*line.itertext(), *values))


def _size(words: str, size: int) -> str:
    found = _SIZE.search(words)
    if not found:
        return ""
    whole, decimals, unit = found.groups()
    said = float(whole.replace(",", "") + (decimals or "")) * _UNITS[unit]
    # Half of the last digit that is shown, and one for rounding itself.
    allowed = _UNITS[unit] / 10 ** len((decimals or ".")[1:]) / 2 + 1 if unit != "字节" else 0
    if abs(size - said) <= allowed:
        return ""
    return f"的实际大小是 {size} 字节，与网页上写的 {found[0]} 不符；请查明是否被换过，并重新发送"


def _hash(words: str, name: str, scene: Scene) -> str:
    found = _HASH.search(words)
    if not found:
        return ""
    with (scene.tree.folder / name).open("rb") as file:
        if file_digest(file, "sha256").hexdigest() == found[0]:
            return ""
    return "的内容与网页上写的校验值不符；请查明是否被换过，并重新发送"
