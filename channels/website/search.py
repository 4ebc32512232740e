"""The search over what stands on the site: what is typed in, the page that answers."""

import os
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from channels.website.places import FOLDER, ITEM_PAGE, SEARCH
from channels.website.search_index import NOTHING, Hit, Hits, Incomplete, SearchIndex
from channels.website.search_snippet import Part, marked, snippet
from channels.website.search_words import (
    MOST_CHARACTERS,
    MOST_WORDS,
    Asked,
    Partly,
    asked,
    in_pieces,
)
from channels.website.templates import Templates
from publisher.channel import File, TemporaryError
from publisher.model import ReasonClass

INDEX = "search.db"
PER_PAGE = 10
REBUILD = "publisher rebuild website"

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
        self._site = output / FOLDER
        self._name = f"{output.name}/{INDEX}"
        self._templates = templates

    def put(self, pages: Iterable[tuple[str, bytes]]) -> None:
        """Take in pages of items that are being put out, withdrawn ones too.

        The same pages again change nothing. An index that begins while others stand already is not
        complete, and nothing is answered from it, until `completed`. Raises TemporaryError.
        """
        taken = dict(pages)
        with self._told():
            self._index.put(taken.items(), all_there_are=not self._stand(taken))

    def completed(self) -> None:
        """To be called when all pages that stand have been put. Raises TemporaryError."""
        with self._told():
            self._index.completed()

    def reset(self) -> None:
        """Take a damaged index away, so that it can be made anew. Raises TemporaryError."""
        with self._told():
            self._index.reset()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What keeps the index from being written, in words."""
        try:
            yield
        except (OSError, sqlite3.Error):
            raise TemporaryError(
                f"网站搜索库“{self._name}”写不了；请检查磁盘空间和权限，"
                f"文件若已损坏，请运行 {REBUILD} 重建",
                kind=ReasonClass.INTERNAL,
            ) from None

    def _stand(self, known: Collection[str] = ()) -> bool:
        """Whether pages of items stand in the site beside those known."""
        for year in self._site.glob("[0-9][0-9][0-9][0-9]"):
            with os.scandir(year) as entries:
                names = (f"{year.name}/{entry.name}" for entry in entries)
                if any(ITEM_PAGE.fullmatch(name) and name not in known for name in names):
                    return True
        return False

    def page(self, typed: str, number: int) -> File:
        """The page of results for what a reader typed, which may be anything. TemporaryError."""
        words = _shown(typed[: MOST_CHARACTERS + 1])
        question = asked(words) if len(typed) <= MOST_CHARACTERS else None
        problem = _problem(typed, words, question)
        if question is None or problem:
            return self._page(words, problem=problem)
        found, pattern = self._found(question, in_pieces(words), number)
        results = [_result(hit, pattern) for hit in found.hits]
        return self._page(
            words, results=results, found=found, partly=pattern is not question.pattern
        )

    def _found(
        self, question: Asked, partly: Partly | None, number: int
    ) -> tuple[Hits, re.Pattern[str]]:
        """What was found, and what to mark in it."""
        try:
            return self._looked_up(question, partly, number)
        except (OSError, sqlite3.Error, Incomplete):
            if not self._index.is_begun and not self._stand():  # nothing was published yet
                return NOTHING, question.pattern
            raise TemporaryError(
                "搜索暂时用不了，请过几分钟再试；也可以从首页或分类列表中查找",
                kind=ReasonClass.INTERNAL,
            ) from None

    def _looked_up(
        self, question: Asked, partly: Partly | None, number: int
    ) -> tuple[Hits, re.Pattern[str]]:
        """What has the words as they were typed; or else their pieces, all or at least some."""
        found = self._index.search(question, number, PER_PAGE)
        if found.hits or partly is None:
            return found, question.pattern
        found = self._index.search(partly, number, PER_PAGE)
        if not found.hits:
            found = self._index.alike(partly, number, PER_PAGE)
        return found, partly.pattern

    def _page(
        self,
        words: str,
        *,
        problem: str = "",
        partly: bool = False,
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
            partly=partly,
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


def _result(hit: Hit, pattern: re.Pattern[str]) -> Result:
    found = hit.found
    return Result(
        href=quote(hit.name),
        title=marked(found.title, pattern),
        snippet=snippet(found.text, pattern),
        day=found.published[:10],
        department=found.department,
        doc_number=found.doc_number,
    )


def _address(words: str, number: int) -> str:
    return f"{SEARCH}?{urlencode({'q': words, 'page': number})}"
