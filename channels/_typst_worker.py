"""The process that runs Typst: reads orders on stdin, answers on stdout, ends when stdin ends.

It is a process of its own because Typst cannot be interrupted, keeps what it has laid out in
memory for ever, and hangs a program that forks after it. It needs nothing of ours, so that it
starts fast and can be run by its file name.

A frame is four bytes of length and then the bytes. An order is a frame of JSON and one frame for
each of its files; an answer is a frame of JSON and one frame with the document.
"""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, cast

import typst

REQUIRED = frozenset(
    {"FandolFang R", "FandolKai", "FandolHei", "Noto Serif CJK SC", "Noto Sans CJK SC"}
)
STANDARDS = ["a-2a", "ua-1"]
"""The exporter itself refuses missing glyphs, pictures without alt text, skipped headings."""
Files = dict[str, bytes]
"""A virtual folder of text files with main.typ in it; the type stub of Typst does not know it."""
_LENGTH = 4


def write_frame(stream: IO[bytes], data: bytes) -> None:
    _write_all(stream, len(data).to_bytes(_LENGTH, "big"))
    _write_all(stream, data)


def read_frame(stream: IO[bytes]) -> bytes:
    """The next frame; EOFError when the other side is gone, even in the middle of one."""
    return _exactly(stream, int.from_bytes(_exactly(stream, _LENGTH), "big"))


def write_message(stream: IO[bytes], head: object, blobs: Iterable[bytes]) -> None:
    write_frame(stream, json.dumps(head, ensure_ascii=False).encode())
    for blob in blobs:
        write_frame(stream, blob)
    stream.flush()


def _write_all(stream: IO[bytes], data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]  # an unbuffered pipe may take a part only


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = stream.read(size - len(data))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def main(most_orders: int, most_memory: int) -> None:
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    for count in range(1, most_orders + 1):
        try:
            order = json.loads(read_frame(orders))
            files = {name: read_frame(orders) for name in order["files"]}
        except EOFError:
            return  # the publisher is gone, or has done with us
        answer, document = _answer(order, files)
        answer["last"] = last = count == most_orders or _memory() > most_memory
        try:
            write_message(answers, answer, [document])
        except BrokenPipeError:
            return  # nobody waits for it any more
        if last:
            return


def _answer(order: dict[str, Any], files: Files) -> tuple[dict[str, Any], bytes]:
    fonts, families, site = _fonts(order["fonts"])
    if missing := REQUIRED - families:
        _fonts.cache_clear()  # they may be installed while we live
        return {"missing": sorted(missing)}, b""
    inputs = {"data": order["data"], "site": site}
    try:
        if order["format"] == "pages":
            return {"pages": _pages(files, fonts, inputs)}, b""
        return _compile(order, files, fonts, inputs)
    except typst.TypstError as error:
        return {"error": error.message, "diagnostic": error.diagnostic}, b""
    except RuntimeError as error:
        return {"error": str(error), "diagnostic": ""}, b""  # the binding's own, about its inputs


def _compile(
    order: dict[str, Any], files: Files, fonts: typst.Fonts, inputs: dict[str, str]
) -> tuple[dict[str, Any], bytes]:
    pdf = order["format"] == "pdf"
    document, warnings = typst.compile_with_warnings(
        cast("Any", files),
        font_paths=fonts,
        format=order["format"],
        ppi=None if pdf else 72,
        pdf_standards=cast("Any", STANDARDS if pdf else []),
        sys_inputs=inputs,
        timestamp=datetime.fromisoformat(order["timestamp"]),
    )
    if warnings:
        return {"error": "; ".join(warning.message for warning in warnings), "diagnostic": ""}, b""
    if not isinstance(document, bytes):
        return {"error": "more than one picture", "diagnostic": ""}, b""
    return {}, document


def _pages(files: Files, fonts: typst.Fonts, inputs: dict[str, str]) -> int:
    """The template says it itself, in its metadata <pages>."""
    found = typst.query(
        cast("Any", files), "<pages>", field="value", one=True, font_paths=fonts, sys_inputs=inputs
    )
    return int(found)


@cache
def _fonts(folder: str) -> tuple[typst.Fonts, set[str], str]:
    """The fonts of a folder, their families, and which of them the city put in for each face.

    The city's own fonts lie in site/<face>/ and are preferred for that face.
    """
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder]
    )
    own: dict[str, set[str]] = {}
    for font in fonts.fonts():
        if font.path is not None and Path(folder, "site") in Path(font.path).parents:
            own.setdefault(Path(font.path).parent.name, set()).add(font.family)
    site = {face: sorted(families) for face, families in own.items()}
    return fonts, set(fonts.families()), json.dumps(site, ensure_ascii=False)


def _memory() -> int:
    """Bytes this process has in memory; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * 4096


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
