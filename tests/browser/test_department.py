"""A department editor: other departments' items do not exist, wherever one asks for them."""

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.hall import FINANCE, SAFETY, Hall
from tests.browser.seen import cell


def test_only_own_items_are_there(hall: Hall, enter: Enter) -> None:
    own = hall.submit("website", "wechat", department=FINANCE)
    foreign = hall.submit("website", "wechat", department=SAFETY)
    page = enter("editor", "/")
    rows = page.locator("[data-item]")
    seen = rows.evaluate_all("rows => rows.map(row => row.dataset.item)")
    assert set(seen) == {"T01", own}
    expect(page.get_by_label("部门")).to_have_count(0)
    for address in (f"/items/{foreign}", f"/items/{foreign}/preview/website", "/items/T06"):
        answer = page.goto(address)
        assert answer
        assert answer.status == 404
        expect(page.get_by_text("没有这个编号的信息条目")).to_be_visible()
    for path in ("now", "withdraw", "correct", "evidence.zip"):
        assert page.request.get(f"/items/{foreign}/{path}").status == 404
    page.goto("/")
    page.get_by_label("标题、编号、文号").fill(foreign)
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("没有符合条件的信息条目")).to_be_visible()
    page.goto(f"/?department={SAFETY}")
    expect(page.locator(f'[data-item="{foreign}"]')).to_have_count(0)
    assert foreign not in page.request.get(f"/rows?item={foreign}&item={own}").text()


def test_nothing_is_heard_of_others(hall: Hall, enter: Enter) -> None:
    own = hall.submit("website", department=FINANCE)
    foreign = hall.submit("website", department=SAFETY)
    page = enter("editor", "/")
    expect(page.locator("#live")).to_have_text("实时更新")
    page.evaluate(
        """() => {
          window.heard = [];
          const { since } = document.getElementById("live").dataset;
          const all = new EventSource(`/live?since=${since}`);
          all.addEventListener("change", event => heard.push(JSON.parse(event.data).item));
          return new Promise(done => all.addEventListener("open", done, { once: true }));
        }"""
    )
    hall.city.flush("website")
    expect(cell(page, own, "网站")).to_contain_text("已送达")
    while not page.evaluate("window.heard.length"):
        page.wait_for_timeout(20)
    heard = page.evaluate("window.heard")
    assert own in heard
    assert foreign not in heard
    expect(page.locator("#live")).to_have_text("实时更新")  # and is offered nothing new
    assert foreign not in page.content()
