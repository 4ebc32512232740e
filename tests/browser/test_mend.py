"""What failed, and what nobody knows the end of: seen, understood, mended, by clicks."""

import pytest
from playwright.sync_api import Route, expect

from publisher.model import Status
from tests.browser.conftest import Enter
from tests.browser.hall import Hall
from tests.browser.seen import card, cell
from tests.simulators.server import Fault

REFUSED = "权限问题：本机的出口 IP 203.0.113.7 不在公众号的 IP 白名单中"
NEXT = "下一步：请检查渠道账号的权限和密钥，改好后点「重发」"
TAKEN, DONE = "○已受理", "✓已送达"
NOT_NOW = "现在的状态是「待发」，不能重发；只有未发出、已失效或结果不明的投递可以重发"
ONCE_ALREADY = "刚才又发过一次，没有重发；请看过结果再定"


def test_a_failure_is_seen_understood_and_mended_and_turns_green_by_itself(
    hall: Hall, enter: Enter
) -> None:
    item_id = hall.refused()
    watching = enter("viewer", "/")
    expect(watching.locator("#live")).to_have_text("实时更新")
    red = cell(watching, item_id, "微信").locator(".status")
    expect(red).to_have_text("✗未发出")
    expect(red).to_have_class("status failed")
    watching.evaluate("window.stands = true")

    page = enter("operator", "/")
    page.get_by_role("link", name="未发出").first.click()
    page.get_by_role("link", name=hall.title(item_id)).click()
    failed = card(page, "微信")
    expect(failed).to_contain_text(REFUSED)
    expect(failed).to_contain_text(NEXT)
    failed.get_by_text("重发", exact=True).click()
    failed.get_by_label("重发的原因").fill("已加入白名单")
    with hall.at_work():
        failed.get_by_role("button", name="重发到微信").click()
        expect(page.get_by_role("status")).to_contain_text("已重新排队")
        expect(red).to_have_text(TAKEN)
        hall.finish()
        expect(red).to_have_text(DONE)
    expect(red).to_have_class("status delivered")
    assert watching.evaluate("window.stands"), "the page was not loaded anew"
    expect(watching.locator("#said")).to_contain_text(f"{hall.title(item_id)}：微信已送达")
    expect(card(page, "微信")).to_contain_text("已送达")


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_on_the_work_list_one_click_is_enough(hall: Hall, enter: Enter, *, scripts: bool) -> None:
    item_id = hall.refused()
    page = enter("operator", "/worklist", java_script_enabled=scripts)
    matter = page.get_by_role("article", name=f"微信：{hall.title(item_id)}")
    expect(matter).to_contain_text(REFUSED)
    matter.get_by_role("button", name="重发").click()
    expect(page.get_by_role("status")).to_contain_text("已重新排队")
    hall.go_through()
    assert hall.city.status(item_id, "wechat") is Status.DELIVERED
    page.goto("/worklist")
    expect(matter).to_have_count(0)


def test_a_failure_is_mended_where_no_scripts_run(hall: Hall, enter: Enter) -> None:
    item_id = hall.refused()
    page = enter("operator", "/?status=failed", java_script_enabled=False)
    expect(page.locator("#live")).to_have_text("打开时的情况")
    page.get_by_role("link", name=hall.title(item_id)).click()
    form = card(page, "微信").locator("details", has_text="重发的原因")
    form.locator("summary").click()
    form.get_by_label("重发的原因").fill(" ")
    form.get_by_role("button", name="重发到微信").click()
    expect(form.locator(".wrong")).to_contain_text("不能空着")
    form.get_by_label("重发的原因").fill("已加入白名单")
    form.get_by_role("button", name="重发到微信").click()
    expect(page.get_by_role("status")).to_contain_text("已重新排队")
    hall.go_through()
    page.reload()
    expect(card(page, "微信").locator(".status").first).to_have_text(DONE)


def test_what_is_out_after_all_is_confirmed_and_not_sent_again(hall: Hall, enter: Enter) -> None:
    item_id = hall.in_doubt(Fault.RESET, field="公共文化服务")
    sent = len(hall.sms.ledger())
    page = enter("operator", "/worklist")
    matter = page.get_by_role("article", name=f"短信：{hall.title(item_id)}")
    expect(matter).to_contain_text("系统知道的：已发送 1 次")
    matter.get_by_role("link", name="确已发出，确认").click()
    form = card(page, "短信").locator("details", has_text="确认已送达").first
    expect(form.get_by_text("确实已经发出的，在这里确认")).to_be_visible()
    form.get_by_label("情况").fill("平台记录里有这一批")
    form.get_by_role("button", name="确认短信已送达").click()
    expect(page.get_by_role("status")).to_contain_text("已确认送达")
    expect(card(page, "短信").locator(".status").first).to_have_text(DONE)
    hall.go_through()
    assert hall.city.status(item_id, "sms") is Status.DELIVERED
    assert len(hall.sms.ledger()) == sent


def test_what_is_surely_not_out_is_sent_after_somebody_has_looked(hall: Hall, enter: Enter) -> None:
    item_id = hall.in_doubt(Fault.DROP, field="公共文化服务")
    sent = len(hall.sms.ledger())
    page = enter("operator", "/worklist")
    matter = page.get_by_role("article", name=f"短信：{hall.title(item_id)}")
    matter.get_by_role("link", name="确未发出，重发").click()
    form = card(page, "短信").locator("details[open]", has_text="重发的原因")
    form.get_by_label("重发的原因").fill("平台上没有这一批")
    form.get_by_role("button", name="重发到短信").click()
    expect(form.locator(".wrong")).to_contain_text("请先到渠道上核实")
    expect(form.get_by_label("重发的原因")).to_have_value("平台上没有这一批")
    assert hall.city.status(item_id, "sms") is Status.UNKNOWN
    form.get_by_label("我已到渠道上核实，确未发出").check()
    form.get_by_role("button", name="重发到短信").click()
    expect(page.get_by_role("status")).to_contain_text("已重新排队")
    hall.go_through()
    assert hall.city.status(item_id, "sms") is Status.DELIVERED
    assert len(hall.sms.ledger()) > sent


def test_two_who_press_at_the_same_moment_send_it_once(hall: Hall, enter: Enter) -> None:
    item_id = hall.refused()
    desks = [enter(login, f"/items/{item_id}") for login in ("operator", "admin")]
    held: list[Route] = []
    for desk in desks:
        desk.route("**/resend", lambda route: held.append(route))  # noqa: PLW0108 - it marks it
        desk.get_by_text("重发", exact=True).click()
        desk.get_by_role("button", name="重发到微信").click(no_wait_after=True)
    while len(held) < 2:  # both press before either is heard
        desk.wait_for_timeout(20)
    for route in held:
        route.continue_()
    said = [desk.locator("main > .done, main > .wrong").inner_text() for desk in desks]
    assert len([one for one in said if "已重新排队" in one]) == 1
    (other,) = (one for one in said if "已重新排队" not in one)
    assert other.strip() in {ONCE_ALREADY, NOT_NOW}
    title = hall.title(item_id)
    hall.go_through()
    assert [one["title"] for one in hall.wechat.ledger()].count(title) == 1
