"""Where a link leads: to a file of the site, elsewhere, or where no citizen can follow."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from channels.website.site import Site
from publisher.content import ContentError
from publisher.content.links import checked

_REACHING = frozenset({"mailto", "tel", "sms"})


@dataclass(frozen=True, slots=True)
class Target:
    """`name` is the file of the site, None where the link leads elsewhere."""

    name: str | None
    fragment: str = ""
    host: str = ""
    reachable: bool = True


class Addresses:
    """Reads the links of one site."""

    def __init__(self, site: Site) -> None:
        self._base = site.house.site_url + "/"
        # The same menu stands on every page of a folder.
        self._known = lru_cache(maxsize=4096)(self._read)

    @cached_property
    def host(self) -> str:
        return urlsplit(self._base).netloc

    def of(self, page: str) -> str:
        """The address of a page."""
        return self._base + quote(page)

    def target(self, page: str, href: str) -> Target:
        """What `href` on `page` leads to."""
        if href.startswith("#"):
            return Target(page, unquote(href[1:]))
        return self._known(page.rpartition("/")[0], href)

    def _read(self, folder: str, href: str) -> Target:
        try:
            whole = urljoin(self.of(f"{folder}/" if folder else ""), href)
            parts = urlsplit(whole)
        except ValueError:
            return Target(None, reachable=False)
        if whole.startswith(self._base) or whole == self._base.rstrip("/"):
            path = unquote(whole.removeprefix(self._base).partition("#")[0].partition("?")[0])
            return Target(_file(path), unquote(parts.fragment))
        reachable = parts.scheme in _REACHING or parts.netloc == self.host or _public(whole)
        return Target(None, host=parts.netloc, reachable=reachable)


def _file(path: str) -> str:
    return f"{path}index.html" if not path or path.endswith("/") else path


def _public(whole: str) -> bool:
    try:
        return bool(checked(whole))
    except ContentError:
        return False
