"""Pages of items as far as the search reads them, and what it finds."""

from channels.website.search_index import SearchIndex
from channels.website.search_words import asked


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
