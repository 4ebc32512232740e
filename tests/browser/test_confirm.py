"""Confirming with a photo that it was read on air: mistakes are told, and nothing typed is lost."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from publisher.model import Status
from tests.browser.conftest import Enter
from tests.browser.hall import Hall
from tests.browser.seen import card

PLACE, NOTE = "调频 98.5 兆赫", "晚间新闻后播出一遍"


def photo() -> FilePayload:
    data = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(data, "JPEG")
    return {"name": "播出记录.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


DISGUISED: FilePayload = {
    "name": "播出记录.jpg",
    "mimeType": "image/jpeg",
    "buffer": "<!doctype html><title>不是照片</title>".encode(),
}


def form_of(page: Page) -> Locator:
    return card(page, "广播电视").locator("details", has_text="确认已送达").first


def fill(form: Locator, file: FilePayload, time: str) -> None:
    form.locator("summary").click()
    form.get_by_label("时间", exact=False).fill(time)
    form.get_by_label("地点或频道、版面").fill(PLACE)
    form.get_by_label("情况").fill(NOTE)
    form.get_by_label("照片、播出单等证明").set_input_files(file)


def just_now(hall: Hall) -> str:
    """When it was aired, as the field has it: nothing is aired before it has come in."""
    return f"{hall.city.clock().astimezone(hall.city.publisher.house.timezone):%Y-%m-%dT%H:%M}"


def said(hall: Hall) -> str:
    return f"时间 {just_now(hall).replace('T', ' ')}，地点 {PLACE}，{NOTE}"


def still_there(form: Locator, time: str) -> None:
    expect(form.get_by_label("时间", exact=False)).to_have_value(time)
    expect(form.get_by_label("地点或频道、版面")).to_have_value(PLACE)
    expect(form.get_by_label("情况")).to_have_value(NOTE)


def confirmations(hall: Hall, item_id: str) -> list[str]:
    item = hall.city.publisher.store.standing.items(item_id)[0]
    (one,) = (row for row in item.deliveries if row.channel == "broadcast")
    lines = hall.city.publisher.store.standing.history(one.id)
    return [line.reason for line in lines if line.kind == "staff"]


def the_photo_can_be_looked_at(page: Page) -> None:
    aired = card(page, "广播电视")
    expect(aired.locator(".status").first).to_have_text("✓已送达")
    aired.locator("summary", has_text="经过").click()
    aired.get_by_role("link", name="查看证明文件").click()
    page.wait_for_url("**/evidence/*")
    assert page.locator("img").evaluate("picture => picture.naturalWidth") == 64


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_a_wrong_file_is_told_at_its_field_and_the_right_one_confirms(
    hall: Hall, enter: Enter, *, scripts: bool
) -> None:
    item_id = hall.awaited("broadcast")
    page = enter("operator", f"/items/{item_id}", java_script_enabled=scripts)
    form = form_of(page)
    fill(form, DISGUISED, just_now(hall))
    form.get_by_role("button", name="确认广播电视已送达").click()
    upload = form.get_by_label("照片、播出单等证明")
    expect(upload).to_have_attribute("aria-invalid", "true")
    expect(upload).to_have_accessible_description(re.compile("夹带了网页"))
    expect(page.get_by_role("alert")).to_contain_text("填过的都还在")
    still_there(form, just_now(hall))
    assert hall.city.status(item_id, "broadcast") is Status.AWAITING
    upload.set_input_files(photo())
    form.get_by_role("button", name="确认广播电视已送达").click()
    expect(page.get_by_role("status")).to_contain_text("已确认送达")
    assert confirmations(hall, item_id) == [said(hall)]
    the_photo_can_be_looked_at(page)


def test_a_session_that_ends_in_the_midst_of_a_form_loses_nothing(hall: Hall, enter: Enter) -> None:
    item_id = hall.awaited("broadcast")
    page = enter("viewer", f"/items/{item_id}")
    expect(page.get_by_text("确认已送达")).to_have_count(0)

    page = enter("operator", f"/items/{item_id}")
    fill(form_of(page), photo(), just_now(hall))
    hall.end_sessions("operator")
    form_of(page).get_by_role("button", name="确认广播电视已送达").click()
    expect(page.get_by_text("登录已过期。您刚才填写的内容都在")).to_be_visible()
    page.get_by_label("登录名").fill("operator")
    page.get_by_label("密码").fill("不是这个")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("密码")
    page.get_by_label("密码").fill(hall.password)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="继续刚才的操作")).to_be_visible()
    expect(page.locator("dd", has_text=NOTE)).to_be_visible()
    assert confirmations(hall, item_id) == []
    page.get_by_role("button", name="继续提交").click()
    expect(page.get_by_role("status")).to_contain_text("已确认送达")
    assert confirmations(hall, item_id) == [said(hall)]
    the_photo_can_be_looked_at(page)
