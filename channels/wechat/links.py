"""Links: WeChat keeps only those to its own articles; every other becomes a numbered footnote."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from publisher.content import (
    Block,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Run,
    Table,
    text_of,
)

WECHAT_HOST = "mp.weixin.qq.com"


def is_wechat(href: str) -> bool:
    parts = urlsplit(href)
    return parts.scheme == "https" and parts.netloc == WECHAT_HOST


def footnotes(blocks: Sequence[Block]) -> dict[str, int]:
    """Address -> number, in reading order. A link whose text is its own address needs none; an
    address that leads nowhere outside the page (#here) gets none.
    """
    numbers: dict[str, int] = {}
    for inline in _inlines(blocks):
        for href in dict.fromkeys(run.href for run in inline if _needs_note(run)):
            said = text_of(tuple(run for run in inline if run.href == href))
            if href.split(":", 1)[1].strip("/") not in said:
                numbers.setdefault(href, len(numbers) + 1)
    return numbers


def ends_link(runs: Sequence[Run], index: int) -> bool:
    """A link may run over several stretches of text; its number stands after the last."""
    return index + 1 == len(runs) or runs[index + 1].href != runs[index].href


def _needs_note(run: Run) -> bool:
    return run.href.startswith(("http://", "https://", "mailto:", "tel:")) and not is_wechat(
        run.href
    )


def _inlines(blocks: Sequence[Block]) -> Iterator[Inline]:
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case ListBlock():
                yield from _list_inlines(block)
            case Table():
                yield from (cell.text for row in block.rows for cell in row)
            case _:
                pass


def _list_inlines(block: ListBlock) -> Iterator[Inline]:
    for entry in block.items:
        yield entry.text
        yield from _inlines(entry.children)
