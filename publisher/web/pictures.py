"""Pictures of the pages of a PDF, for a preview: nobody has to open a program to see a sheet.

PDFium must never be in two calls at once, whatever the documents: one lock serves the process.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from PIL import Image

WIDEST = 2000
"""Pixels across; no screen shows a sheet larger."""
_MOST = 24_000_000
"""Pixels in all: an endless strip of paper must not fill the memory."""
_alone = threading.Lock()


class NoPicture(Exception):
    """There is no picture of it; the Chinese sentence says why."""


def pages(pdf: bytes) -> int:
    """How many pages it has. Raises NoPicture."""
    with _opened(pdf) as document:
        return len(document)


def picture(pdf: bytes, page: int, width: int) -> bytes:
    """The page, from 1, as a PNG so many pixels wide. Raises NoPicture."""
    with _opened(pdf) as document:
        if not 1 <= page <= len(document):
            raise NoPicture(f"这份 PDF 共 {len(document)} 页，没有第 {page} 页")
        drawn = _drawn(document, page, width)
    # Packing takes longest, and need not be alone.
    data = BytesIO()
    drawn.save(data, "PNG")
    return data.getvalue()


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    """The document, to this thread alone, and closed however it ends."""
    with _alone:
        try:
            document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError:
            raise NoPicture("这份 PDF 打不开，文件可能已损坏或加了密码，请下载原文件查看") from None
        try:
            yield document
        except pdfium.PdfiumError:
            raise NoPicture("这一页画不出来，PDF 可能已损坏，请下载原文件查看") from None
        finally:
            document.close()


def _drawn(document: pdfium.PdfDocument, page: int, width: int) -> Image.Image:
    """A picture that owns its pixels: those of PDFium are gone when the page is closed."""
    sheet = document[page - 1]
    try:
        scale = _scale(sheet, width)
        bitmap = sheet.render(scale=scale)
        try:
            copy: Image.Image = bitmap.to_pil().convert("RGB")
        finally:
            bitmap.close()
    finally:
        sheet.close()
    return copy


def _scale(sheet: pdfium.PdfPage, width: int) -> float:
    across, down = sheet.get_size()
    wanted = min(max(width, 1), WIDEST) / across
    if down * wanted * across * wanted > _MOST:
        raise NoPicture("这一页太大，画不出来，请下载原文件查看")
    return float(wanted)
