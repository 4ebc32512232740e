"""Live: pages that stand open stay true, whatever becomes of the line."""

from playwright.sync_api import Request, expect

from tests.browser.complaints import Complaints
from tests.browser.conftest import Enter
from tests.browser.hall import Hall
from tests.browser.seen import card, cell

DONE = "✓已送达"


def test_where_there_is_no_stream_the_page_asks_from_time_to_time(
    hall: Hall, enter: Enter, complaints: Complaints
) -> None:
    complaints.looked_for = (": 503",)
    item_id = hall.submit("website")
    page = enter("viewer")
    page.route("**/live?*", lambda route: route.fulfill(status=503))
    page.clock.install()
    page.goto("/")
    expect(page.locator("#live")).to_have_text("每 10 秒更新")
    expect(cell(page, item_id, "网站")).to_contain_text("待发")
    hall.city.flush("website")
    page.clock.run_for(10_500)
    expect(cell(page, item_id, "网站").locator(".status")).to_have_text(DONE)


def test_the_page_of_an_item_changes_too_but_not_under_the_hands(hall: Hall, enter: Enter) -> None:
    item_id = hall.refused()
    page, typing = enter("viewer", f"/items/{item_id}"), enter("operator", f"/items/{item_id}")
    for one in (page, typing):
        expect(one.locator("#live")).to_have_text("实时更新")
    typing.get_by_text("重发", exact=True).click()
    typing.get_by_label("重发的原因").fill("正在写")
    hall.resend(item_id, "wechat")
    hall.go_through()
    expect(card(page, "微信").locator(".status").first).to_have_text(DONE)
    expect(typing.get_by_role("link", name="这一条有变化，刷新")).to_be_visible()
    expect(typing.get_by_label("重发的原因")).to_have_value("正在写")
    typing.get_by_role("link", name="这一条有变化，刷新").click()
    expect(card(typing, "微信").locator(".status").first).to_have_text(DONE)


def test_what_is_new_is_offered(hall: Hall, enter: Enter) -> None:
    page = enter("viewer", "/")
    expect(page.locator("#live")).to_have_text("实时更新")
    item_id = hall.submit("website")
    page.get_by_role("link", name="有新的变化，刷新").click()
    expect(cell(page, item_id, "网站")).to_be_visible()


def test_a_page_that_stands_open_says_that_its_session_is_over(
    hall: Hall, enter: Enter, complaints: Complaints
) -> None:
    complaints.looked_for = (": 401",)
    item_id = hall.submit("website")
    page = enter("auditor", "/")
    expect(page.locator("#live")).to_have_text("实时更新")
    hall.end_sessions("auditor")
    hall.city.flush("website")
    expect(page.locator("#live")).to_have_text("登录已过期，请刷新网页重新登录")
    expect(cell(page, item_id, "网站")).not_to_contain_text("已送达")


def test_the_focus_stays_where_it_was_when_a_row_is_replaced(hall: Hall, enter: Enter) -> None:
    item_id = hall.submit("website")
    page = enter("viewer", "/")
    expect(page.locator("#live")).to_have_text("实时更新")
    page.get_by_role("link", name=hall.title(item_id)).focus()
    hall.city.flush("website")
    expect(cell(page, item_id, "网站")).to_contain_text("已送达")
    expect(page.get_by_role("link", name=hall.title(item_id))).to_be_focused()


def test_nothing_is_missed_while_the_line_is_cut(hall: Hall, enter: Enter) -> None:
    item_id = hall.submit("website")
    newest = hall.city.publisher.store.changes.newest()
    page = enter("viewer")
    cut = f"retry: 700\nid: {newest}\ndata: {{}}\n\n"
    page.route(
        "**/live?*",
        lambda route: route.fulfill(body=cut, content_type="text/event-stream"),
        times=1,
    )
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - it marks it
    page.goto("/")
    expect(page.locator("#live")).to_have_text("正在重新连接……")
    hall.city.flush("website")
    expect(cell(page, item_id, "网站").locator(".status")).to_have_text(DONE)
    expect(page.locator("#live")).to_have_text("实时更新")
    *_, again = (one for one in asked if "/live" in one.url)
    assert again.all_headers()["last-event-id"] == str(newest)


def test_too_many_changes_take_nothing_out_of_the_hands(hall: Hall, enter: Enter) -> None:
    """Whoever writes goes on writing, and no form is sent again by the page itself."""
    item_id = hall.refused()
    page = enter("operator")
    everything = "retry: 600000\n\nevent: reload\ndata: {}\n\n"
    page.route(
        "**/live?*", lambda route: route.fulfill(body=everything, content_type="text/event-stream")
    )
    page.goto(f"/items/{item_id}")
    page.get_by_text("重发", exact=True).click()
    page.get_by_label("重发的原因").fill("联系人 13900012345")
    posted: list[Request] = []
    page.on("request", lambda one: posted.append(one) if one.method == "POST" else None)
    page.get_by_role("button", name="重发到微信").click()
    expect(page.get_by_label("重发的原因")).to_have_attribute("aria-invalid", "true")
    link = page.get_by_role("link", name="这一条有变化，刷新")
    expect(link).to_be_visible()
    expect(page.get_by_label("重发的原因")).to_have_value("联系人 13900012345")
    assert len(posted) == 1
    link.click()
    page.wait_for_url(f"**/items/{item_id}")
