"""A notice as a reader, or an archive, finds it."""

import re
from collections.abc import Iterator

import pikepdf
import pypdfium2  # type: ignore[import-untyped]

from channels.noticeboard import NoticeBoard
from publisher.model import Item


def pdf_of(board: NoticeBoard, item: Item) -> bytes:
    return board.render([item]).files[0].data


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range().replace("\r", "") for page in document]


def squeezed(text: str) -> str:
    """Line breaks and blanks are the layout's own."""
    return re.sub(r"[\s\ufffe]", "", text)


def objects(pdf: pikepdf.Pdf, **wanted: str) -> Iterator[pikepdf.Dictionary]:
    for found in pdf.objects:
        if isinstance(found, pikepdf.Dictionary) and all(
            found.get(f"/{key}") == f"/{value}" for key, value in wanted.items()
        ):
            yield found


def is_tag(found: object) -> bool:
    return isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/StructElem"
