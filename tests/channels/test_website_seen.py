"""Seeing each page over HTTP after it was written, as a citizen would."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from channels.website import Options, Website, build
from publisher.channel import TemporaryError
from publisher.model import Status
from tests.channels.test_website_send import site
from tests.factories import a_house, an_item
from tests.support.web_folder import WebFolder


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[WebFolder]:
    """The site's folder as a web server shows it."""
    with WebFolder(site(tmp_path)) as web:
        yield web


def a_verified_website(folder: Path, url: str) -> Website:
    house = replace(a_house(folder), site_url=url)
    return build("gov_website", Options(verify_url=True, read_timeout=0.5), house)


def test_verified_over_http(tmp_path: Path, shown: WebFolder) -> None:
    url = shown.url
    website = a_verified_website(tmp_path, url)
    receipt = website.send(website.render([an_item(site_url=url)]), "key-1")
    assert receipt.status is Status.DELIVERED
    assert receipt.url == f"{url}/2026/00001.html"


def test_a_page_that_the_public_does_not_see_is_not_delivered(
    tmp_path: Path, shown: WebFolder
) -> None:
    """The web server shows another folder than the one that was written."""
    url = shown.url
    other = tmp_path / "other"
    website = a_verified_website(other, url)
    rendition = website.render([an_item(site_url=url)])
    with pytest.raises(TemporaryError, match="没有正常显示") as caught:
        website.send(rendition, "key-1")
    assert caught.value.raw == "HTTP 404"
    (site(tmp_path) / "2026").mkdir()
    (site(tmp_path) / "2026" / "00001.html").write_text("an older page")
    with pytest.raises(TemporaryError, match="不一致"):
        website.send(rendition, "key-1")
    shown.__exit__()
    with pytest.raises(TemporaryError, match="访问不到"):
        website.send(rendition, "key-1")
