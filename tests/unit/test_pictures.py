"""Pages of a PDF as pictures: the right page, in any thread, and a sentence where there is none."""

import threading
from io import BytesIO

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image

from publisher.web.pictures import WIDEST, NoPicture, pages, picture

SHEET, ACROSS = (595, 842), (842, 595)


def a_pdf(*sizes: tuple[float, float]) -> bytes:
    """A page of each size with a word on it; the first is white, each next a little darker."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for number, size in enumerate(sizes):
        page = pdf.add_blank_page(page_size=size)
        grey = 1 - number / 10
        drawing = f"{grey} g 0 0 {size[0]} {size[1]} re f 0 g BT /F 20 Tf 9 9 Td (page) Tj ET"
        page.Contents = pdf.make_stream(drawing.encode())
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    data = BytesIO()
    pdf.save(data)
    return data.getvalue()


def locked() -> bytes:
    data = BytesIO()
    with pikepdf.open(BytesIO(a_pdf(SHEET))) as pdf:
        pdf.save(data, encryption=pikepdf.Encryption(owner="a", user="b"))
    return data.getvalue()


def drawn(pdf: bytes, page: int, width: int) -> Image.Image:
    data = picture(pdf, page, width)
    assert data.startswith(b"\x89PNG")
    return Image.open(BytesIO(data))


def test_every_page_is_drawn_at_the_width_that_is_asked_for() -> None:
    pdf = a_pdf(SHEET, ACROSS, SHEET)
    assert pages(pdf) == 3
    for page, (size, grey) in enumerate(((SHEET, 255), (ACROSS, 230), (SHEET, 204)), 1):
        found = drawn(pdf, page, 300)
        assert found.width == 300
        assert found.height == pytest.approx(300 * size[1] / size[0], abs=1)
        assert found.convert("L").getpixel((150, 100)) == pytest.approx(grey, abs=1)


@pytest.mark.parametrize(("asked", "given"), [(-1, 1), (0, 1), (1, 1), (WIDEST * 9, WIDEST)])
def test_no_width_does_harm(asked: int, given: int) -> None:
    assert drawn(a_pdf((40, 20)), 1, asked).width == given


@pytest.mark.parametrize("page", [0, -1, 2])
def test_a_page_that_is_not_there(page: int) -> None:
    with pytest.raises(NoPicture, match=f"共 1 页，没有第 {page} 页"):
        picture(a_pdf(SHEET), page, 300)


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7 tasks", b"<html>", a_pdf(SHEET)[:200]])
def test_what_is_no_pdf_is_told_in_a_sentence(broken: bytes) -> None:
    for ask in (pages, lambda data: picture(data, 1, 300)):
        with pytest.raises(NoPicture, match="打不开"):
            ask(broken)


def test_a_locked_pdf_is_told_in_a_sentence() -> None:
    with pytest.raises(NoPicture, match="密码"):
        pages(locked())


def test_a_strip_of_paper_does_not_fill_the_memory() -> None:
    with pytest.raises(NoPicture, match="太大"):
        picture(a_pdf((3, 14_400)), 1, WIDEST)


def test_many_may_ask_at_once_and_nothing_is_left_open() -> None:
    """Without a lock this ends the process: the fonts that PDFium shares are half made."""
    pdf = a_pdf(SHEET, ACROSS)
    expected = {1: picture(pdf, 1, 200), 2: picture(pdf, 2, 200)}
    wrong: list[str] = []

    def ask(page: int) -> None:
        for turn in range(8):
            if picture(pdf, page, 200) != expected[page] or pages(pdf) != 2:
                wrong.append(f"{page}, {turn}")
            with pytest.raises(NoPicture):
                picture(b"%PDF-1.7", page, 200)

    threads = [threading.Thread(target=ask, args=(number % 2 + 1,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not wrong
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 2, "PDFium is left as it was found"
