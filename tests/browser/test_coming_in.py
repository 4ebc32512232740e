"""Coming in: with a temporary password, by the city's own account system, and going home."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from publisher.access import Role
from publisher.accounts.passwords import a_temporary_password
from publisher.web.office.app import office_app
from publisher.web.server import Server
from tests.browser.conftest import Enter
from tests.browser.hall import Hall
from tests.simulators.oidc import Client, OidcSimulator
from tests.support.brokers import free_port
from tests.support.city import City, settings_for
from tests.support.signing_in import rule

CHOSEN = "秋收冬藏 2026 xinji"


def log_in(page: Page, login: str, password: str) -> None:
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def test_a_temporary_password_is_good_for_choosing_ones_own(hall: Hall, enter: Enter) -> None:
    temporary = a_temporary_password()
    hall.city.publisher.accounts.people.add(
        "sunqi",
        name="孙琪",
        role=Role.OPERATOR,
        department="",
        password=temporary,
        by="王芳",
        now=hall.city.clock(),
    )
    page = enter("", "/worklist")
    expect(page).to_have_title("登录_辛集市信息发布")
    log_in(page, "sunqi", "不是这个密码")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("登录名")).to_have_value("sunqi")
    expect(page.get_by_label("密码")).to_have_value("")
    log_in(page, "sunqi", temporary)
    expect(page.get_by_text("您用的是临时密码")).to_be_visible()
    page.goto("/worklist")
    expect(page.get_by_role("heading", name="修改密码")).to_be_visible()

    page.get_by_label("原密码").fill(temporary)
    page.get_by_label("新密码", exact=False).first.fill("123456")
    page.get_by_label("再输入一次新密码").fill("123456")
    page.get_by_role("button", name="修改").click()
    expect(page.locator("#password")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("原密码").fill(temporary)
    page.locator("#password").fill(CHOSEN)
    page.get_by_label("再输入一次新密码").fill(CHOSEN)
    page.get_by_role("button", name="修改").click()
    expect(page.get_by_role("status")).to_contain_text("密码已修改")
    expect(page.get_by_role("heading", name="总览")).to_be_visible()

    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("status")).to_contain_text("已退出")
    page.goto("/worklist")
    log_in(page, "sunqi", CHOSEN)
    expect(page.get_by_role("heading", name="待办")).to_be_visible()


def test_who_finds_a_login_that_is_not_theirs_ends_it(enter: Enter) -> None:
    page, elsewhere = enter("auditor", "/account"), enter("auditor", "/")
    page.reload()
    rows = page.locator("tbody tr")
    before = rows.count()
    assert before >= 2
    rows.first.get_by_role("button").click()
    page.goto("/account")
    elsewhere.reload()
    still_in = [one for one in (page, elsewhere) if "/login" not in one.url]
    assert len(still_in) == 1


@pytest.fixture
def provider() -> Iterator[OidcSimulator]:
    with OidcSimulator() as simulator:
        yield simulator


def test_the_citys_own_account_system_lets_people_in(
    browser: Browser, provider: OidcSimulator, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    provider.client = Client(redirect_uris=(f"{url}/login/sso/back",))
    settings = settings_for(tmp_path, {}, console={"base_url": url}, sign_in=rule(provider))
    city = City(settings)
    city.publisher.accounts.people.add(
        "zhangmin",
        name="张敏",
        role=Role.VIEWER,
        department="",
        password=None,
        by="王芳",
        now=city.clock(),
    )
    app, close = office_app(city.publisher)
    with Server(app, port), browser.new_context(base_url=url) as context:
        page = context.new_page()
        page.goto("/worklist")
        page.get_by_role("link", name="登录", exact=False).last.click()
        assert urlsplit(page.url).port == urlsplit(provider.url).port
        page.get_by_role("button", name="zhangmin").click()
        expect(page.get_by_role("heading", name="待办")).to_be_visible()
        expect(page.get_by_role("link", name="张敏")).to_be_visible()
        page.goto("/logout")
        page.goto("/login/sso/back?code=x&state=y")
        expect(page.get_by_role("alert")).to_contain_text("请重新登录")
    close()
    city.close()
