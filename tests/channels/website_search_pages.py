"""Pages of items as far as the search reads them, what it finds, and what it shows of that."""

from pathlib import Path
from typing import Any

from lxml import html

from channels.website.options import Options
from channels.website.search import Search
from channels.website.search_index import SearchIndex
from channels.website.search_words import asked
from channels.website.site import Site
from channels.website.templates import Templates
from tests.factories import a_house


def a_page(
    title: str, body: str = "正文", at: str = "2026-03-01 09:00", by: str = "财政局", **facts: str
) -> bytes:
    """A page of an item, as far as it is read."""
    tags = {"ArticleTitle": title, "PubDate": at, "ContentSource": by}
    names = {"number": "IndexNumber", "doc_number": "DocumentNumber", "keywords": "Keywords"}
    tags |= {names[name]: value for name, value in facts.items()}
    metas = "".join(f'<meta name="{name}" content="{value}">' for name, value in tags.items())
    return (
        f'<html><head>{metas}</head><body class="item"><nav>首页 导航</nav><h1>{title}</h1>'
        f'<div class="body">{body}</div></body></html>'
    ).encode()


def names(index: SearchIndex, typed: str, page: int = 1, per_page: int = 10) -> list[str]:
    question = asked(typed)
    assert question
    return [hit.name for hit in index.search(question, page, per_page).hits]


def a_search(folder: Path, **options: Any) -> Search:
    site = Site(a_house(folder), Options(search=True, **options))
    return Search(site.house.output, Templates(site))


def shown(search: Search, typed: str, page: int = 1) -> str:
    return " ".join(parsed(search, typed, page).text_content().split())


def parsed(search: Search, typed: str, page: int = 1) -> Any:
    tree: Any = html.document_fromstring(search.page(typed, page).data.decode())
    return tree.get_element_by_id("main")
