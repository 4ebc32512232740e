"""Withdrawing: the list of where it can still be met shrinks to nothing, or says what remains."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.hall import Hall
from tests.browser.seen import card

WHY = "有一项数据有误"
NOWHERE = "任何渠道都看不到、听不到"


def withdraw(page: Page) -> None:
    page.get_by_role("link", name="撤回", exact=True).click()
    expect(page.get_by_text("撤回不能反悔")).to_be_visible()
    page.get_by_label("撤回的原因").fill(WHY)
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("撤回已下达")


def take_down(page: Page, channel: str, note: str) -> None:
    """Confirm that somebody has taken it from the board, or has stopped the programme."""
    form = card(page, channel, "撤回").locator("details", has_text="确认已送达").first
    form.locator("summary").click()
    form.get_by_label("情况").fill(note)
    form.get_by_role("button", name=f"确认{channel}已送达").click()
    expect(page.get_by_role("status")).to_contain_text("已确认送达")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_the_list_of_where_it_can_be_seen_becomes_empty(
    hall: Hall, enter: Enter, *, scripts: bool
) -> None:
    item_id = hall.submit("website", "wechat", "noticeboard")
    hall.go_through()
    hall.city.publisher.staff.confirm(
        item_id, "noticeboard", by="张贴", note="已贴", evidence=None, now=hall.city.clock()
    )
    page = enter("operator", f"/items/{item_id}", java_script_enabled=scripts)
    seen = page.locator("ul.exposure > li > strong")
    assert seen.all_inner_texts() == ["网站", "微信", "公示栏"]

    withdraw(page)
    hall.go_through()
    if not scripts:
        page.reload()
    expect(seen).to_have_text(["公示栏"])
    expect(page.locator("ul.beyond > li")).to_have_text(re.compile("微信.*卡片仍在读者手机上"))
    take_down(page, "公示栏", "已从市政务大厅公示栏揭下")
    expect(seen).to_have_count(0)
    expect(page.get_by_text(NOWHERE)).to_be_visible()

    address = hall.city.publisher.store.standing.items(item_id)[0].url
    gone = page.request.get(hall.site + urlsplit(address).path)
    assert gone.status == 410
    (article,) = (one for one in hall.wechat.ledger() if one["title"] == hall.title(item_id))
    assert article["deleted"]


def test_what_cannot_be_taken_back_is_said(hall: Hall, enter: Enter) -> None:
    item_id = hall.submit("website", "sms", field="公共文化服务")
    hall.go_through()
    page = enter("operator", f"/items/{item_id}")
    withdraw(page)
    hall.go_through()
    expect(page.locator("ul.beyond > li")).to_have_text(
        re.compile("短信.*收到的短信仍在市民手机里")
    )
    expect(page.locator("ul.exposure > li")).to_have_count(0)
    page.goto(f"/items/{item_id}/withdraw")
    page.get_by_label("撤回的原因").fill(WHY)
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("撤回的原因")).to_have_value(WHY)
