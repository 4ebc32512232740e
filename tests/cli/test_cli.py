"""The command line as a clerk meets it: real processes, exit codes, plain sentences."""

import json
from pathlib import Path

import pytest

from tests.simulators.server import Fault
from tests.support.desk import CONFIG, Desk
from tests.support.postbox import PostboxSimulator


def test_the_whole_way(desk: Desk, box: PostboxSimulator) -> None:
    file = desk.approved()
    assert desk.run("submit", file).returncode == 0
    assert desk.json("status", "A-1")["deliveries"][0]["status"] == "queued"
    assert desk.run("work", "--once").returncode == 0
    found = desk.json("status", "A-1")
    assert found["state"] == "published"
    assert set(found) >= {"item", "title", "state", "deliveries"}
    assert set(found["deliveries"][0]) >= {
        "channel",
        "status",
        "due_at",
        "attempts",
        "reference",
        "reason",
        "updated_at",
    }
    again = desk.run("submit", file)
    assert again.returncode == 0
    assert "不再重复" in again.stdout
    desk.run("work", "--once")
    assert len(box.letters) == 1
    assert "已送达" in desk.run("status").stdout
    assert "已送达" in desk.run("status", "A-1").stdout


def test_approvals_may_come_one_by_one_and_an_edit_voids_them(desk: Desk) -> None:
    file = desk.item()
    first = desk.run("approve", file, "--by", "张敏:初审")
    assert first.returncode == 0
    assert "还缺复审、终审" in first.stdout
    assert "缺少复审、终审" in desk.run("submit", file).stdout
    same_person = desk.run("approve", file, "--by", "张敏:复审")
    assert same_person.returncode == 1
    assert "不同的人" in same_person.stderr
    unknown = desk.run("approve", file, "--by", "王芳:主任")
    assert unknown.returncode == 1
    desk.run("approve", file, "--by", "李强:复审", "--by", "王芳:终审")
    item = json.loads(Path(file).read_text("utf-8"))
    assert [one["name"] for one in item["approval"]["approvers"]] == ["张敏", "李强", "王芳"]
    Path(file).write_text(json.dumps({**item, "title": "改过的标题"}), "utf-8")
    assert "重新审批" in desk.run("submit", file).stdout
    assert "还缺复审、终审" in desk.run("approve", file, "--by", "张敏:初审").stdout


def test_submit_from_standard_input_and_refusals(desk: Desk) -> None:
    approved = Path(desk.approved()).read_text("utf-8")
    assert desk.run("submit", "-", given=approved).returncode == 0
    refused = desk.run("submit", desk.item("A-2"))
    assert refused.returncode == 1
    assert "approval：没有审批记录" in refused.stdout
    (answer,) = desk.json("submit", desk.item("A-3", title=""))
    assert answer["outcome"] == "refused"
    assert answer["problems"][0]["field"] == "title"


def test_one_unreadable_file_neither_stops_nor_hides_the_others(desk: Desk) -> None:
    first, second = desk.approved("A-1"), desk.approved("A-2")
    missing = str(desk.folder / "missing.json")
    done = desk.run("submit", first, missing, second)
    assert done.returncode == 1
    assert "A-1　已收下" in done.stdout
    assert "A-2　已收下" in done.stdout
    assert f"{missing}　退回" in done.stdout
    assert "没有这个文件" in done.stdout
    folder, again = desk.json("submit", str(desk.folder), second)
    assert folder["outcome"] == "refused"
    assert folder["item"] is None
    assert folder["problems"] == [
        {"field": "", "sentence": f"读不了 {desk.folder}：这是文件夹，不是文件"}
    ]
    assert again["outcome"] == "known"


def test_a_long_list_says_that_it_goes_on(desk: Desk) -> None:
    for name in ("A-1", "A-2"):
        desk.run("submit", desk.approved(name))
    short = desk.run("status", "--most", "1")
    assert short.returncode == 0
    assert "A-1" not in short.stdout
    assert "最新的 1 条" in short.stdout
    as_json = desk.run("status", "--most", "1", "--json")
    assert [one["item"] for one in json.loads(as_json.stdout)] == ["A-2"]
    assert "最新的 1 条" in as_json.stderr
    assert "最新的" not in desk.run("status", "--most", "2").stdout


def test_refusals_can_be_looked_up(desk: Desk) -> None:
    assert "没有退回" in desk.run("refusals").stdout
    assert desk.json("refusals") == []
    desk.run("submit", desk.item("A-2"), "--by", "李办")
    desk.run("submit", desk.item("A-3", title=""), "--by", "赵值")
    shown = desk.run("refusals").stdout
    assert "A-2" in shown
    assert "李办" in shown
    assert "没有审批记录" in shown
    newest, oldest = desk.json("refusals")
    assert (newest["item"], newest["by"]) == ("A-3", "赵值")
    assert newest["problems"][0]["field"] == "title"
    assert oldest["item"] == "A-2"
    assert set(newest) == {"refused_at", "by", "item", "problems", "sha256"}
    assert [one["item"] for one in desk.json("refusals", "--most", "1")] == ["A-3"]
    assert "最新的 1 条" in desk.run("refusals", "--most", "1").stdout


def test_wrong_use_is_exit_code_two(desk: Desk) -> None:
    assert desk.run("submit").returncode == 2
    assert desk.run("publish").returncode == 2
    assert desk.run("approve", desk.item(), "--by", "张敏").returncode == 2
    assert desk.run("preview", "A-1", "--channel", "telegram").returncode == 2


@pytest.mark.parametrize(
    "words",
    [
        ["submit", "nowhere.json"],
        ["status", "A-9"],
        ["resend", "A-9", "--channel", "post", "--by", "赵值", "--why", "x"],
        ["confirm", "A-9", "--channel", "post", "--by", "赵值", "--note", "x"],
        ["preview", "A-9", "--channel", "post"],
        ["subscribers", "import", "nowhere.csv"],
        ["--config", "nowhere.toml", "status"],
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(desk: Desk, words: list[str]) -> None:
    done = desk.run(*words)
    assert done.returncode == 1
    said = done.stderr + done.stdout
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)
    assert len(said.strip().splitlines()) <= 2


def test_resend_and_confirm(desk: Desk, box: PostboxSimulator) -> None:
    box.plan(Fault.RESET)
    desk.run("submit", desk.approved())
    desk.run("work", "--once")
    assert desk.json("status", "A-1")["deliveries"][0]["status"] == "unknown"
    chosen = ["A-1", "--channel", "post", "--by", "赵值"]
    refused = desk.run("resend", *chosen, "--why", "核实")
    assert refused.returncode == 1
    assert "--not-out" in refused.stderr
    assert desk.run("confirm", *chosen, "--note", "邮箱里看到了").returncode == 0
    found = desk.json("status", "A-1")["deliveries"][0]
    assert found["status"] == "delivered"
    assert found["reason"] == "邮箱里看到了"
    assert len(box.letters) == 1


def test_preview_sends_nothing_and_needs_no_submit(
    desk: Desk, box: PostboxSimulator, tmp_path: Path
) -> None:
    file = desk.item()
    shown = desk.run("preview", file, "--channel", "post")
    assert "A-1 关于印发" in shown.stdout
    out = tmp_path / "out.txt"
    assert desk.run("preview", file, "--channel", "post", "--out", str(out)).returncode == 0
    assert out.read_text("utf-8").startswith("A-1")
    assert desk.json("preview", file, "--channel", "post")["files"][0]["name"] == "letter.txt"
    assert box.letters == []
    assert desk.json("status") == []


def test_subscribers_are_imported_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "subscribers.csv"
    file.write_text("手机号,主题\n13900010101,财政预决算\n1390001,财政预决算\n", "utf-8")
    refused = desk.run("subscribers", "import", str(file))
    assert refused.returncode == 1
    assert "第 3 行" in refused.stderr
    file.write_text("手机号,主题\n13900010101,财政预决算\n13900010102,全部\n", "utf-8")
    assert desk.json("subscribers", "import", str(file))["added"] == 2
    assert desk.json("subscribers", "import", str(file))["unchanged"] == 2


def test_a_subscriber_is_stopped_without_showing_the_number(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "subscribers.csv"
    file.write_text("手机号,主题\n13900010101,财政预决算\n", "utf-8")
    desk.run("subscribers", "import", str(file))
    for done in (
        desk.run("subscribers", "stop", "-", given="139 0001 0101\n"),
        desk.run("subscribers", "stop", "13900010101"),
    ):
        assert done.returncode == 0
        assert "139****0101 已停发" in done.stdout
        assert "13900010101" not in done.stdout + done.stderr
    unknown = desk.run("subscribers", "stop", "-", given="13900010199\n")
    assert unknown.returncode == 1
    assert "没有" in unknown.stderr
    assert "13900010199" not in unknown.stderr
    wrong = desk.run("subscribers", "stop", "-", given="1390001\n")
    assert wrong.returncode == 1
    assert "11 位" in wrong.stderr
    assert desk.json("subscribers", "import", str(file))["left"] == 1
    assert desk.json("subscribers", "import", str(file), "--again")["back"] == 1


def test_check_config(desk: Desk) -> None:
    done = desk.run("check-config")
    assert done.returncode == 1
    assert "storage.inbox" in done.stderr
    (desk.folder / "inbox").mkdir()
    assert desk.run("check-config").returncode == 0
    assert desk.json("check-config")["channels"]["post"]["title"] == "邮箱"
    (desk.folder / "output").write_text("a file")
    assert "storage.output" in desk.run("check-config").stderr
    config = desk.folder / "publisher.toml"
    config.write_text(CONFIG.replace("timeout = 1.0", "timeot = 1.0"), "utf-8")
    done = desk.run("check-config")
    assert done.returncode == 1
    assert "channels.post.options.timeot" in done.stderr
    config.write_text(CONFIG + '\n[webhooks]\nnetworks = ["0.0.0.0/0"]\n', "utf-8")
    done = desk.run("check-config")
    assert done.returncode == 1
    assert done.stderr.startswith("webhooks.networks：0.0.0.0/0 不全是内部网络，请写窄一些")


def test_an_old_database_names_the_command(tmp_path: Path, box: PostboxSimulator) -> None:
    done = Desk(tmp_path, box).run("status")
    assert done.returncode == 1
    assert "publisher db upgrade" in done.stderr
