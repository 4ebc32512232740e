"""Channels: seen how they do, paused and resumed, tried out."""

from tests.simulators.server import Fault
from tests.support.console import OURS, THEIRS, Console, field, text_of


def test_one_sees_what_went_out_what_failed_and_what_waits(office: Console) -> None:
    office.city.submit("A-1", title="发得出的通知")
    office.city.flush("post")
    office.box.plan(Fault.CODE, "/letters", code="422")
    office.city.submit("A-2", title="发不出的通知")
    office.city.flush("post")
    page = text_of(office.enter("viewer").get("/channels"))
    assert "邮箱 ✗ 有没发成的 等着的 ✗ 未发出 1" in page
    assert "最近一次成功 2026-11-23 09:30 发得出的通知" in page
    assert "最近一次没发成 2026-11-23 09:30 发不出的通知 未发出 对方服务问题： 邮箱不收" in page
    assert "回声 ✓ 正常 等着的 … 待发 2" in page


def test_a_channel_rests_and_goes_on(office: Console) -> None:
    clerk = office.enter("operator")
    form = {"channel": "post", "why": "对方停机检修"}
    done = clerk.post("/channels/pause", form)
    assert (done.status_code, done.headers["location"]) == (303, "/channels?done=paused")
    page = text_of(office.enter("viewer").get("/channels"))
    assert "起由 操作员（operator） 暂停，原因：对方停机检修" in page
    assert "邮箱已暂停" in page.split("回声")[0], "at the head"

    twice = clerk.post("/channels/pause", form)
    assert twice.status_code == 422
    assert "邮箱已经是暂停的" in twice.text
    resumed = clerk.post("/channels/resume", {"channel": "post"})
    assert resumed.headers["location"] == "/channels?done=resumed"
    assert office.city.publisher.store.pauses.lasting() == {}
    again = clerk.post("/channels/resume", {"channel": "post"})
    assert again.status_code == 422
    assert "邮箱没有暂停" in again.text


def test_a_pause_needs_a_reason_and_a_channel_that_there_is(office: Console) -> None:
    clerk = office.enter("operator")
    page = clerk.post("/channels/pause", {"channel": "echo", "why": "  "})
    assert page.status_code == 422
    assert field(page, "why", nth=1)["wrong"] == "不能空着，请填写"
    assert field(page, "why", nth=0)["wrong"] == "", "of the other channel nothing is said"
    for path in ("pause", "resume"):
        unknown = clerk.post(f"/channels/{path}", {"channel": "fax", "why": "x"})
        assert unknown.status_code == 422
        assert 'role="alert">没有名为「fax」的渠道' in unknown.text, (
            "no field is there to say it at"
        )


def test_how_much_is_left_is_asked_only_when_somebody_wants_to_know(office: Console) -> None:
    clerk = office.enter("operator")
    assert clerk.get("/channels").status_code == 200
    assert office.box.calls == []
    page = clerk.get("/channels?quota=post")
    assert "信件 97 3 100 每天" in text_of(page)
    assert len(office.box.calls) == 1
    office.box.plan(Fault.REFUSE, "/quota")
    busy = clerk.get("/channels?quota=post")
    assert busy.status_code == 200
    assert "额度没有查到：邮箱忙" in text_of(busy)
    assert "没有额度可查" in clerk.get("/channels?quota=echo").text
    assert clerk.get("/channels?quota=fax").status_code == 404
    assert office.enter("viewer").get("/channels?quota=post").status_code == 403


def test_a_test_goes_to_the_test_recipient_alone_and_is_on_record(office: Console) -> None:
    office.city.submit("A-1")
    clerk = office.enter("operator")
    assert "只发给测试接收人 139****0001" in clerk.get("/channels").text
    page = clerk.post("/channels/trial", {"channel": "post", "item": "A-1"})
    assert page.status_code == 200
    assert "测试已发给 139****0001：请看测试手机" in text_of(page)
    assert len(office.box.trials) == 1
    assert office.box.letters == []
    (line,) = office.audited(act="trial_sent")
    assert (line.actor, line.item_id, line.channel) == ("操作员（operator）", "A-1", "post")
    assert "请看测试手机" in line.detail


def test_a_test_that_fails_says_why_and_is_on_record(office: Console) -> None:
    office.city.submit("A-1")
    office.city.submit("A-2", title="不能测试的通知")
    clerk = office.enter("operator")
    for item, fault, sentence in (
        ("A-2", None, "测试没有发出：这一条不能测试"),
        ("A-1", Fault.REFUSE, "测试没有发出：邮箱忙"),
        ("A-1", Fault.RESET, "不知道测试发出了没有，请看测试手机：邮箱中途断开"),
    ):
        if fault:
            office.box.plan(fault, "/trials")
        page = clerk.post("/channels/trial", {"channel": "post", "item": item})
        assert page.status_code == 422
        assert sentence in text_of(page)
        assert field(page, "item")["value"] == item
        assert office.audited(act="trial_sent")[0].detail == sentence


def test_a_test_of_nothing_is_none(office: Console) -> None:
    clerk = office.enter("operator")
    for typed, said in (("", "请填写一个信息条目的编号"), ("没有的", "没有编号为「没有的」")):
        page = clerk.post("/channels/trial", {"channel": "post", "item": typed})
        assert page.status_code == 422
        assert said in field(page, "item")["wrong"]
        assert field(page, "item")["value"] == typed
    other = clerk.post("/channels/trial", {"channel": "echo", "item": "A-1"})
    assert other.status_code == 422
    assert "没有测试发送" in other.text
    assert office.audited(act="trial_sent") == []


def test_an_editor_sees_how_channels_do_but_not_what_others_sent(office: Console) -> None:
    office.city.submit("A-1", department=THEIRS, title="财政局的通知")
    office.city.flush("post")
    assert "财政局的通知" in office.enter("viewer").get("/channels").text
    page = office.enter("editor").get("/channels")
    assert page.status_code == 200
    assert "财政局的通知" not in page.text
    assert OURS not in page.text
