"""The search over what stands on the site: what is typed in, the page that answers."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from channels.website.places import SEARCH
from channels.website.search_index import Hit, Hits, SearchIndex
from channels.website.search_snippet import Part, marked, snippet
from channels.website.search_words import MOST_CHARACTERS, MOST_WORDS, Asked, asked
from channels.website.templates import Templates
from publisher.channel import File, TemporaryError
from publisher.model import ReasonClass

INDEX = "search.db"
PER_PAGE = 10

_NO_WORDS = "这里面没有可以查找的字，请输入汉字、字母或数字。"
_TOO_LONG = f"要找的话太长了，请缩短到{MOST_CHARACTERS}个字以内；写几个关键的词就够了。"
_TOO_MANY = f"一次最多找{MOST_WORDS}个词，请只留下最要紧的几个。"


@dataclass(frozen=True)
class Result:
    """A page that was found, as the list of results shows it."""

    href: str
    title: tuple[Part, ...]
    snippet: tuple[Part, ...]
    day: str
    department: str
    doc_number: str


class Search:
    """Keeps the index beside the site's folder, never inside it, and answers from it."""

    def __init__(self, output: Path, templates: Templates) -> None:
        self._index = SearchIndex(output / INDEX)
        self._templates = templates

    def put(self, pages: Iterable[tuple[str, bytes]]) -> None:
        """Take in pages of items that are being put out, withdrawn ones too.

        The same pages again change nothing. Raises TemporaryError.
        """
        try:
            self._index.put(pages)
        except (OSError, sqlite3.Error):
            raise TemporaryError(
                f"网站搜索库“{INDEX}”写不了；请检查磁盘空间和权限，"
                "文件若已损坏，请把它移走并运行 publisher rebuild 重建",
                kind=ReasonClass.INTERNAL,
            ) from None

    def page(self, typed: str, number: int) -> File:
        """The page of results for what a reader typed, which may be anything. TemporaryError."""
        words = _shown(typed[: MOST_CHARACTERS + 1])
        question = asked(words) if len(typed) <= MOST_CHARACTERS else None
        problem = _problem(typed, words, question)
        if question is None or problem:
            return self._page(words, problem=problem)
        found = self._found(question, number)
        results = [_result(hit, question) for hit in found.hits]
        return self._page(words, results=results, found=found)

    def _found(self, question: Asked, number: int) -> Hits:
        try:
            return self._index.search(question, number, PER_PAGE)
        except (OSError, sqlite3.Error):
            raise TemporaryError(
                "搜索暂时用不了，请过几分钟再试；也可以从首页或分类列表中查找",
                kind=ReasonClass.INTERNAL,
            ) from None

    def _page(
        self,
        words: str,
        *,
        problem: str = "",
        results: Iterable[Result] = (),
        found: Hits | None = None,
    ) -> File:
        number = found.page if found else 1
        more = found is not None and number * PER_PAGE < found.count
        return self._templates.page(
            "search.html.j2",
            SEARCH,
            column=self._templates.column("搜索"),
            most=MOST_CHARACTERS,
            first=(number - 1) * PER_PAGE + 1,
            words=words,
            problem=problem,
            results=tuple(results),
            found=found,
            pages=-(-found.count // PER_PAGE) if found else 0,
            newer=_address(words, number - 1) if number > 1 else "",
            older=_address(words, number + 1) if more else "",
        )


def _shown(typed: str) -> str:
    """What was typed without what nobody sees, which no page can hold."""
    seen = (one if one.isprintable() else " " if one.isspace() else "" for one in typed)
    return " ".join("".join(seen).split())[:MOST_CHARACTERS]


def _problem(typed: str, words: str, question: Asked | None) -> str:
    """Why nothing can be looked for, in one sentence; "" where it can, or nothing was typed."""
    if len(typed) > MOST_CHARACTERS:
        return _TOO_LONG
    if question is None:
        return _NO_WORDS if words else ""
    return _TOO_MANY if len(question.phrases) > MOST_WORDS else ""


def _result(hit: Hit, question: Asked) -> Result:
    found = hit.found
    return Result(
        href=quote(hit.name),
        title=marked(found.title, question.pattern),
        snippet=snippet(found.text, question.pattern),
        day=found.published[:10],
        department=found.department,
        doc_number=found.doc_number,
    )


def _address(words: str, number: int) -> str:
    return f"{SEARCH}?{urlencode({'q': words, 'page': number})}"
