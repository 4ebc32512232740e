"""From the clean tree to blocks."""

from dataclasses import replace
from urllib.parse import unquote

from lxml.html import HtmlElement

from publisher.content.blocks import (
    Align,
    Block,
    Cell,
    Heading,
    ImageBlock,
    ListBlock,
    Paragraph,
    Run,
    text_of,
)
from publisher.content.errors import ContentError
from publisher.content.inline import PLAIN, SOFT_BREAK, all_strong, tidy, with_strong
from publisher.content.sanitise import BOUNDARIES, HEADINGS, sanitised
from publisher.content.tables import build_table
from publisher.content.text_parts import LISTS, numbered, read_lists, said, styled, text_in
from publisher.content.unseen import style_of


def blocks_of_html(source: str, image_names: frozenset[str]) -> list[Block]:
    """The blocks of an HTML body as they stand; unmarked headings are recognised afterwards."""
    tree = sanitised(source)
    reader = _Reader(image_names, _highest_heading(tree))
    reader.read(tree, PLAIN, "left")
    reader.end_paragraph("left")
    return reader.blocks


class _Reader:
    """Walks the tree once; `runs` is the paragraph being read."""

    def __init__(self, image_names: frozenset[str], highest: int) -> None:
        self.blocks: list[Block] = []
        self._image_names = image_names
        self._highest = highest
        self._tables = 0
        self._runs: list[Run] = []

    def read(self, element: HtmlElement, style: Run, align: Align) -> None:
        self._say(element, element.text, style)
        for child in element:
            self._read_child(child, style, align)
            self._say(element, child.tail, style)

    def end_paragraph(self, align: Align) -> None:
        text = tidy(self._runs)
        self._runs = []
        if text:
            self.blocks.append(Paragraph(text, align))

    def _say(self, element: HtmlElement, text: str | None, style: Run) -> None:
        as_typed = element.tag == "pre"
        self._runs.append(Run(text or "") if as_typed else said(text, style))

    def _read_child(self, child: HtmlElement, style: Run, align: Align) -> None:
        tag = child.tag
        if tag == "br":
            self._runs.append(replace(style, text="\n"))
        elif tag in BOUNDARIES or tag == "li":
            self.end_paragraph(align)
            inner = _align(child, "center" if tag == "center" else align)
            self.read(child, styled(child, style), inner)
            self.end_paragraph(inner)
        elif tag in LISTS or tag in HEADINGS or tag in {"table", "img", "hr"}:
            self.end_paragraph(align)
            self._read_block(child, style, align)
        else:
            self.read(child, styled(child, style), align)

    def _read_block(self, child: HtmlElement, style: Run, align: Align) -> None:
        if child.tag in LISTS:
            for block in read_lists(child, style):
                self._add_list(block)
        elif child.tag in HEADINGS:
            self._add_heading(child, style)
        elif child.tag == "table":
            self._add_table(child, style, align)
        elif child.tag == "img":
            self.blocks.append(self._image(child))

    def _add_list(self, block: ListBlock) -> None:
        """A numbered list of one item is a numbered paragraph: the number belongs to the text."""
        if block.ordered and len(block.items) == 1:
            label, item = next(numbered(block))
            self.blocks.append(Paragraph(tidy([Run(label), *item.text])))
            for child in item.children:
                self._add_list(child)
        else:
            self.blocks.append(block)

    def _add_heading(self, element: HtmlElement, style: Run) -> None:
        lines = text_in(element, "标题", style)
        text = tidy(replace(run, text=run.text.replace("\n", SOFT_BREAK)) for run in lines)
        if text:
            text = with_strong(text, strong=False) if all_strong(text) else text
            level = int(str(element.tag)[1]) - self._highest + 1
            self.blocks.append(Heading(min(level, 4), text))

    def _add_table(self, table: HtmlElement, style: Run, align: Align) -> None:
        cells = list(table.iter("td", "th"))
        if len(cells) == 1:  # a frame drawn around text, as old pages have it
            self.read(cells[0], styled(cells[0], style), align)
            self.end_paragraph(align)
            return
        self._tables += 1
        where = f"第 {self._tables} 张表"
        caption = table.find("caption")
        groups = [
            [_cells(row, where) for row in group.iterchildren("tr")] for group in _groups(table)
        ]
        words = "" if caption is None else text_of(text_in(caption, where)).replace("\n", " ")
        built = build_table(groups, where, words)
        if built:
            self.blocks.append(built)

    def _image(self, element: HtmlElement) -> ImageBlock:
        source = element.get("src", "")
        for name in (source, unquote(source), unquote(source).removeprefix("./")):
            if name in self._image_names:
                return ImageBlock(name, " ".join(element.get("alt", "").split()))
        shown = f"“{source[:80]}”" if source else "（直接粘贴的图片，没有文件名）"
        raise ContentError(
            f"正文里的图片{shown}不在 images 里。请把图片文件放进 images，正文里只写它的文件名。"
        )


def _groups(table: HtmlElement) -> list[HtmlElement]:
    """The row groups in the order in which a browser shows them: the foot comes last."""
    groups = list(table.iterchildren("thead", "tbody", "tfoot"))
    return sorted(groups, key=lambda group: group.tag == "tfoot")


def _cells(row: HtmlElement, where: str) -> list[Cell]:
    in_head = row.getparent().tag == "thead"
    return [_cell(cell, where, in_head=in_head) for cell in row.iterchildren("td", "th")]


def _cell(element: HtmlElement, where: str, *, in_head: bool) -> Cell:
    return Cell(
        text_in(element, f"{where}的单元格"),
        header=in_head or element.tag == "th",
        colspan=max(_span(element, "colspan"), 1),
        rowspan=_span(element, "rowspan"),
        align=_align(element, "left"),
    )


def _span(element: HtmlElement, name: str) -> int:
    value = element.get(name, "1").strip()
    return min(int(value), 1000) if value.isascii() and value.isdigit() else 1


def _align(element: HtmlElement, outer: Align) -> Align:
    word = style_of(element).get("text-align") or element.get("align", "").lower()
    known: dict[str, Align] = {"left": "left", "justify": "left", "center": "center"}
    return {**known, "right": "right"}.get(word, outer)


def _highest_heading(tree: HtmlElement) -> int:
    """The page's title is not in the body, so the highest heading in use is level 1."""
    used = (heading for heading in tree.iter(*HEADINGS) if heading.text_content().strip())
    return min((int(str(heading.tag)[1]) for heading in used), default=1)
