"""From a tree element to runs of text and to lists, where no other block may stand."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from publisher.content import links
from publisher.content.blocks import Inline, ListBlock, ListItem, Run
from publisher.content.errors import ContentError
from publisher.content.inline import PLAIN, SOFT_BREAK, join_lines, split_lines, tidy
from publisher.content.sanitise import BOUNDARIES, HEADINGS, UNCARRIED, refuse_uncarried
from publisher.content.unseen import style_of

LISTS = frozenset({"ul", "ol"})
_LINE_END = Run("\n")


def parts(element: HtmlElement, style: Run, where: str) -> Iterator[Run | ListBlock]:
    """The text in `element`, a line for each block in it, and the lists as they come."""
    yield said(element.text, style)
    for child in element:
        if child.tag in LISTS:
            yield from read_lists(child, style)
        elif child.tag in BOUNDARIES | HEADINGS | {"hr", "li"}:
            yield _LINE_END
            yield from parts(child, styled(child, style), where)
            yield _LINE_END
        elif child.tag in {"img", "table"}:
            what = "图片" if child.tag == "img" else "表格"
            raise ContentError(
                f"{where}里有{what}，各渠道无法照样呈现。请把{what}移到{where}外面单独一段。"
            )
        elif child.tag == "br":
            yield _LINE_END
        else:
            yield from parts(child, styled(child, style), where)
        yield said(child.tail, style)


def said(text: str | None, style: Run) -> Run:
    return replace(style, text=(text or "").replace("\n", SOFT_BREAK))


def styled(element: HtmlElement, style: Run) -> Run:
    """`style` with what the tag and its CSS add; ContentError where neither can be carried."""
    tag, css = str(element.tag), style_of(element)
    line = css.get("text-decoration", "") + css.get("text-decoration-line", "")
    if tag in UNCARRIED or "line-through" in line:
        words = "".join(element.text_content().split())
        refuse_uncarried(tag if tag in UNCARRIED else "del", words)
    weight = css.get("font-weight", "")
    heavy = weight.startswith("bold") or (weight.isdigit() and int(weight) >= 600)
    return replace(
        style,
        strong=style.strong or tag in {"strong", "b"} or heavy,
        emphasis=style.emphasis or tag in {"em", "i"} or css.get("font-style") == "italic",
        underline=style.underline or tag == "u" or "underline" in line,
        sup=style.sup or tag == "sup" or css.get("vertical-align") == "super",
        sub=style.sub or tag == "sub" or css.get("vertical-align") == "sub",
        href=links.checked(element.get("href", "")) if tag == "a" else style.href,
    )


def text_in(element: HtmlElement, where: str, style: Run = PLAIN) -> Inline:
    """All text of a cell, line by line; a list in it becomes lines that keep their numbers."""
    runs: list[Run] = []
    for part in parts(element, styled(element, style), where):
        runs += [part] if isinstance(part, Run) else _as_lines(part)
    return without_empty_lines(runs)


def without_empty_lines(runs: Iterable[Run]) -> Inline:
    return join_lines(filter(None, map(tidy, split_lines(tidy(runs)))))


def numbered(block: ListBlock) -> Iterator[tuple[str, ListItem]]:
    """Each item with the label that a reader sees before it."""
    for number, item in enumerate(block.items, block.start):
        yield (f"{number}. " if block.ordered else "• "), item


def read_lists(element: HtmlElement, style: Run) -> list[ListBlock]:
    """The lists that a ul or ol makes: one, or several where the author set a new number."""
    ordered = element.tag == "ol"
    number = _number(element.get("start"), 1)
    found: list[tuple[int, list[ListItem]]] = []
    _refuse_stray(element.text)
    for child in element:
        _refuse_stray(child.tail)
        if child.tag in LISTS and found and found[-1][1]:
            _adopt(found[-1][1], read_lists(child, style))
            continue
        number = _number(child.get("value"), number)
        if not found or found[-1][0] + len(found[-1][1]) != number:
            found.append((number, []))
        found[-1][1].append(_read_item(child, style))
        number += 1
    return [ListBlock(tuple(items), ordered, start) for start, items in found]


def _read_item(element: HtmlElement, style: Run) -> ListItem:
    runs: list[Run] = []
    children: list[ListBlock] = []
    inside = (
        read_lists(element, style)
        if element.tag in LISTS
        else parts(element, styled(element, style), "列表")
    )
    for part in inside:
        if isinstance(part, ListBlock):
            children.append(part)
        elif not children:
            runs.append(part)
        elif part.text.strip():
            raise ContentError(
                f"列表的下一级后面又有文字“{part.text.strip()[:20]}”。请把它移到列表外面。"
            )
    return ListItem(without_empty_lines(runs), tuple(children))


def _refuse_stray(text: str | None) -> None:
    if text and text.strip():
        raise ContentError(
            f"列表里有不属于任何一项的文字“{text.strip()[:20]}”。请放进列表项，或移到列表外面。"
        )


def _adopt(items: list[ListItem], children: list[ListBlock]) -> None:
    """A list that stands between two items belongs to the one before it, as browsers show it."""
    items[-1] = replace(items[-1], children=(*items[-1].children, *children))


def _as_lines(block: ListBlock) -> Iterator[Run]:
    for label, item in numbered(block):
        yield Run(f"\n{label}")
        yield from item.text
        for child in item.children:
            yield from _as_lines(child)
    yield _LINE_END


def _number(value: str | None, otherwise: int) -> int:
    try:
        return int(value or "")
    except ValueError:
        return otherwise
