"""Whole bodies, compared with what a person has read and found right."""

from pathlib import Path

import pytest

from publisher.content import clean_text, parse_body
from tests.unit.outline import outline

BODIES = sorted((Path(__file__).parent / "bodies").iterdir())
GOLDEN = Path(__file__).parent.parent / "channels" / "golden" / "content"
FORMATS = {".md": "markdown", ".html": "html", ".txt": "text"}


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.name)
def test_body_becomes_the_blocks_and_the_html_of_its_golden(path: Path) -> None:
    body = path.read_text(encoding="utf-8")
    document = parse_body(body, FORMATS[path.suffix], frozenset({"流程.png"}))
    assert outline(document) == (GOLDEN / f"{path.stem}.txt").read_text(encoding="utf-8")
    assert document.html + "\n" == (GOLDEN / f"{path.stem}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.name)
def test_reading_our_own_html_again_changes_nothing(path: Path) -> None:
    images = frozenset({"流程.png"})
    first = parse_body(path.read_text(encoding="utf-8"), FORMATS[path.suffix], images)
    assert parse_body(first.html, "html", images).html == first.html


@pytest.mark.parametrize("name", ["rules.md"])
def test_prose_is_the_same_whether_typed_as_markdown_or_as_plain_text(name: str) -> None:
    body = (Path(__file__).parent / "bodies" / name).read_text(encoding="utf-8")
    assert parse_body(body, "markdown").blocks == parse_body(body, "text").blocks


def test_no_word_is_changed_on_the_way() -> None:
    body = (Path(__file__).parent / "bodies" / "rules.md").read_text(encoding="utf-8")
    typed = "".join(clean_text(body).split())
    assert "".join(parse_body(body, "markdown").text.split()) == typed
