"""Seeing the pages as a citizen does: fetched over HTTP from the site's own address."""

from hashlib import sha256

import requests

from channels.website.output import is_page
from channels.website.places import gone_mark
from channels.website.site import Site
from publisher.channel import File, Rendition, TemporaryError


def verify(rendition: Rendition, site: Site) -> None:
    """Fetch the pages of the items and compare. Raises TemporaryError if one differs.

    The pages may be out already; sending them again does no harm, so this error is right for it.
    """
    names = {file.name for file in rendition.files}
    with requests.Session() as session:
        for file in rendition.files:
            if is_page(file):
                gone = gone_mark(file.name) in names
                _compare(file, site, session, also=requests.codes.gone if gone else 0)


def fetch(url: str, site: Site, session: requests.Session) -> requests.Response | None:
    """The answer of the site's own address, None if there is none."""
    session.trust_env = False  # the address is a setting; a proxy would be a second, hidden one
    times = (site.options.connect_timeout, site.options.read_timeout)
    try:
        return session.get(url, timeout=times, allow_redirects=False)
    except requests.RequestException:
        return None


def _compare(file: File, site: Site, session: requests.Session, also: int) -> None:
    answer = fetch(site.url(file.name), site, session)
    if answer is None:
        raise TemporaryError(
            f"网页“{file.name}”已写入，但从网站地址访问不到；请检查网站服务器和网络是否正常"
        )
    if answer.status_code not in (requests.codes.ok, also):
        raise TemporaryError(
            f"网页“{file.name}”已写入，但网站没有正常显示；请检查网站服务器指向的文件夹",
            raw=f"HTTP {answer.status_code}",
        )
    if sha256(answer.content).hexdigest() != file.sha256:
        raise TemporaryError(
            f"网页“{file.name}”已写入，但网站上看到的内容与成稿不一致；请检查缓存和同步是否及时"
        )
