"""Full builds of a site by others, set to make what ours makes as far as they can."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.articles import Article

_OTHERS = Path(__file__).parent / "others"
_BIN = Path(sys.executable).parent


class Pelican:
    """Python, Markdown and Jinja2 like ours, in one process."""

    name = "Pelican"

    def __init__(self, folder: Path, articles: Iterable[Article]) -> None:
        self.output = folder / "output"
        self._folder = folder
        (folder / "content").mkdir(parents=True)
        shutil.copytree(_OTHERS / "pelican" / "templates", folder / "theme" / "templates")
        for one in articles:
            (folder / "content" / f"{one.serial:05d}.md").write_text(_for_pelican(one), "utf-8")

    def build(self) -> None:
        settings = _OTHERS / "pelican" / "settings.py"
        options = [f"--settings={settings}", f"--output={self.output}", "--theme-path=theme"]
        _run([_BIN / "pelican", "--quiet", *options, "content"], self._folder)


class Hugo:
    """A compiled program that works on all cores."""

    name = "Hugo"

    def __init__(self, folder: Path, articles: Iterable[Article]) -> None:
        self.output = folder / "public"
        self._folder = folder
        shutil.copytree(_OTHERS / "hugo", folder)
        content = folder / "content" / "articles"
        for one in articles:
            page = content / str(one.published_at.year) / f"{one.serial:05d}.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(_for_hugo(one), "utf-8")

    def build(self) -> None:
        _run([_BIN / "hugo", "--quiet", "--destination", self.output], self._folder)


def _run(command: Sequence[Path | str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=3600)


def _for_pelican(article: Article) -> str:
    facts = {
        "Title": article.title,
        "Date": article.published_at.isoformat(),
        "Slug": f"{article.serial:05d}",
        "Category": article.field,
        "Author": article.department,
        "Tags": ",".join((*article.topics, f"{article.stage}公开")),
        "Number": article.doc_number,
        "Summary": article.summary,
    }
    head = "".join(f"{name}: {value}\n" for name, value in facts.items())
    return f"{head}\n{article.body}\n"


def _for_hugo(article: Article) -> str:
    facts = {
        "title": article.title,
        "date": article.published_at.isoformat(),
        "serial": article.serial,
        "field": [article.field],
        "stage": [article.stage],
        "department": [article.department],
        "topic": article.topics,
        "year": [str(article.published_at.year)],
        "number": article.doc_number,
        "description": article.summary,
    }
    return f"{json.dumps(facts, ensure_ascii=False, indent=1)}\n\n{article.body}\n"
