"""Pictures of every kind of page for people to look at: python -m tests.site.pictures [FOLDER]"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from publisher.web.server import Server
from tests.factories import ROOT
from tests.site.conftest import CHROMIUM
from tests.site.kinds import KINDS, path_of
from tests.site.whole_site import WholeSite, whole_site

FOLDER = ROOT / "var" / "pictures" / "website"
PHONE = {"width": 375, "height": 812}
DESK = {"width": 1280, "height": 900}
WAYS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": DESK},
    "phone": {"viewport": PHONE},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "contrast": {"viewport": DESK, "contrast": "more"},
    "forced": {"viewport": DESK, "forced_colors": "active"},
    "large": {"viewport": DESK},
    "large phone": {"viewport": PHONE},
    "print": {"viewport": {"width": 794, "height": 1123}},
}


def take(folder: Path) -> None:
    with (
        TemporaryDirectory() as place,
        whole_site(Path(place)) as site,
        site.served() as shown,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for way, how in WAYS.items():
            _take(browser, site, shown, folder, way, how)
        browser.close()


def _take(
    browser: Browser, site: WholeSite, shown: Server, folder: Path, way: str, how: dict[str, Any]
) -> None:
    with browser.new_context(**how) as context:
        page = context.new_page()
        if way == "print":
            page.emulate_media(media="print")
        for kind in KINDS:
            page.goto(shown.url + path_of(site, kind))
            if way.startswith("large"):
                page.locator("#large").check()
                page.mouse.click(0, 0)
            name = f"{kind}-{way}.png".replace(" ", "-")
            page.screenshot(path=folder / name, full_page=True)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(parents=True, exist_ok=True)
    take(target)
    print(target)  # noqa: T201 - for the person who asked
