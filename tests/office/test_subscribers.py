"""Subscribers: counts and no list, import, stop, and look up with a reason."""

from datetime import timedelta
from pathlib import Path

import pytest
import requests

from tests.support.console import Console, field, open_console, text_of
from tests.support.townsfolk import ANN, BEA, CHO

FILE = f"手机号,主题\n{ANN},财政预决算\n{BEA},财政预决算、安全生产\n"
MASKED = "139****0000"


def take(office: Console, text: str = FILE) -> requests.Response:
    files = {"people": ("订户.csv", text.encode(), "text/csv")}
    return office.enter("operator").post("/subscribers/import", files=files)


def look(office: Console, number: str = ANN, why: str = "本人来电询问") -> requests.Response:
    form = {"number": number, "why": why}
    return office.enter("operator").post("/subscribers/look", form)


def test_an_import_is_told_in_counts(office: Console) -> None:
    done = take(office)
    assert done.status_code == 303
    page = office.enter("operator").get(done.headers["location"])
    text = text_of(page)
    assert "新增 2 人，主题有变 0 人，未变 0 人" in text
    assert "安全生产 1 财政预决算 2 在订的人（一人可订几个主题） 2" in text
    for phone in (ANN, BEA):
        assert phone not in page.text
        assert phone[-4:] not in page.text, "no list, not even a masked one"
    again = office.enter("operator").get(take(office).headers["location"])
    assert "新增 0 人，主题有变 0 人，未变 2 人" in text_of(again)


def test_a_file_with_anything_wrong_is_not_taken_at_all(office: Console) -> None:
    page = take(office, f"{FILE}123,财政预决算\n{CHO},没有的主题\n")
    assert page.status_code == 422
    text = text_of(page)
    assert "第 4 行 手机号格式不对：****" in text
    assert "第 5 行 139****0002：没有“没有的主题”这个主题" in text
    assert "没有导入任何订户" in field(page, "people")["wrong"]
    assert office.city.publisher.store.subscribers.active() == 0
    assert CHO not in page.text


def test_an_import_needs_a_file(office: Console) -> None:
    clerk = office.enter("operator")
    for page in (
        clerk.post("/subscribers/import", files={"people": ("", b"", "text/csv")}),
        clerk.post("/subscribers/import", {"people": "not a file"}),
    ):
        assert page.status_code == 422
        assert field(page, "people")["wrong"] == "请选择订户文件（CSV）"
    nonsense = take(office, "\x00\xff")
    assert nonsense.status_code == 422
    assert "第一行应是列名" in nonsense.text


def test_a_list_that_comes_after_its_session_is_kept_nowhere(office: Console) -> None:
    office.enter("operator")
    office.city.clock.advance(hours=2)
    page = take(office)
    assert page.status_code == 401
    assert "请届时重新选择文件：订户.csv" in page.text
    assert "people_kept" not in page.text
    assert ANN not in page.text


def test_a_number_is_stopped(office: Console) -> None:
    take(office)
    clerk = office.enter("operator")
    done = clerk.post("/subscribers/stop", {"number": f"+86 {ANN[:3]} {ANN[3:7]} {ANN[7:]}"})
    assert (done.status_code, done.headers["location"]) == (303, "/subscribers?done=stopped")
    assert office.city.publisher.store.subscribers.active() == 1
    assert office.audited(act="subscriber_stopped")[0].detail == MASKED
    for typed, said in (("123", "手机号格式不对"), (CHO, "订户里没有 139****0002")):
        page = clerk.post("/subscribers/stop", {"number": typed})
        assert page.status_code == 422
        assert said in field(page, "number", nth=0)["wrong"]
        assert field(page, "number", nth=0)["value"] == typed
        assert field(page, "number", nth=1)["value"] == "", "the other form is another"


@pytest.mark.usefixtures("database")
def test_one_number_is_looked_up_for_a_reason_and_that_is_on_record(office: Console) -> None:
    take(office)
    page = look(office, BEA)
    assert page.status_code == 200
    assert page.url.endswith("/subscribers/look")
    text = text_of(page)
    assert "139****0001 状态 ✓ 在订 主题 安全生产、财政预决算 导入 2026-11-23 09:30" in text
    assert "近 30 天的短信 没有" in text
    assert BEA not in page.text
    (line,) = office.audited(act="number_looked_up")
    assert (line.actor, line.detail) == ("操作员（operator）", "139****0001，原因：本人来电询问")


def test_who_is_not_known_is_on_record_too(office: Console) -> None:
    assert "订户里没有这个号码" in text_of(look(office))
    assert office.audited(act="number_looked_up")[0].detail.startswith(MASKED)


def test_without_a_reason_nothing_is_looked_up(office: Console) -> None:
    take(office)
    for number, why, wrong in (
        (ANN, "", "why"),
        (ANN, "因" * 201, "why"),
        (ANN, f"{BEA} 的家属来电", "why"),
        ("10086", "本人来电询问", "number"),
    ):
        page = look(office, number, why)
        assert page.status_code == 422, why
        assert field(page, wrong, nth=1 if wrong == "number" else 0)["wrong"]
        assert field(page, "number", nth=1)["value"] == number
        assert field(page, "why")["value"] == why
        assert "查询结果" not in page.text
    assert office.audited(act="number_looked_up") == []


@pytest.mark.usefixtures("database")
def test_what_was_sent_lately_is_counted(tmp_path: Path) -> None:
    with open_console(
        tmp_path, post={"options": {"addressed": True, "asynchronous": True}}
    ) as office:
        take(office)
        office.city.submit("A-1")
        office.city.flush("post")
        assert {one for letter in office.box.letters for one in letter["to"]} == {ANN, BEA}
        assert "近 30 天的短信 已受理 1 条" in text_of(look(office))
        office.city.clock.advance(minutes=30)
        assert "已受理 1 条" in text_of(look(office))
        subscribing = office.city.publisher.subscribing
        assert subscribing
        later = office.city.clock() + timedelta(days=31)
        _, known = subscribing.look_up(ANN, why="核对", by="测试", now=later)
        assert known
        assert known.messages == {}


def test_a_city_without_subscribers_says_so(tmp_path: Path) -> None:
    with open_console(tmp_path, subscribers=None) as office:
        clerk = office.enter("operator")
        page = clerk.get("/subscribers")
        assert page.status_code == 200
        assert "没有发给订户的渠道，没有订户可管" in page.text
        assert "<form" not in page.text.split("<main")[1]
        assert clerk.post("/subscribers/stop", {"number": ANN}).status_code == 404


@pytest.mark.parametrize("given", ["added=1", "added=x&changed=1&unchanged=1", f"added={'9' * 99}"])
def test_counts_in_an_address_are_counts_or_nothing(office: Console, given: str) -> None:
    page = office.enter("operator").get(f"/subscribers?done=imported&{given}")
    assert page.status_code == 200
    assert "新增" not in page.text


def test_who_was_stopped_is_taken_back_only_where_it_is_ticked(office: Console) -> None:
    take(office)
    clerk = office.enter("operator")
    clerk.post("/subscribers/stop", {"number": ANN})
    said = text_of(clerk.get(take(office).headers["location"]))
    assert "未变 1 人，停发过的 1 人没有恢复。" in said
    file = {"people": ("订户.csv", FILE.encode())}
    done = clerk.post("/subscribers/import", {"again": "1"}, files=file)
    assert "停发后又恢复 1 人。" in text_of(clerk.get(done.headers["location"]))
