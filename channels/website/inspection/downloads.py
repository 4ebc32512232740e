"""Attachments and pictures: each has the checksum that its page gives for it."""

import re
from collections.abc import Iterator
from hashlib import file_digest
from typing import Any

from channels.website.inspection.page import Page, in_body, inside
from channels.website.inspection.scene import Scene
from publisher.channel import Breach

RULE = "附件"
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def check(page: Page, scene: Scene) -> Iterator[Breach]:
    if page.kind != "item":
        return
    told = dict(_told(page, scene))
    for name, words in told.items():
        if sentence := _wrong(name, words, scene):
            yield Breach(page.name, RULE, f"附件或图片“{name.rpartition('/')[2]}”{sentence}")


def _told(page: Page, scene: Scene) -> Iterator[tuple[str, str]]:
    """The files of the page that it shows or offers, each with what it says of them."""
    for tag, attribute in (("a", "href"), ("img", "src")):
        for element in page.all(tag):
            name = scene.addresses.target(page.name, element.get(attribute, "")).name or ""
            # What the text of an item links to tells nothing of what lies there.
            if scene.tree.owner(name) != page.name or (tag == "a" and in_body(element)):
                continue
            line = inside(element, "li", "tr") if tag == "a" else None
            if name in scene.tree.names:  # otherwise told among the links
                yield name, _words(element if line is None else line)


def _words(line: Any) -> str:
    """All that is said there, to readers and to machines."""
    values = (value for element in line.iter() for value in element.values())
    return " ".join((*line.itertext(), *values))


def _wrong(name: str, words: str, scene: Scene) -> str:
    found = _HASH.search(words)
    if not found:
        return "在网页上没有校验值（SHA-256），无法核对；请用 publisher rebuild 重新生成"
    with (scene.tree.folder / name).open("rb") as file:
        if file_digest(file, "sha256").hexdigest() == found[0]:
            return ""
    return "的内容与网页上写的校验值不符；请查明是否被换过，并重新发送"
