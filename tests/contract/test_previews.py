"""What every adapter lets staff see of a rendition: panes that name what is there, and no more.

Never edited for one channel: what is special about a channel stands in tests/channels.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import pytest
from lxml import html

from publisher.channel import (
    Bubbles,
    Download,
    File,
    HasPreview,
    Mark,
    Page,
    Pane,
    Picture,
    Rendition,
    Sheets,
    SideBySide,
    Text,
    panes_by_type,
    panes_of,
)
from publisher.model import Action, Item
from tests.contract.orders import (
    asked,
    old_words,
    ordered,
    publish,
    rendition_of,
    squeezed,
    trace_of,
)
from tests.contract.rig import Rig
from tests.contract.test_channels import KEY, rig

__all__ = ["rig"]

TYPES = {
    Page: "text/html",
    Text: "text/plain",
    SideBySide: "text/plain",
    Sheets: "application/pdf",
    Picture: "image/",
    Download: "",
}


def kept(rendition: Rendition) -> Rendition:
    """As it is found again after it went out."""
    return replace(rendition, around=(), cards=())


def previewed(rig: Rig, items: Sequence[Item]) -> tuple[tuple[Pane, ...], Rendition]:
    rendition = kept(rendition_of(rig, items))
    return panes_of(rig.channel, items, rendition), rendition


def wanted(page: File) -> Iterator[str]:
    """The addresses of all that a browser loads with a page."""
    tree = html.document_fromstring(page.data.decode())
    styles = []
    for element in tree.iter("*"):
        styles.append(element.get("style", ""))
        if element.tag == "style":
            styles.append(element.text or "")
        if element.tag == "link" and element.get("rel") in {"stylesheet", "icon"}:
            yield element.get("href", "")
        elif address := element.get("src"):
            yield address
    yield from re.findall(r"url\(\s*['\"]?([^'\")]+)", " ".join(styles))


def place(page: Page, address: str) -> str:
    """The name of the file that a relative address means, seen from the page."""
    assert not re.match(r"[a-z]+:|/", address), f"{address} leads out of the rendition"
    return normpath(join(dirname(page.file), unquote(address.partition("?")[0])))


def read(pane: Pane, rendition: Rendition) -> str:
    """What a person reads in the pane, where it is text."""
    match pane:
        case Page() | Text():
            return unescape(re.sub(r"<[^>]*>", "", rendition.file(pane.file).data.decode()))
        case Bubbles():
            return "".join(bubble.text for bubble in pane.bubbles)
        case SideBySide():
            return "".join(pair.written + pair.spoken for pair in pane.pairs)
        case _:
            return ""


def actions(rig: Rig) -> Iterator[Item]:
    """The first item as it goes out, and as every later order has it."""
    item = rig.items()[0]
    yield item
    trace = trace_of(item, publish(rig, KEY), KEY)
    for action in (Action.CORRECT, Action.WITHDRAW, Action.EXPIRE):
        if asked(action, rig.channel.recall):
            yield ordered(item, action, [trace])


def test_panes_name_what_the_rendition_holds(rig: Rig) -> None:
    for item in actions(rig):
        panes, rendition = previewed(rig, [item])
        assert panes, f"{item.action} shows nothing"
        names = {file.name for file in rendition.files}
        for pane in panes:
            assert pane.title.strip()
            if not isinstance(pane, Bubbles):
                assert pane.file in names
                assert rendition.file(pane.file).media_type.startswith(TYPES[type(pane)])
                assert rendition.file(pane.file).data


def test_a_page_finds_all_that_it_loads(rig: Rig) -> None:
    pages = 0
    for item in actions(rig):
        panes, rendition = previewed(rig, [item])
        for page in panes:
            if isinstance(page, Page):
                pages += 1
                there = {file.name for file in (*rendition.files, *page.beside) if file.data}
                for address in wanted(rendition.file(page.file)):
                    assert place(page, address) in there, f"{address} is missing"
    if not pages:
        pytest.skip(f"{rig.channel.name} makes no pages")


def test_messages_tell_their_length_and_for_whom_they_are(rig: Rig) -> None:
    found = [one for one in previewed(rig, rig.items())[0] if isinstance(one, Bubbles)]
    if not found:
        pytest.skip(f"{rig.channel.name} sends no messages")
    for bubble in (one for bubbles in found for one in bubbles.bubbles):
        assert bubble.characters >= len(bubble.text) > 0
        assert 1 <= bubble.parts <= bubble.characters
        assert bubble.to
        assert not any(re.search(r"\d{7}", word) for word in bubble.to), "no numbers of citizens"


def test_pairs_are_what_stands_in_the_script(rig: Rig) -> None:
    panes, rendition = previewed(rig, rig.items())
    found = [one for one in panes if isinstance(one, SideBySide)]
    if not found:
        pytest.skip(f"{rig.channel.name} is not read out")
    for one in found:
        script = squeezed(re.sub(r"（[^）]*）", "", rendition.file(one.file).data.decode()))
        assert one.pairs
        for pair in one.pairs:
            assert squeezed(re.sub(r"（[^）]*）", "", pair.spoken)) in script
            assert pair.mark is not Mark.SAME or not (pair.changes or pair.left)
            assert all(source in pair.written for source in pair.left)


def test_a_preview_is_pure_and_tells_no_secret(rig: Rig) -> None:
    if not isinstance(rig.channel, HasPreview):
        pytest.skip(f"{rig.channel.name} leaves its preview to the types of its files")
    items = rig.items()
    rendition = rendition_of(rig, items)
    before = list(rig.ledger())
    first = rig.channel.preview(items, rendition)
    assert rig.channel.preview(items, kept(rendition)) == first, "nothing around it is needed"
    assert list(rig.ledger()) == before
    assert not [secret for secret in rig.secrets if secret in repr(first)]


def test_what_is_shown_is_what_was_frozen(rig: Rig) -> None:
    """Not what the same items would become today."""
    items = rig.items()
    rendition = kept(rendition_of(rig, items))
    mark = "冻结时的字样"
    frozen = [
        replace(file, data=file.data.decode().replace("辛集", mark).encode())
        if file.media_type.startswith("text/")
        else file
        for file in rendition.files
    ]
    altered = replace(rendition, files=tuple(frozen))
    texts = [read(pane, altered) for pane in panes_of(rig.channel, items, altered)]
    if not any(texts):
        pytest.skip(f"{rig.channel.name} shows no text that could be read here")
    assert any(mark in text for text in texts)
    assert not any("辛集" in text for text in texts)


def test_the_preview_of_a_withdrawal_says_nothing_of_the_old_text(rig: Rig) -> None:
    item = rig.items()[0]
    withdrawn = ordered(item, Action.WITHDRAW, [trace_of(item, publish(rig, KEY), KEY)])
    panes, rendition = previewed(rig, [withdrawn])
    said = squeezed("".join(read(pane, rendition) for pane in panes))
    assert not [word for word in old_words(item) if word in said]


def test_files_have_panes_by_their_type() -> None:
    """As a channel without a preview of its own shows them."""
    types = {
        "a/page.html": ("text/html; charset=utf-8", Page),
        "sheet.PDF": ("application/pdf", Sheets),
        "text.txt": ("TEXT/PLAIN", Text),
        "one.png": ("image/png", Picture),
        "facts.json": ("application/json", Download),
        "strange": ("", Download),
    }
    files = [File(name, kind, b"x") for name, (kind, _) in types.items()]
    panes = panes_by_type(files)
    assert [type(pane) for pane in panes] == [kind for _, kind in types.values()]
    assert panes[0] == Page(title="page.html", file="a/page.html")
    assert panes_of(object(), [], Rendition(tuple(files))) == panes
