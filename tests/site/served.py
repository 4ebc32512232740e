"""The small site as `publisher serve` shows it, with a search over some pages."""

import http.client
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from channels.website.options import Options
from channels.website.search import Search
from channels.website.site import Site
from channels.website.templates import Templates
from publisher.channel import File, PermanentError, TemporaryError
from publisher.web.server import Server
from publisher.web.site import site_app
from tests.channels.website_search_pages import a_page
from tests.factories import a_house
from tests.site.small_site import make_small_site
from tests.support.nginx import Answer, answer_of


class Searcher:
    """What the website channel offers; three words make it fail as it may."""

    def __init__(self, folder: Path) -> None:
        site = Site(a_house(folder), Options(search=True))
        self.index = Search(site.house.output, Templates(site))

    def search(self, words: str, page: int) -> File:
        match words:
            case "稍后":
                raise TemporaryError("搜索暂时用不了，请过几分钟再试")
            case "没开":
                raise PermanentError("本站没有开通搜索")
            case "错":
                raise RuntimeError("secret-of-the-house")
        return self.index.page(words, page)


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """Beside the site there are files of another channel, and one that is nobody's to see."""
    make_small_site(folder / "output" / "site")
    notes = folder / "output" / "broadcast" / "130181-2026-00001"
    notes.mkdir(parents=True)
    (notes / "口播稿 <一>.txt").write_text("口播")
    (notes / ".half").write_text("半份")
    (folder / "secret.txt").write_text("内部")
    (folder / "output" / "site" / "outside").symlink_to(folder)
    searcher = Searcher(folder)
    pages = [a_page(f"预算说明{one}", "全市预算") for one in range(12)]
    searcher.index.put((f"2026/{one:05d}.html", page) for one, page in enumerate(pages))
    with Server(site_app(folder / "output", searcher, show_output=True)) as running:
        yield running


def ask(
    server: Server, path: str, method: str = "GET", sent: dict[str, str] | None = None
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    with closing(connection):
        return answer_of(connection, path, method, sent)
